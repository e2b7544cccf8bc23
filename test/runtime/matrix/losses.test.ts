import { describe, expect, it } from 'vitest';
import * as runtime from '@chainrule/runtime';
import {
  binaryCrossEntropy,
  binaryCrossEntropyPullback,
  binaryCrossEntropyTargetPullback,
  crossEntropy,
  crossEntropyPullback,
  crossEntropyTargetPullback,
  halfMse,
  l2,
  logSoftmax,
  matrix,
  mse,
  msePullback,
  mul,
  oneHot,
  ones,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyPullback,
  softmaxCrossEntropyTargetPullback,
  zeros,
  type Matrix,
} from '@chainrule/runtime';
import { expectClose, sample } from '../../support/matrix-differences.js';

const shares = (rows: number, cols: number, seed: number): Matrix =>
  softmax(sample(rows, cols, seed), 1);

/** Σ f over pairs of elements. */
function pairs(a: Matrix, b: Matrix, f: (x: number, y: number) => number): number {
  return a.data.reduce((total, x, k) => total + f(x, b.data[k]), 0);
}

describe('the losses', () => {
  const [y, o] = [sample(3, 4, 1), sample(3, 4, 2)];
  const [t, p] = [shares(3, 4, 3), shares(3, 4, 4)];

  it('are the formulas', () => {
    expectClose(mse(y, o), pairs(y, o, (a, b) => (a - b) ** 2) / 12);
    expectClose(halfMse(y, o), pairs(y, o, (a, b) => (a - b) ** 2) / 2);
    expectClose(
      l2(y),
      pairs(y, y, (a) => a * a),
    );
    expectClose(crossEntropy(t, p), -pairs(t, p, (a, b) => a * Math.log(b)) / 3);
    expectClose(crossEntropy(y, p), -pairs(y, p, (a, b) => a * Math.log(b)) / 3);
    expectClose(softmaxCrossEntropy(y, o), crossEntropy(y, softmax(o, 1)));
    expectClose(
      binaryCrossEntropy(t, p),
      -pairs(t, p, (a, b) => a * Math.log(b) + (1 - a) * Math.log(1 - b)) / 12,
    );
  });

  it.each(['mse', 'halfMse', 'crossEntropy', 'softmaxCrossEntropy', 'binaryCrossEntropy'] as const)(
    '%s lets NaN pass, is NaN or 0 of nothing, and refuses shapes that differ',
    (name) => {
      const loss = runtime[name];
      const nan = matrix([[NaN, 0.5]]);
      const fine = matrix([[0.5, 0.5]]);
      expect(loss(nan, fine)).toBeNaN();
      expect(loss(fine, nan)).toBeNaN();
      expect(loss(matrix([[0.5], [0.5]]), matrix([[0.5], [NaN]]))).toBeNaN();
      expect(loss(zeros(0, 3), zeros(0, 3))).toBe(name === 'halfMse' ? 0 : NaN);
      for (const other of [ones(1, 3), ones(2, 1), ones(3, 2)]) {
        expect(() => loss(ones(2, 3), other)).toThrow(
          new RangeError(
            `${name}: 2×3 and ${other.rows}×${other.cols} differ: both must have the same shape`,
          ),
        );
      }
    },
  );

  it('l2 of nothing is 0, of NaN is NaN', () => {
    expect([l2(zeros(0, 2)), l2(matrix([[1, NaN]]))]).toEqual([0, NaN]);
  });
});

describe('the pullbacks of losses', () => {
  it.each([
    ['msePullback', msePullback],
    ['crossEntropyPullback', crossEntropyPullback],
    ['softmaxCrossEntropyPullback', softmaxCrossEntropyPullback],
    ['binaryCrossEntropyPullback', binaryCrossEntropyPullback],
  ] as const)('%s refuses shapes that differ', (name, f) => {
    expect(() => f(1, ones(2, 3), ones(1, 3))).toThrow(
      new RangeError(`${name}: 2×3 and 1×3 differ: both must have the same shape`),
    );
    expectClose(f(1, zeros(0, 3), zeros(0, 3)), zeros(0, 3));
  });

  it('crossEntropyTargetPullback refuses shapes that differ', () => {
    expect(() => crossEntropyTargetPullback(1, ones(2, 3), ones(1, 3))).toThrow(
      new RangeError(
        'crossEntropyTargetPullback: 1×3 and 2×3 differ: both must have the same shape',
      ),
    );
  });
});

