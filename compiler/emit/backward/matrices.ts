import type { ApplyOp, Op, StoreOp, Value } from '../../ir/ir.js';
import { primary } from '../expression.js';
import type { Emitter } from './emitter.js';

/**
 * Prints `addTo(m, amount)` and `m.data[i] += amount`, which write into a matrix that nobody else reads: a statement where
 * the matrix has a name, and part of what uses it where it was just made.
 */
export function emitInPlace(emitter: Emitter, op: ApplyOp, rest: readonly Op[]): void {
  const [target] = op.args;
  const { result } = op;
  if (isSlotSum(emitter, result, rest)) {
    emitter.use(result, 0);
    emitter.putOff(result, primary(''));
    return;
  }
  const holder = emitter.holders.get(target);
  const known = result.variable !== null && emitter.names.has(result.variable);
  if (holder === undefined && op.fn === 'addTo' && (result.variable === null || known)) {
    const reads = emitter.readsOf(op.args);
    const args = op.args.map((arg) => emitter.text(arg).text);
    const text = primary(`${emitter.facts.runtimeName('addTo')}(${args.join(', ')})`);
    if (!known && emitter.remaining(result) === 1) emitter.putOff(result, text, reads);
    else emitter.define(result, text, op.origin, rest);
    return;
  }
  const name = holder ?? named(emitter, target, op, rest);
  emitter.use(target);
  const line = sumLine(emitter, op, name);
  emitter.flushReaders(name, op.origin);
  emitter.line(line, op.origin);
  emitter.hold(result, name);
}

/** Gives the matrix that is added to a name: the one that the sum goes by. */
function named(emitter: Emitter, target: Value, op: ApplyOp, rest: readonly Op[]): string {
  const { text } = emitter.peek(target);
  emitter.pending.delete(target);
  const sums = sumsFrom(op, rest);
  const last = sums.at(-1)?.result ?? op.result;
  const others = rest.filter((other) => !sums.some((sum) => sum === other));
  emitter.define(last, primary(text), op.origin, others);
  const name = emitter.holders.get(last) ?? text;
  emitter.mutable.add(name);
  emitter.hold(target, name);
  return name;
}

/** The sums that are made in place one after the other, from one on. */
function sumsFrom(first: ApplyOp, rest: readonly Op[]): readonly ApplyOp[] {
  const next = rest.find(
    (op): op is ApplyOp => op.kind === 'apply' && isInPlace(op) && op.args[0] === first.result,
  );
  return next === undefined ? [first] : [first, ...sumsFrom(next, rest)];
}

/** Whether an operation writes into the matrix that it is given. */
export function isInPlace(op: Op): boolean {
  return op.kind === 'apply' && (op.fn === 'addTo' || op.fn === 'addAt');
}

function sumLine(emitter: Emitter, op: ApplyOp, target: string): string {
  const [, second, third] = op.args;
  const { facts } = emitter;
  if (op.fn === 'addTo')
    return `${facts.runtimeName('addTo')}(${target}, ${emitter.text(second).text});`;
  const index = emitter.text(second).text;
  return `${target}.data[${index}]${facts.bang ? '!' : ''} += ${emitter.text(third).text};`;
}

/** The sum that a store puts back into the slot that it began with. */
function slotSumOf(emitter: Emitter, store: StoreOp): ApplyOp | null {
  const sum = emitter.facts.definitions.get(store.value);
  if (sum?.kind !== 'apply' || (sum.fn !== 'addTo' && sum.fn !== 'addAt')) return null;
  const load = emitter.facts.definitions.get(sum.args[0]);
  const isSame = load?.kind === 'load' && load.object === store.object && load.key === store.key;
  return isSame ? sum : null;
}

function isSlotSum(emitter: Emitter, result: Value, rest: readonly Op[]): boolean {
  return rest.some(
    (op) => op.kind === 'store' && op.value === result && slotSumOf(emitter, op) !== null,
  );
}

/** Prints `addTo(a.m, amount)` in place of `a.m = a.m + amount`; false where the store is another one. */
export function emitSlotSum(emitter: Emitter, store: StoreOp, slot: () => string): boolean {
  const sum = slotSumOf(emitter, store);
  if (sum === null) return false;
  emitter.use(store.value);
  emitter.pending.delete(store.value);
  emitter.use(sum.args[0]);
  emitter.line(sumLine(emitter, sum, slot()), store.origin);
  return true;
}
