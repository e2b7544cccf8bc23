import { describe, expect, it, vi } from 'vitest';
import { hessian, matrix, mul, zeros, type Matrix } from '@chainrule/runtime';
import { rosenbrockGradient_jvp } from '../../../fixtures/forward/jacobians_grad.js';
import { expectClose, sample } from '../../support/matrix-differences.js';
import { rosenbrock_hvp, rosenbrockHessian } from './rosenbrock.js';

describe("Rosenbrock's function", () => {
  const x = new Float64Array([-1.2, 1, 0.3, 2]);
  const expected = matrix(rosenbrockHessian(x));

  it('from products with the Hessian, one for each number', () => {
    const hvp = vi.fn((v: Float64Array) => rosenbrock_hvp(x, v).hx);
    expectClose(hessian(x, hvp), expected);
    expect(hvp).toHaveBeenCalledTimes(4);
  });

  it('from the generated tangent of a gradient', () => {
    expectClose(
      hessian(x, (v) => rosenbrockGradient_jvp(x, v).dvalue),
      expected,
    );
  });
});

it('is symmetric to the last bit, with the mean of what differs', () => {
  const h = hessian([0, 0], ([a, b]) => [a + 3 * b, 5 * a + b]);
  expectClose(
    h,
    matrix([
      [1, 4],
      [4, 1],
    ]),
    0,
  );
});

it('of a function of a matrix: Σ x³ has 6x on its diagonal', () => {
  const x = sample(2, 3);
  const h = hessian(x, (v: Matrix) => mul(mul(6, x), v));
  expect([h.rows, h.cols]).toEqual([6, 6]);
  x.data.forEach((xi, k) => expect(h.data[7 * k]).toBe(6 * xi));
  expect(h.data.filter((entry) => entry !== 0)).toHaveLength(6);
});

it('of a number: 6x for x³', () => {
  expectClose(
    hessian(2, (v) => 12 * v),
    matrix([[12]]),
    0,
  );
});

it('of nothing is 0×0', () => {
  expectClose(
    hessian([], () => expect.fail('nothing to ask for')),
    zeros(0, 0),
  );
});

it('names the shapes that do not fit', () => {
  expect(() => hessian([1, 2], () => [1, 2, 3])).toThrow(
    new RangeError('hessian: hvp gives 3 numbers, and must give 2 numbers'),
  );
});
