import { of, type Matrix } from './matrix.js';
import { requireSameShape } from './shapes.js';

/**
 * What generated code calls: the adjoint of `y = sigmoid(x)`, dy·y·(1 − y).
 *
 * @throws {RangeError} where the shapes differ.
 */
export function sigmoidPullback(dy: Matrix, y: Matrix): Matrix {
  requireSameShape('sigmoidPullback', dy, y);
  const g = dy.data;
  const at = y.data;
  const dx = new Float64Array(g.length);
  for (let k = 0; k < dx.length; k++) dx[k] = g[k] * at[k] * (1 - at[k]);
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `y = tanh(x)`, dy·(1 − y²).
 *
 * @throws {RangeError} where the shapes differ.
 */
export function tanhPullback(dy: Matrix, y: Matrix): Matrix {
  requireSameShape('tanhPullback', dy, y);
  const g = dy.data;
  const at = y.data;
  const dx = new Float64Array(g.length);
  for (let k = 0; k < dx.length; k++) dx[k] = g[k] * (1 - at[k] * at[k]);
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `y = relu(x)`: dy where y > 0, else 0; NaN where y is NaN.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function reluPullback(dy: Matrix, y: Matrix): Matrix {
  requireSameShape('reluPullback', dy, y);
  const g = dy.data;
  const at = y.data;
  const dx = new Float64Array(g.length);
  // Looked up, because a branch that goes either way costs more than all else in the loop.
  const choices = Float64Array.of(0, 0, NaN);
  for (let k = 0; k < dx.length; k++) {
    choices[1] = g[k];
    dx[k] = choices[Number(at[k] > 0) + 2 * Number(Number.isNaN(at[k]))];
  }
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `leakyRelu(x, p)`: dy where x > 0, else p·dy; NaN where x is NaN.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function leakyReluPullback(dy: Matrix, x: Matrix, p: number): Matrix {
  requireSameShape('leakyReluPullback', dy, x);
  const g = dy.data;
  const at = x.data;
  const dx = new Float64Array(g.length);
  // Looked up, as in reluPullback.
  const slopes = Float64Array.of(p, 1, NaN);
  for (let k = 0; k < dx.length; k++) {
    dx[k] = g[k] * slopes[Number(at[k] > 0) + 2 * Number(Number.isNaN(at[k]))];
  }
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `softplus(x)`, dy·σ(x).
 *
 * @throws {RangeError} where the shapes differ.
 */
export function softplusPullback(dy: Matrix, x: Matrix): Matrix {
  requireSameShape('softplusPullback', dy, x);
  const g = dy.data;
  const at = x.data;
  const dx = new Float64Array(g.length);
  for (let k = 0; k < dx.length; k++) dx[k] = g[k] / (1 + Math.exp(-at[k]));
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `y = sqrt(x)`, dy / (2y), but 0 where both are 0.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function sqrtPullback(dy: Matrix, y: Matrix): Matrix {
  requireSameShape('sqrtPullback', dy, y);
  const g = dy.data;
  const at = y.data;
  const dx = new Float64Array(g.length);
  for (let k = 0; k < dx.length; k++) dx[k] = at[k] === 0 && g[k] === 0 ? 0 : g[k] / (2 * at[k]);
  return of(dy.rows, dy.cols, dx);
}

/**
 * What generated code calls: the adjoint of `abs(x)`, sign(x)·dy: 0 where x is 0, NaN where x is NaN.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function absPullback(dy: Matrix, x: Matrix): Matrix {
  requireSameShape('absPullback', dy, x);
  const g = dy.data;
  const at = x.data;
  const dx = new Float64Array(g.length);
  for (let k = 0; k < dx.length; k++) dx[k] = at[k] > 0 ? g[k] : at[k] < 0 ? -g[k] : 0 * at[k];
  return of(dy.rows, dy.cols, dx);
}
