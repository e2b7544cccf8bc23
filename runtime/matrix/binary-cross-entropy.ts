import { of, type Matrix } from './matrix.js';
import { requireSameShape } from './shapes.js';

/**
 * The mean over all elements of −(y·log p + (1 − y)·log(1 − p)); 0·log 0 counts as 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function binaryCrossEntropy(y: Matrix, p: Matrix): number {
  requireSameShape('binaryCrossEntropy', y, p);
  const targets = y.data;
  const chances = p.data;
  let total = 0;
  for (let k = 0; k < targets.length; k++) {
    const [t, q] = [targets[k], chances[k]];
    if (t !== 0 || q !== 0) total -= t * Math.log(q);
    if (t !== 1 || q !== 1) total -= (1 - t) * Math.log1p(-q);
  }
  return total / targets.length;
}

/**
 * What generated code calls: the adjoint of `binaryCrossEntropy(y, p)` in p, dl·((1 − y)/(1 − p) − y/p)/n for n
 * elements. The first part is 0 where y is 1, the second where y is 0: so it is finite at p = 1 and p = 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function binaryCrossEntropyPullback(dl: number, y: Matrix, p: Matrix): Matrix {
  requireSameShape('binaryCrossEntropyPullback', y, p);
  const targets = y.data;
  const chances = p.data;
  const dp = new Float64Array(chances.length);
  if (dl === 0) return of(p.rows, p.cols, dp);
  const g = dl / dp.length;
  for (let k = 0; k < dp.length; k++) {
    const [t, q] = [targets[k], chances[k]];
    if (t === 0) dp[k] = g / (1 - q);
    else if (t === 1) dp[k] = -g / q;
    else dp[k] = (g * (q - t)) / (q * (1 - q));
  }
  return of(p.rows, p.cols, dp);
}

/**
 * What generated code calls: the adjoint of `binaryCrossEntropy(y, p)` in y, dl·(log(1 − p) − log p)/n for n elements;
 * 0 where dl is 0.
 */
export function binaryCrossEntropyTargetPullback(dl: number, p: Matrix): Matrix {
  const chances = p.data;
  const dy = new Float64Array(chances.length);
  if (dl === 0) return of(p.rows, p.cols, dy);
  const g = dl / dy.length;
  for (let k = 0; k < dy.length; k++) dy[k] = g * (Math.log1p(-chances[k]) - Math.log(chances[k]));
  return of(p.rows, p.cols, dy);
}
