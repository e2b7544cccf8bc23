import type { LoopOp, StoreOp, Tape, Value } from './ir.js';

/** What the forward sweep has to do for the backward sweep. */
export interface Saves {
  /** Values to be saved, and the tape for each. */
  readonly values: Map<Value, Tape>;
  /** Stores whose old value is saved before. */
  readonly overwritten: Map<StoreOp, Tape>;
  /** The tape of each reference that is overwritten. */
  readonly objects: Map<Value, Tape>;
  /** Loops whose iterations are counted, with the tape for the count. */
  readonly trips: Map<LoopOp, Tape>;
}

export function noSaves(): Saves {
  return { values: new Map(), overwritten: new Map(), objects: new Map(), trips: new Map() };
}
