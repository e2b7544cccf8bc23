import type { Region, Value } from '../ir/ir.js';
import { operands, results } from '../ir/walk.js';

/**
 * How often each value may be read on one path: what only one arm of a branch reads counts once, what a loop reads from
 * outside of it counts twice, since it is read again and again.
 */
export function countUses(root: Region): ReadonlyMap<Value, number> {
  const all = new Map<Value, number>();
  /** The uses of what is defined outside of a region. */
  const free = (region: Region, own: readonly Value[]): Map<Value, number> => {
    const uses = new Map<Value, number>();
    const add = (value: Value, times: number): void => {
      uses.set(value, (uses.get(value) ?? 0) + times);
    };
    const defined = [...own];
    for (const op of region.ops) {
      defined.push(...results(op));
      for (const value of operands(op)) add(value, 1);
      if (op.kind === 'if') {
        const [then, otherwise] = [free(op.then, []), free(op.else, [])];
        for (const value of new Set([...then.keys(), ...otherwise.keys()]))
          add(value, Math.max(then.get(value) ?? 0, otherwise.get(value) ?? 0));
      } else if (op.kind === 'loop') {
        const leave = op.leave === null ? [] : [op.leave];
        const whole: Region = {
          ops: [...op.test.ops, ...op.body.ops],
          yields: [...op.test.yields, ...op.body.yields, ...leave],
        };
        for (const value of free(whole, op.params).keys()) add(value, 2);
      }
    }
    for (const value of region.yields) add(value, 1);
    for (const value of defined) {
      const times = uses.get(value);
      if (times !== undefined) all.set(value, times);
      uses.delete(value);
    }
    return uses;
  };
  for (const [value, times] of free(root, [])) all.set(value, times);
  return all;
}
