import { of, type Matrix } from '../matrix/matrix.js';
import { checked, countOf, inFormOf, type Numbers, type Tangent } from './numbers.js';

/** J·v for a tangent v of the variable, as `f_jvp` computes it. */
export type JacobianProduct<X extends Numbers> = (v: Tangent<X>) => Numbers;

/** uᵀ·J for an adjoint u of the result, as `f_backward` computes it. */
export type TransposedProduct<Y extends Numbers> = (u: Tangent<Y>) => Numbers;

/** What a Jacobian is computed from: products with it from the right, from the left, or both to choose from. */
export type JacobianProducts<X extends Numbers, Y extends Numbers> =
  | { readonly jvp: JacobianProduct<X>; readonly vjp?: TransposedProduct<Y> }
  | { readonly jvp?: JacobianProduct<X>; readonly vjp: TransposedProduct<Y> };

/**
 * The Jacobian of y = f(x): the element in row i and column j is ∂yᵢ/∂xⱼ. Only the form of `x` and `y` counts; a matrix
 * is read row by row, so that an r×c matrix as the variable stands for r·c columns, and a number is one row or column.
 *
 *     const { value, saved } = f_forward(x);
 *     jacobian(x, value, {
 *       jvp: (v) => f_jvp(x, v).dvalue,
 *       vjp: (u) => f_backward(saved, u).dx,
 *     });
 *
 * Column j is J·eⱼ, one call of `jvp`; row i is eᵢᵀ·J, one call of `vjp`. Where both are given, that is taken which needs
 * fewer calls. Each call gets a seed of its own, which it may keep or change.
 *
 * @throws {RangeError} where a product does not have the shape of `y` (`jvp`) or `x` (`vjp`).
 * @throws {TypeError} where neither product is given.
 */
export function jacobian<X extends Numbers, Y extends Numbers>(
  x: X,
  y: Y,
  { jvp, vjp }: JacobianProducts<X, Y>,
): Matrix {
  const rows = countOf(y);
  const cols = countOf(x);
  const entries = new Float64Array(rows * cols);
  if (jvp !== undefined && (vjp === undefined || cols <= rows)) {
    for (let j = 0; j < cols; j++) {
      const column = checked('jacobian: jvp', jvp(unitVector(x, j)), y);
      for (let i = 0; i < rows; i++) entries[i * cols + j] = column[i];
    }
  } else if (vjp !== undefined) {
    for (let i = 0; i < rows; i++) {
      entries.set(checked('jacobian: vjp', vjp(unitVector(y, i)), x), i * cols);
    }
  } else {
    throw new TypeError('jacobian: there is neither jvp nor vjp');
  }
  return of(rows, cols, entries);
}

/** The unit vector with the 1 at place k, in the form of `x`. */
export function unitVector<X extends Numbers>(x: X, k: number): Tangent<X> {
  const seed = new Float64Array(countOf(x));
  seed[k] = 1;
  return inFormOf(x, seed);
}
