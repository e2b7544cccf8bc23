import { of, type Matrix } from './matrix.js';
import { requireSizes } from './shapes.js';

/**
 * A matrix of independent standard normal numbers (Box and Muller 1958).
 *
 * @param random yields numbers uniform in [0, 1), such as `Math.random` or `seededRandom(seed)`.
 * @throws {RangeError} where `rows` or `cols` is no size.
 */
export function randn(rows: number, cols: number, random: () => number): Matrix {
  requireSizes('randn', rows, cols);
  const data = new Float64Array(rows * cols);
  for (let k = 0; k < data.length; k += 2) {
    // 1 − u is never 0: the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    data[k] = radius * Math.cos(angle);
    // A write behind the last element of an odd number of them is dropped.
    data[k + 1] = radius * Math.sin(angle);
  }
  return of(rows, cols, data);
}

/**
 * A source of numbers uniform in [0, 1) that repeats itself for the same seed: mulberry32 (Tommy Ettinger), 32 bits of
 * state. For experiments that must be reproducible, not for secrets.
 *
 * @param seed its low 32 bits count.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
