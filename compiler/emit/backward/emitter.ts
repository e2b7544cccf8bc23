import type { Op, Origin, Region, Value, Variable } from '../../ir/ir.js';
import type { Definitions } from '../../ir/build.js';
import { regions, results } from '../../ir/walk.js';
import { primary, PRIMARY, type Text } from '../expression.js';
import type { Names } from '../names.js';
import { emitApply } from './apply.js';
import { emitBranch } from './branches.js';
import { emitCall } from './calls.js';
import { abbreviate } from './lines.js';
import { literalText } from './literals.js';
import { emitLoop } from './loops.js';
import { isInPlace } from './matrices.js';
import { emitAlloc, emitLoad, emitPop, emitStore } from './memory.js';
import { nameOfPart } from './part-names.js';
import { usesIn } from './regions.js';

export interface EmitterFacts {
  readonly definitions: Definitions;
  /** The name under which the forward sweep leaves a value. */
  nameOf(value: Value): string | null;
  /** The shadows that the caller provides, and the text that names each. */
  readonly given: ReadonlyMap<Value, string>;
  /** Names for inner results, should they need one. */
  readonly hints: ReadonlyMap<Value, string>;
  /** Whether a reference is the shadow of one, and so belongs to the backward sweep. */
  isShadow(value: Value): boolean;
  /** Whether elements are read as `a[i]!` (noUncheckedIndexedAccess). */
  readonly bang: boolean;
  /** Whether zeros that stand in by convention are marked. */
  readonly marksConventions: boolean;
  /** The name under which the generated file knows a function of the runtime. */
  runtimeName(fn: string): string;
  /** The variables that hold adjoints and shadows. */
  readonly adjointVariables: ReadonlySet<Variable>;
}

/** What a text reads that may change before it is printed. */
interface Reads {
  /** Names that may be assigned again. */
  readonly reads: ReadonlySet<string>;
  readonly readsShadows: boolean;
  readonly readsPrimals: boolean;
}

/** An expression that is not printed yet and will be part of the statement that uses it. */
interface Pending extends Reads {
  readonly text: Text;
}

/** `pending + amount`, as long as it may still become `+= amount`. */
interface Sum {
  readonly left: Value;
  readonly sign: string;
  readonly amount: Text;
}

const none: ReadonlySet<string> = new Set();
const readsNothing: Reads = { reads: none, readsShadows: false, readsPrimals: false };

/**
 * Prints operations as statements: named variables one by one, inner results as part of what uses them.
 *
 * Here is what all kinds of operations share: which text stands for a value at this point, and what has to be printed
 * before something it reads changes. How each kind is printed stands in the file of its name.
 */
export class Emitter {
  readonly lines: string[] = [];
  /** What has been put off until it is used. */
  readonly pending = new Map<Value, Pending>();
  /** The pending sums whose left operand may be a slot. */
  readonly sums = new Map<Value, Sum>();
  /** The name of the variable that holds a value. */
  readonly holders = new Map<Value, string>();
  /** The value that a variable holds at this point. */
  readonly current = new Map<string, Value>();
  /** The variables declared with let. */
  readonly mutable = new Set<string>();
  /** What variables were set to in front of a branch because one of its arms yields it. */
  readonly initials = new Map<string, string>();
  /** How often each value will still be read. */
  private readonly uses = new Map<Value, number>();
  /** The statement of the author's that the last comment shows. */
  private commented: Origin | null = null;

  constructor(
    readonly facts: EmitterFacts,
    readonly names: Names,
  ) {}

  /** Prints a region that ends with `yields` being read. */
  run(region: Region): void {
    for (const [value, count] of usesIn(region)) this.use(value, -count);
    this.block(region);
  }

  /** Prints the operations of a region. */
  block(region: Region): void {
    region.ops.forEach((op, i) => {
      this.op(op, region.ops.slice(i + 1));
    });
  }

