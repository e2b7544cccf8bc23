import type { Fn, Region } from './ir.js';
import { printFn } from './print.js';
import { noSaves, type Saves } from './saves.js';
import { stages, type Stage, type Trace } from './stages.js';

/** The IR of one function after one stage: the forward sweep, and from `reversed` on the backward sweeps. */
export class Dump implements Trace {
  private fn: Fn | null = null;
  private sweeps: Region[] = [];
  private saves: Saves = noSaves();
  private isReached = false;

  constructor(private readonly stage: Stage) {}

  forward(stage: Stage, fn: Fn): void {
    // A function may be lowered again, with a helper expanded in place.
    if (stage === 'lowered') {
      this.sweeps = [];
      this.isReached = false;
    }
    if (stages.indexOf(stage) <= stages.indexOf(this.stage)) this.fn = fn;
    this.isReached ||= stage === this.stage;
  }

  backward(stage: Stage, sweep: Region): void {
    if (stage !== this.stage) return;
    this.sweeps.push(sweep);
    this.isReached = true;
  }

  saved(saves: Saves): void {
    if (this.stage === 'final') this.saves = saves;
  }

  /** Null where an error has ended the compilation before the stage. */
  get text(): string | null {
    return this.fn === null || !this.isReached ? null : printFn(this.fn, this.sweeps, this.saves);
  }
}
