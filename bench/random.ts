/** A seeded source of numbers, so that every run measures the same inputs. */
export interface Random {
  /** Uniform in [low, high). */
  readonly uniform: (low: number, high: number) => number;
  /** Independent draws from a normal distribution around 0. */
  readonly normals: (count: number, deviation?: number) => Float64Array;
}

export function random(seed: number): Random {
  let state = seed;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    uniform: (low, high) => low + (high - low) * next(),
    normals: (count, deviation = 1) =>
      Float64Array.from({ length: count }, () => deviation * normal()),
  };
}
