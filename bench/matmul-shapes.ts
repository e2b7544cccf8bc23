import { random } from './random.js';
import { type Loop, type Timing } from './interleave.js';
import { type Kernel } from '../runtime/matmul/kernel.js';

/** A product of an m×k and a k×n matrix, either of which may be given as its transpose. */
export interface Shape {
  readonly kind: Exclude<keyof Kernel, 'name'>;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export const shapes: readonly Shape[] = [
  ...[8, 16, 32, 64, 128, 256, 512, 1024].map((n) => ({ kind: 'plain', m: n, k: n, n }) as const),
  { kind: 'plain', m: 128, k: 784, n: 256 },
  { kind: 'transposedSecond', m: 128, k: 784, n: 256 },
  { kind: 'transposedFirst', m: 128, k: 784, n: 256 },
];

/** As the operands multiply: `128×784 · 784×256`, with a ᵀ after one that is given as its transpose. */
export function titleOf({ kind, m, k, n }: Shape): string {
  const first = kind === 'transposedFirst' ? `(${k}×${m})ᵀ` : `${m}×${k}`;
  const second = kind === 'transposedSecond' ? `(${n}×${k})ᵀ` : `${k}×${n}`;
  return `${first} · ${second}`;
}

/** The elements of A and B. */
export function operandsOf({ m, k, n }: Shape): [Float64Array, Float64Array] {
  const { normals } = random(5);
  return [normals(m * k), normals(k * n)];
}

/** One way to compute a product of given operands. */
export interface Candidate {
  /** All elements, or rows of them. */
  readonly run: () => ArrayLike<number> | readonly Float64Array[];
  /** To so many digits it must agree with the others. */
  readonly digits: number;
}

/** A timing loop of its own for each candidate. */
export function loopOf({ run }: Candidate): Loop {
  return (calls) => {
    let sum = 0;
    for (let i = 0; i < calls; i++) sum += run().length;
    return sum;
  };
}

/** Few rounds where one product of the slowest candidate takes seconds. */
export function timingOf({ m, k, n }: Shape): Timing {
  const huge = m * k * n > 2e8;
  return { rounds: huge ? 3 : 15, warmUpMs: huge ? 0 : 100, sampleMs: 20 };
}

/** Billions of additions and multiplications a second. */
export function gigaflops({ m, k, n }: Shape, microseconds: number): number {
  return (2 * m * k * n) / (1000 * microseconds);
}
