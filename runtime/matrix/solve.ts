import { factorise, substitute, substituteTransposed, type Factors } from './lu.js';
import { identity } from './make.js';
import { shapeOf, type Matrix } from './matrix.js';

/**
 * The x with a·x = b, by elimination with partial pivoting.
 *
 * @throws {RangeError} where `a` is not square or singular, or `b` has not as many rows.
 */
export function solve(a: Matrix, b: Matrix): Matrix {
  return substitute(factoriseFor('solve', a, b), b);
}

/**
 * What generated code calls: the x with aᵀ·x = b. With `x = solve(a, b)` and `db = solveTransposed(a, dx)`, the
 * adjoint in a is −db·xᵀ.
 *
 * @throws {RangeError} where `a` is not square or singular, or `b` has not as many rows.
 */
export function solveTransposed(a: Matrix, b: Matrix): Matrix {
  return substituteTransposed(factoriseFor('solveTransposed', a, b), b);
}

/** The inverse. @throws {RangeError} where `a` is not square or singular. */
export function inv(a: Matrix): Matrix {
  return substitute(factoriseRegular('inv', a), identity(a.rows));
}

/**
 * What generated code calls: the transpose of the inverse, which is the derivative of `logDet`.
 *
 * @throws {RangeError} where `a` is not square or singular.
 */
export function inverseTransposed(a: Matrix): Matrix {
  return substituteTransposed(factoriseRegular('inverseTransposed', a), identity(a.rows));
}

function factoriseFor(name: string, a: Matrix, b: Matrix): Factors {
  const factors = factoriseRegular(name, a);
  if (a.rows !== b.rows) {
    throw new RangeError(
      `${name}: ${shapeOf(a)} and ${shapeOf(b)} do not fit: both must have as many rows`,
    );
  }
  return factors;
}

function factoriseRegular(name: string, a: Matrix): Factors {
  const factors = factorise(name, a);
  if (factors.singular) throw new RangeError(`${name}: the ${shapeOf(a)} matrix is singular`);
  return factors;
}
