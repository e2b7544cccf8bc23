import { of, type Matrix } from './matrix.js';
import { requireSameShape, requireSquare } from './shapes.js';

/** The transpose: rows become columns. */
export function transpose(a: Matrix): Matrix {
  const { rows, cols, data } = a;
  const turned = new Float64Array(data.length);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0, to = i; j < cols; j++, to += rows) turned[to] = data[k++];
  }
  return of(cols, rows, turned);
}

/** Σ a·b over all elements. @throws {RangeError} where the shapes differ. */
export function dot(a: Matrix, b: Matrix): number {
  requireSameShape('dot', a, b);
  const x = a.data;
  const y = b.data;
  let total = 0;
  for (let k = 0; k < x.length; k++) total += x[k] * y[k];
  return total;
}

/** The sum of the diagonal. @throws {RangeError} where the matrix is not square. */
export function trace(a: Matrix): number {
  requireSquare('trace', a);
  let total = 0;
  for (let k = 0; k < a.data.length; k += a.cols + 1) total += a.data[k];
  return total;
}

/** The Frobenius norm √Σ a², right also where the squares would overflow or vanish. */
export function norm(a: Matrix): number {
  const { data } = a;
  let squares = 0;
  for (let k = 0; k < data.length; k++) squares += data[k] * data[k];
  // Outside of these bounds some squares have lost digits: scaled by the largest element they do not.
  if (squares > 1e-280 && squares < Infinity) return Math.sqrt(squares);
  return scaledNorm(data);
}

function scaledNorm(data: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < data.length; k++) largest = Math.max(largest, Math.abs(data[k]));
  if (largest === 0 || largest === Infinity) return largest;
  let squares = 0;
  for (let k = 0; k < data.length; k++) squares += (data[k] / largest) ** 2;
  return largest * Math.sqrt(squares);
}

/** What generated code calls: the adjoint of `n = norm(a)`, dn·a/n; zeros where n is 0. */
export function normPullback(dn: number, a: Matrix, n: number): Matrix {
  const { rows, cols, data } = a;
  const da = new Float64Array(data.length);
  if (n !== 0) for (let k = 0; k < da.length; k++) da[k] = dn * (data[k] / n);
  return of(rows, cols, da);
}
