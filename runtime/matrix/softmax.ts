import { logSumExpOf } from './log-sum-exp.js';
import { of, type Axis, type Matrix } from './matrix.js';
import { requireAxis, requireSameShape } from './shapes.js';

/** e^a / Σ e^a along an axis; never overflows. @throws {RangeError} where the axis is neither 0 nor 1. */
export function softmax(a: Matrix, axis: Axis): Matrix {
  const { lanes, next, stride, reach } = lanesOf('softmax', a, axis);
  const x = a.data;
  const y = new Float64Array(x.length);
  for (let t = 0, start = 0; t < lanes; t++, start += next) {
    const stop = start + reach;
    let largest = -Infinity;
    for (let p = start; p < stop; p += stride) largest = Math.max(largest, x[p]);
    let total = 0;
    for (let p = start; p < stop; p += stride) total += y[p] = Math.exp(x[p] - largest);
    for (let p = start; p < stop; p += stride) y[p] /= total;
  }
  return of(a.rows, a.cols, y);
}

/** a − log Σ e^a along an axis; never overflows. @throws {RangeError} where the axis is neither 0 nor 1. */
export function logSoftmax(a: Matrix, axis: Axis): Matrix {
  const { lanes, next, stride, reach, count } = lanesOf('logSoftmax', a, axis);
  const x = a.data;
  const y = new Float64Array(x.length);
  for (let t = 0, start = 0; t < lanes; t++, start += next) {
    const log = logSumExpOf(x, start, stride, count);
    for (let p = start; p < start + reach; p += stride) y[p] = x[p] - log;
  }
  return of(a.rows, a.cols, y);
}

/**
 * What generated code calls: the adjoint of `y = softmax(x, axis)`, y·(dy − Σ dy·y) along the axis.
 *
 * @throws {RangeError} where the shapes differ, or the axis is neither 0 nor 1.
 */
export function softmaxPullback(dy: Matrix, y: Matrix, axis: Axis): Matrix {
  requireSameShape('softmaxPullback', dy, y);
  const { lanes, next, stride, reach } = lanesOf('softmaxPullback', y, axis);
  const g = dy.data;
  const shares = y.data;
  const dx = new Float64Array(g.length);
  for (let t = 0, start = 0; t < lanes; t++, start += next) {
    const stop = start + reach;
    let total = 0;
    for (let p = start; p < stop; p += stride) total += g[p] * shares[p];
    for (let p = start; p < stop; p += stride) dx[p] = shares[p] * (g[p] - total);
  }
  return of(y.rows, y.cols, dx);
}

/**
 * What generated code calls: the adjoint of `y = logSoftmax(x, axis)`, dy − e^y·Σ dy along the axis.
 *
 * @throws {RangeError} where the shapes differ, or the axis is neither 0 nor 1.
 */
export function logSoftmaxPullback(dy: Matrix, y: Matrix, axis: Axis): Matrix {
  requireSameShape('logSoftmaxPullback', dy, y);
  const { lanes, next, stride, reach } = lanesOf('logSoftmaxPullback', y, axis);
  const g = dy.data;
  const logs = y.data;
  const dx = new Float64Array(g.length);
  for (let t = 0, start = 0; t < lanes; t++, start += next) {
    const stop = start + reach;
    let total = 0;
    for (let p = start; p < stop; p += stride) total += g[p];
    for (let p = start; p < stop; p += stride) dx[p] = g[p] - Math.exp(logs[p]) * total;
  }
  return of(y.rows, y.cols, dx);
}

/** The columns (axis 0) or rows (axis 1) of a matrix, as places in its data. */
interface Lanes {
  readonly lanes: number;
  /** From the first element of a lane to that of the next. */
  readonly next: number;
  /** From one element of a lane to the next. */
  readonly stride: number;
  /** From the first element of a lane to behind its last. */
  readonly reach: number;
  readonly count: number;
}

function lanesOf(name: string, { rows, cols }: Matrix, axis: Axis): Lanes {
  requireAxis(name, axis);
  return axis === 0
    ? { lanes: cols, next: 1, stride: cols, reach: rows * cols, count: rows }
    : { lanes: rows, next: cols, stride: 1, reach: cols, count: cols };
}
