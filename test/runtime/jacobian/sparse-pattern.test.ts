import { describe, expect, it } from 'vitest';
import {
  matrix,
  nonZeroPattern,
  sparsePattern,
  toDense,
  toTriplets,
  zeros,
} from '@chainrule/runtime';
import { expectClose } from '../../support/matrix-differences.js';

const pattern = sparsePattern(3, 4, [
  [2, 3],
  [0, 2],
  [0, 0],
  [2, 3],
]);

it('keeps entries row by row, in ascending order, once', () => {
  expect(pattern).toEqual({
    rows: 3,
    cols: 4,
    rowStarts: Int32Array.of(0, 2, 2, 3),
    columns: Int32Array.of(0, 2, 3),
  });
});

it('of a matrix: where it is not 0; NaN is not', () => {
  const a = matrix([
    [1, 0, NaN, 0],
    [0, -0, 0, 0],
    [0, 0, 0, -Infinity],
  ]);
  expect(nonZeroPattern(a)).toEqual(pattern);
});

it('of nothing', () => {
  const empty = { rowStarts: Int32Array.of(0), columns: new Int32Array() };
  expect(sparsePattern(0, 5, [])).toEqual({ rows: 0, cols: 5, ...empty });
  expect(nonZeroPattern(zeros(0, 5))).toEqual({ rows: 0, cols: 5, ...empty });
});

it('with values: dense, and as triplets', () => {
  const sparse = { ...pattern, values: new Float64Array([1, 0, -3]) };
  expectClose(
    toDense(sparse),
    matrix([
      [1, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, -3],
    ]),
    0,
  );
  expect(toTriplets(sparse)).toEqual([
    [0, 0, 1],
    [0, 2, 0],
    [2, 3, -3],
  ]);
});

describe('what lies outside', () => {
  it.each([
    [3, 0],
    [-1, 0],
    [0.5, 0],
    [0, 4],
    [0, -1],
    [0, 1.5],
    [NaN, 0],
    [0, NaN],
  ])('row %d, column %d', (i, j) => {
    expect(() => sparsePattern(3, 4, [[i, j]])).toThrow(
      new RangeError(`sparsePattern: 3×4 has no row ${i}, column ${j}`),
    );
  });

  it('sizes that are none', () => {
    expect(() => sparsePattern(-1, 2, [])).toThrow('sparsePattern: -1×2 is no shape');
  });
});
