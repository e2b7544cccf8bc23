import { logSumExpOf } from './log-sum-exp.js';
import { of, type Matrix } from './matrix.js';
import { requireSameShape } from './shapes.js';

/**
 * The mean over the rows of −Σ y·log p; 0·log 0 counts as 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function crossEntropy(y: Matrix, p: Matrix): number {
  requireSameShape('crossEntropy', y, p);
  const targets = y.data;
  const shares = p.data;
  let total = 0;
  for (let k = 0; k < targets.length; k++) {
    if (targets[k] !== 0 || shares[k] !== 0) total -= targets[k] * Math.log(shares[k]);
  }
  return total / y.rows;
}

/**
 * `crossEntropy(y, softmax(logits, 1))`, right also where the softmax would be 0: the mean over the rows of
 * Σ y·(log Σ e^z − z).
 *
 * @throws {RangeError} where the shapes differ.
 */
export function softmaxCrossEntropy(y: Matrix, logits: Matrix): number {
  requireSameShape('softmaxCrossEntropy', y, logits);
  const { rows, cols, data: z } = logits;
  const targets = y.data;
  let total = 0;
  for (let i = 0, k = 0; i < rows; i++) {
    const log = logSumExpOf(z, k, 1, cols);
    for (let j = 0; j < cols; j++, k++) {
      if (targets[k] !== 0) total += targets[k] * (log - z[k]);
    }
  }
  return total / rows;
}

/**
 * What generated code calls: the adjoint of `crossEntropy(y, p)` in p, −dl·y/(p·N) for N rows; 0 where y is 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function crossEntropyPullback(dl: number, y: Matrix, p: Matrix): Matrix {
  requireSameShape('crossEntropyPullback', y, p);
  const targets = y.data;
  const shares = p.data;
  const dp = new Float64Array(shares.length);
  if (dl === 0) return of(p.rows, p.cols, dp);
  const g = -dl / p.rows;
  for (let k = 0; k < dp.length; k++) {
    if (targets[k] !== 0) dp[k] = (g * targets[k]) / shares[k];
  }
  return of(p.rows, p.cols, dp);
}

/**
 * What generated code calls: the adjoint of `crossEntropy(y, p)` in y, −dl·log(p)/N for N rows; 0 where dl is 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function crossEntropyTargetPullback(dl: number, p: Matrix, y: Matrix): Matrix {
  requireSameShape('crossEntropyTargetPullback', y, p);
  const shares = p.data;
  const dy = new Float64Array(shares.length);
  if (dl === 0) return of(p.rows, p.cols, dy);
  const g = -dl / p.rows;
  for (let k = 0; k < dy.length; k++) dy[k] = g * Math.log(shares[k]);
  return of(p.rows, p.cols, dy);
}

/**
 * What generated code calls: the adjoint of `softmaxCrossEntropy(y, logits)` in the logits, dl·(p·Σy − y)/N in each of
 * N rows, p their softmax.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function softmaxCrossEntropyPullback(dl: number, y: Matrix, logits: Matrix): Matrix {
  requireSameShape('softmaxCrossEntropyPullback', y, logits);
  const { rows, cols, data: z } = logits;
  const targets = y.data;
  const dz = new Float64Array(z.length);
  const g = dl / rows;
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    const stop = start + cols;
    let largest = -Infinity;
    for (let k = start; k < stop; k++) largest = Math.max(largest, z[k]);
    let total = 0;
    let mass = 0;
    for (let k = start; k < stop; k++) {
      total += dz[k] = Math.exp(z[k] - largest);
      mass += targets[k];
    }
    const scale = mass / total;
    for (let k = start; k < stop; k++) dz[k] = g * (dz[k] * scale - targets[k]);
  }
  return of(rows, cols, dz);
}

/**
 * What generated code calls: the adjoint of `softmaxCrossEntropy(y, logits)` in y, −dl·logSoftmax(logits)/N for N rows;
 * 0 where dl is 0.
 */
export function softmaxCrossEntropyTargetPullback(dl: number, logits: Matrix): Matrix {
  const { rows, cols, data: z } = logits;
  const dy = new Float64Array(z.length);
  if (dl === 0) return of(rows, cols, dy);
  const g = dl / rows;
  for (let i = 0, k = 0; i < rows; i++) {
    const log = logSumExpOf(z, k, 1, cols);
    for (let j = 0; j < cols; j++, k++) dy[k] = g * (log - z[k]);
  }
  return of(rows, cols, dy);
}
