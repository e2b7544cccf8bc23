import { numberOf, type Definitions, type Expression, type Folded } from '../ir/build.js';
import type { Value } from '../ir/ir.js';
import { foldAlgebra } from '../simplify/algebra.js';

/** The algebra of tangents: that of adjoints, and the constant of a longer product comes to the front. */
export function foldTangent(fn: string, args: readonly Value[], definitions: Definitions): Folded {
  const [a, b] = args;
  if (fn === '*' && a !== undefined && b !== undefined) {
    const [constant, ...rest] = factorsOf(b, definitions);
    const isNumber = constant !== undefined && numberOf(constant, definitions) !== null;
    if (isNumber && rest.length > 1) {
      return [a, ...rest].reduce<Expression>((x, y) => ({ fn: '*', args: [x, y] }), constant);
    }
  }
  return foldAlgebra(fn, args, definitions);
}

/** The factors of a product that is written from left to right. */
function factorsOf(value: Value, definitions: Definitions): readonly Value[] {
  const op = definitions.get(value);
  if (value.variable !== null || op?.kind !== 'apply' || op.fn !== '*') return [value];
  const [a, b] = op.args;
  return a === undefined || b === undefined ? [value] : [...factorsOf(a, definitions), b];
}
