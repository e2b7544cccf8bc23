import { of, type Matrix } from '../matrix/matrix.js';
import { type SparsePattern } from './sparse-pattern.js';

/** A sparse matrix in CSR form: `values[k]` is the element in column `columns[k]`. All other elements are 0. */
export interface SparseMatrix extends SparsePattern {
  readonly values: Float64Array;
}

/** The same matrix with its zeros. */
export function toDense({ rows, cols, rowStarts, columns, values }: SparseMatrix): Matrix {
  const entries = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      entries[i * cols + columns[k]] = values[k];
    }
  }
  return of(rows, cols, entries);
}

/** The entries as `[row, column, value]`, row by row. Those of the pattern that happen to be 0 are among them. */
export function toTriplets({
  rows,
  rowStarts,
  columns,
  values,
}: SparseMatrix): [row: number, column: number, value: number][] {
  const triplets: [number, number, number][] = [];
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) triplets.push([i, columns[k], values[k]]);
  }
  return triplets;
}
