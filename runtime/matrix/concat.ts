import { of, shapeOf, type Matrix } from './matrix.js';

/**
 * The matrices under each other.
 *
 * @throws {RangeError} where there are none, or one has not as many columns as the first.
 */
export function concatRows(...parts: Matrix[]): Matrix {
  const { cols } = firstOf('concatRows', parts);
  let rows = 0;
  for (const part of parts) {
    if (part.cols !== cols) misfit('concatRows', parts[0], part, 'columns');
    rows += part.rows;
  }
  const data = new Float64Array(rows * cols);
  let to = 0;
  for (const part of parts) {
    data.set(part.data, to);
    to += part.data.length;
  }
  return of(rows, cols, data);
}

/**
 * The matrices beside each other.
 *
 * @throws {RangeError} where there are none, or one has not as many rows as the first.
 */
export function concatCols(...parts: Matrix[]): Matrix {
  const { rows } = firstOf('concatCols', parts);
  let cols = 0;
  for (const part of parts) {
    if (part.rows !== rows) misfit('concatCols', parts[0], part, 'rows');
    cols += part.cols;
  }
  const data = new Float64Array(rows * cols);
  let left = 0;
  for (const { cols: width, data: from } of parts) {
    for (let i = 0, k = 0; i < rows; i++) {
      for (let p = i * cols + left, stop = p + width; p < stop; p++) data[p] = from[k++];
    }
    left += width;
  }
  return of(rows, cols, data);
}

function firstOf(name: string, parts: readonly Matrix[]): Matrix {
  if (parts.length === 0) throw new RangeError(`${name}: there is nothing to put together`);
  return parts[0];
}

function misfit(name: string, first: Matrix, part: Matrix, what: string): never {
  throw new RangeError(
    `${name}: ${shapeOf(first)} and ${shapeOf(part)} do not fit: all must have as many ${what}`,
  );
}
