import { of, type Matrix } from './matrix.js';
import { requireSameShape } from './shapes.js';

/** The mean over all elements of (y − o)². @throws {RangeError} where the shapes differ. */
export function mse(y: Matrix, o: Matrix): number {
  requireSameShape('mse', y, o);
  return squaredDistance(y.data, o.data) / y.data.length;
}

/** ½·Σ (y − o)². @throws {RangeError} where the shapes differ. */
export function halfMse(y: Matrix, o: Matrix): number {
  requireSameShape('halfMse', y, o);
  return squaredDistance(y.data, o.data) / 2;
}

/** Σ w². */
export function l2(w: Matrix): number {
  const { data } = w;
  let total = 0;
  for (let k = 0; k < data.length; k++) total += data[k] * data[k];
  return total;
}

function squaredDistance(y: Float64Array, o: Float64Array): number {
  let total = 0;
  for (let k = 0; k < y.length; k++) {
    const error = y[k] - o[k];
    total += error * error;
  }
  return total;
}

/**
 * What generated code calls: the adjoint of `mse(y, o)` in o, 2·dl·(o − y)/n. With y and o exchanged it is the one in y.
 *
 * @throws {RangeError} where the shapes differ.
 */
export function msePullback(dl: number, y: Matrix, o: Matrix): Matrix {
  requireSameShape('msePullback', y, o);
  const targets = y.data;
  const outputs = o.data;
  const dO = new Float64Array(outputs.length);
  const factor = (2 * dl) / outputs.length;
  for (let k = 0; k < dO.length; k++) dO[k] = factor * (outputs[k] - targets[k]);
  return of(o.rows, o.cols, dO);
}
