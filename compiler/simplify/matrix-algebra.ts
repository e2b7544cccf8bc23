import { placeOf, sameShape, shapeOf, type Extent } from '../analysis/shapes.js';
import { numberOf, type Definitions, type Expression, type Folded } from '../ir/build.js';
import type { Value } from '../ir/ir.js';
import { isSame } from './factors.js';

/**
 * Algebra of adjoints that are matrices: products with transposes become `matmulNT` and `matmulTN`, so that nothing is
 * transposed in memory; a factor 1 and a zero term go; what is stretched and then multiplied is multiplied as it is.
 */
export function foldMatrices(fn: string, args: readonly Value[], definitions: Definitions): Folded {
  const [a, b] = args;
  if (a === undefined) return null;
  const of = (value: Value | undefined, name: string): readonly Value[] | null =>
    value === undefined ? null : applied(value, name, definitions);
  switch (fn) {
    case 'neg': {
      const inner = of(a, 'neg')?.[0];
      if (inner !== undefined) return inner;
      const [x, y] = of(a, 'mul') ?? [];
      const factor = x === undefined ? null : numberOf(x, definitions);
      if (factor !== null && y !== undefined) return call('mul', [-factor, y]);
      const difference = of(a, 'sub');
      return difference === null ? null : call('sub', [...difference].reverse());
    }
    case 'sum': {
      if (b !== undefined) return null;
      const negated = of(a, 'neg')?.[0];
      if (negated !== undefined) return call('neg', [call('sum', [negated])]);
      const [x, y] = of(a, 'mul') ?? [];
      return x !== undefined && y !== undefined && sameShape(x, y, definitions)
        ? call('dot', [x, y])
        : null;
    }
    case 'transpose':
      return foldTranspose(a, of);
    case 'matmul':
      return b === undefined ? null : foldProduct(a, b, of);
    case 'mul':
      return b === undefined ? null : foldElements(a, b, definitions, of);
    case 'accumulate':
      return b === undefined ? null : foldSum(a, b, definitions, of);
    case 'rows':
    case 'cols':
      return foldExtent(a, fn, definitions);
    default:
      return null;
  }
}

/** Whether an adjoint is zero: the number, or a matrix made of zeros. */
export function isZero(value: Value | undefined, definitions: Definitions): boolean {
  if (value === undefined) return false;
  if (value.type.kind !== 'matrix') return numberOf(value, definitions) === 0;
  const op = definitions.get(value);
  return op?.kind === 'apply' && (op.fn === 'zerosLike' || op.fn === 'zeros');
}

type Of = (value: Value | undefined, name: string) => readonly Value[] | null;

const call = (fn: string, args: readonly Expression[]): Expression => ({ fn, args });

/** The operands of an unnamed inner result. */
function applied(value: Value, fn: string, definitions: Definitions): readonly Value[] | null {
  if (value.variable !== null) return null;
  const op = definitions.get(value);
  return op?.kind === 'apply' && op.fn === fn ? op.args : null;
}

function foldTranspose(a: Value, of: Of): Folded {
  const [inner] = of(a, 'transpose') ?? [];
  if (inner !== undefined) return inner;
  const product = of(a, 'matmul');
  if (product !== null) return null;
  const [x, y] = of(a, 'matmulTN') ?? [];
  if (x !== undefined && y !== undefined) return call('matmulTN', [y, x]);
  const [u, v] = of(a, 'matmulNT') ?? [];
  return u !== undefined && v !== undefined ? call('matmulNT', [v, u]) : null;
}

function foldProduct(a: Value, b: Value, of: Of): Folded {
  const [left] = of(a, 'transpose') ?? [];
  const [right] = of(b, 'transpose') ?? [];
  // (Bᵀ·Aᵀ) is left alone: a transpose of the product costs as much.
  if (left !== undefined && right === undefined) return call('matmulTN', [left, b]);
  if (right !== undefined && left === undefined) return call('matmulNT', [a, right]);
  return null;
}

function foldElements(a: Value, b: Value, definitions: Definitions, of: Of): Folded {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    if (numberOf(x, definitions) === 1 && y.type.kind === 'matrix') return y;
    if (numberOf(x, definitions) === -1 && y.type.kind === 'matrix') return call('neg', [y]);
    if (x === b && numberOf(x, definitions) !== null) return call('mul', [b, a]);
    const [amount, like] = of(x, 'broadcastLike') ?? [];
    const fits = like !== undefined && sameShape(like, y, definitions);
    if (amount?.type.kind === 'number' && fits) return call('mul', [amount, y]);
    const [negated] = of(y, 'neg') ?? [];
    if (negated !== undefined)
      return call('neg', [call('mul', x === a ? [a, negated] : [negated, b])]);
  }
  return null;
}

/** What is added to zeros is the sum; an element that is added to zeros is added to the sum at once. */
function foldSum(a: Value, b: Value, definitions: Definitions, of: Of): Folded {
  if (isZero(a, definitions) && a.variable === null) return b;
  if (isZero(b, definitions)) return a;
  if (isSame(a, b, definitions)) return twice(a, definitions, of);
  const [target, index, amount] = of(b, 'addAt') ?? [];
  if (target === undefined || index === undefined || amount === undefined) return null;
  return call('addAt', [call('accumulate', [a, target]), index, amount]);
}

/** `2 * X`, with the factors that are numbers gathered in front. */
function twice(a: Value, definitions: Definitions, of: Of): Expression {
  const [x, y] = of(a, 'mul') ?? [];
  if (x === undefined || y === undefined) return call('mul', [2, a]);
  if (y.type.kind === 'number') return call('mul', [call('*', [2, y]), x]);
  return call('mul', [x.type.kind === 'number' ? call('*', [2, x]) : call('mul', [2, x]), y]);
}

/** The rows of a product are those of its first factor. */
function foldExtent(matrix: Value, axis: 'rows' | 'cols', definitions: Definitions): Folded {
  if (matrix.variable !== null) return null;
  const extent: Extent = shapeOf(matrix, definitions)[axis];
  switch (extent.kind) {
    case 'constant':
    case 'number':
      return extent.value;
    case 'of': {
      const place = placeOf(extent);
      return place.matrix === matrix ? null : call(place.axis, [place.matrix]);
    }
  }
}
