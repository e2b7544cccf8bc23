import { of, type Matrix } from './matrix.js';
import { requireSquare } from './shapes.js';

/** P·A = L·U: Gaussian elimination with partial pivoting. */
export interface Factors {
  /** U in the upper triangle with the diagonal, L below it; its diagonal of ones is left out. */
  readonly lu: Matrix;
  /** The row of A that stands in each row of P·A. */
  readonly order: Uint32Array;
  /** The determinant of P: 1 or −1. */
  readonly sign: number;
  readonly singular: boolean;
}

/** Factorises a square matrix; where a pivot is 0 the elimination stops, and the matrix is singular. */
export function factorise(name: string, a: Matrix): Factors {
  requireSquare(name, a);
  const n = a.rows;
  const lu = a.data.slice();
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  let singular = false;
  for (let k = 0; k < n && !singular; k++) {
    const pivotRow = findPivot(lu, n, k);
    if (pivotRow !== k) {
      swapRows(lu, n, k, pivotRow);
      [order[k], order[pivotRow]] = [order[pivotRow], order[k]];
      sign = -sign;
    }
    singular = lu[k * n + k] === 0;
    if (!singular) eliminate(lu, n, k);
  }
  return { lu: of(n, n, lu), order, sign, singular };
}

/** The row from k down whose element in column k is the largest, or NaN: then so are all results. */
function findPivot(lu: Float64Array, n: number, k: number): number {
  let best = k;
  let largest = 0;
  for (let i = k; i < n; i++) {
    const size = Math.abs(lu[i * n + k]);
    if (Number.isNaN(size)) return i;
    if (size > largest) {
      largest = size;
      best = i;
    }
  }
  return best;
}

function swapRows(lu: Float64Array, n: number, i: number, j: number): void {
  const row = lu.slice(i * n, i * n + n);
  lu.copyWithin(i * n, j * n, j * n + n);
  lu.set(row, j * n);
}

/** Takes multiples of row k from the rows under it, such that their column k is 0, and keeps the multiples there. */
function eliminate(lu: Float64Array, n: number, k: number): void {
  const pivot = lu[k * n + k];
  for (let i = k + 1; i < n; i++) {
    const factor = (lu[i * n + k] /= pivot);
    if (factor === 0) continue;
    for (let j = k + 1, p = i * n + j, q = k * n + j; j < n; j++) lu[p++] -= factor * lu[q++];
  }
}

/** A⁻¹·b from the factors of A, which must not be singular. `b` has as many rows. */
export function substitute({ lu: { rows: n, data: lu }, order }: Factors, b: Matrix): Matrix {
  const { cols } = b;
  const x = new Float64Array(n * cols);
  for (let i = 0; i < n; i++) {
    x.set(b.data.subarray(order[i] * cols, (order[i] + 1) * cols), i * cols);
    for (let k = 0; k < i; k++) subtractRow(x, cols, i, k, lu[i * n + k]);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(x, cols, i, k, lu[i * n + k]);
    const pivot = lu[i * n + i];
    for (let p = i * cols; p < (i + 1) * cols; p++) x[p] /= pivot;
  }
  return of(n, cols, x);
}

/** Aᵀ⁻¹·b = Pᵀ·Lᵀ⁻¹·Uᵀ⁻¹·b from the factors of A, which must not be singular. `b` has as many rows. */
export function substituteTransposed(
  { lu: { rows: n, data: lu }, order }: Factors,
  b: Matrix,
): Matrix {
  const { cols } = b;
  const y = b.data.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(y, cols, i, k, lu[k * n + i]);
    const pivot = lu[i * n + i];
    for (let p = i * cols; p < (i + 1) * cols; p++) y[p] /= pivot;
  }
  const x = new Float64Array(n * cols);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(y, cols, i, k, lu[k * n + i]);
    x.set(y.subarray(i * cols, (i + 1) * cols), order[i] * cols);
  }
  return of(n, cols, x);
}

/** Row i minus `factor` times row k. */
function subtractRow(x: Float64Array, cols: number, i: number, k: number, factor: number): void {
  if (factor === 0) return;
  for (let p = i * cols, q = k * cols, end = p + cols; p < end;) x[p++] -= factor * x[q++];
}
