import { isInteger } from '../analysis/integers.js';
import { findStructure } from '../analysis/structure.js';
import { numberOf } from '../ir/build.js';
import {
  numberType,
  type ApplyOp,
  type LiteralOp,
  type LoopOp,
  type Op,
  type Region,
  type Value,
} from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';

/**
 * Brings a constant that a loop's test adds to its counter to the other side, where both sides are integers: then the
 * counter alone tells the number of iterations.
 *
 * Before: `while i + 1 < n` — after: `while i < n - 1`.
 */
export function normaliseLoopTests(region: Region, definitions: Map<Value, Op>): Region {
  const structure = findStructure(region);
  const loopOf = (value: Value): LoopOp | undefined => {
    const at = structure.regionOf.get(value);
    return at === undefined ? undefined : structure.loopOf.get(at);
  };
  const isWhole = (value: Value): boolean => isInteger(value, definitions, loopOf);
  const rewrite = (inner: Region): Region => ({ ...inner, ops: inner.ops.map(rewriteOne) });
  const rewriteOne = (op: Op): Op => {
    if (op.kind !== 'if' && op.kind !== 'loop') return op;
    const rewritten = rewriteOp(op, (value) => value, rewrite);
    return rewritten.kind === 'loop' ? { ...rewritten, test: normalise(rewritten) } : rewritten;
  };
  const normalise = (loop: LoopOp): Region => {
    const [cond] = loop.test.yields;
    const test = definitions.get(cond);
    if (test?.kind !== 'apply' || !/^[<>]=?$/.test(test.fn)) return loop.test;
    const [left, bound] = test.args;
    const sum = definitions.get(left);
    if (sum?.kind !== 'apply' || (sum.fn !== '+' && sum.fn !== '-')) return loop.test;
    const [counter, added] = sum.args;
    const isOwn = loop.params.includes(counter) && numberOf(added, definitions) !== null;
    if (!isOwn || ![counter, added, bound].every(isWhole)) return loop.test;
    const shifted = moved(sum, bound, added);
    const compared: ApplyOp = { ...test, args: [counter, shifted.result] };
    for (const op of [shifted, compared]) definitions.set(op.result, op);
    const ops = loop.test.ops.flatMap((op): readonly Op[] =>
      op === test ? [shifted, compared] : [op],
    );
    return { ...loop.test, ops };
  };
  /** The bound less what the sum adds to the counter. */
  const moved = (sum: ApplyOp, bound: Value, added: Value): ApplyOp | LiteralOp => {
    const result: Value = { type: numberType, variable: null };
    const [limit, amount] = [numberOf(bound, definitions), numberOf(added, definitions)];
    if (limit !== null && amount !== null) {
      const value = sum.fn === '+' ? limit - amount : limit + amount;
      return { kind: 'literal', value, result, origin: sum.origin };
    }
    return { ...sum, fn: sum.fn === '+' ? '-' : '+', args: [bound, added], result };
  };
  return rewrite(region);
}
