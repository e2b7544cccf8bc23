import type { Variable } from '../ir/ir.js';

/**
 * The names of one generated function. A name that the author uses keeps his meaning everywhere; ours gets a suffix
 * where it would collide, counted for that name alone.
 */
export class Names {
  private readonly scopes: Set<string>[] = [new Set()];
  /** How many of the open scopes are blocks of our own, in which the names of the author's are free again. */
  private blocks = 0;
  private readonly chosen = new Map<Variable, string>();

  constructor(private readonly taken: ReadonlySet<string>) {}

  /** Runs `inside` with names of its own that end with it. */
  scoped<T>(inside: () => T): T {
    this.scopes.push(new Set());
    try {
      return inside();
    } finally {
      this.scopes.pop();
    }
  }

  /** The same for a block of the backward sweep. */
  block<T>(inside: () => T): T {
    this.blocks++;
    try {
      return this.scoped(inside);
    } finally {
      this.blocks--;
    }
  }

  /** Declares a new name in the innermost scope. `own`: the author's name itself may be used again. */
  declare(wanted: string, own = false): string {
    let name = wanted;
    own &&= this.blocks > 0;
    for (
      let i = 2;
      this.isDeclared(name) || reserved.has(name) || (!own && this.taken.has(name));
      i++
    ) {
      name = `${wanted}_${String(i)}`;
      own = false;
    }
    this.scopes.at(-1)?.add(name);
    return name;
  }

  /** The name of a variable, declared where it is first asked for. */
  of(variable: Variable): string {
    const known = this.chosen.get(variable);
    if (known !== undefined && this.isDeclared(known)) return known;
    const name = this.declare(variable.name, variable.restates === true);
    this.chosen.set(variable, name);
    return name;
  }

  /** Whether a variable has been declared in a scope that is still open. */
  has(variable: Variable): boolean {
    const known = this.chosen.get(variable);
    return known !== undefined && this.isDeclared(known);
  }

  /** Whether something in an open scope has this name. */
  isDeclared(name: string): boolean {
    return this.scopes.some((scope) => scope.has(name));
  }

  /** Marks a name as in use here, so that nothing hides it. */
  hold(name: string): void {
    this.scopes.at(-1)?.add(name);
  }

  /** Gives a variable a name that is declared already. */
  assign(variable: Variable, name: string): void {
    this.chosen.set(variable, name);
  }
}

const reserved = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with let static yield await implements interface package private protected public arguments eval Math Number Array'.split(
    ' ',
  ),
);
