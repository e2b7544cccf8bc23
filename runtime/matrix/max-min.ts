import { of, type Axis, type Matrix } from './matrix.js';
import { requireAxis, requireShape } from './shapes.js';
import { lane } from './sum.js';

/**
 * The largest element: of all, or along an axis, of which the length becomes 1 (`keep` is true, or left out) or which
 * is left out (`keep` is false). NaN where there is a NaN; −∞ of nothing, as `Math.max()`.
 *
 * @throws {RangeError} where the axis is neither 0 nor 1.
 */
export function max(a: Matrix): number;
export function max(a: Matrix, axis: Axis, keep?: true): Matrix;
export function max(a: Matrix, axis: Axis, keep: false): Float64Array;
export function max(a: Matrix, axis?: Axis, keep = true): number | Matrix | Float64Array {
  const { rows, cols, data } = a;
  if (axis === undefined) {
    let largest = -Infinity;
    for (let k = 0; k < data.length; k++) largest = Math.max(largest, data[k]);
    return largest;
  }
  requireAxis('max', axis);
  const found = new Float64Array(axis === 0 ? cols : rows).fill(-Infinity);
  for (let i = 0, k = 0; i < rows; i++) {
    if (axis === 0) {
      for (let j = 0; j < cols; j++) found[j] = Math.max(found[j], data[k++]);
    } else {
      let largest = -Infinity;
      for (let j = 0; j < cols; j++) largest = Math.max(largest, data[k++]);
      found[i] = largest;
    }
  }
  return keep ? lane(axis, found) : found;
}

/**
 * The smallest element: of all, or along an axis, as `max`. NaN where there is a NaN; ∞ of nothing, as `Math.min()`.
 *
 * @throws {RangeError} where the axis is neither 0 nor 1.
 */
export function min(a: Matrix): number;
export function min(a: Matrix, axis: Axis, keep?: true): Matrix;
export function min(a: Matrix, axis: Axis, keep: false): Float64Array;
export function min(a: Matrix, axis?: Axis, keep = true): number | Matrix | Float64Array {
  const { rows, cols, data } = a;
  if (axis === undefined) {
    let smallest = Infinity;
    for (let k = 0; k < data.length; k++) smallest = Math.min(smallest, data[k]);
    return smallest;
  }
  requireAxis('min', axis);
  const found = new Float64Array(axis === 0 ? cols : rows).fill(Infinity);
  for (let i = 0, k = 0; i < rows; i++) {
    if (axis === 0) {
      for (let j = 0; j < cols; j++) found[j] = Math.min(found[j], data[k++]);
    } else {
      let smallest = Infinity;
      for (let j = 0; j < cols; j++) smallest = Math.min(smallest, data[k++]);
      found[i] = smallest;
    }
  }
  return keep ? lane(axis, found) : found;
}

/**
 * What generated code calls: the adjoint of `v = max(a)`, or of `v = max(a, axis)`. All of it goes to the first element
 * that is the maximum, or to the first NaN where v is NaN.
 *
 * @throws {RangeError} where the shapes of dv and v are not that of `max(a, axis)`.
 */
export function maxPullback(dv: number, a: Matrix, v: number): Matrix;
export function maxPullback(dv: Matrix, a: Matrix, v: Matrix, axis: Axis): Matrix;
export function maxPullback(
  dv: number | Matrix,
  a: Matrix,
  v: number | Matrix,
  axis?: Axis,
): Matrix {
  return toFirst('maxPullback', dv, a, v, axis);
}

/**
 * What generated code calls: the adjoint of `v = min(a)`, or of `v = min(a, axis)`. All of it goes to the first element
 * that is the minimum, or to the first NaN where v is NaN.
 *
 * @throws {RangeError} where the shapes of dv and v are not that of `min(a, axis)`.
 */
export function minPullback(dv: number, a: Matrix, v: number): Matrix;
export function minPullback(dv: Matrix, a: Matrix, v: Matrix, axis: Axis): Matrix;
export function minPullback(
  dv: number | Matrix,
  a: Matrix,
  v: number | Matrix,
  axis?: Axis,
): Matrix {
  return toFirst('minPullback', dv, a, v, axis);
}

function toFirst(
  name: string,
  dv: number | Matrix,
  a: Matrix,
  v: number | Matrix,
  axis: Axis | undefined,
): Matrix {
  const { rows, cols, data } = a;
  const da = new Float64Array(data.length);
  if (typeof dv === 'number' || typeof v === 'number') {
    if (typeof dv !== typeof v)
      throw new TypeError(`${name}: both dv and v must be numbers, or matrices`);
    const first = firstOf(data, 0, 1, data.length, v as number);
    if (first >= 0) da[first] = dv as number;
    return of(rows, cols, da);
  }
  requireAxis(name, axis as Axis);
  for (const reduced of [dv, v]) {
    requireShape(name, reduced, axis === 0 ? 1 : rows, axis === 0 ? cols : 1);
  }
  for (let t = 0; t < v.data.length; t++) {
    const first =
      axis === 0
        ? firstOf(data, t, cols, rows, v.data[t])
        : firstOf(data, t * cols, 1, cols, v.data[t]);
    if (first >= 0) da[first] = dv.data[t];
  }
  return of(rows, cols, da);
}

/** The place of the first of `count` elements that is v, from `start` on; −1 where there is none. */
function firstOf(
  data: Float64Array,
  start: number,
  stride: number,
  count: number,
  v: number,
): number {
  const searchNaN = Number.isNaN(v);
  for (let t = 0, p = start; t < count; t++, p += stride) {
    if (data[p] === v || (searchNaN && Number.isNaN(data[p]))) return p;
  }
  return -1;
}
