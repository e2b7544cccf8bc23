import { describe, expect, it } from 'vitest';
import * as runtime from '@chainrule/runtime';
import {
  add,
  identity,
  matmul,
  matmulNT,
  mul,
  neg,
  softmax,
  sub,
  transpose,
  type Matrix,
} from '@chainrule/runtime';
import {
  expectPullback,
  mapped,
  sample,
  type MatrixOrNumber,
} from '../../support/matrix-differences.js';

interface Case {
  readonly f: (x: Matrix) => MatrixOrNumber;
  readonly x: Matrix;
  readonly pullback: (dy: never, y: never) => Matrix;
  readonly tolerance?: number;
}

/** One function whose result is a matrix. */
function toMatrix(
  f: (x: Matrix) => Matrix,
  x: Matrix,
  pullback: (dy: Matrix, y: Matrix) => Matrix,
): Case {
  return { f, x, pullback };
}

/** One function whose result is a number. */
function toNumber(
  f: (x: Matrix) => number,
  x: Matrix,
  pullback: (dy: number, y: number) => Matrix,
): Case {
  return { f, x, pullback };
}

const r = runtime;
const a = sample(3, 4, 1);
const b = sample(3, 4, 2);
const positive = sample(3, 4, 3, 0.3, 2);
const square = sample(4, 4, 4);
const kinked = mapped(a, (x) => x + Math.sign(x) * 0.1);
const labels = softmax(sample(3, 4, 5, -1, 1), 1);
const shares = softmax(sample(3, 4, 6, -1, 1), 1);
const p = r.sigmoid(mul(0.5, a));
const y = r.sigmoid(b);
const column = sample(3, 1, 7, 0.3, 2);
const line = sample(1, 4, 8, 0.3, 2);
/** Singular, of rank 3: the third row is the sum of the first two. */
const rankThree = mapped(square, (x, i, j) => (i === 2 ? square.data[j] + square.data[4 + j] : x));
const symmetric = (m: Matrix): Matrix => mul(0.5, add(m, transpose(m)));
const definite = add(matmulNT(square, square), identity(4));

