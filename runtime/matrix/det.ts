import { factorise, substituteTransposed, type Factors } from './lu.js';
import { identity } from './make.js';
import { of, shapeOf, type Matrix } from './matrix.js';
import { dot } from './products.js';
import { requireSameShape, requireSquare } from './shapes.js';
import { matmul, matmulNT } from '../matmul/index.js';

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
  const value = determinant(factorise('detPullback', minorOf(a, i, j)));
  return (i + j) % 2 === 0 ? value : -value;
}

/** `a` without row i and column j. */
function minorOf(a: Matrix, i: number, j: number): Matrix {
  const n = a.rows;
  const minor = new Float64Array((n - 1) * (n - 1));
  for (let row = 0, k = 0; row < n; row++) {
    if (row === i) continue;
    for (let col = 0; col < n; col++) if (col !== j) minor[k++] = a.data[row * n + col];
  }
  return of(n - 1, n - 1, minor);
}

/**
 * What generated code calls: the tangent of the cofactors dd·d·a⁻¹ᵀ along `ta`: dd·d·(tr(a⁻¹·ta)·a⁻¹ᵀ − a⁻¹ᵀ·taᵀ·a⁻¹ᵀ).
 * Where d is 0, each is the tangent of a smaller determinant.
 *
 * @throws {RangeError} where the shapes differ, or are not square.
 */
export function detPullbackTangent(dd: number, ta: Matrix, a: Matrix, d: number): Matrix {
  requireSquare('detPullbackTangent', a);
  requireSameShape('detPullbackTangent', ta, a);
  const n = a.rows;
  const tangent = new Float64Array(n * n);
  if (d === 0) {
    for (let i = 0, k = 0; i < n; i++) {
      for (let j = 0; j < n; j++) tangent[k++] = dd * cofactorTangent(ta, a, i, j);
    }
    return of(n, n, tangent);
  }
  const inverse = substituteTransposed(factorise('detPullbackTangent', a), identity(n));
  const trace = dot(inverse, ta);
  const turned = matmul(matmulNT(inverse, ta), inverse);
  for (let k = 0; k < tangent.length; k++)
    tangent[k] = dd * d * (trace * inverse.data[k] - turned.data[k]);
  return of(n, n, tangent);
}

function cofactorTangent(ta: Matrix, a: Matrix, i: number, j: number): number {
  const minor = minorOf(a, i, j);
  const value = dot(minorOf(ta, i, j), detPullback(1, minor, det(minor)));
  return (i + j) % 2 === 0 ? value : -value;
}
