import {
  END,
  isReference,
  type IfOp,
  type Init,
  type Key,
  type LoopOp,
  type Op,
  type Origin,
  type Region,
  type StoreOp,
  type Value,
  type Variable,
} from '../ir/ir.js';
import type { Definitions } from '../ir/build.js';
import { allOps, allUses, initOperands, operands, regions, results, usesOf } from '../ir/walk.js';
import { wordOf } from '../ir/words.js';
import { hasEffect } from '../simplify/dead.js';
import {
  applyText,
  conditionText,
  conditionalText,
  numberText,
  primary,
  wrap,
  PRIMARY,
  type Text,
} from './expression.js';
import type { Names } from './names.js';
import { fieldText, memberText, tangentTypeText, zerosText } from './shapes.js';

export interface EmitterFacts {
  readonly definitions: Definitions;
  /** The name under which the forward sweep leaves a value. */
  nameOf(value: Value): string | null;
  /** Names for inner results, should they need one. */
  readonly hints: ReadonlyMap<Value, string>;
  /** Whether a reference is the shadow of one, and so belongs to the backward sweep. */
  isShadow(value: Value): boolean;
  /** Whether elements are read as `a[i]!` (noUncheckedIndexedAccess). */
  readonly bang: boolean;
  /** The variables that hold adjoints and shadows. */
  readonly adjointVariables: ReadonlySet<Variable>;
}

/** An expression that is not printed yet and will be part of the statement that uses it. */
interface Pending {
  readonly text: Text;
  /** Names that the text reads and that may be assigned again. */
  readonly reads: ReadonlySet<string>;
  readonly readsShadows: boolean;
  readonly readsPrimals: boolean;
}

const none: ReadonlySet<string> = new Set();

/** Prints operations as statements: named variables one by one, inner results as part of what uses them. */
export class Emitter {
  readonly lines: string[] = [];
  private readonly pending = new Map<Value, Pending>();
  /** The name of the variable that holds a value. */
  private readonly holders = new Map<Value, string>();
  /** The value that a variable holds at this point. */
  private readonly current = new Map<string, Value>();
  private readonly uses = new Map<Value, number>();
  private commented: Origin | null = null;
  /** Values defined for each variable, to know what has to be declared with let. */
  private readonly mutable = new Set<string>();

  constructor(
    private readonly facts: EmitterFacts,
    private readonly names: Names,
  ) {}

  /** Prints a region that ends with `yields` being read. */
  run(region: Region): void {
    for (const op of region.ops) for (const value of usesOf(op)) this.count(value);
    region.yields.forEach((value) => {
      this.count(value);
    });
    this.block(region);
  }

  private count(value: Value): void {
    this.uses.set(value, (this.uses.get(value) ?? 0) + 1);
  }

  private remaining(value: Value): number {
    return this.uses.get(value) ?? 0;
  }

  private block(region: Region): void {
    region.ops.forEach((op, i) => {
      this.op(op, region.ops.slice(i + 1));
    });
  }

  // Expressions

  /** The text of a value; counts as one of its uses. */
  text(value: Value): Text {
    this.uses.set(value, this.remaining(value) - 1);
    return this.peek(value);
  }

