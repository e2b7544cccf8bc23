import { numberOf, type Definitions, type Expression, type Folded } from '../ir/build.js';
import type { Value } from '../ir/ir.js';

/** The factors of an unnamed product, from left to right. */
function factorsOf(value: Value, definitions: Definitions): readonly Value[] {
  const op = definitions.get(value);
  if (value.variable !== null || op?.kind !== 'apply' || op.fn !== '*') return [value];
  return op.args.flatMap((arg) => factorsOf(arg, definitions));
}

/** The same value, or the same constant. */
function isSame(a: Value, b: Value, definitions: Definitions): boolean {
  const number = numberOf(a, definitions);
  return a === b || (number !== null && number === numberOf(b, definitions));
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
  return [...before, sum, ...after].reduce((x, y) => ({ fn: '*', args: [x, y] })) as Expression & object;
}

function product(factors: readonly Value[]): Expression {
  const [first, ...rest] = factors;
  if (first === undefined) return 1;
  return rest.reduce<Expression>((x, y) => ({ fn: '*', args: [x, y] }), first);
}
