import { firstFree, type Colours } from './colour-jacobian.js';
import { symmetricPattern, type SparsePattern } from './sparse-pattern.js';

/**
 * A symmetric pattern and its columns in groups. Entry k of the pattern is found in the product of the group
 * `productOf[k]`, at place `placeOf[k]`.
 */
export interface HessianColouring {
  readonly pattern: SparsePattern;
  readonly columns: Colours;
  readonly productOf: Int32Array;
  readonly placeOf: Int32Array;
}

/** For each vertex how many of its neighbours have a colour, as far as they are coloured. */
type Neighbourhood = readonly Map<number, number>[];

/**
 * Prepares `sparseHessian`: colours the columns so that each entry, or the one across the diagonal, can be read from a
 * product. Do it once for a pattern; it serves at all points. A pattern of one triangle stands for both.
 *
 * By symmetry that may take fewer colours than a Jacobian: neighbours must differ, and a path of four vertices must have three
 * colours (star colouring: Coleman and Moré, "Estimation of sparse Hessian matrices and graph coloring problems", 1984;
 * Gebremedhin, Manne and Pothen, "What color is your Jacobian?", 2005). Each vertex takes the first colour that keeps to
 * this.
 *
 * @throws {RangeError} where the pattern is not square.
 */
export function colourHessian(pattern: SparsePattern): HessianColouring {
  const { rows, cols } = pattern;
  if (rows !== cols) throw new RangeError(`colourHessian: ${rows}×${cols} is not square`);
  const symmetric = symmetricPattern(pattern);
  const around = Array.from({ length: rows }, () => new Map<number, number>());
  const columns = starColours(symmetric, around);
  return { pattern: symmetric, columns, ...readingPlan(symmetric, columns, around) };
}

/** Colours greedily, and counts the colours around each vertex on the way. */
function starColours({ rows, rowStarts, columns }: SparsePattern, around: Neighbourhood): Colours {
  const of = new Int32Array(rows).fill(-1);
  const takenFor = new Int32Array(rows).fill(-1);
  let count = 0;
  for (let v = 0; v < rows; v++) {
    for (let p = rowStarts[v]; p < rowStarts[v + 1]; p++) {
      const w = columns[p];
      if (of[w] < 0) continue;
      takenFor[of[w]] = v;
      // v in the middle of a path of two colours, then v at its end.
      const isMiddle = repeats(around, v, of[w]);
      for (let q = rowStarts[w]; q < rowStarts[w + 1]; q++) {
        const x = columns[q];
        if (of[x] >= 0 && (isMiddle || repeats(around, x, of[w]))) takenFor[of[x]] = v;
      }
    }
    of[v] = firstFree(takenFor, v);
    count = Math.max(count, of[v] + 1);
    for (let p = rowStarts[v]; p < rowStarts[v + 1]; p++) {
      const near = around[columns[p]];
      if (columns[p] !== v) near.set(of[v], (near.get(of[v]) ?? 0) + 1);
    }
  }
  return { count, of };
}

/** Whether more than one neighbour of a vertex has the colour. */
function repeats(around: Neighbourhood, vertex: number, colour: number): boolean {
  return (around[vertex].get(colour) ?? 0) > 1;
}

/**
 * Entry (i, j) stands alone at place i of the product for the colour of j, or (j, i) at place j of that for the colour of
 * i: otherwise i would have another neighbour with the colour of j, and j one with that of i, a path of two colours.
 */
function readingPlan(
  { rows, rowStarts, columns }: SparsePattern,
  { of }: Colours,
  around: Neighbourhood,
): Pick<HessianColouring, 'productOf' | 'placeOf'> {
  const productOf = new Int32Array(columns.length);
  const placeOf = new Int32Array(columns.length);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const first = Math.min(i, columns[k]);
      const last = Math.max(i, columns[k]);
      const isAlone = !repeats(around, first, of[last]);
      productOf[k] = of[isAlone ? last : first];
      placeOf[k] = isAlone ? first : last;
    }
  }
  return { productOf, placeOf };
}
