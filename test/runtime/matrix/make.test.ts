import { describe, expect, it } from 'vitest';
import {
  fromData,
  identity,
  matrix,
  oneHot,
  ones,
  randn,
  seededRandom,
  zeros,
} from '@chainrule/runtime';
import { expectClose } from '../../support/matrix-differences.js';

describe('matrix', () => {
  it('takes rows', () => {
    expect(matrix([[1, 2, 3], [4, 5, 6]])).toEqual({
      rows: 2,
      cols: 3,
      data: Float64Array.of(1, 2, 3, 4, 5, 6),
    }); // prettier-ignore
  });

  it('takes no rows, and empty rows', () => {
    expectClose(matrix([]), zeros(0, 0));
    expectClose(matrix([[], []]), zeros(2, 0));
  });

  it('names the row that is ragged', () => {
    expect(() => matrix([[1, 2], [3, 4], [5]])).toThrow(
      new RangeError('matrix: row 2 has 1 elements, the rows above it have 2'),
    );
    expect(() => matrix([[], [1]])).toThrow(
      'matrix: row 1 has 1 elements, the rows above it have 0',
    );
  });
});

describe('fromData', () => {
  it('copies what it is given', () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const a = fromData(3, 2, data);
    data[0] = 9;
    expectClose(
      a,
      matrix([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    expectClose(fromData(1, 2, [NaN, -0]).data.slice(1), [-0]);
    expect(fromData(1, 2, [NaN, -0]).data).toEqual(Float64Array.of(NaN, -0));
    expectClose(fromData(0, 5, []), zeros(0, 5));
  });

  it('refuses data that does not fit', () => {
    expect(() => fromData(2, 3, [1, 2, 3, 4, 5])).toThrow(
      new RangeError('fromData: 2×3 takes 6 numbers, there are 5'),
    );
  });
});

describe.each([
  ['fromData', (r: number, c: number) => fromData(r, c, [])],
  ['zeros', zeros],
  ['ones', ones],
  ['randn', (r: number, c: number) => randn(r, c, Math.random)],
])('%s', (name, make) => {
  it.each([
    [-1, 2],
    [2, -1],
    [2.5, 2],
    [2, NaN],
    [Infinity, 0],
  ])('refuses the shape %d×%d', (rows, cols) => {
    expect(() => make(rows, cols)).toThrow(
      new RangeError(
        `${name}: ${rows}×${cols} is no shape: rows and columns must be integers, at least 0`,
      ),
    );
  });
});

describe('zeros, ones and identity', () => {
  it('have the numbers that their names say', () => {
    expectClose(zeros(1, 2), matrix([[0, 0]]));
    expectClose(ones(2, 1), matrix([[1], [1]]));
    expectClose(
      identity(2),
      matrix([
        [1, 0],
        [0, 1],
      ]),
    );
    expectClose(identity(0), matrix([]));
    expect(() => identity(1.5)).toThrow(
      'identity: 1.5×1.5 is no shape: rows and columns must be integers, at least 0',
    );
  });
});

describe('randn', () => {
  it.each([
    [100, 100],
    [101, 99],
  ])('draws %d×%d numbers with mean 0, variance 1 and no third moment', (rows, cols) => {
    const { data } = randn(rows, cols, seededRandom(7));
    expect(data.length).toBe(rows * cols);
    const moment = (k: number) => data.reduce((total, x) => total + x ** k, 0) / data.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.05);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.06);
    expect(Math.abs(moment(3))).toBeLessThan(0.15);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.4);
    expect(data.filter((x) => Math.abs(x) < 1).length / data.length).toBeCloseTo(0.6827, 1);
  });

  it('is finite for the ends of the source', () => {
    for (const u of [0, 1 - 2 ** -53]) {
      expect(Array.from(randn(1, 3, () => u).data).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('seededRandom', () => {
  it('is mulberry32', () => {
    const random = seededRandom(1);
    expectClose(
      [random(), random(), random()],
      [0.6270739405881613, 0.002735721180215478, 0.5274470399599522],
      0,
    );
  });

  it('repeats itself for the same seed only, and stays in [0, 1)', () => {
    const [a, b, c] = [seededRandom(5), seededRandom(5), seededRandom(6)];
    let same = 0;
    for (let i = 0; i < 10_000; i++) {
      const x = a();
      expect(x).toBe(b());
      if (x === c()) same++;
      expect(x >= 0 && x < 1).toBe(true);
    }
    expect(same).toBeLessThan(3);
  });
});

describe('oneHot', () => {
  it('has a row for each label', () => {
    expectClose(
      oneHot([2, 0], 3),
      matrix([
        [0, 0, 1],
        [1, 0, 0],
      ]),
    );
    expectClose(oneHot(Uint8Array.of(1), 2), matrix([[0, 1]]));
    expectClose(oneHot([], 3), zeros(0, 3));
  });

  it.each([-1, 3, 1.5, NaN])('refuses the label %d', (label) => {
    expect(() => oneHot([0, 1, label], 3)).toThrow(
      new RangeError(`oneHot: label ${label} at place 2 is not one of the 3 from 0 upwards`),
    );
  });
});
