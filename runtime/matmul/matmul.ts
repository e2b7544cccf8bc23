import { of, shapeOf, type Matrix } from '../matrix/matrix.js';
import { kernelFor } from './choose.js';
import { type Kernel } from './kernel.js';

/**
 * The product a·b of an m×k and a k×n matrix.
 *
 * @throws {RangeError} when a has not as many columns as b has rows.
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) {
    throw misfit('matmul', a, b, 'the columns of the first must be the rows of the second');
  }
  return product('plain', a, b, a.rows, a.cols, b.cols);
}

/**
 * What generated code calls: the product a·bᵀ of an m×k and an n×k matrix.
 *
 * @throws {RangeError} when a has not as many columns as b.
 */
export function matmulNT(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols) {
    throw misfit('matmulNT', a, b, 'the columns of the first must be those of the second');
  }
  return product('transposedSecond', a, b, a.rows, a.cols, b.rows);
}

/**
 * What generated code calls: the product aᵀ·b of a k×m and a k×n matrix.
 *
 * @throws {RangeError} when a has not as many rows as b.
 */
export function matmulTN(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows) {
    throw misfit('matmulTN', a, b, 'the rows of the first must be those of the second');
  }
  return product('transposedFirst', a, b, a.cols, a.rows, b.cols);
}

function product(
  kind: Exclude<keyof Kernel, 'name'>,
  a: Matrix,
  b: Matrix,
  m: number,
  k: number,
  n: number,
): Matrix {
  if (m === 0 || k === 0 || n === 0) return of(m, n, new Float64Array(m * n));
  return of(m, n, kernelFor(m, k, n)[kind](a.data, b.data, m, k, n));
}

function misfit(name: string, a: Matrix, b: Matrix, rule: string): RangeError {
  return new RangeError(`${name}: ${shapeOf(a)} and ${shapeOf(b)} do not fit: ${rule}`);
}
