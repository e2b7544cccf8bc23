import { type Matrix } from '../matrix/matrix.js';
import { requireSizes } from '../matrix/shapes.js';

/**
 * Where a matrix may have elements other than 0, row by row (CSR): `columns[k]` for k from `rowStarts[i]` to before
 * `rowStarts[i + 1]` are the columns of the entries of row i, in ascending order.
 */
export interface SparsePattern {
  readonly rows: number;
  readonly cols: number;
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
}

/**
 * The pattern of a rows×cols matrix with these entries, `[row, column]` in any order; what is named twice is one entry.
 *
 * @throws {RangeError} where `rows` or `cols` is no size, or an entry lies outside.
 */
export function sparsePattern(
  rows: number,
  cols: number,
  entries: Iterable<readonly [number, number]>,
): SparsePattern {
  requireSizes('sparsePattern', rows, cols);
  const columnsOf = Array.from({ length: rows }, () => new Set<number>());
  for (const [i, j] of entries) {
    const row = columnsOf[i] as Set<number> | undefined;
    if (row === undefined || !Number.isInteger(j) || j < 0 || j >= cols) {
      throw new RangeError(`sparsePattern: ${rows}×${cols} has no row ${i}, column ${j}`);
    }
    row.add(j);
  }
  const rowStarts = new Int32Array(rows + 1);
  columnsOf.forEach((row, i) => (rowStarts[i + 1] = rowStarts[i] + row.size));
  const columns = new Int32Array(rowStarts[rows]);
  columnsOf.forEach((row, i) => columns.set(Int32Array.from(row).sort(), rowStarts[i]));
  return { rows, cols, rowStarts, columns };
}

/**
 * The pattern of the elements of `a` that are not 0. A Jacobian at one random point has a pattern that holds at all
 * points, unless a branch or an index depends on the point.
 */
export function nonZeroPattern(a: Matrix): SparsePattern {
  const { rows, cols, data } = a;
  const columns: number[] = [];
  const rowStarts = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (data[i * cols + j] !== 0) columns.push(j);
    }
    rowStarts[i + 1] = columns.length;
  }
  return { rows, cols, rowStarts, columns: Int32Array.from(columns) };
}

/** The pattern of the transpose. */
export function transposedPattern({
  rows,
  cols,
  rowStarts,
  columns,
}: SparsePattern): SparsePattern {
  const starts = new Int32Array(cols + 1);
  for (const j of columns) starts[j + 1]++;
  for (let j = 0; j < cols; j++) starts[j + 1] += starts[j];
  const next = starts.slice();
  const transposed = new Int32Array(columns.length);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) transposed[next[columns[k]]++] = i;
  }
  return { rows: cols, cols: rows, rowStarts: starts, columns: transposed };
}

/** The pattern of A + Aᵀ, for a square pattern of A. */
export function symmetricPattern(pattern: SparsePattern): SparsePattern {
  const upper = [...entriesOf(pattern)];
  const lower = upper.map(([i, j]): [number, number] => [j, i]);
  return sparsePattern(pattern.rows, pattern.cols, upper.concat(lower));
}

function* entriesOf({ rows, rowStarts, columns }: SparsePattern): Generator<[number, number]> {
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) yield [i, columns[k]];
  }
}
