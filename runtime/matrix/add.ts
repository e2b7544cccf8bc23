import { stridesOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * a + b, element by element; numbers, rows and columns of length 1 stretch as in NumPy.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function add(a: number, b: number): number;
export function add(a: Matrix, b: Operand): Matrix;
export function add(a: Operand, b: Matrix): Matrix;
export function add(a: Operand, b: Operand): Operand {
  if (typeof a === 'number') {
    if (typeof b === 'number') return a + b;
    const y = b.data;
    const sums = new Float64Array(y.length);
    for (let k = 0; k < sums.length; k++) sums[k] = a + y[k];
    return of(b.rows, b.cols, sums);
  }
  const x = a.data;
  if (typeof b === 'number') {
    const sums = new Float64Array(x.length);
    for (let k = 0; k < sums.length; k++) sums[k] = x[k] + b;
    return of(a.rows, a.cols, sums);
  }
  const y = b.data;
  if (sameShape(a, b)) {
    const sums = new Float64Array(x.length);
    for (let k = 0; k < sums.length; k++) sums[k] = x[k] + y[k];
    return of(a.rows, a.cols, sums);
  }
  // One row or column that stretches, such as a bias, is worth a loop without steps.
  if (b.rows === 1 && b.cols === a.cols) {
    const sums = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      for (let j = 0; j < y.length; j++, k++) sums[k] = x[k] + y[j];
    }
    return of(a.rows, a.cols, sums);
  }
  if (b.cols === 1 && b.rows === a.rows) {
    const sums = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      const right = y[i];
      for (let j = 0; j < a.cols; j++, k++) sums[k] = x[k] + right;
    }
    return of(a.rows, a.cols, sums);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('add', a, b);
  const sums = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    for (let j = 0; j < cols; j++, p += aCol, q += bCol) sums[k++] = x[p] + y[q];
  }
  return of(rows, cols, sums);
}
