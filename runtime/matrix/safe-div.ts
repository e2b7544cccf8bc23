import { commonShape, stridesOf, walkOf } from './broadcast.js';
import { of, type Matrix, type Operand } from './matrix.js';
import { sameShape } from './shapes.js';

/**
 * What generated code calls: dy / x, but 0 where both are 0. The adjoint of `log` in x, and of `div` in the numerator:
 * a zero adjoint stays zero where the function is singular. Stretches as `div` does.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function safeDiv(dy: number, x: number): number;
export function safeDiv(dy: Matrix, x: Operand): Matrix;
export function safeDiv(dy: Operand, x: Matrix): Matrix;
export function safeDiv(dy: Operand, x: Operand): Operand {
  if (typeof dy === 'number') {
    if (typeof x === 'number') return quotient(dy, x);
    const under = x.data;
    const quotients = new Float64Array(under.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = quotient(dy, under[k]);
    return of(x.rows, x.cols, quotients);
  }
  const over = dy.data;
  if (typeof x === 'number') {
    const quotients = new Float64Array(over.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = quotient(over[k], x);
    return of(dy.rows, dy.cols, quotients);
  }
  const under = x.data;
  if (sameShape(dy, x)) {
    const quotients = new Float64Array(over.length);
    for (let k = 0; k < quotients.length; k++) quotients[k] = quotient(over[k], under[k]);
    return of(dy.rows, dy.cols, quotients);
  }
  const { rows, cols, aRow, aCol, bRow, bCol } = stridesOf('safeDiv', dy, x);
  const quotients = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * aRow;
    let q = i * bRow;
    if (bCol === 0) {
      const right = under[q];
      for (let j = 0; j < cols; j++, p += aCol) quotients[k++] = quotient(over[p], right);
    } else {
      for (let j = 0; j < cols; j++, p += aCol) quotients[k++] = quotient(over[p], under[q++]);
    }
  }
  return of(rows, cols, quotients);
}

function quotient(dy: number, x: number): number {
  return x === 0 && dy === 0 ? 0 : dy / x;
}

/**
 * What generated code calls: −z·(dz / b), the adjoint of `z = div(a, b)` in b, but 0 where b and dz are both 0. Not
 * dz·a / b², which overflows for a small b. All three stretch to their common shape.
 *
 * @throws {RangeError} where the shapes do not fit.
 */
export function divisorPullback(dz: Operand, z: Operand, b: Operand): Matrix {
  const { rows, cols } = commonShape('divisorPullback', dz, z, b);
  const adjoints = walkOf(dz);
  const quotients = walkOf(z);
  const divisors = walkOf(b);
  const db = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < rows; i++) {
    let at = i * adjoints.row;
    let from = i * quotients.row;
    let by = i * divisors.row;
    for (let j = 0; j < cols; j++, k++) {
      const g = adjoints.data[at];
      const divisor = divisors.data[by];
      db[k] = divisor === 0 && g === 0 ? 0 : -quotients.data[from] * (g / divisor);
      at += adjoints.col;
      from += quotients.col;
      by += divisors.col;
    }
  }
  return of(rows, cols, db);
}
