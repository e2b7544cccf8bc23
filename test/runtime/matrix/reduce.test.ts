import { describe, expect, it } from 'vitest';
import {
  fromData,
  logSoftmax,
  logSoftmaxPullback,
  logSumExp,
  logSumExpPullback,
  matrix,
  max,
  maxPullback,
  mean,
  min,
  minPullback,
  ones,
  softmax,
  softmaxPullback,
  sub,
  sum,
  transpose,
  zeros,
  type Axis,
  type Matrix,
} from '@chainrule/runtime';
import { expectClose, mapped, sample } from '../../support/matrix-differences.js';

const total = (x: number[]) => x.reduce((s, t) => s + t, 0);
const reductions = [
  ['sum', sum, total],
  ['mean', mean, (x: number[]) => total(x) / x.length],
  ['max', max, (x: number[]) => Math.max(...x)],
  ['min', min, (x: number[]) => Math.min(...x)],
  ['logSumExp', logSumExp, (x: number[]) => Math.log(total(x.map(Math.exp)))],
] as const;

describe.each(reductions)('%s', (name, reduce, formula) => {
  it.each([
    [1, 1],
    [1, 4],
    [4, 1],
    [3, 5],
    [9, 2],
  ])('reduces %d×%d to a number, along an axis, and without it', (rows, cols) => {
    const a = sample(rows, cols);
    const row = (i: number) => Array.from(a.data.slice(i * cols, (i + 1) * cols));
    const col = (j: number) => Array.from({ length: rows }, (_, i) => a.data[i * cols + j]);
    const down = Array.from({ length: cols }, (_, j) => formula(col(j)));
    const across = Array.from({ length: rows }, (_, i) => formula(row(i)));
    expectClose(reduce(a), formula(Array.from(a.data)));
    expectClose(reduce(a, 0), fromData(1, cols, down));
    expectClose(reduce(a, 0, true), fromData(1, cols, down));
    expectClose(reduce(a, 1), fromData(rows, 1, across));
    expectClose(reduce(a, 0, false), down);
    expectClose(reduce(a, 1, false), across);
    expect(reduce(a, 0, false)).toBeInstanceOf(Float64Array);
  });

  it('reduces nothing', () => {
    const nothing = { sum: 0, mean: NaN, max: -Infinity, min: Infinity, logSumExp: -Infinity }[
      name
    ];
    expect(reduce(zeros(0, 2))).toBe(nothing);
    expect(reduce(zeros(0, 2), 0)).toEqual(fromData(1, 2, [nothing, nothing]));
    expect(reduce(zeros(0, 2), 1)).toEqual(zeros(0, 1));
    expect(reduce(zeros(2, 0), 1)).toEqual(fromData(2, 1, [nothing, nothing]));
    expect(reduce(zeros(2, 0), 0, false)).toEqual(new Float64Array(0));
  });

  it('lets NaN pass, at any place', () => {
    for (const place of [0, 1, 2]) {
      const numbers = [1, 2, 3];
      numbers[place] = NaN;
      expect(reduce(matrix([numbers]))).toBeNaN();
      expect(reduce(matrix([numbers]), 1).data[0]).toBeNaN();
      expect(reduce(transpose(matrix([numbers])), 0).data[0]).toBeNaN();
      expect(reduce(matrix([numbers]), 0, false).map(Number)[place]).toBeNaN();
      expect(reduce(matrix([numbers]), 0).data.filter(Number.isNaN).length).toBe(1);
    }
    expect(reduce(matrix([[NaN, Infinity, -Infinity]]))).toBeNaN();
  });

  it('refuses another axis', () => {
    for (const axis of [2, -1, 0.5, NaN]) {
      expect(() => reduce(ones(2, 2), axis as Axis)).toThrow(
        new RangeError(`${name}: axis is ${axis}, and must be 0 or 1`),
      );
    }
  });
});

