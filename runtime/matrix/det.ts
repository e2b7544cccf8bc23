import { factorise, substituteTransposed, type Factors } from './lu.js';
import { identity } from './make.js';
import { of, shapeOf, type Matrix } from './matrix.js';
import { requireSquare } from './shapes.js';

/** The determinant; 0 of a singular matrix, 1 of the 0×0 matrix. @throws {RangeError} where `a` is not square. */
export function det(a: Matrix): number {
  return determinant(factorise('det', a));
}

/**
 * The logarithm of the determinant, right also where the determinant itself would overflow or vanish.
 *
 * @throws {RangeError} where `a` is not square, or its determinant is not positive.
 */
export function logDet(a: Matrix): number {
  const { lu, sign, singular } = factorise('logDet', a);
  let total = 0;
  let negative = sign < 0;
  for (let k = 0; k < lu.data.length; k += lu.cols + 1) {
    const pivot = lu.data[k];
    if (pivot < 0) negative = !negative;
    total += Math.log(Math.abs(pivot));
  }
  // NaN is not refused: it passes.
  if (singular || (negative && !Number.isNaN(total))) {
    throw new RangeError(
      `logDet: the determinant of the ${shapeOf(a)} matrix is ${singular ? '0' : 'negative'}, and must be positive`,
    );
  }
  return total;
}

/**
 * What generated code calls: the adjoint of `d = det(a)`: dd·d·a⁻¹ᵀ, the cofactors. Where d is 0 they are computed one
 * by one.
 *
 * @throws {RangeError} where `a` is not square.
 */
export function detPullback(dd: number, a: Matrix, d: number): Matrix {
  requireSquare('detPullback', a);
  const n = a.rows;
  const da = new Float64Array(n * n);
  if (dd === 0) return of(n, n, da);
  if (d === 0) {
    for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++) da[k++] = dd * cofactor(a, i, j);
    return of(n, n, da);
  }
  // The factors are those of `det`: as that is not 0, they are not singular.
  const inverse = substituteTransposed(factorise('detPullback', a), identity(n));
  for (let k = 0; k < da.length; k++) da[k] = dd * d * inverse.data[k];
  return of(n, n, da);
}

function determinant({ lu, sign, singular }: Factors): number {
  if (singular) return 0;
  let product = sign;
  for (let k = 0; k < lu.data.length; k += lu.cols + 1) product *= lu.data[k];
  return product;
}

/** ± the determinant of `a` without row i and column j. */
function cofactor(a: Matrix, i: number, j: number): number {
  const n = a.rows;
  const minor = new Float64Array((n - 1) * (n - 1));
  for (let row = 0, k = 0; row < n; row++) {
    if (row === i) continue;
    for (let col = 0; col < n; col++) if (col !== j) minor[k++] = a.data[row * n + col];
  }
  const value = determinant(factorise('detPullback', of(n - 1, n - 1, minor)));
  return (i + j) % 2 === 0 ? value : -value;
}
