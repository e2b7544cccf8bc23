import { numberOf, type Definitions } from '../ir/build.js';
import { END, type LoopOp, type Op, type Value } from '../ir/ir.js';
import { allOps, operands } from '../ir/walk.js';
import { isInteger } from './integers.js';
import type { Memory } from './memory.js';
import { enclosing, type Structure } from './structure.js';

/** A loop whose counter takes the values start, start + step, … while it compares to the bound. */
export interface Counter {
  /** Which state of the loop counts. */
  readonly at: number;
  readonly param: Value;
  readonly start: Value;
  readonly step: number;
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** A value of the test, or from outside of the loop; the same in every iteration. */
  readonly bound: Value;
  readonly boundIsInteger: boolean;
}

const mirrored: Readonly<Record<string, Counter['comparison']>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * The counter of a loop that can be run in either direction: it starts at an integer, has a constant integer step,
 * its bound does not change, and nothing but the test ends the loop.
 */
export function findCounter(
  loop: LoopOp,
  structure: Structure,
  memory: Memory,
  definitions: Definitions,
): Counter | null {
  if (loop.leave !== null) return null;
  const [cond] = loop.test.yields;
  const test = cond === undefined ? undefined : definitions.get(cond);
  if (test?.kind !== 'apply') return null;
  const loopOf = (value: Value): LoopOp | undefined => {
    const region = structure.regionOf.get(value);
    return region === undefined ? undefined : structure.loopOf.get(region);
  };
  for (const [at, param] of loop.params.entries()) {
    const start = loop.inits[at];
    const step = stepOf(loop, at, definitions);
    const paramIsLeft = test.args[0] === param;
    const bound = paramIsLeft ? test.args[1] : test.args[0];
    if (start === undefined || step === null || bound === undefined || !test.args.includes(param)) continue;
    const comparison = paramIsLeft ? (test.fn as Counter['comparison']) : mirrored[test.fn];
    if (comparison === undefined || !(comparison in mirrored)) continue;
    if (step > 0 !== comparison.startsWith('<')) continue;
    if (!isInteger(start, definitions, loopOf) || !isInvariant(bound, loop, structure, memory, definitions)) continue;
    const boundIsInteger = isInteger(bound, definitions, loopOf);
    return { at, param, start, step, comparison, bound, boundIsInteger };
  }
  return null;
}

/** The constant that is added to a state in every iteration. */
function stepOf(loop: LoopOp, at: number, definitions: Definitions): number | null {
  const next = loop.body.yields[at];
  const op = next === undefined ? undefined : definitions.get(next);
  if (op?.kind !== 'apply' || (op.fn !== '+' && op.fn !== '-') || !loop.body.ops.some((o) => 'result' in o && o.result === next)) {
    return null;
  }
  const [a, b] = op.args;
  if (a === undefined || b === undefined) return null;
  const other = a === loop.params[at] ? b : op.fn === '+' && b === loop.params[at] ? a : null;
  const constant = other === null ? null : numberOf(other, definitions);
  if (constant === null || !Number.isInteger(constant) || constant === 0) return null;
  return op.fn === '-' ? -constant : constant;
}

/** Whether a value of the test is the same in every iteration. */
function isInvariant(
  value: Value,
  loop: LoopOp,
  structure: Structure,
  memory: Memory,
  definitions: Definitions,
): boolean {
  const region = structure.regionOf.get(value);
  const isInside = [...enclosing(structure, region)].some((at) => at === loop.body || at === loop.test);
  if (!isInside) return true;
  const op = definitions.get(value);
  if (op === undefined || (op.kind !== 'literal' && op.kind !== 'apply' && op.kind !== 'load' && op.kind !== 'opaque')) return false;
  if (op.kind === 'opaque' && op.args.length > 0) return false;
  if (op.kind === 'load' && isStored(op, loop, memory)) return false;
  return operands(op).every((operand) => isInvariant(operand, loop, structure, memory, definitions));
}

/** Whether the loop changes what a load reads. */
function isStored(load: Op & { kind: 'load' }, loop: LoopOp, memory: Memory): boolean {
  const stores = new Set(memory.classOf(load.object).stores);
  for (const op of allOps(loop.body)) {
    if (op.kind === 'store' && stores.has(op) && (load.key !== 'length' || op.key === END)) return true;
  }
  return false;
}
