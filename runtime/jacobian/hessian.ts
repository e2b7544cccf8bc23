import { of, type Matrix } from '../matrix/matrix.js';
import { unitVector } from './jacobian.js';
import { checked, countOf, type Numbers, type Tangent } from './numbers.js';

/** H·v for a direction v of the variable, as `f_hvp` computes it. */
export type HessianProduct<X extends Numbers> = (v: Tangent<X>) => Numbers;

/**
 * The Hessian of a function of x that returns a number: the element in row i and column j is ∂²f/∂xᵢ∂xⱼ. Only the form
 * of `x` counts; a matrix is read row by row.
 *
 *     hessian(x, (v) => f_hvp(x, v).hx);
 *
 * Takes a product for each number of `x`. Column j is H·eⱼ; where rounding makes it differ from row j, both are replaced
 * by their mean, so that the result is symmetric to the last bit.
 *
 * @throws {RangeError} where a product does not have the shape of `x`.
 */
export function hessian<X extends Numbers>(x: X, hvp: HessianProduct<X>): Matrix {
  const n = countOf(x);
  const entries = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    entries.set(checked('hessian: hvp', hvp(unitVector(x, j)), x), j * n);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * entries[i * n + j] + 0.5 * entries[j * n + i];
      entries[i * n + j] = mean;
      entries[j * n + i] = mean;
    }
  }
  return of(n, n, entries);
}
