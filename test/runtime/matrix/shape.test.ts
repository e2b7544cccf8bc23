import { describe, expect, it } from 'vitest';
import {
  addTo,
  concatCols,
  concatRows,
  copy,
  fromData,
  gatherRows,
  get,
  matrix,
  ones,
  padCols,
  padRows,
  repeat,
  reshape,
  scatterRows,
  sliceCols,
  sliceRows,
  sum,
  sumLike,
  sumRepeats,
  sumTo,
  transpose,
  zeros,
  zerosLike,
  type Axis,
} from '@chainrule/runtime';
import { expectClose, sample } from '../../support/matrix-differences.js';

const a = matrix([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('reshape', () => {
  it('keeps the order, and copies', () => {
    expectClose(
      reshape(a, 3, 2),
      matrix([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    expect(reshape(a, 2, 3).data).not.toBe(a.data);
    expectClose(reshape(zeros(0, 3), 7, 0), zeros(7, 0));
  });

  it('refuses another number of elements', () => {
    expect(() => reshape(a, 4, 2)).toThrow(
      new RangeError('reshape: 2×3 has 6 elements, 4×2 takes 8'),
    );
    expect(() => reshape(a, -2, -3)).toThrow(
      'reshape: -2×-3 is no shape: rows and columns must be integers, at least 0',
    );
  });
});

describe('repeat and sumRepeats', () => {
  it('repeat each row or column in succession', () => {
    expectClose(
      repeat(a, 2, 0),
      matrix([
        [1, 2, 3],
        [1, 2, 3],
        [4, 5, 6],
        [4, 5, 6],
      ]),
    );
    expectClose(
      repeat(a, 2, 1),
      matrix([
        [1, 1, 2, 2, 3, 3],
        [4, 4, 5, 5, 6, 6],
      ]),
    );
    expectClose(repeat(a, 0, 0), zeros(0, 3));
    expectClose(repeat(a, 0, 1), zeros(2, 0));
    expectClose(repeat(zeros(0, 3), 2, 0), zeros(0, 3));
    expectClose(repeat(zeros(0, 3), 2, 1), zeros(0, 6));
  });

  it('sum what repeat has repeated', () => {
    expectClose(sumRepeats(matrix([[1, 2, 3, 4]]), 2, 1), matrix([[3, 7]]));
    expectClose(sumRepeats(matrix([[1], [2], [3], [4]]), 2, 0), matrix([[3], [7]]));
    expectClose(sumRepeats(zeros(0, 3), 2, 0), zeros(0, 3));
  });

  it('refuse what does not fit', () => {
    for (const n of [-1, 1.5, NaN]) {
      const message = `cannot repeat ${n} times: the number must be an integer, at least 0`;
      expect(() => repeat(a, n, 0)).toThrow(new RangeError(`repeat: ${message}`));
      expect(() => sumRepeats(a, n, 0)).toThrow(new RangeError(`sumRepeats: ${message}`));
    }
    expect(() => repeat(a, 2, 2 as Axis)).toThrow(
      new RangeError('repeat: axis is 2, and must be 0 or 1'),
    );
    expect(() => sumRepeats(a, 2, -1 as Axis)).toThrow(
      'sumRepeats: axis is -1, and must be 0 or 1',
    );
    expect(() => sumRepeats(a, 2, 1)).toThrow(
      new RangeError('sumRepeats: the columns of 2×3 are no 2 repetitions'),
    );
    expect(() => sumRepeats(a, 3, 0)).toThrow('sumRepeats: the rows of 2×3 are no 3 repetitions');
  });
});

describe('sliceRows and sliceCols', () => {
  const places = [-7, -3, -2, -1, 0, 1, 2, 3, 4, 9, 1.7, -1.2, NaN, Infinity, -Infinity];

  it('agree with Array.slice for all places', () => {
    const b = sample(3, 3);
    const rows = [0, 1, 2].map((i) => Array.from(b.data.slice(3 * i, 3 * i + 3)));
    for (const start of places) {
      for (const end of [...places, undefined]) {
        const expected = rows.slice(start, end);
        const slice = expected.length === 0 ? zeros(0, 3) : matrix(expected);
        expectClose(sliceRows(b, start, end), slice, 0);
        expectClose(sliceCols(transpose(b), start, end), transpose(slice), 0);
      }
    }
  });

  it('copy', () => {
    expect(sliceRows(a, 0).data.buffer).not.toBe(a.data.buffer);
    expect(sliceCols(a, 0).data.buffer).not.toBe(a.data.buffer);
  });
});

describe('padRows and padCols', () => {
  it('put the part where it was', () => {
    expectClose(
      padRows(matrix([[1, 2]]), 1, 3),
      matrix([
        [0, 0],
        [1, 2],
        [0, 0],
      ]),
    );
    expectClose(
      padCols(matrix([[1], [2]]), 1, 3),
      matrix([
        [0, 1, 0],
        [0, 2, 0],
      ]),
    );
    for (const start of [-3, -2, -1, 0, 1, 2, 5, -9]) {
      const b = sample(3, 3);
      const ones3 = ones(3, 3);
      expectClose(sliceRows(padRows(sliceRows(b, start), start, 3), start), sliceRows(b, start), 0);
      expectClose(sliceCols(padCols(sliceCols(b, start), start, 3), start), sliceCols(b, start), 0);
      const count = sliceRows(ones3, start).data.length;
      expect(sum(padRows(sliceRows(ones3, start), start, 3))).toBe(count);
      expect(sum(padCols(sliceCols(ones3, start), start, 3))).toBe(count);
    }
  });

  it('refuse what does not fit', () => {
    expect(() => padRows(a, 2, 3)).toThrow(
      new RangeError('padRows: 2×3 from 2 on does not fit into 3 rows'),
    );
    expect(() => padRows(a, -1, 3)).toThrow('padRows: 2×3 from -1 on does not fit into 3 rows');
    expect(() => padCols(a, 1, 3)).toThrow(
      new RangeError('padCols: 2×3 from 1 on does not fit into 3 columns'),
    );
    expect(() => padCols(a, 0, 3.5)).toThrow(
      'padCols: 2×3 from 0 on does not fit into 3.5 columns',
    );
  });
});

describe('concatRows and concatCols', () => {
  it('put matrices under and beside each other', () => {
    const row = matrix([[7, 8, 9]]);
    expectClose(
      concatRows(a, row),
      matrix([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]),
    );
    expectClose(concatRows(zeros(0, 3), row), row);
    const col = matrix([[7], [8]]);
    expectClose(
      concatCols(col, a, col),
      matrix([
        [7, 1, 2, 3, 7],
        [8, 4, 5, 6, 8],
      ]),
    );
    expectClose(concatCols(zeros(0, 2), zeros(0, 1)), zeros(0, 3));
    expect(concatRows(a).data).not.toBe(a.data);
    expect(concatCols(a).data).not.toBe(a.data);
  });

  it('refuse what does not fit', () => {
    expect(() => concatRows(a, a, ones(2, 2))).toThrow(
      new RangeError('concatRows: 2×3 and 2×2 do not fit: all must have as many columns'),
    );
    expect(() => concatCols(a, ones(1, 3))).toThrow(
      new RangeError('concatCols: 2×3 and 1×3 do not fit: all must have as many rows'),
    );
    expect(() => concatRows()).toThrow(
      new RangeError('concatRows: there is nothing to put together'),
    );
    expect(() => concatCols()).toThrow(
      new RangeError('concatCols: there is nothing to put together'),
    );
  });
});

describe('gatherRows and scatterRows', () => {
  it('take rows, and add them where they were taken', () => {
    expectClose(
      gatherRows(a, [1, 0, 1]),
      matrix([
        [4, 5, 6],
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expectClose(gatherRows(a, Int32Array.of()), zeros(0, 3));
    const rows = matrix([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expectClose(
      scatterRows(rows, [1, 2, 1], 4),
      matrix([
        [0, 0],
        [6, 8],
        [3, 4],
        [0, 0],
      ]),
    );
    expectClose(scatterRows(zeros(0, 2), [], 2), zeros(2, 2));
  });

  it.each([-1, 2, 0.5, NaN])('refuse the index %d', (index) => {
    const message = `index ${index} at place 1 is not a row: there are 2 rows`;
    expect(() => gatherRows(a, [0, index])).toThrow(new RangeError(`gatherRows: ${message}`));
    expect(() => scatterRows(a, [0, index], 2)).toThrow(new RangeError(`scatterRows: ${message}`));
  });

  it('refuse more rows than indices', () => {
    expect(() => scatterRows(a, [0], 2)).toThrow(
      new RangeError('scatterRows: 2×3 and 1 indices do not fit: there must be one for each row'),
    );
  });
});

describe('get', () => {
  it('reads an element', () => {
    expect(get(a, 1, 2)).toBe(6);
    expect(get(a, 0, 0)).toBe(1);
    expect(get(a, -0, 1)).toBe(2);
  });

  it.each([
    [2, 0],
    [0, 3],
    [-1, 0],
    [0, -1],
    [0.5, 0],
    [0, 1.5],
    [NaN, 0],
    [0, Infinity],
    [2 ** 32, 0],
  ])('refuses row %d, column %d', (i, j) => {
    expect(() => get(a, i, j)).toThrow(
      new RangeError(`get: 2×3 has no element in row ${i}, column ${j}`),
    );
  });
});

describe('zerosLike, copy and addTo', () => {
  it('zerosLike and copy share nothing', () => {
    const b = sample(2, 3);
    expectClose(zerosLike(b), zeros(2, 3));
    expectClose(copy(b), b, 0);
    expect(copy(b).data).not.toBe(b.data);
  });

  it('addTo adds in place', () => {
    const target = ones(2, 3);
    expect(addTo(target, a)).toBe(target);
    expectClose(
      target,
      matrix([
        [2, 3, 4],
        [5, 6, 7],
      ]),
    );
    addTo(target, target);
    expectClose(
      target,
      matrix([
        [4, 6, 8],
        [10, 12, 14],
      ]),
    );
    expect(() => addTo(target, ones(1, 3))).toThrow(
      new RangeError('addTo: 2×3 and 1×3 differ: both must have the same shape'),
    );
  });
});

describe('sumLike and sumTo', () => {
  it('sum along what was stretched', () => {
    expectClose(sumLike(a, zeros(1, 3)), matrix([[5, 7, 9]]));
    expectClose(sumLike(a, zeros(2, 1)), matrix([[6], [15]]));
    expectClose(sumLike(a, zeros(1, 1)), matrix([[21]]));
    expect(sumLike(a, zeros(2, 3))).toBe(a);
    expectClose(sumTo(a, 1, 3), matrix([[5, 7, 9]]));
    expectClose(sumTo(a, 2, 1), matrix([[6], [15]]));
    expect(sumTo(a, 2, 3)).toBe(a);
    expectClose(sumLike(zeros(0, 3), zeros(1, 3)), zeros(1, 3));
    expectClose(sumLike(zeros(0, 3), zeros(1, 1)), zeros(1, 1));
    const one = fromData(1, 1, [5]);
    expect(sumLike(one, zeros(1, 1))).toBe(one);
  });

  it('refuse what was not stretched', () => {
    expect(() => sumLike(a, zeros(3, 3))).toThrow(
      new RangeError('sumLike: 2×3 does not sum up to 3×3'),
    );
    expect(() => sumTo(a, 2, 2)).toThrow(new RangeError('sumTo: 2×3 does not sum up to 2×2'));
    expect(() => sumLike(ones(1, 3), zeros(2, 3))).toThrow('sumLike: 1×3 does not sum up to 2×3');
  });
});
