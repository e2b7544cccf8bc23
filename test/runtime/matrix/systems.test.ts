import { describe, expect, it } from 'vitest';
import * as r from '@chainrule/runtime';
import { fromData, matrix, ones, sub, type Matrix } from '@chainrule/runtime';
import { expectClose, mapped, sample } from '../../support/matrix-differences.js';

/** Results that textbooks and papers print. */

describe('repeat and sum are the adjoints of each other', () => {
  const [depth, times] = [8, 7];

  it('repeat 1×8 to 7×8 goes back as a sum to 1×8', () => {
    const x = sample(1, depth);
    const y = r.repeat(x, times, 0);
    expect([y.rows, y.cols]).toEqual([times, depth]);
    const dy = sample(times, depth, 2);
    expectClose(r.sumRepeats(dy, times, 0), r.sum(dy, 0));
    expect(r.dot(dy, y)).toBeCloseTo(r.dot(r.sumRepeats(dy, times, 0), x), 12);
  });

  it('sum 7×8 to 1×8 goes back as a repetition to 7×8, with and without its axis', () => {
    const x = sample(times, depth);
    const dy = sample(1, depth, 2);
    expectClose(r.broadcastLike(dy, x), r.repeat(dy, times, 0));
    expectClose(fromData(1, depth, r.sum(x, 0, false)), r.sum(x, 0, true));
    expect(r.sum(x, 0, false)).toBeInstanceOf(Float64Array);
  });
});

describe('activations on linspace(-10, 10, 21)', () => {
  const x = fromData(
    1,
    21,
    Array.from({ length: 21 }, (_, i) => i - 10),
  );
  const dy = ones(1, 21);
  const at = (m: Matrix, place: number) => m.data[place + 10];

  it('sigmoid′ is s − s²', () => {
    const s = r.sigmoid(x);
    const slope = r.sigmoidPullback(dy, s);
    expectClose(slope, sub(s, r.mul(s, s)), 1e-15);
    expect(at(slope, 0)).toBe(0.25);
    expect(at(slope, 10)).toBeCloseTo(4.5395807735e-5, 14);
    expect(at(slope, -10)).toBeCloseTo(4.5395807735e-5, 14);
  });

  it('tanh′ is 1 − t²', () => {
    const slope = r.tanhPullback(dy, r.tanh(x));
    expect(at(slope, 0)).toBe(1);
    expect(at(slope, 10)).toBeCloseTo(8.24461e-9, 13);
    expect(at(slope, -10)).toBe(at(slope, 10));
  });

  it('relu′ is 0 for x ≤ 0, else 1; leakyRelu′ p for x ≤ 0, else 1; step is 1 for x > 0', () => {
    const positive = mapped(x, (t) => (t > 0 ? 1 : 0));
    expectClose(r.reluPullback(dy, r.relu(x)), positive, 0);
    expectClose(r.relu(x), r.mul(x, positive), 0);
    const leaky = mapped(x, (t) => (t > 0 ? 1 : 0.01));
    expectClose(r.leakyReluPullback(dy, x, 0.01), leaky, 0);
    expectClose(r.leakyRelu(x, 0.01), r.mul(x, leaky), 0);
    expectClose(r.step(x), positive, 0);
  });
});

describe('losses', () => {
  it('half of the summed square errors', () => {
    const [y, o] = [matrix([[1, 2, 3]]), matrix([[2, 2, 3]])];
    expect(r.halfMse(y, o)).toBe(0.5);
    expectClose(sub(o, y), matrix([[1, 0, 0]]), 0);
    expectClose(r.mse(y, o), 1 / 3);
    expectClose(r.msePullback(1, y, o), matrix([[2 / 3, 0, 0]]));
  });

  it('the Jacobian of softmax is p_i·(δ_ij − p_j)', () => {
    const p = r.softmax(sample(1, 4), 1);
    for (let j = 0; j < 4; j++) {
      const row = r.softmaxPullback(r.oneHot([j], 4), p, 1);
      expectClose(
        row,
        mapped(p, (pi, _, i) => pi * ((i === j ? 1 : 0) - p.data[j])),
        1e-15,
      );
    }
  });

  it('cross-entropy after softmax: p − y for one-hot labels, p·Σy − y in general', () => {
    const z = sample(1, 4);
    const p = r.softmax(z, 1);
    for (const y of [r.oneHot([2], 4), sample(1, 4, 2, 0, 1)]) {
      const expected = sub(r.mul(p, r.sum(y)), y);
      const chained = r.softmaxPullback(r.crossEntropyPullback(1, y, p), p, 1);
      expectClose(chained, expected, 1e-14);
      expectClose(r.softmaxCrossEntropyPullback(1, y, z), expected, 1e-14);
    }
  });

  it('the softmax classifier on a batch: (p − onehot)/N, finite at scores of ±1e4', () => {
    const [n, labels] = [5, r.oneHot([0, 1, 2, 1, 0], 3)];
    const scores = sample(n, 3, 1, -1e4, 1e4);
    const dScores = r.softmaxCrossEntropyPullback(1, labels, scores);
    expectClose(dScores, r.div(sub(r.softmax(scores, 1), labels), n), 1e-15);
    expect(Number.isFinite(r.softmaxCrossEntropy(labels, scores))).toBe(true);
    const x = sample(n, 4, 2);
    const dW = r.matmulTN(x, dScores);
    expect([dW.rows, dW.cols]).toEqual([4, 3]);
  });
});
