import { stridesOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * a − b, element by element; numbers, rows and columns of length 1 stretch as in NumPy.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function sub(a: number, b: number): number;
export function sub(a: Matrix, b: Operand): Matrix;
export function sub(a: Operand, b: Matrix): Matrix;
export function sub(a: Operand, b: Operand): Operand {
  if (typeof a === 'number') {
    if (typeof b === 'number') return a - b;
    const y = b.data;
    const differences = new Float64Array(y.length);
    for (let k = 0; k < differences.length; k++) differences[k] = a - y[k];
    return of(b.rows, b.cols, differences);
  }
  const x = a.data;
  if (typeof b === 'number') {
    const differences = new Float64Array(x.length);
    for (let k = 0; k < differences.length; k++) differences[k] = x[k] - b;
    return of(a.rows, a.cols, differences);
  }
  const y = b.data;
  if (sameShape(a, b)) {
    const differences = new Float64Array(x.length);
    for (let k = 0; k < differences.length; k++) differences[k] = x[k] - y[k];
    return of(a.rows, a.cols, differences);
  }
  // One row or column that stretches, such as a bias, is worth a loop without steps.
  if (b.rows === 1 && b.cols === a.cols) {
    const differences = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      for (let j = 0; j < y.length; j++, k++) differences[k] = x[k] - y[j];
    }
    return of(a.rows, a.cols, differences);
  }
  if (b.cols === 1 && b.rows === a.rows) {
    const differences = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      const right = y[i];
      for (let j = 0; j < a.cols; j++, k++) differences[k] = x[k] - right;
    }
    return of(a.rows, a.cols, differences);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('sub', a, b);
  const differences = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    for (let j = 0; j < cols; j++, p += aCol, q += bCol) differences[k++] = x[p] - y[q];
  }
  return of(rows, cols, differences);
}