  /** Prints an operation; `rest` is what follows it in its region. */
  private op(op: Op, rest: readonly Op[]): void {
    switch (op.kind) {
      case 'literal':
        if (!this.isAssignedAgain(op.result, rest)) this.putOff(op.result, literalText(op.value));
        else this.define(op.result, literalText(op.value), op.origin, rest);
        return;
      case 'apply':
        emitApply(this, op, rest);
        return;
      case 'opaque':
        this.putOff(op.result, primary(op.text));
        return;
      case 'load':
        emitLoad(this, op, rest);
        return;
      case 'store':
        emitStore(this, op);
        return;
      case 'alloc':
        emitAlloc(this, op, rest);
        return;
      case 'pop':
        emitPop(this, op, rest);
        return;
      case 'if':
        emitBranch(this, op, rest);
        return;
      case 'loop':
        emitLoop(this, op, rest);
        return;
      case 'call':
        emitCall(this, op, rest);
        return;
      case 'push':
        throw new Error(`No text for ${op.kind}`);
    }
  }

  // How often values will be read

  /** How often a value will still be read. */
  remaining(value: Value): number {
    return this.uses.get(value) ?? 0;
  }

  /** Counts uses of a value that need no text; takes them back where there are fewer than none. */
  use(value: Value, times = 1): void {
    this.uses.set(value, this.remaining(value) - times);
  }

  // Expressions

  /** The text of a value; counts as one of its uses. */
  text(value: Value): Text {
    this.use(value);
    return this.peek(value);
  }

  /** The text of a value, without counting. */
  peek(value: Value): Text {
    const holder = this.holders.get(value);
    if (holder !== undefined) return primary(holder);
    const pending = this.pending.get(value);
    if (pending !== undefined) return pending.text;
    const name = this.facts.nameOf(value);
    if (name !== null) return primary(name);
    const op = this.facts.definitions.get(value);
    if (op?.kind === 'literal') return literalText(op.value);
    if (op?.kind === 'opaque' && op.args.length === 0) return primary(op.text);
    throw new Error(`A value without a name: ${value.variable?.name ?? op?.kind ?? 'unknown'}`);
  }

  /** Leaves an expression to what uses it. */
  putOff(
    value: Value,
    text: Text,
    { reads, readsShadows, readsPrimals }: Reads = readsNothing,
  ): void {
    this.pending.set(value, { text, reads, readsShadows, readsPrimals });
  }

  /** What the texts of values read. */
  readsOf(values: readonly Value[]): Reads {
    const reads = new Set<string>();
    let readsShadows = false;
    let readsPrimals = false;
    for (const value of values) {
      const holder = this.holders.get(value);
      if (holder !== undefined && this.mutable.has(holder)) reads.add(holder);
      const pending = this.pending.get(value);
      if (pending === undefined) continue;
      pending.reads.forEach((name) => reads.add(name));
      readsShadows ||= pending.readsShadows;
      readsPrimals ||= pending.readsPrimals;
    }
    return { reads, readsShadows, readsPrimals };
  }

  // Statements

  /** Adds a line, with the author's statement behind the first line that comes of it. */
  line(text: string, origin: Origin | null): void {
    const shown =
      origin !== null && origin !== this.commented ? ` // ${abbreviate(origin.text)}` : '';
    if (origin !== null) this.commented = origin;
    this.lines.push(text + shown);
  }

  /** Lets the next line show its statement again: it stands in another block. */
  commentAnew(): void {
    this.commented = null;
  }

  // Variables

  isAdjoint({ variable }: Value): boolean {
    return variable !== null && this.facts.adjointVariables.has(variable);
  }

  /** Notes that a variable now holds a value. */
  hold(value: Value, holder: string): void {
    this.holders.set(value, holder);
    this.current.set(holder, value);
  }

  /** The name of a value's variable, where that has been declared with let. */
  assignableName({ variable }: Value): string | null {
    if (variable === null || !this.names.has(variable)) return null;
    const name = this.names.of(variable);
    return this.mutable.has(name) ? name : null;
  }

