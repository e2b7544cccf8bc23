import { of, shapeOf, type Matrix } from './matrix.js';
import { requireSameShape, requireSquare } from './shapes.js';

/** How far a[i][j] and a[j][i] may lie apart, relative to √(a[i][i]·a[j][j]): more than rounding leaves, less than a slip. */
const tolerance = 1e-9;

/**
 * The lower triangular L with L·Lᵀ = a. Only the lower triangle of `a` is read, once it is checked that `a` is
 * symmetric.
 *
 * @throws {RangeError} where `a` is not square, not symmetric but for rounding, or not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  requireSquare('cholesky', a);
  requireSymmetric(a);
  const n = a.rows;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a.data[i * n + j];
      for (let k = 0, p = i * n, q = j * n; k < j; k++) rest -= l[p++] * l[q++];
      if (i !== j) {
        l[i * n + j] = rest / l[j * n + j];
      } else if (rest <= 0) {
        throw new RangeError(
          `cholesky: the ${shapeOf(a)} matrix is not positive definite: pivot ${i} is ${rest}`,
        );
      } else {
        l[i * n + i] = Math.sqrt(rest);
      }
    }
  }
  return of(n, n, l);
}

function requireSymmetric(a: Matrix): void {
  const n = a.rows;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const below = a.data[i * n + j];
      const above = a.data[j * n + i];
      const size = Math.sqrt(Math.abs(a.data[i * n + i] * a.data[j * n + j]));
      if (Math.abs(below - above) > tolerance * size) {
        throw new RangeError(
          `cholesky: the ${shapeOf(a)} matrix is not symmetric: row ${i}, column ${j} is ${below}, row ${j}, column ${i} is ${above}`,
        );
      }
    }
  }
}

/**
 * What generated code calls: the adjoint of `l = cholesky(a)`, the symmetric ½·L⁻ᵀ·(P + Pᵀ)·L⁻¹, where P is the lower
 * triangle of Lᵀ·dl with half of its diagonal (Murray 2016, Differentiation of the Cholesky decomposition, eq. 10).
 * What dl has above the diagonal does not count: L is 0 there.
 *
 * @throws {RangeError} where the shapes differ, or are not square.
 */
export function choleskyPullback(dl: Matrix, l: Matrix): Matrix {
  requireSameShape('choleskyPullback', dl, l);
  requireSquare('choleskyPullback', l);
  const n = l.rows;
  const factor = l.data;
  const s = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = 0;
      for (let k = i; k < n; k++) total += factor[k * n + i] * dl.data[k * n + j];
      // Half of P + Pᵀ: an element off the diagonal stands on both sides of it, one on the diagonal is half of two halves.
      s[i * n + j] = s[j * n + i] = total / 2;
    }
  }
  // Twice: solve Lᵀ·x = s, and turn x around. (L⁻ᵀ·(L⁻ᵀ·s)ᵀ is L⁻ᵀ·s·L⁻¹, as s is symmetric.)
  solveUpper(factor, n, s);
  turn(s, n);
  solveUpper(factor, n, s);
  return of(n, n, s);
}

/**
 * What generated code calls: the tangent of `l = cholesky(a)`, L·P, where P is the lower triangle of L⁻¹·ta·L⁻ᵀ with
 * half of its diagonal (Murray 2016, eq. 8). `ta` counts as symmetric: its lower triangle is read.
 *
 * @throws {RangeError} where the shapes differ, or are not square.
 */
export function choleskyTangent(ta: Matrix, l: Matrix): Matrix {
  requireSameShape('choleskyTangent', ta, l);
  requireSquare('choleskyTangent', l);
  const n = l.rows;
  const factor = l.data;
  const s = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) s[i * n + j] = s[j * n + i] = ta.data[i * n + j];
  }
  solveLower(factor, n, s);
  turn(s, n);
  solveLower(factor, n, s);
  const tl = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = (factor[i * n + j] * s[j * n + j]) / 2;
      for (let k = j + 1; k <= i; k++) total += factor[i * n + k] * s[k * n + j];
      tl[i * n + j] = total;
    }
  }
  return of(n, n, tl);
}

/** L⁻¹·x in place of x. */
function solveLower(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = l[i * n + k];
      for (let j = 0; j < n; j++) x[i * n + j] -= factor * x[k * n + j];
    }
    for (let j = 0; j < n; j++) x[i * n + j] /= l[i * n + i];
  }
}

/** Lᵀ⁻¹·x in place of x. */
function solveUpper(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      const factor = l[k * n + i];
      for (let j = 0; j < n; j++) x[i * n + j] -= factor * x[k * n + j];
    }
    for (let j = 0; j < n; j++) x[i * n + j] /= l[i * n + i];
  }
}

function turn(x: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const p = i * n + j;
      const q = j * n + i;
      [x[p], x[q]] = [x[q], x[p]];
    }
  }
}
