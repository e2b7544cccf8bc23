import { numberOf, type Definitions } from '../ir/build.js';
import type { Value } from '../ir/ir.js';

/** A term of a sum. */
export interface Term {
  readonly sign: 1 | -1;
  readonly value: Value;
}

export function opposite({ sign, value }: Term): Term {
  return { sign: sign > 0 ? -1 : 1, value };
}

/** The value under its first name. */
export function original(value: Value, definitions: Definitions): Value {
  const op = definitions.get(value);
  const [source] = op?.kind === 'apply' && op.fn === 'copy' ? op.args : [];
  return source === undefined ? value : original(source, definitions);
}

/** The operands where the value is `fn(…)`. */
export function argsOf(
  value: Value | undefined,
  fn: string,
  definitions: Definitions,
): readonly Value[] | null {
  if (value === undefined) return null;
  const op = definitions.get(original(value, definitions));
  return op?.kind === 'apply' && op.fn === fn ? op.args : null;
}

export function isNumber(
  value: Value | undefined,
  number: number,
  definitions: Definitions,
): boolean {
  return value !== undefined && numberOf(original(value, definitions), definitions) === number;
}

/** The other operand where the value is `fn` of something and the constant `number`, in either order. */
export function besides(
  value: Value | undefined,
  fn: string,
  number: number,
  definitions: Definitions,
): Value | undefined {
  const [a, b] = argsOf(value, fn, definitions) ?? [];
  if (isNumber(a, number, definitions)) return b;
  return isNumber(b, number, definitions) ? a : undefined;
}

/** The value without its minus sign, which may be written `-z`, `0 - z` or `-1 * z`. */
export function signed(value: Value, definitions: Definitions): Term {
  const negated = negatedBy(value, definitions);
  if (negated !== undefined) return opposite(signed(negated, definitions));
  return { sign: 1, value: original(value, definitions) };
}

function negatedBy(value: Value, definitions: Definitions): Value | undefined {
  const [operand] = argsOf(value, 'neg', definitions) ?? [];
  const [zero, subtracted] = argsOf(value, '-', definitions) ?? [];
  if (operand !== undefined) return operand;
  return isNumber(zero, 0, definitions) ? subtracted : besides(value, '*', -1, definitions);
}

/** How many terms of a sum are looked at. */
const LIMIT = 16;

/** The terms of a sum with their signs; those of a long sum that come first are left together. */
export function termsOf(sum: Value, definitions: Definitions): readonly Term[] {
  let terms: readonly Term[] = [{ sign: 1, value: sum }];
  while (terms.length < LIMIT) {
    const split = terms.map((term) => partsOf(term, definitions));
    const at = split.findIndex((parts) => parts !== null);
    const parts = split[at];
    if (parts === undefined || parts === null) break;
    terms = [...terms.slice(0, at), ...parts, ...terms.slice(at + 1)];
  }
  return terms;
}

function partsOf(term: Term, definitions: Definitions): readonly Term[] | null {
  const { sign, value } = term;
  const inner = signed(value, definitions);
  if (inner.sign < 0) return [opposite({ sign, value: inner.value })];
  const [a, b] = argsOf(value, '+', definitions) ?? [];
  if (a !== undefined && b !== undefined)
    return [
      { sign, value: a },
      { sign, value: b },
    ];
  const [c, d] = argsOf(value, '-', definitions) ?? [];
  if (c !== undefined && d !== undefined) return [{ sign, value: c }, opposite({ sign, value: d })];
  return null;
}
