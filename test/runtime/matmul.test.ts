import { describe, expect, it } from 'vitest';
import { type Matrix } from '../../runtime/matrix/matrix.js';
import { matmul, matmulNT, matmulTN } from '../../runtime/matmul/index.js';

describe.each([
  ['matmul', matmul, (m: number, k: number, n: number) => [m, k, k, n], [false, false]],
  ['matmulNT', matmulNT, (m: number, k: number, n: number) => [m, k, n, k], [false, true]],
  ['matmulTN', matmulTN, (m: number, k: number, n: number) => [k, m, k, n], [true, false]],
] as const)('%s', (_name, product, shapes, [flipA, flipB]) => {
  it('agrees with the sums it stands for, for all small shapes', () => {
    for (let m = 0; m < 10; m++) {
      for (let k = 0; k < 10; k++) {
        for (let n = 0; n < 10; n++) {
          const [ar, ac, br, bc] = shapes(m, k, n);
          const a = filled(ar, ac);
          const b = filled(br, bc);
          const c = product(a, b);
          expect([c.rows, c.cols, c.data.length]).toEqual([m, n, m * n]);
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let p = 0; p < k; p++) {
                sum +=
                  a.data[flipA ? p * m + i : i * k + p] * b.data[flipB ? j * k + p : p * n + j];
              }
              expect(c.data[i * n + j]).toBeCloseTo(sum, 12);
            }
          }
        }
      }
    }
  });
});

function filled(rows: number, cols: number): Matrix {
  return {
    rows,
    cols,
    data: Float64Array.from({ length: rows * cols }, (_, i) => Math.sin(i + 1)),
  };
}
