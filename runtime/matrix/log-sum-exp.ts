import { of, type Axis, type Matrix, type Operand } from './matrix.js';
import { requireAxis } from './shapes.js';
import { requireStretches, walkOf } from './broadcast.js';
import { lane } from './sum.js';

/**
 * log Σ e^a: over all elements, or along an axis, of which the length becomes 1 (`keep` is true, or left out) or which
 * is left out (`keep` is false). Never overflows; −∞ of nothing.
 *
 * @throws {RangeError} where the axis is neither 0 nor 1.
 */
export function logSumExp(a: Matrix): number;
export function logSumExp(a: Matrix, axis: Axis, keep?: true): Matrix;
export function logSumExp(a: Matrix, axis: Axis, keep: false): Float64Array;
export function logSumExp(a: Matrix, axis?: Axis, keep = true): number | Matrix | Float64Array {
  const { rows, cols, data } = a;
  if (axis === undefined) return logSumExpOf(data, 0, 1, data.length);
  requireAxis('logSumExp', axis);
  const logs = new Float64Array(axis === 0 ? cols : rows);
  for (let t = 0; t < logs.length; t++) {
    logs[t] = axis === 0 ? logSumExpOf(data, t, cols, rows) : logSumExpOf(data, t * cols, 1, cols);
  }
  return keep ? lane(axis, logs) : logs;
}

/** log Σ e^x over `count` elements from `start` on, `stride` apart. The largest is taken out: no e^x exceeds 1. */
export function logSumExpOf(
  data: Float64Array,
  start: number,
  stride: number,
  count: number,
): number {
  const stop = start + count * stride;
  let largest = -Infinity;
  for (let p = start; p < stop; p += stride) largest = Math.max(largest, data[p]);
  // ∞ − ∞ would be NaN.
  if (largest === -Infinity || largest === Infinity) return largest;
  let total = 0;
  for (let p = start; p < stop; p += stride) total += Math.exp(data[p] - largest);
  return largest + Math.log(total);
}

/**
 * What generated code calls: the adjoint of `v = logSumExp(a)`, or of `v = logSumExp(a, axis)`: dv·e^(a − v), and 0
 * where v is −∞.
 *
 * @throws {RangeError} where dv or v does not stretch to the shape of `a`.
 */
export function logSumExpPullback(dv: Operand, a: Matrix, v: Operand): Matrix {
  const { rows, cols, data } = a;
  requireStretches('logSumExpPullback', dv, a);
  requireStretches('logSumExpPullback', v, a);
  const g = walkOf(dv);
  const logs = walkOf(v);
  const da = new Float64Array(data.length);
  for (let i = 0, k = 0; i < rows; i++) {
    let p = i * g.row;
    let q = i * logs.row;
    for (let j = 0; j < cols; j++, k++, p += g.col, q += logs.col) {
      const log = logs.data[q];
      da[k] = log === -Infinity ? 0 : g.data[p] * Math.exp(data[k] - log);
    }
  }
  return of(rows, cols, da);
}
