import type { LoopOp, Op, Region, Value } from '../ir/ir.js';
import { regions, results } from '../ir/walk.js';

/** Where things are in a function. */
export interface Structure {
  /** The region that defines a value; the state of a loop belongs to its body. Parameters have none. */
  readonly regionOf: ReadonlyMap<Value, Region>;
  /** The region around a region, and the operation that holds it. */
  readonly parentOf: ReadonlyMap<
    Region,
    { readonly region: Region; readonly op: Op; readonly index: number }
  >;
  /** Where an operation stands in its region. */
  readonly placeOf: ReadonlyMap<Op, { readonly region: Region; readonly index: number }>;
  /** The loop of which a region is the body. */
  readonly loopOf: ReadonlyMap<Region, LoopOp>;
}

export function findStructure(root: Region): Structure {
  const regionOf = new Map<Value, Region>();
  const parentOf = new Map<Region, { region: Region; op: Op; index: number }>();
  const placeOf = new Map<Op, { region: Region; index: number }>();
  const loopOf = new Map<Region, LoopOp>();
  const visit = (region: Region): void => {
    region.ops.forEach((op, index) => {
      placeOf.set(op, { region, index });
      for (const result of results(op)) regionOf.set(result, region);
      if (op.kind === 'loop') {
        for (const param of op.params) regionOf.set(param, op.body);
        loopOf.set(op.body, op);
      }
      for (const inner of regions(op)) {
        parentOf.set(inner, { region, op, index });
        visit(inner);
      }
    });
  };
  visit(root);
  return { regionOf, parentOf, placeOf, loopOf };
}

/** A region and the regions around it, from the inside to the outside. */
export function* enclosing(structure: Structure, region: Region | undefined): Generator<Region> {
  for (let at = region; at !== undefined; at = structure.parentOf.get(at)?.region) yield at;
}

/** The loops around a region, from the inside to the outside. */
export function loopsAround(structure: Structure, region: Region | undefined): LoopOp[] {
  const loops: LoopOp[] = [];
  for (const at of enclosing(structure, region)) {
    const loop = structure.loopOf.get(at);
    if (loop !== undefined) loops.push(loop);
  }
  return loops;
}
