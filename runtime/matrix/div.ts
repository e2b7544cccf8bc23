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
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('div', a, b);
  const quotients = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    if (bCol === 0) {
      const right = y[q];
      for (let j = 0; j < cols; j++, p += aCol) quotients[k++] = x[p] / right;
    } else {
      for (let j = 0; j < cols; j++, p += aCol) quotients[k++] = x[p] / y[q++];
    }
  }
  return of(rows, cols, quotients);
}
