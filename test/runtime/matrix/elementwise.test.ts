import { describe, expect, it } from 'vitest';
import * as runtime from '@chainrule/runtime';
import {
  absPullback,
  keepUnlessAtLeast,
  keepUnlessLess,
  leakyRelu,
  leakyReluPullback,
  matrix,
  ones,
  pow,
  powExponentPullback,
  powPullback,
  relu,
  reluPullback,
  sigmoid,
  softplus,
  sqrtPullback,
  step,
  zeros,
  type Matrix,
} from '@chainrule/runtime';
import { expectClose, sample } from '../../support/matrix-differences.js';

const row = (...numbers: number[]): Matrix => matrix([numbers]);
const exactly = (m: Matrix, ...numbers: number[]): void => {
  expect(m.data).toEqual(Float64Array.from(numbers));
};

describe.each<[string, (x: number) => number]>([
  ['neg', (x) => -x],
  ['exp', Math.exp],
  ['log', Math.log],
  ['sqrt', Math.sqrt],
  ['abs', Math.abs],
  ['tanh', Math.tanh],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['sigmoid', (x) => 1 / (1 + Math.exp(-x))],
  ['relu', (x) => Math.max(x, 0)],
  ['softplus', (x) => Math.log(1 + Math.exp(x))],
  ['step', (x) => (x > 0 ? 1 : 0)],
  ['leakyRelu', (x) => (x > 0 ? x : 0.1 * x)],
])('%s', (name, formula) => {
  const f = (x: Matrix | number): Matrix | number =>
    (runtime[name as 'leakyRelu'] as (x: unknown, p: number) => Matrix | number)(x, 0.1);

  it('takes each element, or a number', () => {
    const positive = name === 'log' || name === 'sqrt';
    const x = sample(3, 4, 1, positive ? 0.1 : -3, 3);
    expectClose(f(x), runtime.fromData(3, 4, x.data.map(formula)), 1e-15);
    expectClose(f(x.data[0]), formula(x.data[0]), 1e-15);
  });

  it('lets NaN pass, and takes no rows', () => {
    expect(f(NaN)).toBeNaN();
    const { data } = f(row(NaN, 1)) as Matrix;
    expect([Number.isNaN(data[0]), Number.isNaN(data[1])]).toEqual([true, false]);
    expectClose(f(zeros(0, 3)), zeros(0, 3));
    expectClose(f(zeros(2, 0)), zeros(2, 0));
  });

  it('leaves its argument alone', () => {
    const x = sample(2, 2, 3, 0.5, 1);
    const before = x.data.slice();
    expect((f(x) as Matrix).data.buffer).not.toBe(x.data.buffer);
    expect(x.data).toEqual(before);
  });
});

describe('far out', () => {
  const far = row(-Infinity, -1e4, -800, -40, 40, 800, 1e4, Infinity);

  it('sigmoid is 0 and 1', () => {
    const left = 4.248354255291589e-18;
    expectClose(sigmoid(far), row(0, 0, 0, left, 1, 1, 1, 1), 1e-16);
    expect(sigmoid(-40) / left).toBeCloseTo(1, 13);
    expect([sigmoid(-1e4), sigmoid(1e4)]).toEqual([0, 1]);
  });

  it('softplus is 0 and x', () => {
    const left = 4.248354255291589e-18;
    expectClose(softplus(far), row(0, 0, 0, left, 40, 800, 1e4, Infinity), 1e-16);
    expect(softplus(-40) / left).toBeCloseTo(1, 13);
    expect([softplus(-1e4), softplus(1e4)]).toEqual([0, 1e4]);
  });

  it('their pullbacks are finite', () => {
    const dy = runtime.broadcastLike(3, far);
    expectClose(
      runtime.softplusPullback(dy, far),
      row(0, 0, 0, 3 * 4.248354255291589e-18, 3, 3, 3, 3),
      1e-16,
    );
    expectClose(runtime.sigmoidPullback(dy, sigmoid(far)), row(0, 0, 0, 0, 0, 0, 0, 0), 1e-16);
  });
});

