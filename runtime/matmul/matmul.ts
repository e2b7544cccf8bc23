import { type Matrix, shapeOf } from '../matrix/matrix.js';
import { javascriptKernel } from './javascript.js';

/**
 * The product a·b of an m×k and a k×n matrix.
 *
 * @throws {RangeError} when a has not as many columns as b has rows.
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) {
    throw misfit('matmul', a, b, 'the columns of the first must be the rows of the second');
  }
  const data = javascriptKernel.plain(a.data, b.data, a.rows, a.cols, b.cols);
  return { rows: a.rows, cols: b.cols, data };
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
  const data = javascriptKernel.transposedSecond(a.data, b.data, a.rows, a.cols, b.rows);
  return { rows: a.rows, cols: b.rows, data };
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
  const data = javascriptKernel.transposedFirst(a.data, b.data, a.cols, a.rows, b.cols);
  return { rows: a.cols, cols: b.cols, data };
}

function misfit(name: string, a: Matrix, b: Matrix, rule: string): RangeError {
  return new RangeError(`${name}: ${shapeOf(a)} and ${shapeOf(b)} do not fit: ${rule}`);
}
