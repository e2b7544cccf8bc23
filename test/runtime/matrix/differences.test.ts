import { describe, expect, it } from 'vitest';
import { fromData, matrix, mul } from '@chainrule/runtime';
import {
  expectClose,
  expectPullback,
  matrixDifferences,
  sample,
} from '../../support/matrix-differences.js';

describe('the checks of matrices', () => {
  it.each([
    ['NaN', matrix([[1, NaN]]), matrix([[1, 2]])],
    ['NaN where it is expected', matrix([[1, NaN]]), matrix([[1, NaN]])],
    ['another shape', matrix([[1, 2]]), matrix([[1], [2]])],
    ['another kind', 1, matrix([[1]])],
    ['another number', matrix([[1, 2]]), matrix([[1, 2 + 1e-9]])],
    ['infinity', Infinity, 1e300],
    ['the other infinity', Infinity, -Infinity],
    ['too few elements', { ...matrix([[1]]), data: new Float64Array(0) }, matrix([[1]])],
  ])('fail for %s', (_, actual, expected) => {
    expect(() => expectClose(actual, expected)).toThrow();
  });

  it('pass what is close', () => {
    expectClose(matrix([[1, 2e9, -Infinity]]), fromData(1, 3, [1 + 1e-13, 2e9 + 1e-4, -Infinity]));
  });

  it('find the slopes of a polynomial', () => {
    const x = matrix([[1, 2], [3, 4]]); // prettier-ignore
    const slopes = matrixDifferences(({ data }) => data[0] ** 3 + data[1] * data[2], x);
    expectClose(slopes, matrix([[3, 3], [2, 0]]), 1e-11); // prettier-ignore
  });

  it('fail for a pullback that is slightly wrong, or constant, or does not keep zero', () => {
    const x = sample(2, 3);
    const square = (a: typeof x) => mul(a, a);
    expectPullback(square, x, (dy) => mul(2, mul(dy, x)));
    expect(() => expectPullback(square, x, (dy) => mul(2 + 1e-7, mul(dy, x)))).toThrow('element');
    expect(() => expectPullback(square, x, () => mul(2, x))).toThrow('element');
    const kept = (dy: typeof x) => mul(2, mul(dy, x));
    expect(() =>
      expectPullback(square, x, (dy) => (dy.data[0] === 0 ? mul(dy, NaN) : kept(dy))),
    ).toThrow('element');
  });
});