describe('logSumExp', () => {
  it('is stable', () => {
    expectClose(logSumExp(matrix([[1e4, 1e4]])), 1e4 + Math.LN2);
    expectClose(logSumExp(matrix([[-1e4, -1e4]])), -1e4 + Math.LN2);
    expectClose(
      logSumExp(
        matrix([
          [1e4, -1e4],
          [-1e4, -1e4],
        ]),
        1,
      ),
      matrix([[1e4], [-1e4 + Math.LN2]]),
    );
    expect(logSumExp(matrix([[-Infinity, -Infinity]]))).toBe(-Infinity);
    expect(logSumExp(matrix([[-Infinity, 3]]))).toBe(3);
    expect(logSumExp(matrix([[Infinity, 3]]))).toBe(Infinity);
    expectClose(logSumExp(matrix([[-Infinity, 1]]), 0), matrix([[-Infinity, 1]]));
  });

  it('has a stable pullback, 0 where nothing is in the sum', () => {
    const a = matrix([[1e4, -1e4, 1e4]]);
    expectClose(logSumExpPullback(2, a, logSumExp(a)), matrix([[1, 0, 1]]), 1e-11);
    const none = matrix([[-Infinity, -Infinity]]);
    expectClose(logSumExpPullback(2, none, logSumExp(none)), zeros(1, 2), 0);
    const mixed = matrix([
      [-Infinity, 1],
      [-Infinity, 1],
    ]);
    expectClose(
      logSumExpPullback(matrix([[3, 4]]), mixed, logSumExp(mixed, 0)),
      matrix([
        [0, 2],
        [0, 2],
      ]),
    );
    expectClose(
      logSumExpPullback(1, mixed, logSumExp(mixed, 1)),
      matrix([
        [0, 1],
        [0, 1],
      ]),
    );
  });

  it('names shapes that do not fit', () => {
    expect(() => logSumExpPullback(ones(3, 1), ones(2, 2), ones(2, 1))).toThrow(
      new RangeError('logSumExpPullback: 3×1 does not stretch to 2×2'),
    );
    expect(() => logSumExpPullback(ones(2, 1), ones(2, 2), ones(1, 3))).toThrow(
      'logSumExpPullback: 1×3 does not stretch to 2×2',
    );
  });
});

describe('maxPullback and minPullback', () => {
  it('give all to the first that attains it', () => {
    const a = matrix([
      [1, 3, 3],
      [0, 3, 0],
    ]);
    expectClose(
      maxPullback(7, a, 3),
      matrix([
        [0, 7, 0],
        [0, 0, 0],
      ]),
      0,
    );
    expectClose(
      minPullback(7, a, 0),
      matrix([
        [0, 0, 0],
        [7, 0, 0],
      ]),
      0,
    );
    expectClose(
      maxPullback(matrix([[1, 2, 3]]), a, max(a, 0), 0),
      matrix([
        [1, 2, 3],
        [0, 0, 0],
      ]),
      0,
    );
    expectClose(
      maxPullback(matrix([[1], [2]]), a, max(a, 1), 1),
      matrix([
        [0, 1, 0],
        [0, 2, 0],
      ]),
      0,
    );
    expectClose(
      minPullback(matrix([[1, 2, 3]]), a, min(a, 0), 0),
      matrix([
        [0, 2, 0],
        [1, 0, 3],
      ]),
      0,
    );
    expectClose(
      minPullback(matrix([[1], [2]]), a, min(a, 1), 1),
      matrix([
        [1, 0, 0],
        [2, 0, 0],
      ]),
      0,
    );
  });

  it('give all to the first NaN', () => {
    const a = matrix([
      [1, NaN],
      [NaN, NaN],
    ]);
    expectClose(
      maxPullback(7, a, max(a)),
      matrix([
        [0, 7],
        [0, 0],
      ]),
      0,
    );
    expectClose(
      minPullback(7, a, min(a)),
      matrix([
        [0, 7],
        [0, 0],
      ]),
      0,
    );
    expectClose(
      maxPullback(matrix([[1, 2]]), a, max(a, 0), 0),
      matrix([
        [0, 2],
        [1, 0],
      ]),
      0,
    );
    expectClose(
      minPullback(matrix([[1], [2]]), a, min(a, 1), 1),
      matrix([
        [0, 1],
        [2, 0],
      ]),
      0,
    );
  });

  it('give nothing to nothing', () => {
    expectClose(maxPullback(7, zeros(0, 2), -Infinity), zeros(0, 2));
    expectClose(minPullback(ones(1, 2), zeros(0, 2), min(zeros(0, 2), 0), 0), zeros(0, 2));
    expectClose(maxPullback(ones(2, 1), zeros(2, 0), max(zeros(2, 0), 1), 1), zeros(2, 0));
  });

  it.each([
    ['maxPullback', maxPullback],
    ['minPullback', minPullback],
  ] as const)('%s refuses what does not fit', (name, f) => {
    const a = ones(2, 3);
    expect(() => f(ones(1, 2), a, ones(1, 3), 0)).toThrow(
      new RangeError(`${name}: 1×2 must be 1×3`),
    );
    expect(() => f(ones(2, 1), a, ones(1, 3), 1)).toThrow(
      new RangeError(`${name}: 1×3 must be 2×1`),
    );
    expect(() => f(ones(1, 3), a, ones(1, 3), 2 as Axis)).toThrow(
      new RangeError(`${name}: axis is 2, and must be 0 or 1`),
    );
    const anyhow = f as (...args: unknown[]) => Matrix;
    expect(() => anyhow(1, a, ones(1, 3), 0)).toThrow(
      new TypeError(`${name}: both dv and v must be numbers, or matrices`),
    );
  });
});

