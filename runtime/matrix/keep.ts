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
  const { data: z, row: zRow, col: zCol } = walkOf(dz);
  const { data: x, row: xRow, col: xCol } = walkOf(a);
  const { data: y, row: yRow, col: yCol } = walkOf(b);
  const kept = new Float64Array(rows * cols);
  // Looked up, because a branch that goes either way costs more than all else in the loop.
  const either = new Float64Array(2);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * zRow;
    let p = i * xRow;
    let q = i * yRow;
    for (let j = 0; j < cols; j++, k++, at += zCol, p += xCol, q += yCol) {
      either[1] = z[at];
      kept[k] = either[Number(!(x[p] < y[q]))];
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
  const { data: z, row: zRow, col: zCol } = walkOf(dz);
  const { data: x, row: xRow, col: xCol } = walkOf(a);
  const { data: y, row: yRow, col: yCol } = walkOf(b);
  const kept = new Float64Array(rows * cols);
  // Looked up, because a branch that goes either way costs more than all else in the loop.
  const either = new Float64Array(2);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * zRow;
    let p = i * xRow;
    let q = i * yRow;
    for (let j = 0; j < cols; j++, k++, at += zCol, p += xCol, q += yCol) {
      either[1] = z[at];
      kept[k] = either[Number(!(x[p] >= y[q]))];
    }
  }
  return of(rows, cols, kept);
}
