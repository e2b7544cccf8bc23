import { commonShape, walkOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';

/**
 * What generated code calls: dz, but 0 where a < b. The adjoint of `maximum(a, b)` in a, and with a and b exchanged of
 * `minimum(a, b)` in a: a tie goes to the first argument, and where one is NaN both get dz. All three stretch to their
 * common shape.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function keepUnlessLess(dz: Operand, a: Operand, b: Operand): Matrix {
  const { rows, cols } = commonShape('keepUnlessLess', dz, a, b);
  const z = walkOf(dz);
  const x = walkOf(a);
  const y = walkOf(b);
  const kept = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * z.row;
    let p = i * x.row;
    let q = i * y.row;
    for (let j = 0; j < cols; j++, k++, at += z.col, p += x.col, q += y.col) {
      kept[k] = x.data[p] < y.data[q] ? 0 : z.data[at];
    }
  }
  return of(rows, cols, kept);
}

/**
 * What generated code calls: dz, but 0 where a ≥ b. The adjoint of `maximum(a, b)` in b, and with a and b exchanged of
 * `minimum(a, b)` in b.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function keepUnlessAtLeast(dz: Operand, a: Operand, b: Operand): Matrix {
  const { rows, cols } = commonShape('keepUnlessAtLeast', dz, a, b);
  const z = walkOf(dz);
  const x = walkOf(a);
  const y = walkOf(b);
  const kept = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * z.row;
    let p = i * x.row;
    let q = i * y.row;
    for (let j = 0; j < cols; j++, k++, at += z.col, p += x.col, q += y.col) {
      kept[k] = x.data[p] >= y.data[q] ? 0 : z.data[at];
    }
  }
  return of(rows, cols, kept);
}