  /** Gives a value a variable: a new one, or the one that its variable has already. */
  define(value: Value, text: Text, origin: Origin | null, rest: readonly Op[], type = ''): void {
    const holder = this.assignableName(value);
    if (holder !== null) {
      this.overwrite(holder, origin);
      this.line(`${holder} = ${text.text};`, origin);
      this.hold(value, holder);
      return;
    }
    const name = this.newName(value, origin);
    const isMutable = this.isAssignedAgain(value, rest);
    if (isMutable) this.mutable.add(name);
    else this.mutable.delete(name);
    this.line(`${isMutable ? 'let' : 'const'} ${name}${type} = ${text.text};`, origin);
    this.hold(value, name);
  }

  /** Declares a name for a value. */
  newName(value: Value, origin: Origin | null): string {
    const { variable } = value;
    if (variable !== null && this.facts.adjointVariables.has(variable))
      return this.names.of(variable);
    if (variable !== null) return this.names.declare(variable.name, true);
    const hint = this.facts.hints.get(value);
    if (hint !== undefined) return this.names.declare(hint);
    const op = this.facts.definitions.get(value);
    if (op?.kind === 'pop')
      return this.names.declare(op.tape.variable.name.replace(/_saved$|(?<=_call)s$/, ''));
    return this.names.declare(nameOfPart(op, origin, (part) => this.peek(part).text));
  }

  /** Whether a later operation of the region assigns to the variable of a value. */
  isAssignedAgain({ variable }: Value, rest: readonly Op[]): boolean {
    if (variable === null || !this.facts.adjointVariables.has(variable)) return false;
    return rest.some((op) => definesVariable(op, variable));
  }

  // What has to be printed before something changes

  /** Saves what still has to be read before a variable is assigned. */
  overwrite(holder: string, origin: Origin | null): void {
    const held = this.current.get(holder);
    if (held !== undefined && this.remaining(held) > 0) this.keepBefore(held, holder);
    this.flushReaders(holder, origin);
  }

  /** Keeps the value of a variable that is about to be assigned under another name. */
  keepBefore(value: Value, holder: string): void {
    const kept = this.names.declare(`${holder}_before`);
    this.lines.push(`const ${kept} = ${holder};`);
    this.holders.set(value, kept);
  }

  /** Prints what is pending and reads a variable that is about to be assigned. */
  flushReaders(holder: string, origin: Origin | null): void {
    for (const [value, pending] of this.pending) {
      if (pending.reads.has(holder) && this.remaining(value) > 0) this.materialise(value, origin);
    }
  }

  /** Prints what is pending and reads slots of the author's or of shadows, one of which is about to be written. */
  flushMemory(isShadow: boolean, origin: Origin | null, besides: readonly Value[]): void {
    for (const [value, pending] of this.pending) {
      if (besides.includes(value) || this.remaining(value) <= 0) continue;
      if (isShadow ? pending.readsShadows : pending.readsPrimals) this.materialise(value, origin);
    }
  }

  /** Computes what has been put off and reads arrays of the author's, which are about to change. */
  settle(): void {
    this.flushMemory(false, null, []);
  }

  /** Prints a pending expression as a constant. */
  materialise(value: Value, origin: Origin | null): void {
    const pending = this.pending.get(value);
    if (
      pending === undefined ||
      (pending.reads === none &&
        pending.text.precedence === PRIMARY &&
        !pending.readsShadows &&
        !pending.readsPrimals)
    )
      return;
    this.pending.delete(value);
    const own = this.facts.definitions.get(value)?.origin ?? null;
    const name = this.newName(value, own ?? origin);
    this.line(`const ${name} = ${pending.text.text};`, own);
    this.hold(value, name);
  }
}

function definesVariable(op: Op, variable: Variable): boolean {
  if (op.kind === 'apply' && isInPlace(op) && op.args[0].variable === variable) return false;
  if (results(op).some((result) => result.variable === variable)) return true;
  return regions(op).some((region) => region.ops.some((inner) => definesVariable(inner, variable)));
}
