import { isInvariant } from '../analysis/trips.js';
import { enclosing, loopsAround } from '../analysis/structure.js';
import { numberOf } from '../ir/build.js';
import {
  isOnTape,
  type Extent,
  type LoopOp,
  type Region,
  type Tape,
  type Type,
  type Value,
} from '../ir/ir.js';
import type { PlanFacts } from './plan.js';

/**
 * How that is saved which a region of the forward sweep makes once each time it runs: in a variable, in an array with a
 * place for each iteration of the loops around it, or on a stack where these cannot be told in advance.
 */
export function tapeFormOf(facts: PlanFacts, region: Region | undefined, type: Type): Tape['form'] {
  const loops = loopsAround(facts.structure, region);
  const outermost = loops.at(-1);
  if (outermost === undefined) return { kind: 'cell' };
  const extents = isOnTape(type) ? loops.map((loop) => extentOf(facts, loop, outermost)) : [null];
  const known = extents.filter((extent) => extent !== null);
  const isNest = known.length === loops.length && loops.every((loop) => isWhole(facts, loop));
  return isNest ? { kind: 'indexed', extents: known.reverse() } : { kind: 'stack' };
}

/** What a loop counts through, where that is known ahead of the outermost loop. */
function extentOf(facts: PlanFacts, loop: LoopOp, outermost: LoopOp): Extent | null {
  const { structure, memory, definitions } = facts;
  const counter = facts.counterOf(loop);
  if (counter === null || counter.limit === null || counter.step !== 1) return null;
  const { param, start, limit } = counter;
  const first = numberOf(start, definitions);
  const isFree = loop === outermost ? facts.isInScope(param) : facts.isSteady(param);
  if (!isFree || (first !== 0 && first !== 1) || limit.comparison !== '<') return null;
  if (!isInvariant(limit.bound, outermost, structure, memory, definitions)) return null;
  if (loop !== outermost && !canReadAhead(facts, limit.bound, outermost)) return null;
  return { bound: limit.bound, boundIsInteger: limit.boundIsInteger, index: param };
}

/** Whether a value can be computed ahead of a loop that may not run at all: what it reads is there in any case. */
function canReadAhead(facts: PlanFacts, value: Value, loop: LoopOp): boolean {
  const { structure, definitions } = facts;
  const isInside = [...enclosing(structure, structure.regionOf.get(value))].includes(loop.body);
  if (!isInside) return true;
  const op = definitions.get(value);
  if (op?.kind === 'literal') return true;
  if (op?.kind === 'apply') return op.args.every((arg) => canReadAhead(facts, arg, loop));
  return op?.kind === 'load' && op.key === 'length' && canReadAhead(facts, op.object, loop);
}

/** Whether a loop runs in every iteration of the one around it, so that no places are left empty. */
function isWhole({ structure }: PlanFacts, loop: LoopOp): boolean {
  const place = structure.placeOf.get(loop);
  const isOutermost = loopsAround(structure, place?.region).length === 0;
  return isOutermost || (place !== undefined && structure.loopOf.has(place.region));
}
