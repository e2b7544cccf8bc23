import { ts, type SourceFile } from 'ts-morph';
import { runtimeName } from '../frontend/runtime-names.js';

/**
 * What a generated file calls the functions of the runtime: by their own names, or as `matrixSum` where the source uses
 * the name for something else.
 */
export class RuntimeNames {
  /** The names that the source uses for something else. */
  private readonly taken: ReadonlySet<string>;
  private readonly used = new Map<string, string>();

  constructor(source: SourceFile) {
    this.taken = namesOf(source);
  }

  /** The local name of an export of the runtime, which the file will import. */
  local(name: string): string {
    const known = this.used.get(name);
    if (known !== undefined) return known;
    const alias = `matrix${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const local = this.taken.has(name) ? alias : name;
    this.used.set(name, local);
    return local;
  }

  /** Knows the functions that another module beside the same source imports. */
  adopt({ used }: RuntimeNames): void {
    for (const name of used.keys()) this.local(name);
  }

  /** Whether a local name of the file is one that `local` gave. */
  has(local: string): boolean {
    return [...this.used.values()].includes(local);
  }

  /** The specifiers of the import of those that are used under their local names. */
  *specifiers(used: ReadonlySet<string>): Generator<string> {
    for (const [name, local] of this.used)
      if (used.has(local)) yield name === local ? name : `${name} as ${local}`;
  }
}

/** The identifiers of a file that do not refer to an export of the runtime of the same name. */
function namesOf(source: SourceFile): ReadonlySet<string> {
  const checker = source.getProject().getTypeChecker().compilerObject;
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const isName = ts.isIdentifier(node) && !isMember(node);
    if (isName && runtimeName(checker, node) !== node.text) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source.compilerNode);
  return names;
}

function isMember(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
