import type { Op, Value } from '../../ir/ir.js';
import { isRuntimeCall } from '../../ir/matrix-functions.js';
import { allOps, operands } from '../../ir/walk.js';
import { PRIMARY } from '../expression.js';
import { operandsWithLeave } from './regions.js';
import type { Emitter } from './emitter.js';

/**
 * Whether an inner result becomes part of what uses it, instead of a constant of its own.
 *
 * `dy * (1 - y * y)` is printed as the author would write it, while what is read in several places, or again and again
 * in a loop, is computed once and named.
 */
export function keepsInline(emitter: Emitter, op: Op, result: Value, rest: readonly Op[]): boolean {
  const count = emitter.remaining(result);
  if (emitter.isAdjoint(result)) return count === 1 && goesToSlot(emitter, result, rest);
  if (count === 0) return true;
  const isShort =
    op.kind === 'load' ? false : operands(op).every((operand) => isAtom(emitter, operand));
  if (isUsedInLoop(result, rest)) return false;
  if (count === 1 || (count === 2 && isSlotKey(result, rest))) return true;
  return (
    isShort &&
    result.variable === null &&
    count <= 3 &&
    op.kind === 'apply' &&
    !isRuntimeCall(op) &&
    !op.fn.startsWith('Math.') &&
    op.fn !== '**'
  );
}

/** Whether the next thing that happens is that the adjoint is added to a slot: the variable only read the slot. */
function goesToSlot(emitter: Emitter, result: Value, rest: readonly Op[]): boolean {
  const store = rest.find(
    (op) => op.kind !== 'literal' && op.kind !== 'load' && op.kind !== 'apply',
  );
  const sum = rest.find((op) => op.kind === 'apply' && op.args.includes(result));
  return (
    store?.kind === 'store' &&
    sum?.kind === 'apply' &&
    sum.result === store.value &&
    sum.args[1] === result &&
    !emitter.isAssignedAgain(result, rest)
  );
}

/** Whether a value is only the index in `a[index] += x`, which is read and written but printed once. */
function isSlotKey(key: Value, rest: readonly Op[]): boolean {
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

/** Whether the text of a value is so short that repeating it does no harm. */
function isAtom(emitter: Emitter, value: Value): boolean {
  const { text, precedence } = emitter.peek(value);
  return precedence >= PRIMARY - 6 && text.length <= 24;
}

/** Whether a reference appears once in the text; `a[i] += x` reads and writes through it. */
export function isReadOnce(emitter: Emitter, reference: Value, rest: readonly Op[]): boolean {
  if (isUsedInLoop(reference, rest)) return false;
  const count = emitter.remaining(reference);
  if (count !== 2) return count <= 1;
  const store = rest.find((op) => op.kind === 'store' && op.object === reference);
  const load = rest.find((op) => op.kind === 'load' && op.object === reference);
  return store?.kind === 'store' && load?.kind === 'load' && store.key === load.key;
}

/** Whether a value is read by the iterations of a later loop, each of which would compute it anew. */
export function isUsedInLoop(value: Value, rest: readonly Op[]): boolean {
  return rest.some((op) => {
    if (op.kind === 'loop')
      return [op.test, op.body].some(
        (region) =>
          [...allOps(region)].some((inner) => operandsWithLeave(inner).includes(value)) ||
          region.yields.includes(value),
      );
    if (op.kind === 'if')
      return [op.then, op.else].some((region) => isUsedInLoop(value, region.ops));
    return false;
  });
}