const cases: Readonly<Record<string, readonly Case[]>> = {
  sigmoidPullback: [toMatrix(r.sigmoid, a, r.sigmoidPullback)],
  tanhPullback: [toMatrix(r.tanh, a, r.tanhPullback)],
  reluPullback: [toMatrix(r.relu, kinked, r.reluPullback)],
  leakyReluPullback: [
    toMatrix(
      (x) => r.leakyRelu(x, 0.1),
      kinked,
      (dy) => r.leakyReluPullback(dy, kinked, 0.1),
    ),
  ],
  softplusPullback: [toMatrix(r.softplus, a, (dy) => r.softplusPullback(dy, a))],
  sqrtPullback: [toMatrix(r.sqrt, positive, r.sqrtPullback)],
  absPullback: [toMatrix(r.abs, kinked, (dy) => r.absPullback(dy, kinked))],
  safeDiv: [
    toMatrix(r.log, positive, (dy) => r.safeDiv(dy, positive)),
    toMatrix(
      (x) => r.div(x, positive),
      a,
      (dy) => r.safeDiv(dy, positive),
    ),
    toMatrix(
      (x) => r.div(x, 3),
      a,
      (dy) => r.safeDiv(dy, 3),
    ),
    toMatrix(
      (x) => r.div(x, line),
      a,
      (dy) => r.safeDiv(dy, line),
    ),
    toMatrix(
      (x) => r.div(x, positive),
      column,
      (dy) => r.sumLike(r.safeDiv(dy, positive), column),
    ),
    toMatrix(
      (x) => r.div(a, x),
      positive,
      (dy, z) => neg(mul(z, r.safeDiv(dy, positive))),
    ),
  ],
  divisorPullback: [
    toMatrix(
      (x) => r.div(a, x),
      positive,
      (dy, z) => r.divisorPullback(dy, z, positive),
    ),
    toMatrix(
      (x) => r.div(a, x),
      line,
      (dy, z) => r.sumLike(r.divisorPullback(dy, z, line), line),
    ),
    toMatrix(
      (x) => r.div(2, x),
      positive,
      (dy, z) => r.divisorPullback(dy, z, positive),
    ),
  ],
  powPullback: [
    ...[-2, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4].map((n) =>
      toMatrix(
        (x) => r.pow(x, n),
        positive,
        (dy) => r.powPullback(dy, positive, n),
      ),
    ),
    toMatrix(
      (x) => r.pow(x, b),
      positive,
      (dy) => r.powPullback(dy, positive, b),
    ),
    toMatrix(
      (x) => r.pow(x, line),
      positive,
      (dy) => r.powPullback(dy, positive, line),
    ),
    toMatrix(
      (x) => r.pow(x, b),
      column,
      (dy) => r.sumLike(r.powPullback(dy, column, b), column),
    ),
    toMatrix(
      (x) => r.pow(x, line),
      column,
      (dy) => r.sumLike(r.powPullback(dy, column, line), column),
    ),
  ],
  powExponentPullback: [
    toMatrix(
      (x) => r.pow(positive, x),
      a,
      (dy) => r.powExponentPullback(dy, positive, a),
    ),
    toMatrix(
      (x) => r.pow(2.5, x),
      a,
      (dy) => r.powExponentPullback(dy, 2.5, a),
    ),
    toMatrix(
      (x) => r.pow(positive, x),
      line,
      (dy) => r.sumLike(r.powExponentPullback(dy, positive, line), line),
    ),
  ],
  keepUnlessLess: [
    toMatrix(
      (x) => r.maximum(x, b),
      a,
      (dy) => r.keepUnlessLess(dy, a, b),
    ),
    toMatrix(
      (x) => r.minimum(x, b),
      a,
      (dy) => r.keepUnlessLess(dy, b, a),
    ),
    toMatrix(
      (x) => r.maximum(x, 0.5),
      a,
      (dy) => r.keepUnlessLess(dy, a, 0.5),
    ),
    toMatrix(
      (x) => r.maximum(x, a),
      line,
      (dy) => r.sumLike(r.keepUnlessLess(dy, line, a), line),
    ),
  ],
  keepUnlessAtLeast: [
    toMatrix(
      (x) => r.maximum(b, x),
      a,
      (dy) => r.keepUnlessAtLeast(dy, b, a),
    ),
    toMatrix(
      (x) => r.minimum(b, x),
      a,
      (dy) => r.keepUnlessAtLeast(dy, a, b),
    ),
    toMatrix(
      (x) => r.minimum(0.5, x),
      a,
      (dy) => r.keepUnlessAtLeast(dy, a, 0.5),
    ),
  ],
  maxPullback: [
    toNumber(
      (x) => r.max(x),
      a,
      (dv, v) => r.maxPullback(dv, a, v),
    ),
    toMatrix(
      (x) => r.max(x, 0),
      a,
      (dv, v) => r.maxPullback(dv, a, v, 0),
    ),
    toMatrix(
      (x) => r.max(x, 1),
      a,
      (dv, v) => r.maxPullback(dv, a, v, 1),
    ),
  ],
  minPullback: [
    toNumber(
      (x) => r.min(x),
      a,
      (dv, v) => r.minPullback(dv, a, v),
    ),
    toMatrix(
      (x) => r.min(x, 0),
      a,
      (dv, v) => r.minPullback(dv, a, v, 0),
    ),
    toMatrix(
      (x) => r.min(x, 1),
      a,
      (dv, v) => r.minPullback(dv, a, v, 1),
    ),
  ],
  logSumExpPullback: [
    toNumber(
      (x) => r.logSumExp(x),
      a,
      (dv, v) => r.logSumExpPullback(dv, a, v),
    ),
    toMatrix(
      (x) => r.logSumExp(x, 0),
      a,
      (dv, v) => r.logSumExpPullback(dv, a, v),
    ),
    toMatrix(
      (x) => r.logSumExp(x, 1),
      a,
      (dv, v) => r.logSumExpPullback(dv, a, v),
    ),
  ],
  softmaxPullback: [
    toMatrix(
      (x) => r.softmax(x, 0),
      a,
      (dy, z) => r.softmaxPullback(dy, z, 0),
    ),
    toMatrix(
      (x) => r.softmax(x, 1),
      a,
      (dy, z) => r.softmaxPullback(dy, z, 1),
    ),
  ],
  logSoftmaxPullback: [
    toMatrix(
      (x) => r.logSoftmax(x, 0),
      a,
      (dy, z) => r.logSoftmaxPullback(dy, z, 0),
    ),
    toMatrix(
      (x) => r.logSoftmax(x, 1),
      a,
      (dy, z) => r.logSoftmaxPullback(dy, z, 1),
    ),
  ],
  normPullback: [toNumber(r.norm, a, (dn, n) => r.normPullback(dn, a, n))],
  msePullback: [
    toNumber(
      (x) => r.mse(b, x),
      a,
      (dl) => r.msePullback(dl, b, a),
    ),
    toNumber(
      (x) => r.mse(x, b),
      a,
      (dl) => r.msePullback(dl, b, a),
    ),
  ],
  crossEntropyPullback: [
    toNumber(
      (x) => r.crossEntropy(labels, x),
      shares,
      (dl) => r.crossEntropyPullback(dl, labels, shares),
    ),
  ],
  crossEntropyTargetPullback: [
    toNumber(
      (x) => r.crossEntropy(x, shares),
      labels,
      (dl) => r.crossEntropyTargetPullback(dl, shares, labels),
    ),
  ],
  softmaxCrossEntropyPullback: [
    toNumber(
      (x) => r.softmaxCrossEntropy(labels, x),
      a,
      (dl) => r.softmaxCrossEntropyPullback(dl, labels, a),
    ),
    toNumber(
      (x) => r.softmaxCrossEntropy(b, x),
      a,
      (dl) => r.softmaxCrossEntropyPullback(dl, b, a),
    ),
  ],
  softmaxCrossEntropyTargetPullback: [
    toNumber(
      (x) => r.softmaxCrossEntropy(x, b),
      labels,
      (dl) => r.softmaxCrossEntropyTargetPullback(dl, b),
    ),
  ],
  binaryCrossEntropyPullback: [
    toNumber(
      (x) => r.binaryCrossEntropy(y, x),
      p,
      (dl) => r.binaryCrossEntropyPullback(dl, y, p),
    ),
    toNumber(
      (x) => r.binaryCrossEntropy(r.step(b), x),
      p,
      (dl) => r.binaryCrossEntropyPullback(dl, r.step(b), p),
    ),
  ],
  binaryCrossEntropyTargetPullback: [
    toNumber(
      (x) => r.binaryCrossEntropy(x, p),
      y,
      (dl) => r.binaryCrossEntropyTargetPullback(dl, p),
    ),
  ],
  detPullback: [
    toNumber(r.det, square, (dd, d) => r.detPullback(dd, square, d)),
    toNumber(r.det, rankThree, (dd) => r.detPullback(dd, rankThree, 0)),
  ],
  inverseTransposed: [toNumber(r.logDet, definite, (dl) => mul(dl, r.inverseTransposed(definite)))],
  solveTransposed: [
    toMatrix(
      (x) => r.solve(square, x),
      sample(4, 2),
      (dx) => r.solveTransposed(square, dx),
    ),
    toMatrix(
      (x) => r.solve(x, a4()),
      definite,
      (dx, x) => neg(matmulNT(r.solveTransposed(definite, dx), x)),
    ),
    toMatrix(r.inv, definite, (dx) => neg(matmul(matmul(r.inverseTransposed(definite), dx), r.inverseTransposed(definite)))), // prettier-ignore
  ],
  choleskyPullback: [toMatrix((x) => r.cholesky(symmetric(x)), definite, r.choleskyPullback)],
  padRows: [
    toMatrix(
      (x) => r.sliceRows(x, 1),
      a,
      (dy) => r.padRows(dy, 1, 3),
    ),
    toMatrix(
      (x) => r.sliceRows(x, -2, -1),
      a,
      (dy) => r.padRows(dy, -2, 3),
    ),
  ],
  padCols: [
    toMatrix(
      (x) => r.sliceCols(x, 1, 3),
      a,
      (dy) => r.padCols(dy, 1, 4),
    ),
    toMatrix(
      (x) => r.sliceCols(x, -2),
      a,
      (dy) => r.padCols(dy, -2, 4),
    ),
  ],
  scatterRows: [
    toMatrix(
      (x) => r.gatherRows(x, [2, 0, 2, 2]),
      a,
      (dy) => r.scatterRows(dy, [2, 0, 2, 2], 3),
    ),
  ],
  sumRepeats: [
    toMatrix(
      (x) => r.repeat(x, 3, 0),
      a,
      (dy) => r.sumRepeats(dy, 3, 0),
    ),
    toMatrix(
      (x) => r.repeat(x, 2, 1),
      a,
      (dy) => r.sumRepeats(dy, 2, 1),
    ),
  ],
  broadcastLike: [
    toNumber(
      (x) => r.sum(x),
      a,
      (ds) => r.broadcastLike(ds, a),
    ),
    toMatrix(
      (x) => r.sum(x, 0),
      a,
      (ds) => r.broadcastLike(ds, a),
    ),
    toMatrix(
      (x) => r.sum(x, 1),
      a,
      (ds) => r.broadcastLike(ds, a),
    ),
    toNumber(
      (x) => r.mean(x),
      a,
      (ds) => r.broadcastLike(ds / 12, a),
    ),
    toMatrix(
      (x) => r.mean(x, 1),
      a,
      (ds) => r.broadcastLike(r.div(ds, 4), a),
    ),
  ],
  sumLike: [
    toMatrix(
      (x) => add(x, a),
      line,
      (dy) => r.sumLike(dy, line),
    ),
    toMatrix(
      (x) => sub(x, a),
      column,
      (dy) => r.sumLike(dy, column),
    ),
    toMatrix(
      (x) => r.broadcastLike(x, a),
      sample(1, 1),
      (dy) => r.sumLike(dy, sample(1, 1)),
    ),
  ],
  sumTo: [
    toMatrix(
      (x) => mul(x, a),
      line,
      (dy) => r.sumTo(mul(dy, a), 1, 4),
    ),
    toMatrix(
      (x) => mul(x, a),
      column,
      (dy) => r.sumTo(mul(dy, a), 3, 1),
    ),
  ],
};

