import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  add,
  colourHessian,
  fromData,
  hessian,
  matmul,
  matrix,
  nonZeroPattern,
  sliceCols,
  sparseHessian,
  sparsePattern,
  toDense,
  toTriplets,
  transpose,
  zeros,
} from '@chainrule/runtime';
import { expectClose } from '../../support/matrix-differences.js';
import { band, rosenbrock_hvp, rosenbrockCurvature, rosenbrockHessian } from './rosenbrock.js';
import { sparseMatrices } from './sparse-matrices.js';

describe("Rosenbrock's function in 50 dimensions", () => {
  const x = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i));
  const hvp = (v: Float64Array) => rosenbrock_hvp(x, v).hx;

  it('takes three products', () => {
    const counted = vi.fn(hvp);
    const colouring = colourHessian(sparsePattern(50, 50, band(50, 1)));
    const h = sparseHessian(x, colouring, counted);
    expectClose(toDense(h), matrix(rosenbrockHessian(x)));
    expectClose(toDense(h), hessian(x, hvp));
    expect(counted).toHaveBeenCalledTimes(3);
    expect(colouring.columns.count).toBe(3);
  });

  it('from the pattern of one triangle', () => {
    const h = rosenbrockCurvature(x);
    expect(h.values).toHaveLength(3 * 50 - 2);
    expectClose(toDense(h), matrix(rosenbrockHessian(x)));
  });
});

it('an arrow takes two products, wherever its point is', () => {
  for (const hub of [0, 3, 6]) {
    const entries = Array.from({ length: 7 }, (_, i): [number, number][] => [
      [i, i],
      [i, hub],
    ]);
    const { columns } = colourHessian(sparsePattern(7, 7, entries.flat()));
    expect(columns.count).toBe(2);
  }
});

it('random symmetric matrices: compressed is dense, equal across the diagonal', () => {
  fc.assert(
    fc.property(sparseMatrices(10, 10), (a) => {
      const n = Math.min(a.rows, a.cols);
      const square = fromData(n, n, a.data.slice(0, n * n));
      const h = add(square, transpose(square));
      const x = zeros(n, 1);
      const colouring = colourHessian(nonZeroPattern(h));
      expect(colouring.columns.count).toBeLessThanOrEqual(n);
      expectClose(toDense(sparseHessian(x, colouring, (v) => matmul(h, v))), h, 0);
    }),
  );
});

it('what rounding makes different across the diagonal comes out equal', () => {
  const h = matrix([
    [2, 1, 0],
    [1 + 1e-15, 2, 3],
    [0, 3 - 1e-15, 2],
  ]);
  const sparse = sparseHessian(zeros(3, 1), colourHessian(nonZeroPattern(h)), (v) => matmul(h, v));
  const dense = toDense(sparse);
  expectClose(dense, transpose(dense), 0);
  expectClose(dense, h);
});

it('without entries, and of nothing', () => {
  const none = colourHessian(sparsePattern(2, 2, []));
  expect(toTriplets(sparseHessian([1, 2], none, () => [0, 0]))).toEqual([]);
  const nothing = sparseHessian([], colourHessian(sparsePattern(0, 0, [])), () => expect.fail());
  expect(toDense(nothing)).toEqual(zeros(0, 0));
});

describe('what does not fit', () => {
  const diagonal = colourHessian(
    sparsePattern(2, 2, [
      [0, 0],
      [1, 1],
    ]),
  );

  it('a pattern that is not square', () => {
    expect(() => colourHessian(sparsePattern(2, 3, []))).toThrow(
      new RangeError('colourHessian: 2×3 is not square'),
    );
  });

  it('the shapes of x and of a product', () => {
    expect(() => sparseHessian([1], diagonal, (v) => v)).toThrow(
      new RangeError('sparseHessian: the pattern is 2×2, for a function of 1 number'),
    );
    expect(() => sparseHessian(zeros(2, 1), diagonal, (v) => sliceCols(v, 1))).toThrow(
      new RangeError('sparseHessian: hvp gives a 2×0 matrix, and must give a 2×1 matrix'),
    );
  });

  it('a pattern that lacks an entry, where the product must be 0', () => {
    const pattern = sparsePattern(3, 3, [
      [0, 1],
      [1, 1],
      [2, 2],
    ]);
    const h = matrix([
      [0, 1, 0],
      [1, 2, 0],
      [0, 5, 2],
    ]);
    expect(() => sparseHessian(zeros(3, 1), colourHessian(pattern), (v) => matmul(h, v))).toThrow(
      'sparseHessian: row 2 has a derivative of 5 outside of the pattern, among the columns 1',
    );
  });
});
