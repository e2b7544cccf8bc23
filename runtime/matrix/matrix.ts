/**
 * A matrix of numbers, row by row: the element in row i and column j is `data[i * cols + j]`.
 *
 * Matrices are immutable in use: but for `addTo`, no function of this package writes into one that it was given. Whoever
 * fills an array makes the matrix of it when he is done.
 */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** What elementwise functions take: a number stretches to any shape. */
export type Operand = number | Matrix;

/** 0 runs along the rows (down), 1 along the columns (to the right), as in NumPy. */
export type Axis = 0 | 1;

/** The one place where matrices are made: all have the same hidden class, so that loops over them stay monomorphic. */
export function of(rows: number, cols: number, data: Float64Array): Matrix {
  return { rows, cols, data };
}

/** The shape of a matrix as it is shown in errors: `2×3`. */
export function shapeOf({ rows, cols }: Matrix): string {
  return `${String(rows)}×${String(cols)}`;
}
