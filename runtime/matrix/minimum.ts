import { stridesOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * The smaller of a and b, element by element; numbers, rows and columns of length 1 stretch as in NumPy.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function minimum(a: number, b: number): number;
export function minimum(a: Matrix, b: Operand): Matrix;
export function minimum(a: Operand, b: Matrix): Matrix;
export function minimum(a: Operand, b: Operand): Operand {
  if (typeof a === 'number') {
    if (typeof b === 'number') return Math.min(a, b);
    const y = b.data;
    const smaller = new Float64Array(y.length);
    for (let k = 0; k < smaller.length; k++) smaller[k] = Math.min(a, y[k]);
    return of(b.rows, b.cols, smaller);
  }
  const x = a.data;
  if (typeof b === 'number') {
    const smaller = new Float64Array(x.length);
    for (let k = 0; k < smaller.length; k++) smaller[k] = Math.min(x[k], b);
    return of(a.rows, a.cols, smaller);
  }
  const y = b.data;
  if (sameShape(a, b)) {
    const smaller = new Float64Array(x.length);
    for (let k = 0; k < smaller.length; k++) smaller[k] = Math.min(x[k], y[k]);
    return of(a.rows, a.cols, smaller);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('minimum', a, b);
  const smaller = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    if (bCol === 0) {
      const right = y[q];
      for (let j = 0; j < cols; j++, p += aCol) smaller[k++] = Math.min(x[p], right);
    } else {
      for (let j = 0; j < cols; j++, p += aCol) smaller[k++] = Math.min(x[p], y[q++]);
    }
  }
  return of(rows, cols, smaller);
}