  private peek(value: Value): Text {
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

  private readsOf(
    values: readonly Value[],
  ): Pick<Pending, 'reads' | 'readsShadows' | 'readsPrimals'> {
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

  private slot(object: Text, key: Key, counts: boolean): string {
    const base = wrap(object, PRIMARY);
    if (typeof key === 'string') return memberText(base, key);
    return `${base}[${(counts ? this.text(key) : this.peek(key)).text}]`;
  }

  /** What assures TypeScript that something is there: an element, or the shadow of an optional field that is. */
  private bang(object: Value, key: Key): string {
    if (typeof key !== 'string') return this.facts.bang && object.type.kind === 'array' ? '!' : '';
    if (object.type.kind !== 'object' || !this.facts.isShadow(object)) return '';
    return object.type.fields.some(({ name, optional }) => name === key && optional) ? '!' : '';
  }

  // Statements

  private line(text: string, origin: Origin | null): void {
    const shown =
      origin !== null && origin !== this.commented ? ` // ${abbreviate(origin.text)}` : '';
    if (origin !== null) this.commented = origin;
    this.lines.push(text + shown);
  }

  private op(op: Op, rest: readonly Op[]): void {
    switch (op.kind) {
      case 'literal':
        if (op.result.variable === null || !this.isAssignedAgain(op.result, rest)) {
          this.pending.set(op.result, {
            text: literalText(op.value),
            reads: none,
            readsShadows: false,
            readsPrimals: false,
          });
        } else this.define(op.result, literalText(op.value), op.origin, rest);
        return;
      case 'apply':
        this.apply(op, rest);
        return;
      case 'opaque':
        this.pending.set(op.result, {
          text: primary(op.text),
          reads: none,
          readsShadows: false,
          readsPrimals: false,
        });
        return;
      case 'load':
        this.load(op, rest);
        return;
      case 'store':
        this.store(op);
        return;
      case 'alloc':
        this.alloc(op.result, op.init, op.origin, rest);
        return;
      case 'pop':
        this.pop(op, rest);
        return;
      case 'if':
        this.branch(op, rest);
        return;
      case 'loop':
        this.loop(op, rest);
        return;
      case 'call':
      case 'push':
        throw new Error(`No text for ${op.kind}`);
    }
  }

  private apply(op: Op & { kind: 'apply' }, rest: readonly Op[]): void {
    const { result } = op;
    const increment = this.increment(op);
    if (increment !== null) {
      this.assignInPlace(op, increment);
      return;
    }
    const reads = this.readsOf(op.args);
    if (op.fn === 'softplus' || op.fn === 'Math.hypot')
      op.args.forEach((arg) => {
        this.materialise(arg, op.origin);
      });
    const keeps = this.keepsInline(op, result, rest);
    const args = op.args.map((arg) => this.text(arg));
    const text = applyText(op.fn, args);
    if (keeps) {
      const [left] = op.args;
      const amount = args[1];
      if ((op.fn === '+' || op.fn === '-') && left !== undefined && amount !== undefined) {
        this.sums.set(result, { left, sign: op.fn, amount });
      }
      this.pending.set(result, { text, ...reads });
      return;
    }
    this.define(result, text, op.origin, rest);
  }

  /** Whether an inner result becomes part of what uses it. */
  private keepsInline(op: Op, result: Value, rest: readonly Op[]): boolean {
    const count = this.remaining(result);
    const isAdjoint = result.variable !== null && this.isAdjoint(result);
    if (isAdjoint) return count === 1 && this.goesToSlot(result, rest);
    if (count === 0) return true;
    const isShort =
      op.kind === 'load' ? false : operands(op).every((operand) => this.isAtom(operand));
    if (this.isUsedInLoop(result, rest)) return false;
    if (count === 1 || (count === 2 && this.isSlotKey(result, rest))) return true;
    return (
      isShort &&
      result.variable === null &&
      count <= 3 &&
      op.kind === 'apply' &&
      !op.fn.startsWith('Math.') &&
      op.fn !== '**'
    );
  }

  /** Whether the next thing that happens is that the adjoint is added to a slot: the variable only read the slot. */
  private goesToSlot(result: Value, rest: readonly Op[]): boolean {
    const store = rest.find(
      (op) => op.kind !== 'literal' && op.kind !== 'load' && op.kind !== 'apply',
    );
    const sum = rest.find((op) => op.kind === 'apply' && op.args.includes(result));
    return (
      store?.kind === 'store' &&
      sum?.kind === 'apply' &&
      sum.result === store.value &&
      sum.args[1] === result &&
      !this.isAssignedAgain(result, rest)
    );
  }

  /** Whether a value is only the index in `a[index] += x`, which is read and written but printed once. */
  private isSlotKey(key: Value, rest: readonly Op[]): boolean {
    const load = rest.find((op) => op.kind === 'load' && op.key === key);
    const store = rest.find((op) => op.kind === 'store' && op.key === key);
    const sum = rest.find(
      (op) => store?.kind === 'store' && op.kind === 'apply' && op.result === store.value,
    );
    return (
      load?.kind === 'load' &&
      store?.kind === 'store' &&
      load.object === store.object &&
      sum?.kind === 'apply' &&
      sum.args[0] === load.result
    );
  }

  private isAtom(value: Value): boolean {
    return this.peek(value).precedence >= PRIMARY - 6 && this.peek(value).text.length <= 24;
  }

  private isAdjoint(value: Value): boolean {
    return value.variable !== null && this.facts.adjointVariables.has(value.variable);
  }

  private isUsedInLoop(value: Value, rest: readonly Op[]): boolean {
    return rest.some((op) => {
      if (op.kind === 'loop')
        return [op.test, op.body].some(
          (region) =>
            [...allOps(region)].some((inner) => operandsOf(inner).includes(value)) ||
            region.yields.includes(value),
        );
      if (op.kind === 'if')
        return [op.then, op.else].some((region) => this.isUsedInLoop(value, region.ops));
      return false;
    });
  }

  /** The amount in `x = x + amount` where the variable x holds the left operand and nobody else reads it. */
  private increment(
    op: Op & { kind: 'apply' },
  ): { readonly sign: string; readonly amount: Value } | null {
    const [left, amount] = op.args;
    if ((op.fn !== '+' && op.fn !== '-') || left === undefined || amount === undefined) return null;
    const { variable } = op.result;
    const holder = this.holders.get(left);
    if (
      variable === null ||
      holder === undefined ||
      !this.names.has(variable) ||
      this.names.of(variable) !== holder
    )
      return null;
    if (this.current.get(holder) !== left || this.remaining(left) > 1 || !this.mutable.has(holder))
      return null;
    return { sign: op.fn, amount };
  }

  private assignInPlace(
    op: Op & { kind: 'apply' },
    increment: { readonly sign: string; readonly amount: Value },
  ): void {
    const [left] = op.args;
    const holder = left === undefined ? '' : (this.holders.get(left) ?? '');
    if (left !== undefined) this.uses.set(left, this.remaining(left) - 1);
    const { text } = this.text(increment.amount);
    this.flushReaders(holder, op.origin);
    const isUnit = text === '1';
    this.line(
      isUnit
        ? `${holder}${increment.sign}${increment.sign};`
        : `${holder} ${increment.sign}= ${text};`,
      op.origin,
    );
    this.hold(op.result, holder);
  }

  private hold(value: Value, holder: string): void {
    this.holders.set(value, holder);
    this.current.set(holder, value);
  }

  /** Gives a value a variable: a new one, or the one that its variable has already. */
  private define(
    value: Value,
    text: Text,
    origin: Origin | null,
    rest: readonly Op[],
    type = '',
  ): string {
    const { variable } = value;
    if (
      variable !== null &&
      this.names.has(variable) &&
      this.mutable.has(this.names.of(variable))
    ) {
      const holder = this.names.of(variable);
      this.overwrite(holder, origin);
      this.line(`${holder} = ${text.text};`, origin);
      this.hold(value, holder);
      return holder;
    }
    const name = this.newName(value, origin);
    const mutable = this.isAssignedAgain(value, rest);
    if (mutable) this.mutable.add(name);
    else this.mutable.delete(name);
    this.line(`${mutable ? 'let' : 'const'} ${name}${type} = ${text.text};`, origin);
    this.hold(value, name);
    return name;
  }

  private newName(value: Value, origin: Origin | null): string {
    const { variable } = value;
    if (variable !== null && this.facts.adjointVariables.has(variable))
      return this.names.of(variable);
    if (variable !== null) return this.names.declare(variable.name, true);
    const hint = this.facts.hints.get(value);
    if (hint !== undefined) return this.names.declare(hint);
    const op = this.facts.definitions.get(value);
    if (op?.kind === 'pop') return this.names.declare(op.tape.variable.name.replace(/_saved$/, ''));
    return this.names.declare(nameOfPart(op, origin, (part) => this.peek(part).text));
  }

  /** Whether a later operation of the region assigns to the variable of a value. */
  private isAssignedAgain(value: Value, rest: readonly Op[]): boolean {
    const { variable } = value;
    if (variable === null || !this.facts.adjointVariables.has(variable)) return false;
    return rest.some((op) => definesVariable(op, variable));
  }

  /** Saves what still has to be read before a variable is assigned. */
  private overwrite(holder: string, origin: Origin | null): void {
    const held = this.current.get(holder);
    if (held !== undefined && this.remaining(held) > 0) {
      const kept = this.names.declare(`${holder}_before`);
      this.lines.push(`const ${kept} = ${holder};`);
      this.holders.set(held, kept);
    }
    this.flushReaders(holder, origin);
  }

  private flushReaders(holder: string, origin: Origin | null): void {
    for (const [value, pending] of this.pending) {
      if (pending.reads.has(holder) && this.remaining(value) > 0) this.materialise(value, origin);
    }
  }

  /** Prints a pending expression as a constant. */
  private materialise(value: Value, origin: Origin | null): void {
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

  private load(op: Op & { kind: 'load' }, rest: readonly Op[]): void {
    const { result, object, key } = op;
    const reads = this.readsOf(operands(op));
    const isShadow = this.facts.isShadow(object);
    if (key === END) {
      const text = `${wrap(this.text(object), PRIMARY)}.pop()`;
      if (this.remaining(result) === 0) this.line(`${text};`, op.origin);
      else this.define(result, primary(`${text}!`), op.origin, rest);
      return;
    }
    const keeps = isReference(result.type)
      ? this.isReadOnce(result, rest)
      : this.keepsInline(op, result, rest);
    const text = primary(this.slot(this.text(object), key, true) + this.bang(object, key));
    const isLength = key === 'length';
    if (keeps || isLength) {
      this.pending.set(result, {
        text,
        reads: reads.reads,
        readsShadows: reads.readsShadows || (isShadow && !isLength),
        readsPrimals: reads.readsPrimals || (!isShadow && !isLength),
      });
      return;
    }
    this.define(result, text, op.origin, rest);
  }

  /** Whether a reference appears once in the text; `a[i] += x` reads and writes through it. */
  private isReadOnce(reference: Value, rest: readonly Op[]): boolean {
    if (this.isUsedInLoop(reference, rest)) return false;
    const count = this.remaining(reference);
    if (count !== 2) return count <= 1;
    const store = rest.find((op) => op.kind === 'store' && op.object === reference);
    const load = rest.find((op) => op.kind === 'load' && op.object === reference);
    return store?.kind === 'store' && load?.kind === 'load' && store.key === load.key;
  }

  private store(op: StoreOp): void {
    const { object, key, value } = op;
    const isShadow = this.facts.isShadow(object);
    const base = this.text(object);
    const sum = this.slotIncrement(op);
    if (sum !== null) {
      const slot = this.slot(base, key, true);
      this.flushMemory(isShadow, op.origin, [sum.load, value]);
      this.line(`${slot}${this.bang(object, key)} ${sum.sign}= ${sum.amount.text};`, op.origin);
      return;
    }
    const text = this.text(value).text;
    const slot = this.slot(base, key, true);
    this.flushMemory(isShadow, op.origin, [value]);
    this.line(`${slot} = ${text};`, op.origin);
  }

  /** The amount in `a[i] = a[i] + amount`. */
  private slotIncrement(
    op: StoreOp,
  ): { readonly sign: string; readonly amount: Text; readonly load: Value } | null {
    const parts = this.sums.get(op.value);
    if (parts === undefined || this.remaining(op.value) !== 1) return null;
    const load = this.facts.definitions.get(parts.left);
    if (load?.kind !== 'load' || load.object !== op.object || load.key !== op.key) return null;
    if (!this.pending.has(op.value)) return null;
    this.uses.set(op.value, 0);
    this.pending.delete(op.value);
    return { sign: parts.sign, amount: parts.amount, load: parts.left };
  }

  /** The pending sums whose left operand is a slot. */
  private readonly sums = new Map<
    Value,
    { readonly left: Value; readonly sign: string; readonly amount: Text }
  >();

  /** Computes what has been put off and reads arrays of the author's, which are about to change. */
  settle(): void {
    this.flushMemory(false, null, []);
  }

  private flushMemory(isShadow: boolean, origin: Origin | null, besides: readonly Value[]): void {
    for (const [value, pending] of this.pending) {
      if (besides.includes(value) || this.remaining(value) <= 0) continue;
      if (isShadow ? pending.readsShadows : pending.readsPrimals) this.materialise(value, origin);
    }
  }

  private alloc(result: Value, init: Init, origin: Origin | null, rest: readonly Op[]): void {
    const text = this.initText(result, init);
    const isPart = rest.some((op) => op.kind === 'alloc' && initOperands(op.init).includes(result));
    if (result.variable === null && isPart && this.remaining(result) === 1) {
      this.pending.set(result, { text, reads: none, readsShadows: false, readsPrimals: false });
      return;
    }
    const needsType =
      result.type.kind === 'tuple' || (init.kind === 'elements' && init.values.length === 0);
    this.define(
      result,
      text,
      init.kind === 'zerosLike' ? null : origin,
      rest,
      needsType ? `: ${tangentTypeText(result.type)}` : '',
    );
  }

  private initText(result: Value, init: Init): Text {
    switch (init.kind) {
      case 'zerosLike':
        return zerosText(result.type, this.text(init.source).text, this.facts.bang ? '!' : '');
      case 'elements':
        return primary(`[${init.values.map((value) => this.text(value).text).join(', ')}]`);
      case 'fields':
        return primary(
          `{ ${init.names.map((name, i) => `${fieldText(name)}: ${this.text(init.values[i]).text}`).join(', ')} }`,
        );
      case 'copy': {
        const bounds = [init.start, init.end]
          .filter((value) => value !== null)
          .map((value) => this.text(value).text);
        return primary(`${wrap(this.text(init.source), PRIMARY)}.slice(${bounds.join(', ')})`);
      }
      case 'zeros':
      case 'fill':
        throw new Error(`No text for ${init.kind}`);
    }
  }

  private pop(op: Op & { kind: 'pop' }, rest: readonly Op[]): void {
    const name = this.names.of(op.tape.variable);
    const { form } = op.tape;
    if (form.kind === 'cell') {
      this.pending.set(op.result, {
        text: primary(name),
        reads: none,
        readsShadows: false,
        readsPrimals: false,
      });
      return;
    }
    const isFlag = op.tape.type.kind === 'boolean';
    if (form.kind === 'indexed') {
      const index = op.index === null ? '' : this.text(op.index).text;
      const slot = primary(`${name}[${index}]${this.facts.bang ? '!' : ''}`);
      const text = isFlag ? { text: `${slot.text} === 1`, precedence: 8 } : slot;
      if (this.remaining(op.result) === 1 && !this.isUsedInLoop(op.result, rest)) {
        this.pending.set(op.result, {
          text,
          reads: none,
          readsShadows: false,
          readsPrimals: false,
        });
      } else this.define(op.result, text, null, rest);
      return;
    }
    const call = isReference(op.tape.type) ? primary(`${name}.pop()!`) : primary(`${name}.pop()`);
    if (this.remaining(op.result) === 0) {
      this.line(`${call.text};`, null);
      return;
    }
    // What is stored back or counted down at once needs no name.
    const [next] = rest;
    const goesOn =
      (next?.kind === 'store' && next.value === op.result) ||
      (next?.kind === 'loop' && next.inits[0] === op.result);
    if (goesOn && this.remaining(op.result) === 1) {
      this.pending.set(op.result, {
        text: call,
        reads: none,
        readsShadows: false,
        readsPrimals: false,
      });
      return;
    }
    this.define(
      op.result,
      isFlag ? { text: `${call.text} === 1`, precedence: 8 } : call,
      null,
      rest,
    );
  }

  // Branches

  private branch(op: IfOp, rest: readonly Op[]): void {
    if (this.conditional(op, rest)) return;
    const cond = this.text(op.cond);
    const targets = op.results.map((result, i) => this.branchTarget(op, result, i, rest));
    this.flushFor(op);
    this.keepBehind(op, targets);
    const then = this.arm(op.then, targets, op.else);
    const otherwise = this.arm(op.else, targets, null);
    this.lines.push(...branchLines(cond, then, otherwise));
    op.results.forEach((result, i) => {
      const target = targets[i];
      if (target !== undefined) this.hold(result, target);
    });
    this.commented = null;
  }

  /** A branch without effects that chooses between two short expressions is one itself. */
  private conditional(op: IfOp, rest: readonly Op[]): boolean {
    const [result] = op.results;
    if (op.results.length !== 1 || result === undefined || hasEffect(op)) return false;
    const isPlain = (arm: Region): boolean =>
      arm.ops.every(
        (inner) =>
          inner.kind === 'literal' ||
          inner.kind === 'load' ||
          (inner.kind === 'apply' && !this.isAdjoint(inner.result)) ||
          inner.kind === 'if' ||
          (inner.kind === 'pop' && inner.tape.form.kind !== 'stack'),
      );
    if (!isPlain(op.then) || !isPlain(op.else)) return false;
    if (this.passesThrough(op, 0) !== null && this.isAdjoint(result)) return false;
    const cond = this.text(op.cond);
    const armText = (arm: Region): Text => {
      this.block(arm);
      return this.text(arm.yields[0]);
    };
    const then = armText(op.then);
    const otherwise = armText(op.else);
    const text = conditionalText(cond, then, otherwise);
    const reads = this.readsOf([op.cond, ...op.then.yields, ...op.else.yields]);
    if (this.keepsInline(op, result, rest) && result.variable === null) {
      this.pending.set(result, { text, ...reads });
    } else this.define(result, text, op.origin, rest);
    return true;
  }

  /** The yield of one arm that the variable of the result holds before the branch. */
  private passesThrough(op: IfOp, i: number): Value | null {
    const variable = op.results[i]?.variable ?? null;
    if (variable === null || !this.names.has(variable)) return null;
    const held = this.current.get(this.names.of(variable));
    const yields = [op.then.yields[i], op.else.yields[i]];
    return yields.find((value) => value !== undefined && value === held) ?? null;
  }

  /** The variable that takes a result of a branch, declared in front of it. */
  private branchTarget(
    op: IfOp,
    result: Value,
    i: number,
    rest: readonly Op[],
  ): string | undefined {
    void rest;
    const { variable } = result;
    if (
      variable !== null &&
      this.names.has(variable) &&
      this.mutable.has(this.names.of(variable))
    ) {
      const name = this.names.of(variable);
      const held = this.current.get(name);
      const arms = [op.then.yields[i], op.else.yields[i]];
      const initial = this.literalArm(op, i);
      if (initial !== null && (held === undefined || !arms.includes(held))) {
        this.overwrite(name, op.origin);
        this.lines.push(`${name} = ${initial.text};`);
        this.current.delete(name);
        this.initials.set(name, initial.text);
      } else this.initials.delete(name);
      return name;
    }
    const name = this.newName(result, op.origin);
    this.mutable.add(name);
    const initial = this.initialOf(op, i);
    this.initials.delete(name);
    if (initial !== null) {
      this.lines.push(`let ${name} = ${initial.text};`);
      this.initials.set(name, initial.text);
    } else
      this.lines.push(
        `let ${name}: ${result.type.kind === 'boolean' ? 'boolean' : tangentTypeText(result.type)};`,
      );
    return name;
  }

  /** What variables were set to in front of a branch because one of its arms yields it. */
  private readonly initials = new Map<string, string>();

  /** The constant that an arm yields. */
  private literalArm(op: IfOp, i: number): Text | null {
    for (const arm of [op.else, op.then]) {
      const text = this.constantText(arm.yields[i]);
      if (text !== null) return text;
    }
    return null;
  }

  private constantText(value: Value | undefined): Text | null {
    const op = value === undefined ? undefined : this.facts.definitions.get(value);
    return op?.kind === 'literal' ? literalText(op.value) : null;
  }

  /** What a result is where an arm does not compute it: a constant, or a value from before the branch. */
  private initialOf(op: IfOp, i: number): Text | null {
    const constant = this.literalArm(op, i);
    if (constant !== null) return constant;
    for (const arm of [op.then, op.else]) {
      const value = arm.yields[i];
      if (value !== undefined && this.holders.has(value) && !definedIn(arm, value))
        return this.peek(value);
    }
    return null;
  }

  /** The lines of one arm. What the other arm will use does not count here: it never runs behind this one. */
  private arm(
    region: Region,
    targets: readonly (string | undefined)[],
    other: Region | null,
  ): string[] {
    const apart = other === null ? new Map<Value, number>() : usesIn(other);
    for (const [value, count] of apart) this.uses.set(value, this.remaining(value) - count);
    const lines = this.apart(() => {
      this.block(region);
      this.assignYields(region.yields, targets);
    });
    for (const [value, count] of apart) this.uses.set(value, this.remaining(value) + count);
    return lines;
  }

  /** The lines that `print` makes in a block of their own; what they declare or hold ends with it. */
  private apart(print: () => void): string[] {
    const outer = this.lines.splice(0);
    const state = [this.current, this.holders, this.pending] as const;
    const before = state.map((map) => new Map<unknown, unknown>(map));
    this.commented = null;
    this.names.block(print);
    state.forEach((map: Map<unknown, unknown>, i) => {
      map.clear();
      for (const [key, value] of before[i] ?? []) map.set(key, value);
    });
    this.commented = null;
    const lines = this.lines.splice(0);
    this.lines.push(...outer);
    return lines;
  }

  /** Keeps the values of variables that a branch assigns and that are read behind it all the same. */
  private keepBehind(op: IfOp, targets: readonly (string | undefined)[]): void {
    const inside = [usesIn(op.then), usesIn(op.else)];
    for (const target of targets) {
      const held = target === undefined ? undefined : this.current.get(target);
      if (target === undefined || held === undefined) continue;
      const count = inside.reduce((sum, uses) => sum + (uses.get(held) ?? 0), 0);
      if (this.remaining(held) > count) this.keep(held, target);
    }
  }

  /** Brings the yields of a region into the variables that carry them on, as if all at once. */
  private assignYields(yields: readonly Value[], targets: readonly (string | undefined)[]): void {
    const open = yields.flatMap((value, i) => {
      const target = targets[i];
      if (target === undefined) return [];
      const isThere = this.holders.get(value) === target && this.current.get(target) === value;
      const initial = this.initials.get(target);
      const isInitial =
        initial !== undefined &&
        this.current.get(target) === undefined &&
        this.peek(value).text === initial;
      if (isThere || isInitial) {
        this.uses.set(value, this.remaining(value) - 1);
        return [];
      }
      return [{ value, target }];
    });
    for (const [at, { value, target }] of open.entries()) {
      // A variable that another assignment still reads is kept until then.
      for (const later of open.slice(at + 1)) {
        const held = this.current.get(target);
        const reads = this.pending.get(later.value)?.reads.has(target) ?? false;
        if (later.value === held || reads) this.keep(later.value, target);
      }
      const { text } = this.text(value);
      this.line(`${target} = ${text};`, null);
      this.current.set(target, value);
    }
  }

  private keep(value: Value, target: string): void {
    if (this.pending.has(value)) {
      this.materialise(value, null);
      return;
    }
    const kept = this.names.declare(`${target}_before`);
    this.lines.push(`const ${kept} = ${target};`);
    this.holders.set(value, kept);
  }

  /** Prints what is pending and read inside of an operation's regions, where it would be computed again and again. */
  private flushFor(op: Op): void {
    const inside = new Set<Value>();
    for (const region of regions(op))
      for (const inner of [...allOps(region)])
        for (const value of operandsOf(inner)) inside.add(value);
    for (const region of regions(op)) region.yields.forEach((value) => inside.add(value));
    const written = new Set<string>();
    for (const region of regions(op)) {
      for (const inner of allOps(region)) {
        for (const result of results(inner)) {
          if (result.variable !== null && this.names.has(result.variable))
            written.add(this.names.of(result.variable));
        }
      }
    }
    const storesShadows = regions(op).some((region) =>
      [...allOps(region)].some(
        (inner) => inner.kind === 'store' && this.facts.isShadow(inner.object),
      ),
    );
    const storesPrimals = regions(op).some((region) =>
      [...allOps(region)].some(
        (inner) => inner.kind === 'store' && !this.facts.isShadow(inner.object),
      ),
    );
    for (const [value, pending] of this.pending) {
      if (this.remaining(value) <= 0) continue;
      const isStale =
        [...pending.reads].some((name) => written.has(name)) ||
        (pending.readsShadows && storesShadows) ||
        (pending.readsPrimals && storesPrimals);
      const isRepeated =
        op.kind === 'loop' && inside.has(value) && pending.text.precedence < PRIMARY - 6;
      if (isStale || isRepeated) this.materialise(value, op.origin);
    }
  }

  // Loops

  private loop(op: LoopOp, rest: readonly Op[]): void {
    const counterAt = this.counterOf(op);
    const counter = op.params[counterAt];
    const targets = op.params.map((param, i) =>
      i === counterAt ? undefined : this.loopTarget(op, param, i, rest),
    );
    this.flushFor(op);
    let header = '';
    const lines = this.apart(() => {
      header =
        counter === undefined ? this.whileHead(op) : this.forHead(op, counterAt, counter, rest);
      this.names.block(() => {
        op.params.forEach((param, i) => {
          const target = targets[i];
          if (target !== undefined) this.hold(param, target);
        });
        const body: Region = counter === undefined ? op.body : withoutStep(op.body, counterAt);
        this.block(body);
        this.assignYields(
          op.body.yields.filter((_, i) => i !== counterAt),
          targets.filter((_, i) => i !== counterAt),
        );
      });
    });
    if (lines.length === 1) this.lines.push(`${header} ${lines[0] ?? ''}`);
    else if (lines.length > 0) this.lines.push(`${header} {`, ...lines, '}');
    op.results.forEach((result, i) => {
      const target = targets[i];
      if (target !== undefined) this.hold(result, target);
    });
    this.commented = null;
  }

  /** The state that the test compares and the body steps by a constant. */
  private counterOf(op: LoopOp): number {
    return op.params.findIndex((param, i) => {
      const next = op.body.yields[i];
      const step = next === undefined ? undefined : this.facts.definitions.get(next);
      const [cond] = op.test.yields;
      const test = cond === undefined ? undefined : this.facts.definitions.get(cond);
      return (
        step?.kind === 'apply' &&
        (step.fn === '+' || step.fn === '-') &&
        step.args[0] === param &&
        test?.kind === 'apply' &&
        test.args[0] === param &&
        this.remaining(op.results[i]) === 0
      );
    });
  }

  private forHead(op: LoopOp, at: number, counter: Value, rest: readonly Op[]): string {
    void rest;
    const init = this.text(op.inits[at]);
    const next = this.facts.definitions.get(op.body.yields[at]);
    const { variable } = counter;
    const wanted =
      variable === null ? 'i' : this.names.has(variable) ? this.names.of(variable) : variable.name;
    const continues = init.text === wanted;
    const name = continues ? wanted : this.names.declare(wanted, true);
    this.hold(counter, name);
    this.block(op.test);
    const test = this.text(op.test.yields[0]).text;
    const amount = next?.kind === 'apply' ? this.facts.definitions.get(next.args[1]) : undefined;
    const size = amount?.kind === 'literal' ? Number(amount.value) : 1;
    const sign = next?.kind === 'apply' ? next.fn : '+';
    const step = size === 1 ? `${name}${sign}${sign}` : `${name} ${sign}= ${String(size)}`;
    return `for (${continues ? '' : `let ${name} = ${init.text}`}; ${test}; ${step})`;
  }

  private whileHead(op: LoopOp): string {
    this.block(op.test);
    return `while (${this.text(op.test.yields[0]).text})`;
  }

  /** The variable that carries a state through a loop, holding its first value. */
  private loopTarget(op: LoopOp, param: Value, i: number, rest: readonly Op[]): string {
    void rest;
    const init = op.inits[i];
    const { variable } = param;
    if (
      variable !== null &&
      this.names.has(variable) &&
      this.mutable.has(this.names.of(variable))
    ) {
      const name = this.names.of(variable);
      if (this.holders.get(init) === name && this.current.get(name) === init) {
        this.uses.set(init, this.remaining(init) - 1);
        if (this.remaining(init) > 0) this.overwrite(name, null);
        return name;
      }
      const { text } = this.text(init);
      this.overwrite(name, null);
      this.line(`${name} = ${text};`, null);
      return name;
    }
    const { text } = this.text(init);
    const name = this.newName(param, op.origin);
    this.mutable.add(name);
    this.line(`let ${name} = ${text};`, null);
    return name;
  }
}

/** How often a region reads each value. */
function usesIn(region: Region): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of allUses(region)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** `if (cond) { then } else { otherwise }`, an empty arm left out. */
function branchLines(cond: Text, then: readonly string[], otherwise: readonly string[]): string[] {
  if (then.length === 0 && otherwise.length === 0) return [];
  if (then.length === 0) return [`if (${applyText('!', [cond]).text}) {`, ...otherwise, '}'];
  const lines = [`if (${conditionText(cond).text}) {`, ...then];
  if (otherwise.length === 0) return [...lines, '}'];
  if (isOneBranch(otherwise))
    return [...lines, `} else ${otherwise[0] ?? ''}`, ...otherwise.slice(1)];
  return [...lines, '} else {', ...otherwise, '}'];
}

/** Whether lines are a single `if` with its arms. */
function isOneBranch(lines: readonly string[]): boolean {
  if (lines[0]?.startsWith('if (') !== true || !lines[0].endsWith('{')) return false;
  let depth = 0;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('}')) depth--;
    if (depth === 0 && i > 0 && i < lines.length - 1 && !line.startsWith('} else')) return false;
    if (line.endsWith('{')) depth++;
  }
  return true;
}

/** The body without the operation that steps the counter. */
function withoutStep(body: Region, at: number): Region {
  const next = body.yields[at];
  return { ...body, ops: body.ops.filter((op) => !('result' in op && op.result === next)) };
}

function operandsOf(op: Op): readonly Value[] {
  return op.kind === 'loop' && op.leave !== null ? [...operands(op), op.leave] : operands(op);
}

function definesVariable(op: Op, variable: Variable): boolean {
  if (results(op).some((result) => result.variable === variable)) return true;
  return regions(op).some((region) => region.ops.some((inner) => definesVariable(inner, variable)));
}

function definedIn(region: Region, value: Value): boolean {
  return [...allOps(region)].some((op) => results(op).includes(value));
}

function nameOfPart(
  op: Op | undefined,
  origin: Origin | null,
  textOf: (value: Value) => string,
): string {
  if (op?.kind === 'load' && typeof op.key !== 'string') {
    const object = textOf(op.object);
    const key = textOf(op.key);
    if (/^\w+$/.test(object) && /^\w+$/.test(key))
      return /^\d/.test(key) ? `${object}_${key}` : `${object}_${key}`;
    if (/^\w+$/.test(object)) return `${object}_k`;
  }
  if (op?.kind === 'load' && typeof op.key === 'string') {
    const object = textOf(op.object);
    if (/^\w+$/.test(object)) return `${object}_${op.key}`;
  }
  const joined = op?.kind === 'apply' ? leafNames(op, textOf) : null;
  if (joined !== null) return joined;
  const base = origin?.target ?? 'value';
  return op?.kind === 'apply' ? `${base}_${wordOf(op.fn)}` : `${base}_part`;
}

/** `r * size + j` is called `r_size_j`, where its operands are few and have short names. */
function leafNames(op: Op & { kind: 'apply' }, textOf: (value: Value) => string): string | null {
  const isRounding = op.fn.startsWith('Math.') && op.args.length === 1;
  if (!isRounding && !['+', '-', '*'].includes(op.fn)) return null;
  const parts = op.args.flatMap((arg) => textOf(arg).match(/[A-Za-z_]\w*(?:\.\w+)*|[[(]/g) ?? []);
  if (!parts.every((part) => /^[A-Za-z_]\w*$/.test(part))) return null;
  const joined = [...parts, ...(isRounding ? [wordOf(op.fn)] : [])].join('_');
  return parts.length > 0 && parts.length <= 3 && joined.length <= 16 ? joined : null;
}

function literalText(value: unknown): Text {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return primary(JSON.stringify(value));
  return primary(String(value));
}

const longest = 80;

function abbreviate(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
