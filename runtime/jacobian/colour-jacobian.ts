import { transposedPattern, type SparsePattern } from './sparse-pattern.js';

/** The columns (or rows) of a pattern in groups: `of[j]` is the colour of column j, from 0 to `count` − 1. */
export interface Colours {
  readonly count: number;
  readonly of: Int32Array;
}

/** A pattern, and its columns and its rows in groups of which one product with the Jacobian tells all entries. */
export interface JacobianColouring {
  readonly pattern: SparsePattern;
  readonly transposed: SparsePattern;
  readonly columns: Colours;
  readonly rows: Colours;
}

/**
 * Prepares `sparseJacobian`: gives columns without a common row the same colour, and likewise rows. Do it once for a
 * pattern; it serves at all points.
 *
 * Columns that share no row can be computed together, because their sum tells them apart (Curtis, Powell and Reid, "On
 * the estimation of sparse Jacobian matrices", 1974). Finding the fewest groups is to colour the column intersection
 * graph, which is as hard as colouring any graph; this takes for each column the first colour that none of its
 * neighbours has (Gebremedhin, Manne and Pothen, "What color is your Jacobian?", 2005, partial distance-2 colouring). For
 * band matrices that is the fewest, the width of the band.
 */
export function colourJacobian(pattern: SparsePattern): JacobianColouring {
  const transposed = transposedPattern(pattern);
  return {
    pattern,
    transposed,
    columns: colourColumns(pattern, transposed),
    rows: colourColumns(transposed, pattern),
  };
}

function colourColumns(pattern: SparsePattern, transposed: SparsePattern): Colours {
  const of = new Int32Array(pattern.cols).fill(-1);
  const takenFor = new Int32Array(pattern.cols).fill(-1);
  let count = 0;
  for (let j = 0; j < pattern.cols; j++) {
    for (let p = transposed.rowStarts[j]; p < transposed.rowStarts[j + 1]; p++) {
      const i = transposed.columns[p];
      for (let k = pattern.rowStarts[i]; k < pattern.rowStarts[i + 1]; k++) {
        const colour = of[pattern.columns[k]];
        if (colour >= 0) takenFor[colour] = j;
      }
    }
    of[j] = firstFree(takenFor, j);
    count = Math.max(count, of[j] + 1);
  }
  return { count, of };
}

/** The first colour that is not taken for `vertex`. */
export function firstFree(takenFor: Int32Array, vertex: number): number {
  let colour = 0;
  while (takenFor[colour] === vertex) colour++;
  return colour;
}
