import type { IfOp, Op, Region, Value } from '../ir/ir.js';

/** A way through the function to one of its ends: what runs on it, and the value at the end. */
export interface Path {
  readonly ops: readonly Op[];
  /** The regions that the way leads through; all of them run once. */
  readonly regions: readonly Region[];
  readonly value: Value;
}

/**
 * The ways to the ends of a function whose last operations are branches, as early returns make them: each may have a
 * backward sweep of its own, right where it ends.
 */
export function findPaths(body: Region, value: Value): Path[] {
  const follow = (
    region: Region,
    result: Value,
    ops: readonly Op[],
    regions: readonly Region[],
  ): Path[] => {
    const last = region.ops.at(-1);
    const at = last?.kind === 'if' ? last.results.indexOf(result) : -1;
    if (last?.kind !== 'if' || at < 0) {
      return [{ ops: [...ops, ...region.ops], regions: [...regions, region], value: result }];
    }
    const before = [...ops, ...region.ops.slice(0, -1)];
    const inside = [...regions, region];
    return [last.then, last.else].flatMap((arm: IfOp['then']) => {
      const inner = arm.yields[at];
      return inner === undefined ? [] : follow(arm, inner, before, inside);
    });
  };
  return follow(body, value, [], []);
}
