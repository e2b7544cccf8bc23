import { stridesOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * a / b, element by element; numbers, rows and columns of length 1 stretch as in NumPy.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function div(a: number, b: number): number;
export function div(a: Matrix, b: Operand): Matrix;
export function div(a: Operand, b: Matrix): Matrix;
export function div(a: Operand, b: Operand): Operand {
  if (typeof a === 'number') {
    if (typeof b === 'number') return a / b;
    const y = b.data;
    const quotients = new Float64Array(y.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = a / y[k];
    return of(b.rows, b.cols, quotients);
  }
  const x = a.data;
  if (typeof b === 'number') {
    const quotients = new Float64Array(x.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = x[k] / b;
    return of(a.rows, a.cols, quotients);
  }
  const y = b.data;
  if (sameShape(a, b)) {
    const quotients = new Float64Array(x.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = x[k] / y[k];
    return of(a.rows, a.cols, quotients);
  }
  // One row or column that stretches, such as a bias, is worth a loop without steps.
  if (b.rows === 1 && b.cols === a.cols) {
    const quotients = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      for (let j = 0; j < y.length; j++, k++) quotients[k] = x[k] / y[j];
    }
    return of(a.rows, a.cols, quotients);
  }
  if (b.cols === 1 && b.rows === a.rows) {
    const quotients = new Float64Array(x.length);
    for (let i = 0, k = 0; i < a.rows; i++) {
      const right = y[i];
      for (let j = 0; j < a.cols; j++, k++) quotients[k] = x[k] / right;
    }
    return of(a.rows, a.cols, quotients);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('div', a, b);
  const quotients = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    for (let j = 0; j < cols; j++, p += aCol, q += bCol) quotients[k++] = x[p] / y[q];
  }
  return of(rows, cols, quotients);
}
