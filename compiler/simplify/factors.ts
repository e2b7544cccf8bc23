import { numberOf, type Definitions, type Expression, type Folded } from '../ir/build.js';
import type { Value } from '../ir/ir.js';

/** The factors of an unnamed product, from left to right. */
function factorsOf(value: Value, definitions: Definitions): readonly Value[] {
  const op = definitions.get(value);
  if (value.variable !== null || op?.kind !== 'apply' || op.fn !== '*') return [value];
  return op.args.flatMap((arg) => factorsOf(arg, definitions));
}

/** How deep two expressions are compared. */
const DEPTH = 3;

/** The same value, the same constant, or the same function of the same values. */
export function isSame(a: Value, b: Value, definitions: Definitions, depth = DEPTH): boolean {
  if (a === b) return true;
  const [first, second] = [definitions.get(a), definitions.get(b)];
  if (first?.kind === 'literal') return isNumber(b, first.value, definitions);
  if (first?.kind !== 'apply' || second?.kind !== 'apply' || depth === 0) return false;
  if (a.variable !== null || b.variable !== null || first.fn !== second.fn) return false;
  return first.args.every((arg, i) => {
    const other = second.args[i];
    return other !== undefined && isSame(arg, other, definitions, depth - 1);
  });
}

function isNumber(value: Value, number: unknown, definitions: Definitions): boolean {
  return typeof number === 'number' && number === numberOf(value, definitions);
}

/** `a * g - b * g` is `(a - b) * g`; what both products share stands where it stood in the first. */
export function commonFactors(fn: '+' | '-', a: Value, b: Value, definitions: Definitions): Folded {
  const left = factorsOf(a, definitions);
  const right = [...factorsOf(b, definitions)];
  const shared = left.map((factor) => {
    const at = right.findIndex((candidate) => isSame(factor, candidate, definitions));
    if (at >= 0) right.splice(at, 1);
    return at >= 0;
  });
  const common = left.filter((_, i) => shared[i]);
  if (common.every((factor) => numberOf(factor, definitions) !== null)) return null;
  const own = left.filter((_, i) => !shared[i]);
  const sum: Expression = { fn, args: [product(own), product(right)] };
  const first = shared.indexOf(false);
  const at = first < 0 ? 0 : first;
  const before = left.slice(0, at);
  const after = left.slice(at).filter((_, i) => shared[at + i]);
  return chain([...before, sum, ...after]);
}

/** The product of values; of none it is 1. */
function product(factors: readonly Value[]): Expression {
  return factors.length === 0 ? 1 : chain(factors);
}

function chain(factors: readonly Expression[]): Expression {
  return factors.reduce((x, y) => ({ fn: '*', args: [x, y] }));
}
