import type { Io } from './io.js';

const patience = 1000;
const clearLine = '\r\u001B[K';

/** A line on a terminal that says how far a run is, once it takes longer than a second. */
export class Progress {
  private readonly started = Date.now();
  private isShown = false;

  /** Prints like the original, above the line of progress. */
  readonly io: Io;

  constructor(private readonly to: Io) {
    const above =
      (print: (text: string) => void) =>
      (text: string): void => {
        this.clear();
        print(text);
      };
    this.io = { ...to, out: above(to.out), err: above(to.err) };
  }

  step(done: number, all: number): void {
    if (!this.to.isWatched || Date.now() - this.started < patience) return;
    this.clear();
    if (done === all) return;
    this.to.err(`${done} of ${all} files`);
    this.isShown = true;
  }

  private clear(): void {
    if (this.isShown) this.to.err(clearLine);
    this.isShown = false;
  }
}
