import type { Definitions } from '../ir/build.js';
import type { Value } from '../ir/ir.js';
import { argsOf, besides, isNumber, opposite, original, signed, type Term } from './patterns.js';

/** The z for which a term is `sign * max(z, 0)`, be it written as max, as min or as a choice. */
export function rampOf(term: Term, sign: Term['sign'], definitions: Definitions): Term | null {
  const { value } = term;
  if (term.sign === sign) {
    const z = besides(value, 'Math.max', 0, definitions) ?? chosen(value, definitions);
    return z === undefined ? null : signed(z, definitions);
  }
  const z = besides(value, 'Math.min', 0, definitions);
  return z === undefined ? null : opposite(signed(z, definitions));
}

/** The z of `z > 0 ? z : 0`. */
function chosen(value: Value, definitions: Definitions): Value | undefined {
  const result = original(value, definitions);
  const op = definitions.get(result);
  if (op?.kind !== 'if') return undefined;
  const at = op.results.indexOf(result);
  const [above, below] = [op.then.yields[at], op.else.yields[at]];
  for (const [z, zero, tests] of [
    [above, below, ['>', '>=']],
    [below, above, ['<', '<=']],
  ] as const) {
    if (z === undefined || !isNumber(zero, 0, definitions)) continue;
    for (const test of tests) {
      const [x, bound] = argsOf(op.cond, test, definitions) ?? [];
      const isSame = x !== undefined && original(x, definitions) === original(z, definitions);
      if (isSame && isNumber(bound, 0, definitions)) return z;
    }
  }
  return undefined;
}
