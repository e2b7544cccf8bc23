import { of, shapeOf, type Matrix } from './matrix.js';
import { isSize, requireIndex } from './shapes.js';

/** The rows from `start` to before `end`, as `Array.slice`: negative places count from the end. */
export function sliceRows(a: Matrix, start: number, end?: number): Matrix {
  const { rows, cols, data } = a;
  const from = placeOf(start, rows);
  const to = Math.max(from, placeOf(end ?? rows, rows));
  return of(to - from, cols, data.slice(from * cols, to * cols));
}

/** The columns from `start` to before `end`, as `Array.slice`: negative places count from the end. */
export function sliceCols(a: Matrix, start: number, end?: number): Matrix {
  const { rows, cols, data } = a;
  const from = placeOf(start, cols);
  const width = Math.max(from, placeOf(end ?? cols, cols)) - from;
  const slice = new Float64Array(rows * width);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let p = i * cols + from, stop = p + width; p < stop; p++) slice[k++] = data[p];
  }
  return of(rows, width, slice);
}

/**
 * What generated code calls: the adjoint of `sliceRows` from `start` of a matrix with `rows` rows: zeros, with `a` from
 * row `start` on. A negative start counts from the end.
 *
 * @throws {RangeError} where `a` does not fit there.
 */
export function padRows(a: Matrix, start: number, rows: number): Matrix {
  const from = paddedFrom('padRows', a, start, a.rows, rows, 'rows');
  const padded = new Float64Array(rows * a.cols);
  padded.set(a.data, from * a.cols);
  return of(rows, a.cols, padded);
}

/**
 * What generated code calls: the adjoint of `sliceCols` from `start` of a matrix with `cols` columns: zeros, with `a`
 * from column `start` on. A negative start counts from the end.
 *
 * @throws {RangeError} where `a` does not fit there.
 */
export function padCols(a: Matrix, start: number, cols: number): Matrix {
  const from = paddedFrom('padCols', a, start, a.cols, cols, 'columns');
  const padded = new Float64Array(a.rows * cols);
  for (let i = 0, k = 0; i < a.rows; i++) {
    for (let p = i * cols + from, stop = p + a.cols; p < stop; p++) padded[p] = a.data[k++];
  }
  return of(a.rows, cols, padded);
}

/**
 * The rows with these indices, in this order; an index may come several times.
 *
 * @throws {RangeError} that names the first index that is not a row, and its place.
 */
export function gatherRows(a: Matrix, indices: ArrayLike<number>): Matrix {
  const { rows, cols, data } = a;
  const gathered = new Float64Array(indices.length * cols);
  for (let i = 0, k = 0; i < indices.length; i++) {
    requireIndex('gatherRows', indices[i], i, rows);
    for (let p = indices[i] * cols, stop = p + cols; p < stop; p++) gathered[k++] = data[p];
  }
  return of(indices.length, cols, gathered);
}

/**
 * What generated code calls: the adjoint of `gatherRows` of a matrix with `rows` rows: adds each row of `a` to the row
 * that its index names, in a matrix of zeros.
 *
 * @throws {RangeError} where an index is not a row, or the indices are not as many as the rows of `a`.
 */
export function scatterRows(a: Matrix, indices: ArrayLike<number>, rows: number): Matrix {
  const { cols, data } = a;
  if (a.rows !== indices.length) {
    throw new RangeError(
      `scatterRows: ${shapeOf(a)} and ${indices.length} indices do not fit: there must be one for each row`,
    );
  }
  const scattered = new Float64Array(rows * cols);
  for (let i = 0, k = 0; i < indices.length; i++) {
    requireIndex('scatterRows', indices[i], i, rows);
    for (let p = indices[i] * cols, stop = p + cols; p < stop; p++) scattered[p] += data[k++];
  }
  return of(rows, cols, scattered);
}

/** Where `Array.slice` begins: from the end where negative, never outside. */
function placeOf(place: number, length: number): number {
  const whole = Math.trunc(place) || 0;
  return whole < 0 ? Math.max(0, whole + length) : Math.min(whole, length);
}

function paddedFrom(
  name: string,
  a: Matrix,
  start: number,
  width: number,
  length: number,
  what: string,
): number {
  const from = placeOf(start, length);
  if (!isSize(length) || from + width > length) {
    throw new RangeError(
      `${name}: ${shapeOf(a)} from ${start} on does not fit into ${length} ${what}`,
    );
  }
  return from;
}
