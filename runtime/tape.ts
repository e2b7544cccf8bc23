const firstChunk = 64;
const largestChunk = 64 * 1024;

/**
 * A growing stack of numbers: the forward sweep pushes what the backward sweep will pop.
 *
 * The numbers lie in a list of `Float64Array` chunks, so growing copies nothing, and a long tape neither boxes
 * its numbers nor asks for one huge block. The first chunk is small: a tape of a few numbers is cheap.
 */
export class Tape {
  /**
   * One tape that is always alive. V8 forgets the layout of objects of which a garbage collection finds none, and throws
   * away all code that was optimised for it: without this, gradients would be slow again after each collection.
   * @internal
   */
  static readonly alive = new Tape();

  private chunk = new Float64Array(firstChunk);
  /** Numbers in `chunk`. */
  private used = 0;
  /** Numbers in the chunks under `chunk`. */
  private below = 0;
  private readonly chunks = [this.chunk];
  /** The place of `chunk` in `chunks`. */
  private level = 0;

  /** How many numbers are on the tape. */
  get length(): number {
    return this.below + this.used;
  }

  push(x: number): void {
    if (this.used === this.chunk.length) this.grow();
    this.chunk[this.used++] = x;
  }

  /** Takes the last number off the tape. Throws where there is none. */
  pop(): number {
    if (this.used === 0) this.shrink();
    return this.chunk[--this.used];
  }

  /**
   * A tape with the same numbers, for a backward sweep of its own: what it pops stays on this one. Neither may be pushed
   * to afterwards.
   */
  reader(): Tape {
    const reader = new Tape();
    reader.chunks.length = 0;
    reader.chunks.push(...this.chunks);
    reader.chunk = this.chunk;
    reader.used = this.used;
    reader.below = this.below;
    reader.level = this.level;
    return reader;
  }

  private grow(): void {
    const full = this.chunk.length;
    this.below += full;
    this.level++;
    if (this.level === this.chunks.length) {
      this.chunks.push(new Float64Array(Math.min(full * 4, largestChunk)));
    }
    this.chunk = this.chunks[this.level];
    this.used = 0;
  }

  /** Goes back to the chunk below. One empty chunk is kept: a tape that swings about a border never allocates. */
  private shrink(): void {
    if (this.level === 0) throw new RangeError('pop() on an empty tape');
    this.chunks.length = this.level + 1;
    this.level--;
    this.chunk = this.chunks[this.level];
    this.used = this.chunk.length;
    this.below -= this.used;
  }
}
