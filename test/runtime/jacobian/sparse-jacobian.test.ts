import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  colourJacobian,
  fromData,
  jacobian,
  matmul,
  matmulNT,
  matmulTN,
  matrix,
  nonZeroPattern,
  sparseJacobian,
  sparsePattern,
  toDense,
  zeros,
} from '@chainrule/runtime';
import {
  broyden_backward,
  broyden_forward,
  broyden_jvp,
} from '../../../fixtures/forward/jacobians_grad.js';
import { expectClose, sample } from '../../support/matrix-differences.js';
import { broydenJacobian } from './broyden.js';
import { band } from './rosenbrock.js';
import { sparseMatrices } from './sparse-matrices.js';

describe("Broyden's tridiagonal system", () => {
  const x = Array.from({ length: 40 }, (_, i) => Math.cos(i));
  const { value, saved } = broyden_forward(x);
  const colouring = colourJacobian(sparsePattern(40, 40, band(40, 1)));
  const expected = matrix(broydenJacobian(x));
  const jvp = vi.fn((v: number[]) => broyden_jvp(x, v).dvalue);
  const vjp = vi.fn((u: number[]) => broyden_backward(saved, u).dx);

  it('by columns: three products', () => {
    const j = sparseJacobian(x, value, colouring, { jvp });
    expectClose(toDense(j), expected);
    expect(jvp).toHaveBeenCalledTimes(3);
    expect(j.values).toHaveLength(3 * 40 - 2);
    expect(j.columns).toBe(colouring.pattern.columns);
  });

  it('by rows: three products', () => {
    expectClose(toDense(sparseJacobian(x, value, colouring, { vjp })), expected);
    expect(vjp).toHaveBeenCalledTimes(3);
  });
});

it.each([0, 1, 2, 5])(
  'a band of %i beside the diagonal needs as many colours as it is wide',
  (width) => {
    const { columns, rows } = colourJacobian(sparsePattern(30, 30, band(30, width)));
    expect([columns.count, rows.count]).toEqual([2 * width + 1, 2 * width + 1]);
  },
);

it('takes the side with fewer colours', () => {
  const wide = matrix([
    [1, 2, 3, 4],
    [0, 5, 0, 0],
  ]);
  const [x, y] = [new Float64Array(4), new Float64Array(2)];
  const colouring = colourJacobian(nonZeroPattern(wide));
  expect([colouring.columns.count, colouring.rows.count]).toEqual([4, 2]);
  const jvp = vi.fn((v: Float64Array) => matmul(wide, fromData(4, 1, v)).data);
  const vjp = vi.fn((u: Float64Array) => matmul(fromData(1, 2, u), wide).data);
  expectClose(toDense(sparseJacobian(x, y, colouring, { jvp, vjp })), wide, 0);
  expect([jvp.mock.calls.length, vjp.mock.calls.length]).toEqual([0, 2]);
  expectClose(toDense(sparseJacobian(x, y, colouring, { jvp })), wide, 0);
  expect([jvp.mock.calls.length, vjp.mock.calls.length]).toEqual([4, 2]);
});

it('of a matrix: a product from the left mixes only what is in one column', () => {
  const [w, x] = [sample(3, 3, 1), sample(3, 3, 2)];
  const jvp = (v: typeof x) => matmul(w, v);
  const vjp = (u: typeof x) => matmulTN(w, u);
  const dense = jacobian(x, x, { jvp });
  const colouring = colourJacobian(nonZeroPattern(dense));
  expect([colouring.columns.count, colouring.rows.count]).toEqual([3, 3]);
  expectClose(toDense(sparseJacobian(x, x, colouring, { jvp })), dense);
  expectClose(toDense(sparseJacobian(x, x, colouring, { vjp })), dense);
});