describe('infinite arguments and adjoints', () => {
  const x = row(-Infinity, -1, 1, Infinity);
  const dy = row(Infinity, -Infinity, Infinity, 3);

  it('relu stops what is on its flat side', () => {
    exactly(relu(x), 0, 0, 1, Infinity);
    exactly(reluPullback(dy, relu(x)), 0, 0, Infinity, 3);
    exactly(keepUnlessLess(dy, x, zeros(1, 4)), 0, 0, Infinity, 3);
    exactly(keepUnlessAtLeast(dy, zeros(1, 4), x), 0, 0, Infinity, 3);
  });

  it('leakyRelu', () => {
    exactly(leakyRelu(x, 0.5), -Infinity, -0.5, 1, Infinity);
    exactly(leakyReluPullback(dy, x, 0.5), Infinity, -Infinity, Infinity, 3);
  });
});

describe('at the kinks', () => {
  const x = row(-2, -0, 0, 3, NaN);
  const dy = row(5, 5, 5, 5, 5);

  it('step and relu', () => {
    exactly(step(x), 0, 0, 0, 1, NaN);
    exactly(relu(x), 0, -0, 0, 3, NaN);
    exactly(reluPullback(dy, relu(x)), 0, 0, 0, 5, NaN);
    exactly(reluPullback(zeros(1, 5), relu(x)), 0, 0, 0, 0, NaN);
  });

  it('leakyRelu', () => {
    exactly(leakyRelu(x, 0.5), -1, -0, 0, 3, NaN);
    exactly(leakyReluPullback(dy, x, 0.5), 2.5, 2.5, 2.5, 5, NaN);
  });

  it('abs', () => {
    exactly(runtime.add(absPullback(dy, x), 0), -5, 0, 0, 5, NaN);
    exactly(absPullback(row(2, 2), row(-Infinity, Infinity)), -2, 2);
  });

  it('sqrt: a zero adjoint stays zero, and no other', () => {
    exactly(sqrtPullback(row(0, 1, 0, 3), row(0, 0, 2, 2)), 0, Infinity, 0, 0.75);
    exactly(sqrtPullback(row(NaN, 0), row(0, NaN)), NaN, NaN);
  });

  it('maximum and minimum: a tie goes to the first argument, NaN to both', () => {
    const a = row(1, 2, 3, NaN, 1);
    const b = row(2, 2, 2, 1, NaN);
    exactly(keepUnlessLess(dy, a, b), 0, 5, 5, 5, 5);
    exactly(keepUnlessAtLeast(dy, a, b), 5, 0, 0, 5, 5);
    exactly(keepUnlessLess(dy, b, a), 5, 5, 0, 5, 5);
    exactly(keepUnlessAtLeast(dy, b, a), 0, 0, 5, 5, 5);
  });

  it('keepUnless… stretches its arguments', () => {
    const dz = sample(2, 3);
    const kept = keepUnlessLess(dz, row(1, 2, 3), 2);
    exactly(kept, 0, dz.data[1], dz.data[2], 0, dz.data[4], dz.data[5]);
    exactly(keepUnlessAtLeast(dz, matrix([[1], [3]]), 2), ...dz.data.slice(0, 3), 0, 0, 0);
    expectClose(
      keepUnlessLess(4, zeros(2, 1), row(-1, 1)),
      matrix([
        [4, 0],
        [4, 0],
      ]),
    );
    expectClose(keepUnlessAtLeast(zeros(0, 2), 1, row(1, 2)), zeros(0, 2));
    for (const [name, f] of [
      ['keepUnlessLess', keepUnlessLess],
      ['keepUnlessAtLeast', keepUnlessAtLeast],
    ] as const) {
      expect(() => f(dz, zeros(3, 3), 1)).toThrow(
        new RangeError(
          `${name}: 2×3 and 3×3 do not fit: rows and columns must be as many in both, or 1 in one of them`,
        ),
      );
      expect(() => f(dz, 1, zeros(2, 2))).toThrow(`${name}: 2×3 and 2×2 do not fit`);
    }
  });
});

