import { of, shapeOf, type Matrix, type Operand } from './matrix.js';

/**
 * How a loop over the common shape of two matrices walks through their data: where an operand has length 1, its step
 * is 0. The element in row i and column j of `a` is at `i * aRow + j * aCol`.
 */
export interface Strides {
  readonly rows: number;
  readonly cols: number;
  readonly aRow: number;
  readonly aCol: number;
  readonly bRow: number;
  readonly bCol: number;
}

/**
 * The common shape of two matrices, by NumPy's rule: in each direction the lengths are equal, or one of them is 1 and
 * stretches.
 */
export function stridesOf(name: string, a: Matrix, b: Matrix): Strides {
  const rowsFit = a.rows === b.rows || a.rows === 1 || b.rows === 1;
  const colsFit = a.cols === b.cols || a.cols === 1 || b.cols === 1;
  if (!rowsFit || !colsFit) {
    throw misfit(name, shapeOf(a), shapeOf(b));
  }
  return {
    rows: a.rows === 1 ? b.rows : a.rows,
    cols: a.cols === 1 ? b.cols : a.cols,
    aRow: a.rows === 1 ? 0 : a.cols,
    aCol: a.cols === 1 ? 0 : 1,
    bRow: b.rows === 1 ? 0 : b.cols,
    bCol: b.cols === 1 ? 0 : 1,
  };
}

/** How a loop over a larger shape walks through an operand that stretches to it. */
export interface Walk {
  readonly data: Float64Array;
  readonly row: number;
  readonly col: number;
}

export function walkOf(x: Operand): Walk {
  if (typeof x === 'number') return { data: Float64Array.of(x), row: 0, col: 0 };
  return { data: x.data, row: x.rows === 1 ? 0 : x.cols, col: x.cols === 1 ? 0 : 1 };
}

/** The common shape of three operands; see `stridesOf`. */
export function commonShape(
  name: string,
  a: Operand,
  b: Operand,
  c: Operand,
): { rows: number; cols: number } {
  let rows = 1;
  let cols = 1;
  for (const x of [a, b, c]) {
    if (typeof x === 'number') continue;
    if (
      (x.rows !== rows && x.rows !== 1 && rows !== 1) ||
      (x.cols !== cols && x.cols !== 1 && cols !== 1)
    ) {
      throw misfit(name, `${rows}×${cols}`, shapeOf(x));
    }
    if (rows === 1) rows = x.rows;
    if (cols === 1) cols = x.cols;
  }
  return { rows, cols };
}

/** Throws where `x` does not stretch to the shape of `like`. */
export function requireStretches(name: string, x: Operand, like: Matrix): void {
  if (typeof x === 'number') return;
  if ((x.rows === like.rows || x.rows === 1) && (x.cols === like.cols || x.cols === 1)) return;
  throw new RangeError(`${name}: ${shapeOf(x)} does not stretch to ${shapeOf(like)}`);
}

/**
 * What generated code calls: a fresh matrix with the shape of `like`, `x` stretched to it (the adjoint of a sum).
 *
 * @throws {RangeError} where `x` does not stretch to that shape.
 */
export function broadcastLike(x: Operand, like: Matrix): Matrix {
  const { rows, cols } = like;
  const stretched = new Float64Array(rows * cols);
  if (typeof x === 'number') return of(rows, cols, stretched.fill(x));
  requireStretches('broadcastLike', x, like);
  const { data, row, col } = walkOf(x);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0, p = i * row; j < cols; j++, p += col) stretched[k++] = data[p];
  }
  return of(rows, cols, stretched);
}

function misfit(name: string, a: string, b: string): RangeError {
  return new RangeError(
    `${name}: ${a} and ${b} do not fit: rows and columns must be as many in both, or 1 in one of them`,
  );
}