it('random matrices: compressed is dense, from both sides', () => {
  fc.assert(
    fc.property(sparseMatrices(9, 9), (a) => {
      const [x, y] = [zeros(a.cols, 1), zeros(a.rows, 1)];
      const colouring = colourJacobian(nonZeroPattern(a));
      const byColumns = sparseJacobian(x, y, colouring, { jvp: (v) => matmul(a, v) });
      const byRows = sparseJacobian(x, y, colouring, { vjp: (u) => matmulTN(a, u) });
      expectClose(toDense(byColumns), a, 0);
      expectClose(toDense(byRows), a, 0);
      const { columns, rows } = colouring;
      expect(columns.count).toBeLessThanOrEqual(a.cols);
      expect(rows.count).toBeLessThanOrEqual(a.rows);
    }),
  );
});

it.each([
  [0, 0, 0],
  [0, 3, 0],
  [3, 0, 0],
  [3, 3, 1],
])('%i×%i without entries takes %i products at most', (rows, cols, calls) => {
  const jvp = vi.fn(() => new Float64Array(rows));
  const vjp = vi.fn(() => new Float64Array(cols));
  const colouring = colourJacobian(sparsePattern(rows, cols, []));
  const [x, y] = [new Float64Array(cols), new Float64Array(rows)];
  expect(toDense(sparseJacobian(x, y, colouring, { jvp, vjp }))).toEqual(zeros(rows, cols));
  expect(jvp.mock.calls.length + vjp.mock.calls.length).toBe(calls);
});

describe('a pattern that lacks an entry', () => {
  const a = matrix([
    [1, 0, 7],
    [0, 2, 0],
    [0, 0, 3],
  ]);
  const [x, y] = [zeros(3, 1), zeros(3, 1)];
  const jvp = (v: typeof x) => matmul(a, v);
  const vjp = (u: typeof x) => matmulTN(a, u);
  const diagonal: [number, number][] = [
    [0, 0],
    [1, 1],
    [2, 2],
  ];

  it('is noticed where the product must be 0', () => {
    const withSecond = colourJacobian(sparsePattern(3, 3, [...diagonal, [1, 2], [1, 0]]));
    expect(() => sparseJacobian(x, y, withSecond, { jvp })).toThrow(
      new RangeError(
        'sparseJacobian: row 0 has a derivative of 7 outside of the pattern, among the columns 2',
      ),
    );
    const besideRow = colourJacobian(sparsePattern(3, 3, [...diagonal, [0, 1], [2, 1]]));
    expect(() => sparseJacobian(x, y, besideRow, { vjp })).toThrow(
      'column 2 has a derivative of 7 outside of the pattern, among the rows 0',
    );
  });

  it('is added to another entry where all columns have one colour: nothing can tell', () => {
    const tooLittle = colourJacobian(sparsePattern(3, 3, diagonal));
    expect(Array.from(sparseJacobian(x, y, tooLittle, { jvp }).values)).toEqual([8, 2, 3]);
  });

  it('is not mistaken for rounding, or for the NaN of an infinite derivative', () => {
    const steep = (v: typeof x) =>
      fromData(3, 1, [v.data[0], 1e3 * v.data[1] + 1e-9 * v.data[2], v.data[2] * Infinity]);
    const b = colourJacobian(sparsePattern(3, 3, [...diagonal, [0, 1], [0, 2]]));
    const j = sparseJacobian(x, y, b, { jvp: steep });
    expect(Array.from(j.values)).toEqual([1, 0, 0, 1e3, Infinity]);
  });
});

describe('what does not fit', () => {
  const colouring = colourJacobian(sparsePattern(3, 4, []));

  it('the shapes of x and y', () => {
    expect(() => sparseJacobian([1, 2], zeros(1, 3), colouring, { jvp: (v) => v })).toThrow(
      new RangeError('sparseJacobian: the pattern is 3×4, for a 1×3 matrix of 2 numbers'),
    );
  });

  it('the shape of a product', () => {
    const [x, y] = [zeros(2, 2), [1, 2, 3]];
    expect(() => sparseJacobian(x, y, colouring, { jvp: (v) => matmulNT(v, v) })).toThrow(
      new RangeError('sparseJacobian: jvp gives a 2×2 matrix, and must give 3 numbers'),
    );
  });

  it('neither product', () => {
    expect(() => sparseJacobian([1, 2, 3, 4], [1, 2, 3], colouring, {} as never)).toThrow(
      TypeError,
    );
  });
});
