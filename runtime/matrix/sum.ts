import { of, shapeOf, type Axis, type Matrix } from './matrix.js';
import { requireTimes } from './shape.js';
import { requireAxis } from './shapes.js';

/**
 * The sum: of all elements, or along an axis, of which the length becomes 1 (`keep` is true, or left out) or which is
 * left out (`keep` is false). The sum of nothing is 0.
 *
 * @throws {RangeError} where the axis is neither 0 nor 1.
 */
export function sum(a: Matrix): number;
export function sum(a: Matrix, axis: Axis, keep?: true): Matrix;
export function sum(a: Matrix, axis: Axis, keep: false): Float64Array;
export function sum(a: Matrix, axis?: Axis, keep = true): number | Matrix | Float64Array {
  if (axis === undefined) return total(a.data);
  const totals = totalsOf('sum', a, axis);
  return keep ? lane(axis, totals) : totals;
}

/**
 * The mean: of all elements, or along an axis as `sum`. The mean of nothing is NaN.
 *
 * @throws {RangeError} where the axis is neither 0 nor 1.
 */
export function mean(a: Matrix): number;
export function mean(a: Matrix, axis: Axis, keep?: true): Matrix;
export function mean(a: Matrix, axis: Axis, keep: false): Float64Array;
export function mean(a: Matrix, axis?: Axis, keep = true): number | Matrix | Float64Array {
  if (axis === undefined) return total(a.data) / a.data.length;
  const means = totalsOf('mean', a, axis);
  const count = axis === 0 ? a.rows : a.cols;
  for (let k = 0; k < means.length; k++) means[k] /= count;
  return keep ? lane(axis, means) : means;
}

/**
 * What generated code calls: the adjoint of stretching. Sums `a` along the axes of which `like` has length 1 and `a`
 * has not; where the shapes are equal, it is `a` itself.
 *
 * @throws {RangeError} where `like` does not stretch to the shape of `a`.
 */
export function sumLike(a: Matrix, like: Matrix): Matrix {
  return shrink('sumLike', a, like.rows, like.cols);
}

/** What generated code calls: as `sumLike`, of a rows×cols matrix. */
export function sumTo(a: Matrix, rows: number, cols: number): Matrix {
  return shrink('sumTo', a, rows, cols);
}

/**
 * What generated code calls: the adjoint of `repeat(…, n, axis)`: the sums of each n rows (axis 0) or columns (axis 1)
 * that follow each other.
 *
 * @throws {RangeError} where the rows or columns are not a multiple of n, or the axis is neither 0 nor 1.
 */
export function sumRepeats(a: Matrix, n: number, axis: Axis): Matrix {
  requireAxis('sumRepeats', axis);
  requireTimes('sumRepeats', n);
  const { rows, cols, data } = a;
  const length = axis === 0 ? rows : cols;
  const groups = length / n;
  if (!Number.isInteger(groups)) {
    throw new RangeError(
      `sumRepeats: the ${axis === 0 ? 'rows' : 'columns'} of ${shapeOf(a)} are no ${n} repetitions`,
    );
  }
  if (axis === 0) {
    const totals = new Float64Array(groups * cols);
    for (let i = 0, k = 0; i < rows; i++) {
      for (let p = Math.floor(i / n) * cols, stop = p + cols; p < stop; p++) totals[p] += data[k++];
    }
    return of(groups, cols, totals);
  }
  const totals = new Float64Array(rows * groups);
  for (let to = 0, k = 0; to < totals.length; to++) {
    for (let t = 0; t < n; t++) totals[to] += data[k++];
  }
  return of(rows, groups, totals);
}

/** A row of what a reduction along axis 0 left, a column of what one along axis 1 left. */
export function lane(axis: Axis, data: Float64Array): Matrix {
  return axis === 0 ? of(1, data.length, data) : of(data.length, 1, data);
}

function total(data: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < data.length; k++) sum += data[k];
  return sum;
}

function totalsOf(name: string, a: Matrix, axis: Axis): Float64Array {
  requireAxis(name, axis);
  const { rows, cols, data } = a;
  if (axis === 0) {
    return columnTotals(data, rows, cols);
  }
  const totals = new Float64Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += data[k++];
    totals[i] = sum;
  }
  return totals;
}

/** Four rows at a time, so that the totals are read and written a quarter as often; added up one after the other. */
function columnTotals(data: Float64Array, rows: number, cols: number): Float64Array {
  const totals = new Float64Array(cols);
  const fours = rows - (rows % 4);
  for (let i = 0; i < fours; i += 4) {
    const row0 = i * cols;
    const row1 = row0 + cols;
    const row2 = row1 + cols;
    const row3 = row2 + cols;
    for (let j = 0; j < cols; j++) {
      totals[j] = totals[j] + data[row0 + j] + data[row1 + j] + data[row2 + j] + data[row3 + j];
    }
  }
  for (let i = fours; i < rows; i++) {
    const row = i * cols;
    for (let j = 0; j < cols; j++) totals[j] += data[row + j];
  }
  return totals;
}

function shrink(name: string, a: Matrix, rows: number, cols: number): Matrix {
  if ((rows !== a.rows && rows !== 1) || (cols !== a.cols && cols !== 1)) {
    throw new RangeError(`${name}: ${shapeOf(a)} does not sum up to ${rows}×${cols}`);
  }
  if (rows === a.rows) return cols === a.cols ? a : of(rows, 1, totalsOf(name, a, 1));
  if (cols === a.cols) return of(1, cols, totalsOf(name, a, 0));
  return of(1, 1, Float64Array.of(total(a.data)));
}
