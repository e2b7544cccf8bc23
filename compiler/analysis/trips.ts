import { numberOf, type Definitions } from '../ir/build.js';
import { END, type LoopOp, type Op, type Value } from '../ir/ir.js';
import { allOps, operands } from '../ir/walk.js';
import { isInteger } from './integers.js';
import type { Memory } from './memory.js';
import { enclosing, type Structure } from './structure.js';

/** A state of a loop that takes the values start, start + step, …, all of them exact integers. */
export interface Counter {
  readonly param: Value;
  readonly start: Value;
  readonly step: number;
  /** How the counter ends the loop; null where something else does, so that the iterations have to be counted. */
  readonly limit: Limit | null;
}

export interface Limit {
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** A value of the test, or from outside of the loop; the same in every iteration. */
  readonly bound: Value;
  readonly boundIsInteger: boolean;
}

const mirrored: Readonly<Record<string, Limit['comparison']>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/**
 * The counter of a loop: it starts at an integer and has a constant integer step. Where its bound does not change and
 * nothing but the test ends the loop, it tells the number of iterations too.
 */
export function findCounter(
  loop: LoopOp,
  structure: Structure,
  memory: Memory,
  definitions: Definitions,
): Counter | null {
  const [cond] = loop.test.yields;
  const test = cond === undefined ? undefined : definitions.get(cond);
  const loopOf = (value: Value): LoopOp | undefined => {
    const region = structure.regionOf.get(value);
    return region === undefined ? undefined : structure.loopOf.get(region);
  };
  const limitOf = (param: Value, step: number): Limit | null => {
    if (loop.leave !== null || test?.kind !== 'apply' || !test.args.includes(param)) return null;
    const isLeft = test.args[0] === param;
    const bound = isLeft ? test.args[1] : test.args[0];
    const comparison = isLeft ? (test.fn as Limit['comparison']) : mirrored[test.fn];
    if (bound === undefined || comparison === undefined || !(comparison in mirrored)) return null;
    if (step > 0 !== comparison.startsWith('<')) return null;
    if (!isInvariant(bound, loop, structure, memory, definitions)) return null;
    return { comparison, bound, boundIsInteger: isInteger(bound, definitions, loopOf) };
  };
  let counter: Counter | null = null;
  for (const [at, param] of loop.params.entries()) {
    const start = loop.inits[at];
    const step = stepOf(loop, at, definitions);
    if (start === undefined || step === null || !isInteger(start, definitions, loopOf)) continue;
    const limit = limitOf(param, step);
    if (limit !== null) return { param, start, step, limit };
    counter ??= { param, start, step, limit };
  }
  return counter;
}

/** The constant that is added to a state in every iteration. */
function stepOf(loop: LoopOp, at: number, definitions: Definitions): number | null {
  const next = loop.body.yields[at];
  const op = next === undefined ? undefined : definitions.get(next);
  if (
    op?.kind !== 'apply' ||
    (op.fn !== '+' && op.fn !== '-') ||
    !loop.body.ops.some((o) => 'result' in o && o.result === next)
  ) {
    return null;
  }
  const [a, b] = op.args;
  if (a === undefined || b === undefined) return null;
  const other = a === loop.params[at] ? b : op.fn === '+' && b === loop.params[at] ? a : null;
  const constant = other === null ? null : numberOf(other, definitions);
  if (constant === null || !Number.isInteger(constant) || constant === 0) return null;
  return op.fn === '-' ? -constant : constant;
}

/** Whether a value of the test, or what it is computed from, is the same in every iteration. */
export function isInvariant(
  value: Value,
  loop: LoopOp,
  structure: Structure,
  memory: Memory,
  definitions: Definitions,
): boolean {
  const region = structure.regionOf.get(value);
  const isInside = [...enclosing(structure, region)].some(
    (at) => at === loop.body || at === loop.test,
  );
  if (!isInside) return true;
  const op = definitions.get(value);
  if (
    op === undefined ||
    (op.kind !== 'literal' && op.kind !== 'apply' && op.kind !== 'load' && op.kind !== 'opaque')
  )
    return false;
  if (op.kind === 'opaque' && op.args.length > 0) return false;
  if (op.kind === 'load' && isStored(op, loop, memory)) return false;
  return operands(op).every((operand) =>
    isInvariant(operand, loop, structure, memory, definitions),
  );
}

/** Whether the loop changes what a load reads. */
function isStored(load: Op & { kind: 'load' }, loop: LoopOp, memory: Memory): boolean {
  const stores = new Set(memory.classOf(load.object).stores);
  for (const op of allOps(loop.body)) {
    if (op.kind === 'store' && stores.has(op) && (load.key !== 'length' || op.key === END))
      return true;
  }
  return false;
}