describe('crossEntropy', () => {
  const [y, p] = [matrix([[0, 1, 0]]), matrix([[0, 1, 0]])];

  it('counts 0·log 0 as 0, and nothing else', () => {
    expect(crossEntropy(y, p)).toBe(0);
    expect(crossEntropy(matrix([[0.5, 0.5]]), matrix([[1, 0]]))).toBe(Infinity);
    expect(crossEntropy(matrix([[1, 0]]), matrix([[1, NaN]]))).toBeNaN();
  });

  it('has adjoint 0 in p where y is 0', () => {
    expectClose(crossEntropyPullback(3, y, p), matrix([[0, -3, 0]]), 0);
    expectClose(crossEntropyPullback(3, y, matrix([[0.5, 0, 0.5]])), matrix([[0, -Infinity, 0]]));
  });

  it('keeps a zero adjoint zero', () => {
    expectClose(crossEntropyPullback(0, ones(1, 3), p), zeros(1, 3), 0);
    expectClose(crossEntropyTargetPullback(0, p, y), zeros(1, 3), 0);
    expectClose(crossEntropyTargetPullback(1, p, y), matrix([[Infinity, 0, Infinity]]), 0);
  });
});

describe('softmaxCrossEntropy', () => {
  const far = matrix([
    [1e4, -1e4, 0],
    [-1e4, 1e4, 1e4],
  ]);

  it('is stable', () => {
    expectClose(softmaxCrossEntropy(oneHot([0, 1], 3), far), Math.LN2 / 2);
    expectClose(softmaxCrossEntropy(oneHot([1, 0], 3), far), (4e4 + Math.LN2) / 2);
    const p = matrix([
      [1, 0, 0],
      [0, 0.5, 0.5],
    ]);
    expectClose(
      softmaxCrossEntropyPullback(2, oneHot([1, 2], 3), far),
      runtime.sub(p, oneHot([1, 2], 3)),
    );
    expectClose(softmaxCrossEntropyTargetPullback(2, far), mul(-1, logSoftmax(far, 1)));
    expectClose(softmaxCrossEntropyTargetPullback(0, far), zeros(2, 3), 0);
    expectClose(softmaxCrossEntropyPullback(0, oneHot([1, 2], 3), far), zeros(2, 3), 0);
  });

  it('takes classes that are ruled out', () => {
    const masked = matrix([[-Infinity, 0, 0]]);
    expectClose(softmaxCrossEntropy(oneHot([1], 3), masked), Math.LN2);
    expectClose(softmaxCrossEntropyPullback(1, oneHot([1], 3), masked), matrix([[0, -0.5, 0.5]]));
    expectClose(softmaxCrossEntropyTargetPullback(0, masked), zeros(1, 3), 0);
  });

  it('has the adjoint p·Σy − y, whatever y sums up to', () => {
    const y = matrix([[2, 0.5, -1]]);
    const z = sample(1, 3);
    expectClose(softmaxCrossEntropyPullback(1, y, z), runtime.sub(mul(1.5, softmax(z, 1)), y));
  });
});

describe('binaryCrossEntropy', () => {
  const y = matrix([[0, 1]]);

  it('counts 0·log 0 as 0, and nothing else', () => {
    expect(binaryCrossEntropy(y, y)).toBe(0);
    expect(binaryCrossEntropy(y, matrix([[1, 0]]))).toBe(Infinity);
    expect(binaryCrossEntropy(matrix([[0.5]]), matrix([[0]]))).toBe(Infinity);
  });

  it('is finite for saturated right answers, and exact near 0', () => {
    const p = sigmoid(matrix([[-1e4, 1e4]]));
    expect(binaryCrossEntropy(y, p)).toBe(0);
    expectClose(binaryCrossEntropyPullback(2, y, p), matrix([[1, -1]]), 0);
    expect(binaryCrossEntropy(matrix([[0]]), matrix([[1e-20]])) / 1e-20).toBeCloseTo(1, 12);
  });

  it('keeps a zero adjoint zero', () => {
    const p = matrix([[1, 0]]);
    expectClose(binaryCrossEntropyPullback(0, y, p), zeros(1, 2), 0);
    expectClose(binaryCrossEntropyPullback(0, matrix([[0.5, 0.5]]), p), zeros(1, 2), 0);
    expectClose(binaryCrossEntropyTargetPullback(0, p), zeros(1, 2), 0);
    expectClose(binaryCrossEntropyPullback(2, y, p), matrix([[Infinity, -Infinity]]), 0);
    expectClose(binaryCrossEntropyTargetPullback(2, p), matrix([[-Infinity, Infinity]]), 0);
  });
});