describe('pow', () => {
  it.each([-3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4])('has the constant exponent %d', (p) => {
    const x = sample(2, 5, 4, 0.2, 3);
    expectClose(pow(x, p), runtime.fromData(2, 5, x.data.map((b) => b ** p)), 1e-14); // prettier-ignore
    expectClose(pow(x.data[0], p), x.data[0] ** p);
    const dy = sample(2, 5, 5);
    const expected = x.data.map((b, k) => (p === 0 ? 0 : dy.data[k] * p * b ** (p - 1)));
    expectClose(powPullback(dy, x, p), runtime.fromData(2, 5, expected), 1e-13);
    expectClose(powPullback(dy, x, runtime.broadcastLike(p, x)), runtime.fromData(2, 5, expected), 1e-13); // prettier-ignore
  });

  it('is what ** says at the edges', () => {
    for (const p of [-2, -1, 0, 0.5, 1, 2, 3, NaN]) {
      const edges = [0, -0, Infinity, -Infinity, NaN, -2];
      exactly(pow(row(...edges), p), ...edges.map((x) => x ** p));
    }
  });

  it.each([-1, 0, 0.5, 1, 2, 3, 1.5])('x = 0 and a zero adjoint give 0 for exponent %d', (p) => {
    for (const exponent of [p, matrix([[p]])]) {
      expectClose(powPullback(row(0), row(0), exponent), row(0), 0);
      expectClose(powExponentPullback(row(0), row(0), exponent), row(0), 0);
    }
  });

  it('has the slope of the formula at x = 0', () => {
    exactly(powPullback(row(1), row(0), 0.5), Infinity);
    exactly(powPullback(row(1), row(0), -1), -Infinity);
    exactly(powPullback(row(1), row(0), 0), 0);
    exactly(powPullback(row(5, 5), row(0, 0), row(1, 2)), 5, 0);
    exactly(powPullback(row(5, 5, 5), row(NaN, NaN, NaN), row(0, 1, 2)), 0, 5, NaN);
  });

  it('has no derivative in the exponent at x = 0, and NaN left of it', () => {
    exactly(powExponentPullback(row(5, 5, 5), row(0, 0, -1), row(0, 2, 2)), 0, 0, NaN);
    exactly(powExponentPullback(row(1), row(0), -1), -Infinity);
  });

  it('does not square small numbers before it divides', () => {
    expect(powPullback(row(1e-200), row(1e-200), -1).data[0] / -1e200).toBeCloseTo(1, 12);
  });

  it('names shapes that do not fit', () => {
    const rule = 'do not fit: rows and columns must be as many in both, or 1 in one of them';
    expect(() => powPullback(ones(2, 3), ones(4, 3), 2)).toThrow(
      new RangeError(`powPullback: 2×3 and 4×3 ${rule}`),
    );
    expect(() => powExponentPullback(ones(2, 3), 2, ones(2, 2))).toThrow(
      new RangeError(`powExponentPullback: 2×3 and 2×2 ${rule}`),
    );
  });
});

describe.each([
  'sigmoidPullback',
  'tanhPullback',
  'reluPullback',
  'leakyReluPullback',
  'softplusPullback',
  'sqrtPullback',
  'absPullback',
] as const)('%s', (name) => {
  it('names shapes that differ', () => {
    const pullback = runtime[name];
    expect(() => pullback(ones(2, 3), ones(1, 3), 0)).toThrow(
      new RangeError(`${name}: 2×3 and 1×3 differ: both must have the same shape`),
    );
    expectClose(pullback(zeros(0, 3), zeros(0, 3), 0), zeros(0, 3));
  });
});
