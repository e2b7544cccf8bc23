import { of, type Matrix } from './matrix.js';
import { requireSameShape } from './shapes.js';

/** What generated code calls: zeros with the shape of `a`. */
export function zerosLike(a: Matrix): Matrix {
  return of(a.rows, a.cols, new Float64Array(a.data.length));
}

/** What generated code calls: a copy that shares nothing with `a`. */
export function copy(a: Matrix): Matrix {
  return of(a.rows, a.cols, a.data.slice());
}

/**
 * What generated code calls: adds `x` to `target` in place, which must be a matrix of its own, and returns it.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function addTo(target: Matrix, x: Matrix): Matrix {
  requireSameShape('addTo', target, x);
  const sums = target.data;
  const addends = x.data;
  for (let k = 0; k < sums.length; k++) sums[k] += addends[k];
  return target;
}
