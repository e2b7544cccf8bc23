import type { Value } from '../ir/ir.js';
import { numberOf, type Definitions, type Expression, type Folded } from '../ir/build.js';
import { commonFactors } from './factors.js';
import { foldMatrices } from './matrix-algebra.js';

/**
 * Algebra of adjoints: `1 * x` is `x`, `x + -y` is `x - y`, `a * g - b * g` is `(a - b) * g`, constants are gathered in
 * front of a product. It is applied where derivative formulas are instantiated, never to the author's own arithmetic:
 * `0 * x` is 0 here, which for an adjoint is the right answer even where x is infinite.
 */
export function foldAlgebra(fn: string, args: readonly Value[], definitions: Definitions): Folded {
  const [a, b] = args;
  if (a === undefined) return null;
  if (args.some((arg) => arg.type.kind === 'matrix')) return foldMatrices(fn, args, definitions);
  const x = numberOf(a, definitions);
  if (fn === 'neg') return foldNegation(a, x, definitions);
  if (b === undefined) return null;
  const y = numberOf(b, definitions);
  switch (fn) {
    case '*':
      return foldProduct(a, b, x, y, definitions);
    case '/':
      return foldQuotient(a, b, x, y, definitions);
    case '+':
      return foldSum(a, b, x, y, definitions);
    case '-':
      return foldDifference(a, b, x, y, definitions);
    case '**':
      return y === 0 ? 1 : y === 1 ? a : null;
    default:
      return null;
  }
}

/** The operands of an unnamed inner result `fn(…)`; a named variable is left as it is. */
export function match(value: Value, fn: string, definitions: Definitions): readonly Value[] | null {
  if (value.variable !== null) return null;
  const op = definitions.get(value);
  return op?.kind === 'apply' && op.fn === fn ? op.args : null;
}

function minus(value: Expression): Expression {
  return { fn: 'neg', args: [value] };
}

function foldNegation(a: Value, x: number | null, definitions: Definitions): Folded {
  if (x !== null) return -x;
  const inner = match(a, 'neg', definitions);
  if (inner?.[0]) return inner[0];
  const difference = match(a, '-', definitions);
  return difference === null ? null : { fn: '-', args: [...difference].reverse() };
}

function foldProduct(
  a: Value,
  b: Value,
  x: number | null,
  y: number | null,
  definitions: Definitions,
): Folded {
  if (x === 0 || y === 0) return 0;
  if (x !== null && y !== null) return x * y;
  if (x === 1) return b;
  if (y === 1) return a;
  if (x === -1) return minus(b);
  if (y === -1) return minus(a);
  if (y !== null) return { fn: '*', args: [b, a] };
  if (x !== null && x < 0) return minus({ fn: '*', args: [-x, b] });
  const minusA = match(a, 'neg', definitions)?.[0];
  if (minusA !== undefined) return minus({ fn: '*', args: [minusA, b] });
  const minusB = match(b, 'neg', definitions)?.[0];
  if (minusB !== undefined) return minus({ fn: '*', args: [a, minusB] });
  // The constant of the second factor comes to the front.
  const [constant, rest] = match(b, '*', definitions) ?? [];
  const number = constant === undefined ? null : numberOf(constant, definitions);
  if (number !== null && rest !== undefined) {
    return {
      fn: '*',
      args: [x === null ? number : x * number, x === null ? { fn: '*', args: [a, rest] } : rest],
    };
  }
  return null;
}

function foldQuotient(
  a: Value,
  b: Value,
  x: number | null,
  y: number | null,
  definitions: Definitions,
): Folded {
  if (x === 0) return 0;
  if (y === 1) return a;
  if (y === -1) return minus(a);
  if (x !== null && x < 0) return minus({ fn: '/', args: [-x, b] });
  const minusA = match(a, 'neg', definitions)?.[0];
  return minusA === undefined ? null : minus({ fn: '/', args: [minusA, b] });
}

function foldSum(
  a: Value,
  b: Value,
  x: number | null,
  y: number | null,
  definitions: Definitions,
): Folded {
  if (x !== null && y !== null) return x + y;
  if (x === 0) return b;
  if (y === 0) return a;
  if (y !== null && y < 0) return { fn: '-', args: [a, -y] };
  const minusB = match(b, 'neg', definitions)?.[0];
  if (minusB !== undefined) return { fn: '-', args: [a, minusB] };
  const minusA = match(a, 'neg', definitions)?.[0];
  if (minusA !== undefined) return { fn: '-', args: [b, minusA] };
  return commonFactors('+', a, b, definitions);
}

function foldDifference(
  a: Value,
  b: Value,
  x: number | null,
  y: number | null,
  definitions: Definitions,
): Folded {
  if (x !== null && y !== null) return x - y;
  if (y === 0) return a;
  if (x === 0) return minus(b);
  const minusB = match(b, 'neg', definitions)?.[0];
  if (minusB !== undefined) return { fn: '+', args: [a, minusB] };
  // (c - x) - x is c - 2 * x.
  const [c, subtracted] = match(a, '-', definitions) ?? [];
  if (c !== undefined && subtracted === b) return { fn: '-', args: [c, { fn: '*', args: [2, b] }] };
  // -x - y is -(x + y) where that gathers factors.
  const minusA = match(a, 'neg', definitions)?.[0];
  const gathered = minusA === undefined ? null : commonFactors('+', minusA, b, definitions);
  if (gathered !== null) return minus(gathered);
  const number = subtracted === undefined ? null : numberOf(subtracted, definitions);
  if (c !== undefined && y !== null && number !== null) return { fn: '-', args: [c, number + y] };
  return commonFactors('-', a, b, definitions);
}
