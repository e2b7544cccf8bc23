import { of, type Matrix } from './matrix.js';
import { requireSizes } from './shapes.js';

/**
 * The matrix with these rows; `matrix([])` is 0×0.
 *
 * @throws {RangeError} that names the first row of another length.
 */
export function matrix(rows: readonly (readonly number[])[]): Matrix {
  const cols = rows.length === 0 ? 0 : rows[0].length;
  const data = new Float64Array(rows.length * cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) {
      throw new RangeError(
        `matrix: row ${i} has ${row.length} elements, the rows above it have ${cols}`,
      );
    }
    data.set(row, i * cols);
  });
  return of(rows.length, cols, data);
}

/**
 * The rows×cols matrix with a copy of `data`, row by row.
 *
 * @throws {RangeError} where `rows` or `cols` is no size, or the numbers are not rows·cols.
 */
export function fromData(rows: number, cols: number, data: ArrayLike<number>): Matrix {
  requireSizes('fromData', rows, cols);
  if (data.length !== rows * cols) {
    throw new RangeError(
      `fromData: ${rows}×${cols} takes ${rows * cols} numbers, there are ${data.length}`,
    );
  }
  return of(rows, cols, Float64Array.from(data));
}

/** The matrix of zeros. @throws {RangeError} where `rows` or `cols` is no size. */
export function zeros(rows: number, cols: number): Matrix {
  requireSizes('zeros', rows, cols);
  return of(rows, cols, new Float64Array(rows * cols));
}

/** The matrix of ones. @throws {RangeError} where `rows` or `cols` is no size. */
export function ones(rows: number, cols: number): Matrix {
  requireSizes('ones', rows, cols);
  return of(rows, cols, new Float64Array(rows * cols).fill(1));
}

/** The n×n identity. @throws {RangeError} where `n` is no size. */
export function identity(n: number): Matrix {
  requireSizes('identity', n, n);
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return of(n, n, data);
}

/**
 * One row of length `depth` for each label: 1 at the label, 0 elsewhere.
 *
 * @throws {RangeError} that names the first label that is not an integer from 0 to depth − 1, and its place.
 */
export function oneHot(labels: ArrayLike<number>, depth: number): Matrix {
  requireSizes('oneHot', labels.length, depth);
  const data = new Float64Array(labels.length * depth);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0 || label >= depth) {
      throw new RangeError(
        `oneHot: label ${label} at place ${i} is not one of the ${depth} from 0 upwards`,
      );
    }
    data[i * depth + label] = 1;
  }
  return of(labels.length, depth, data);
}
