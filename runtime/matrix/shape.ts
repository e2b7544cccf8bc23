import { of, shapeOf, type Axis, type Matrix } from './matrix.js';
import { isSize, requireAxis, requireSizes } from './shapes.js';

/** The same elements, row by row, in another shape. @throws {RangeError} where they are not rows·cols. */
export function reshape(a: Matrix, rows: number, cols: number): Matrix {
  requireSizes('reshape', rows, cols);
  if (a.data.length !== rows * cols) {
    throw new RangeError(
      `reshape: ${shapeOf(a)} has ${a.data.length} elements, ${rows}×${cols} takes ${rows * cols}`,
    );
  }
  return of(rows, cols, a.data.slice());
}

/**
 * Each row (axis 0) or each column (axis 1) n times in succession, as `np.repeat`.
 *
 * @throws {RangeError} where n is not an integer of at least 0, or the axis is neither 0 nor 1.
 */
export function repeat(a: Matrix, n: number, axis: Axis): Matrix {
  requireAxis('repeat', axis);
  requireTimes('repeat', n);
  const { rows, cols, data } = a;
  const repeated = new Float64Array(data.length * n);
  if (axis === 0) {
    for (let i = 0, to = 0; i < rows; i++) {
      const row = data.subarray(i * cols, (i + 1) * cols);
      for (let t = 0; t < n; t++, to += cols) repeated.set(row, to);
    }
    return of(rows * n, cols, repeated);
  }
  for (let k = 0, to = 0; k < data.length; k++) {
    for (let t = 0; t < n; t++) repeated[to++] = data[k];
  }
  return of(rows, cols * n, repeated);
}

/** Throws where n cannot count repetitions. */
export function requireTimes(name: string, n: number): void {
  if (isSize(n)) return;
  throw new RangeError(
    `${name}: cannot repeat ${n} times: the number must be an integer, at least 0`,
  );
}

/**
 * The element in row i and column j.
 *
 * @throws {RangeError} where there is none.
 */
export function get(a: Matrix, i: number, j: number): number {
  // The shift is equal to the index just where that is an integer, at least 0.
  if (i >>> 0 !== i || j >>> 0 !== j || i >= a.rows || j >= a.cols) {
    throw new RangeError(`get: ${shapeOf(a)} has no element in row ${i}, column ${j}`);
  }
  return a.data[i * a.cols + j];
}
