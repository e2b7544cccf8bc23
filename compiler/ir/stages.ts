import type { Fn, Region } from './ir.js';
import type { Saves } from './saves.js';

/** The stages of the compiler, in their order, after each of which the IR can be printed. */
export const stages = ['lowered', 'simplified', 'reversed', 'cleaned', 'final'] as const;

export type Stage = (typeof stages)[number];

/** Is told of the IR of a function on its way through the stages. */
export interface Trace {
  forward(stage: 'lowered' | 'simplified', fn: Fn): void;
  /** Once for each backward sweep. */
  backward(stage: 'reversed' | 'cleaned' | 'final', sweep: Region): void;
  saved(saves: Saves): void;
}
