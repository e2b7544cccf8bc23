import { type HessianColouring } from './colour-hessian.js';
import { compressedProducts, requireInside } from './compressed-products.js';
import { type HessianProduct } from './hessian.js';
import { countOf, shown, type Numbers } from './numbers.js';
import { type SparseMatrix } from './sparse-matrix.js';

/**
 * The Hessian of a function of x with a known pattern, from one product for each colour. Both triangles are in the result,
 * equal to the last bit.
 *
 *     const colouring = colourHessian(sparsePattern(n, n, entries)); // once; one triangle will do
 *     sparseHessian(x, colouring, (v) => f_hvp(x, v).hx);
 *
 * The pattern must have every entry that can differ from 0. An entry that it lacks is noticed where the product must be 0;
 * elsewhere it is added to another entry, which nothing can tell. To try a pattern, compare `toDense` of the result with
 * `hessian` once.
 *
 * @throws {RangeError} where the shape of `x` does not fit the pattern, a product does not have the shape of `x`, or a
 * missing entry is noticed.
 */
export function sparseHessian<X extends Numbers>(
  x: X,
  { pattern, columns, productOf, placeOf }: HessianColouring,
  hvp: HessianProduct<X>,
): SparseMatrix {
  const name = 'sparseHessian';
  if (countOf(x) !== pattern.cols) {
    throw new RangeError(
      `${name}: the pattern is ${pattern.rows}×${pattern.cols}, for a function of ${shown(x)}`,
    );
  }
  const products = compressedProducts(`${name}: hvp`, hvp, x, x, columns);
  requireInside(name, ['row', 'columns'], pattern, columns, products);
  const values = Float64Array.from(placeOf, (place, k) => products[productOf[k]][place]);
  return { ...pattern, values };
}