function a4(): Matrix {
  return sample(4, 3, 11);
}

describe.each(Object.entries(cases))('%s', (_, list) => {
  it.each(list.map((one, i) => [i, one] as const))('is the adjoint, case %i', (__, one) => {
    expectPullback(one.f, one.x, one.pullback as (dy: MatrixOrNumber, y: MatrixOrNumber) => Matrix);
  });
});

describe('without a pullback of their own', () => {
  it.each<[string, Case]>([
    ['exp', toMatrix(r.exp, a, (dy, z) => mul(dy, z))],
    ['sin', toMatrix(r.sin, a, (dy) => mul(dy, r.cos(a)))],
    ['cos', toMatrix(r.cos, a, (dy) => neg(mul(dy, r.sin(a))))],
    ['transpose', toMatrix(transpose, a, transpose)],
    [
      'reshape',
      toMatrix(
        (x) => r.reshape(x, 2, 6),
        a,
        (dy) => r.reshape(dy, 3, 4),
      ),
    ],
    [
      'dot',
      toNumber(
        (x) => r.dot(x, b),
        a,
        (ds) => mul(ds, b),
      ),
    ],
    ['trace', toNumber(r.trace, square, (ds) => mul(ds, identity(4)))],
    [
      'halfMse',
      toNumber(
        (x) => r.halfMse(b, x),
        a,
        (dl) => mul(dl, sub(a, b)),
      ),
    ],
    ['l2', toNumber(r.l2, a, (dl) => mul(2 * dl, a))],
    [
      'concatRows',
      toMatrix(
        (x) => r.concatRows(b, x),
        a,
        (dy) => r.sliceRows(dy, 3),
      ),
    ],
    [
      'concatCols',
      toMatrix(
        (x) => r.concatCols(x, b),
        a,
        (dy) => r.sliceCols(dy, 0, 4),
      ),
    ],
  ])('%s has the adjoint of the book', (_, one) => {
    expectPullback(one.f, one.x, one.pullback as (dy: MatrixOrNumber, y: MatrixOrNumber) => Matrix);
  });
});

it('every pullback is here', () => {
  const exported = Object.keys(runtime).filter((name) => name.endsWith('Pullback'));
  expect(exported.filter((name) => !(name in cases))).toEqual([]);
  expect(exported.length).toBeGreaterThan(20);
});
