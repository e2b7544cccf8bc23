import type { Op } from '../ir/ir.js';

/** `a[i] += x`. */
export function isAccumulation(store: Op & { kind: 'store' }, ops: readonly Op[]): boolean {
  const sum = ops.find((op) => op.kind === 'apply' && op.result === store.value);
  if (sum?.kind !== 'apply' || !isSum(sum.fn)) return false;
  const before = ops.find((op) => op.kind === 'load' && op.result === sum.args[0]);
  return before?.kind === 'load' && before.object === store.object && before.key === store.key;
}

const sums: ReadonlySet<string> = new Set(['+', '-', 'accumulate', 'addAt']);

/** Whether a function adds to its first operand. */
export function isSum(fn: string): boolean {
  return sums.has(fn);
}
