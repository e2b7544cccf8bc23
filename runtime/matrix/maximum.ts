import { stridesOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * The larger of a and b, element by element; numbers, rows and columns of length 1 stretch as in NumPy.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function maximum(a: number, b: number): number;
export function maximum(a: Matrix, b: Operand): Matrix;
export function maximum(a: Operand, b: Matrix): Matrix;
export function maximum(a: Operand, b: Operand): Operand {
  if (typeof a === 'number') {
    if (typeof b === 'number') return Math.max(a, b);
    const y = b.data;
    const larger = new Float64Array(y.length);
    for (let k = 0; k < larger.length; k++) larger[k] = Math.max(a, y[k]);
    return of(b.rows, b.cols, larger);
  }
  const x = a.data;
  if (typeof b === 'number') {
    const larger = new Float64Array(x.length);
    for (let k = 0; k < larger.length; k++) larger[k] = Math.max(x[k], b);
    return of(a.rows, a.cols, larger);
  }
  const y = b.data;
  if (sameShape(a, b)) {
    const larger = new Float64Array(x.length);
    for (let k = 0; k < larger.length; k++) larger[k] = Math.max(x[k], y[k]);
    return of(a.rows, a.cols, larger);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('maximum', a, b);
  const larger = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    if (bCol === 0) {
      const right = y[q];
      for (let j = 0; j < cols; j++, p += aCol) larger[k++] = Math.max(x[p], right);
    } else {
      for (let j = 0; j < cols; j++, p += aCol) larger[k++] = Math.max(x[p], y[q++]);
    }
  }
  return of(rows, cols, larger);
}