describe('softmax and logSoftmax', () => {
  it.each([0, 1] as const)('are the formula along axis %d', (axis) => {
    const a = sample(3, 4);
    const y = softmax(a, axis);
    const sums = sum(mapped(a, Math.exp), axis);
    expectClose(
      y,
      mapped(a, (x, i, j) => Math.exp(x) / sums.data[axis === 0 ? j : i]),
    );
    expectClose(logSoftmax(a, axis), mapped(y, Math.log));
    expectClose(sum(y, axis), axis === 0 ? ones(1, 4) : ones(3, 1));
    expectClose(softmax(sub(a, 1000), axis), y, 1e-12);
  });

  it('are stable', () => {
    const far = matrix([[1e4, -1e4, 1e4]]);
    expectClose(softmax(far, 1), matrix([[0.5, 0, 0.5]]), 0);
    expectClose(softmax(transpose(far), 0), matrix([[0.5], [0], [0.5]]), 0);
    expectClose(logSoftmax(far, 1), matrix([[-Math.LN2, -2e4 - Math.LN2, -Math.LN2]]), 1e-11);
    expectClose(softmax(matrix([[-Infinity, 0]]), 1), matrix([[0, 1]]), 0);
    expectClose(logSoftmax(matrix([[-Infinity, 0]]), 1), matrix([[-Infinity, 0]]), 0);
    const dy = matrix([[1, 2, 3]]);
    expectClose(softmaxPullback(dy, softmax(far, 1), 1), matrix([[-0.5, 0, 0.5]]), 0);
    expectClose(logSoftmaxPullback(dy, logSoftmax(far, 1), 1), matrix([[-2, 2, 0]]), 1e-11);
  });

  it('let NaN pass in its row only, and take no rows', () => {
    for (const f of [softmax, logSoftmax]) {
      const y = f(
        matrix([
          [1, NaN],
          [1, 2],
        ]),
        1,
      );
      expect(Array.from(y.data, Number.isNaN)).toEqual([true, true, false, false]);
      for (const axis of [0, 1] as const) {
        expectClose(f(zeros(0, 3), axis), zeros(0, 3));
        expectClose(f(zeros(3, 0), axis), zeros(3, 0));
      }
      expect(() => f(ones(1, 1), 2 as Axis)).toThrow(
        new RangeError(`${f.name}: axis is 2, and must be 0 or 1`),
      );
    }
  });

  it.each([
    ['softmaxPullback', softmaxPullback],
    ['logSoftmaxPullback', logSoftmaxPullback],
  ] as const)('%s refuses what does not fit', (name, f) => {
    expect(() => f(ones(2, 3), ones(3, 2), 0)).toThrow(
      new RangeError(`${name}: 2×3 and 3×2 differ: both must have the same shape`),
    );
    expect(() => f(ones(2, 3), ones(2, 3), 3 as Axis)).toThrow(
      new RangeError(`${name}: axis is 3, and must be 0 or 1`),
    );
  });
});
