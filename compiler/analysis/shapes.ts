import { numberOf, type Definitions } from '../ir/build.js';
import type { ApplyOp, Value } from '../ir/ir.js';
import { isMatrixOp } from '../ir/matrix-functions.js';
import { matrixRuleOf } from '../rules/index.js';

/** How many rows or columns: a constant, a number of the function, or as many as a matrix has. */
export type Extent =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'number'; readonly value: Value }
  | {
      readonly kind: 'of';
      readonly matrix: Value;
      readonly axis: 'rows' | 'cols';
      /** The same extent of a matrix that has a name, where this one has none. */
      readonly named?: Place;
    };

export interface Place {
  readonly matrix: Value;
  readonly axis: 'rows' | 'cols';
}

export interface Shape {
  readonly rows: Extent;
  readonly cols: Extent;
}

/** What is known of the shape of a matrix, in terms of the matrices and numbers that it comes from. */
export function shapeOf(matrix: Value, definitions: Definitions): Shape {
  const op = definitions.get(matrix);
  const own: Shape = {
    rows: { kind: 'of', matrix, axis: 'rows' },
    cols: { kind: 'of', matrix, axis: 'cols' },
  };
  const shape = op?.kind === 'apply' ? (applied(op, own, definitions) ?? own) : own;
  return matrix.variable === null
    ? shape
    : { rows: byName(shape.rows, matrix, 'rows'), cols: byName(shape.cols, matrix, 'cols') };
}

function byName(extent: Extent, matrix: Value, axis: 'rows' | 'cols'): Extent {
  const isNamed =
    extent.kind !== 'of' || extent.matrix.variable !== null || extent.named !== undefined;
  return isNamed ? extent : { ...extent, named: { matrix, axis } };
}

/** Where an extent can be read: of a matrix with a name where there is one. */
export function placeOf(extent: Extent & { readonly kind: 'of' }): Place {
  return extent.named ?? extent;
}

export function sameShape(a: Value, b: Value, definitions: Definitions): boolean {
  if (a === b) return true;
  if (a.type.kind !== 'matrix' || b.type.kind !== 'matrix') return false;
  const [first, second] = [shapeOf(a, definitions), shapeOf(b, definitions)];
  return sameExtent(first.rows, second.rows) && sameExtent(first.cols, second.cols);
}

function sameExtent(a: Extent, b: Extent): boolean {
  if (a.kind === 'constant') return b.kind === 'constant' && a.value === b.value;
  if (a.kind === 'number') return b.kind === 'number' && a.value === b.value;
  return b.kind === 'of' && a.matrix === b.matrix && a.axis === b.axis;
}

const one: Extent = { kind: 'constant', value: 1 };

/** The extent of two operands of which either is stretched where it is 1. */
function stretched(a: Extent, b: Extent, own: Extent): Extent {
  if (sameExtent(a, b) || sameExtent(b, one)) return a;
  if (sameExtent(a, one)) return b;
  if (a.kind === 'constant') return a;
  return b.kind === 'constant' ? b : own;
}

function extent(value: Value | undefined, definitions: Definitions): Extent | null {
  if (value === undefined) return null;
  const constant = numberOf(value, definitions);
  if (constant !== null) return { kind: 'constant', value: constant };
  const op = definitions.get(value);
  const [matrix] = op?.kind === 'apply' ? op.args : [];
  if (op?.kind === 'apply' && (op.fn === 'rows' || op.fn === 'cols') && matrix !== undefined)
    return shapeOf(matrix, definitions)[op.fn];
  return { kind: 'number', value };
}

function applied(op: ApplyOp, own: Shape, definitions: Definitions): Shape | null {
  const { fn, args } = op;
  const [a, b, c] = args;
  const of = (value: Value | undefined): Shape =>
    value?.type.kind === 'matrix' ? shapeOf(value, definitions) : { rows: one, cols: one };
  const made = (r: Value | undefined, s: Value | undefined): Shape | null => {
    const [rows, cols] = [extent(r, definitions), extent(s, definitions)];
    return rows === null || cols === null ? null : { rows, cols };
  };
  if (a === undefined) return null;
  switch (fn) {
    case 'keepUnlessLess':
    case 'keepUnlessAtLeast':
    case 'copy':
    case 'clone':
    case 'zerosLike':
    case 'accumulate':
    case 'addAt':
    case 'softmax':
    case 'logSoftmax':
    case 'inv':
    case 'cholesky':
      return of(a);
    case 'safeDiv':
      return combined(of(a), of(b), own);
    case 'zeros':
    case 'ones':
    case 'fromData':
      return made(a, b);
    case 'identity':
      return made(a, a);
    case 'reshape':
      return made(b, c);
    case 'sumTo':
      return made(b, c);
    case 'sumLike':
    case 'broadcastLike':
      return of(b);
    case 'oneHot': {
      const cols = extent(b, definitions);
      return cols === null ? null : { rows: own.rows, cols };
    }
    case 'transpose':
      return { rows: of(a).cols, cols: of(a).rows };
    case 'matmul':
      return { rows: of(a).rows, cols: of(b).cols };
    case 'matmulNT':
      return { rows: of(a).rows, cols: of(b).rows };
    case 'matmulTN':
      return { rows: of(a).cols, cols: of(b).cols };
    case 'solve':
    case 'solveTransposed':
      return of(b);
    case 'sum':
    case 'mean':
    case 'max':
    case 'min':
    case 'logSumExp':
      return numberOf(b ?? a, definitions) === 0
        ? { rows: one, cols: of(a).cols }
        : { rows: of(a).rows, cols: one };
    case 'gatherRows':
    case 'sliceRows':
    case 'concatRows':
      return { rows: own.rows, cols: of(a).cols };
    case 'sliceCols':
    case 'concatCols':
      return { rows: of(a).rows, cols: own.cols };
    default:
  }
  if (fn.endsWith('Pullback')) return pulledBack(fn, args, of);
  const rule = isMatrixOp(op) ? matrixRuleOf(op, definitions) : null;
  if (rule?.isElementwise !== true) return null;
  return args.map(of).reduce((x, y) => combined(x, y, own));
}

function combined(a: Shape, b: Shape, own: Shape): Shape {
  return {
    rows: stretched(a.rows, b.rows, own.rows),
    cols: stretched(a.cols, b.cols, own.cols),
  };
}

/** A pullback gives an adjoint in the shape of what it is the adjoint of. */
function pulledBack(
  fn: string,
  args: readonly Value[],
  of: (value: Value | undefined) => Shape,
): Shape | null {
  const [first, second, third] = args;
  if (fn.startsWith('pow')) return first?.type.kind === 'matrix' ? of(first) : null;
  const isOfThird = /^(mse|softmaxCrossEntropy|crossEntropy|binaryCrossEntropy)/.test(fn);
  const given = isOfThird ? (third ?? second) : second;
  return given?.type.kind === 'matrix' ? of(given) : null;
}
