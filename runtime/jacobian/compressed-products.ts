import { type Colours } from './colour-jacobian.js';
import { checked, countOf, inFormOf, type Numbers, type Tangent } from './numbers.js';
import { type SparsePattern } from './sparse-pattern.js';

/**
 * For each colour the product with the sum of the unit vectors of that colour.
 *
 * @throws {RangeError} where a product does not have the shape of `like`.
 */
export function compressedProducts<X extends Numbers>(
  caller: string,
  product: (seed: Tangent<X>) => Numbers,
  x: X,
  like: Numbers,
  { count, of }: Colours,
): Float64Array[] {
  return Array.from({ length: count }, (_, colour) => {
    const seed = new Float64Array(countOf(x));
    for (let j = 0; j < seed.length; j++) seed[j] = of[j] === colour ? 1 : 0;
    return Float64Array.from(checked(caller, product(inFormOf(x, seed)), like));
  });
}

/** What is left of an element of 0 after rounding, relative to the largest of its row. */
const rounding = 1e-6;

/**
 * Throws where a product has an element at a place where the pattern has no entry of that colour. NaN proves nothing:
 * where a row has an infinite derivative, its product with zeros is NaN.
 */
export function requireInside(
  name: string,
  [row, columns]: readonly [string, string],
  pattern: SparsePattern,
  { of }: Colours,
  products: readonly Float64Array[],
): void {
  const seenIn = new Int32Array(products.length).fill(-1);
  for (let i = 0; i < pattern.rows; i++) {
    let largest = 0;
    for (let k = pattern.rowStarts[i]; k < pattern.rowStarts[i + 1]; k++) {
      const colour = of[pattern.columns[k]];
      seenIn[colour] = i;
      largest = Math.max(largest, Math.abs(products[colour][i]));
    }
    products.forEach((product, colour) => {
      if (seenIn[colour] === i || !(Math.abs(product[i]) > rounding * largest)) return;
      const suspects = Array.from(of.keys()).filter((j) => of[j] === colour);
      const listed = suspects.length > 5 ? [...suspects.slice(0, 5), '…'] : suspects;
      throw new RangeError(
        `${name}: ${row} ${i} has a derivative of ${product[i]} outside of the pattern, among the ${columns} ${listed.join(', ')}`,
      );
    });
  }
}
