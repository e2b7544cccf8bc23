import { commonShape, stridesOf, walkOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * x to the power p, element by element; numbers, rows and columns of length 1 stretch as in NumPy. For the constant
 * exponents 2, 3 and −1 by products and a quotient, which are faster than `**` and at least as exact.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function pow(x: number, p: number): number;
export function pow(x: Matrix, p: Operand): Matrix;
export function pow(x: Operand, p: Matrix): Matrix;
export function pow(x: Operand, p: Operand): Operand {
  if (typeof p === 'number') {
    return typeof x === 'number' ? x ** p : of(x.rows, x.cols, powers(x.data, p));
  }
  const exponents = p.data;
  if (typeof x === 'number') {
    const y = new Float64Array(exponents.length);
    for (let k = 0; k < y.length; k++) y[k] = x ** exponents[k];
    return of(p.rows, p.cols, y);
  }
  const bases = x.data;
  if (sameShape(x, p)) {
    const y = new Float64Array(bases.length);
    for (let k = 0; k < y.length; k++) y[k] = bases[k] ** exponents[k];
    return of(x.rows, x.cols, y);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('pow', x, p);
  const y = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let from = i * aRow;
    let to = i * bRow;
    for (let j = 0; j < cols; j++, from += aCol, to += bCol) y[k++] = bases[from] ** exponents[to];
  }
  return of(rows, cols, y);
}

function powers(x: Float64Array, p: number): Float64Array {
  const y = new Float64Array(x.length);
  if (p === 2) for (let k = 0; k < y.length; k++) y[k] = x[k] * x[k];
  else if (p === 3) for (let k = 0; k < y.length; k++) y[k] = x[k] * x[k] * x[k];
  else if (p === 1) y.set(x);
  else if (p === -1) for (let k = 0; k < y.length; k++) y[k] = 1 / x[k];
  else for (let k = 0; k < y.length; k++) y[k] = x[k] ** p;
  return y;
}

/**
 * What generated code calls: the adjoint of `pow(x, p)` in x, dy·p·x**(p − 1). It is 0 where p is 0, and
 * where x and dy are. All three stretch to their common shape.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function powPullback(dy: Operand, x: Operand, p: Operand): Matrix {
  if (
    typeof p === 'number' &&
    typeof x !== 'number' &&
    typeof dy !== 'number' &&
    sameShape(x, dy)
  ) {
    return of(x.rows, x.cols, slopes(dy.data, x.data, p));
  }
  const { rows, cols } = commonShape('powPullback', dy, x, p);
  const adjoints = walkOf(dy);
  const bases = walkOf(x);
  const exponents = walkOf(p);
  const dx = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * adjoints.row;
    let from = i * bases.row;
    let to = i * exponents.row;
    for (
      let j = 0;
      j < cols;
      j++, k++, at += adjoints.col, from += bases.col, to += exponents.col
    ) {
      dx[k] = slope(adjoints.data[at], bases.data[from], exponents.data[to]);
    }
  }
  return of(rows, cols, dx);
}

function slopes(dy: Float64Array, x: Float64Array, p: number): Float64Array {
  const dx = new Float64Array(dy.length);
  if (p === 2) for (let k = 0; k < dx.length; k++) dx[k] = 2 * dy[k] * x[k];
  else if (p === 3) for (let k = 0; k < dx.length; k++) dx[k] = 3 * dy[k] * x[k] * x[k];
  else if (p === 1) dx.set(dy);
  else if (p === -1) for (let k = 0; k < dx.length; k++) dx[k] = reciprocalSlope(dy[k], x[k]);
  else if (p !== 0) for (let k = 0; k < dx.length; k++) dx[k] = slope(dy[k], x[k], p);
  return dx;
}

function slope(dy: number, x: number, p: number): number {
  return p === 0 || (x === 0 && dy === 0) ? 0 : dy * p * x ** (p - 1);
}

/** Divides twice: x·x would be 0 or infinite too soon. */
function reciprocalSlope(dy: number, x: number): number {
  return x === 0 && dy === 0 ? 0 : -(dy / x) / x;
}

/**
 * What generated code calls: the adjoint of `pow(x, p)` in p, dy·x**p·log(x). It is 0 where x is 0 and p is not
 * negative, and where x and dy are 0; for negative x it is NaN. All three stretch to their common shape.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function powExponentPullback(dy: Operand, x: Operand, p: Operand): Matrix {
  const { rows, cols } = commonShape('powExponentPullback', dy, x, p);
  const adjoints = walkOf(dy);
  const bases = walkOf(x);
  const exponents = walkOf(p);
  const dp = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * adjoints.row;
    let from = i * bases.row;
    let to = i * exponents.row;
    for (
      let j = 0;
      j < cols;
      j++, k++, at += adjoints.col, from += bases.col, to += exponents.col
    ) {
      const g = adjoints.data[at];
      const base = bases.data[from];
      const exponent = exponents.data[to];
      const none = base === 0 && (exponent >= 0 || g === 0);
      dp[k] = none ? 0 : g * base ** exponent * Math.log(base);
    }
  }
  return of(rows, cols, dp);
}
