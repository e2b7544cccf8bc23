import { type JacobianColouring } from './colour-jacobian.js';
import { compressedProducts, requireInside } from './compressed-products.js';
import { type JacobianProducts } from './jacobian.js';
import { countOf, shown, type Numbers } from './numbers.js';
import { type SparseMatrix } from './sparse-matrix.js';

/**
 * The Jacobian of y = f(x) with a known pattern, from one product for each colour. Rows, columns and products are those of
 * `jacobian`; where both products are given, that with fewer colours is taken.
 *
 *     const colouring = colourJacobian(sparsePattern(m, n, entries)); // once
 *     sparseJacobian(x, value, colouring, { jvp: (v) => f_jvp(x, v).dvalue });
 *
 * The pattern must have every entry that can differ from 0. An entry that it lacks is noticed where the product must be 0;
 * elsewhere it is added to another entry of its row, which nothing can tell. To try a pattern, compare `toDense` of the
 * result with `jacobian` once.
 *
 * @throws {RangeError} where the shapes of `x` and `y` do not fit the pattern, a product does not have the shape of `y`
 * (`jvp`) or `x` (`vjp`), or a missing entry is noticed.
 * @throws {TypeError} where neither product is given.
 */
export function sparseJacobian<X extends Numbers, Y extends Numbers>(
  x: X,
  y: Y,
  { pattern, transposed, columns, rows }: JacobianColouring,
  { jvp, vjp }: JacobianProducts<X, Y>,
): SparseMatrix {
  const name = 'sparseJacobian';
  if (countOf(y) !== pattern.rows || countOf(x) !== pattern.cols) {
    throw new RangeError(
      `${name}: the pattern is ${pattern.rows}×${pattern.cols}, for ${shown(y)} of ${shown(x)}`,
    );
  }
  const values = new Float64Array(pattern.columns.length);
  if (jvp !== undefined && (vjp === undefined || columns.count <= rows.count)) {
    const products = compressedProducts(`${name}: jvp`, jvp, x, y, columns);
    requireInside(name, ['row', 'columns'], pattern, columns, products);
    for (let i = 0; i < pattern.rows; i++) {
      for (let k = pattern.rowStarts[i]; k < pattern.rowStarts[i + 1]; k++) {
        values[k] = products[columns.of[pattern.columns[k]]][i];
      }
    }
  } else if (vjp !== undefined) {
    const products = compressedProducts(`${name}: vjp`, vjp, y, x, rows);
    requireInside(name, ['column', 'rows'], transposed, rows, products);
    for (let i = 0; i < pattern.rows; i++) {
      const product = products[rows.of[i]];
      for (let k = pattern.rowStarts[i]; k < pattern.rowStarts[i + 1]; k++) {
        values[k] = product[pattern.columns[k]];
      }
    }
  } else {
    throw new TypeError(`${name}: there is neither jvp nor vjp`);
  }
  return { ...pattern, values };
}
