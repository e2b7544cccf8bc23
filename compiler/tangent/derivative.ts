import { amountOf } from '../differentiate/contribution.js';
import { constantOf, numberOf, type Builder } from '../ir/build.js';
import type { ApplyOp, IfOp, Op, Value } from '../ir/ir.js';
import { instantiate, type Formula } from '../rules/formula.js';
import { isMatrixOp } from '../ir/matrix-functions.js';
import { scalarRule } from '../rules/scalar.js';
import { ofMatrices, zeroLike } from './matrix-tangent.js';

/** What the tangents of values are made with. */
export interface Derivation {
  readonly builder: Builder;
  readonly definitions: ReadonlyMap<Value, Op>;
  /** The tangent of what the source reads: null where it is zero, undefined where the value is computed. */
  leaf(value: Value): Value | null | undefined;
  /** The tangents found so far. */
  readonly known: Map<Value, Value | null>;
  /** By tangent that may be infinite, as that of `Math.sqrt` at 0: what it is times a factor. */
  readonly scaled: Map<Value, Scale>;
}

/** A tangent times a factor, which goes under the guard: a factor of zero gives zero. */
type Scale = (factor: Value) => Value;

/**
 * The tangent of a value: the sum over the operands of what the rule says, with the tangent of the operand where reverse
 * mode has the adjoint of the result. Null where it is zero.
 */
export function tangentOf(d: Derivation, value: Value): Value | null {
  const known = d.known.get(value);
  if (known !== undefined) return known;
  const leaf = d.leaf(value);
  const tangent = leaf !== undefined ? leaf : computed(d, value);
  const result = tangent !== null && numberOf(tangent, d.definitions) === 0 ? null : tangent;
  d.known.set(value, result);
  return result;
}

function computed(d: Derivation, value: Value): Value | null {
  const op = d.definitions.get(value);
  if (op?.kind === 'apply') return ofApply(d, op);
  if (op?.kind === 'if') return ofChoice(d, op);
  return null;
}

function ofApply(d: Derivation, op: ApplyOp): Value | null {
  const tangents = op.args.map((arg) => tangentOf(d, arg));
  if (tangents.every((tangent) => tangent === null)) return null;
  if (isMatrixOp(op)) return ofMatrices(d, op, tangents);
  const rule = scalarRule(
    op.fn,
    op.args.map((arg) => constantOf(arg, d.definitions)),
  );
  if (rule === null) return null;
  if (rule.tangent !== null) return ofFormula(d, op, rule.inputs, rule.tangent, tangents);
  const terms = tangents.flatMap((tangent, i) => {
    const amount = tangent === null ? null : termOf(d, op, i, tangent);
    return amount === null || numberOf(amount, d.definitions) === 0 ? [] : [{ i, tangent, amount }];
  });
  const sum = sumOf(
    d,
    terms.map(({ amount }) => amount),
  );
  if (sum === null) return null;
  const scale: Scale = (factor) => {
    const scaled = terms.map(({ i, tangent, amount }) => {
      const inner = tangent === null ? undefined : d.scaled.get(tangent);
      if (inner !== undefined) return inner(times(d, factor, coefficientOf(d, op, i)));
      if (rule.singular === null || tangent === null) return times(d, factor, amount);
      return amountOf(d, op, i, times(d, factor, tangent), false) ?? d.builder.literal(0);
    });
    return sumOf(d, scaled) ?? d.builder.literal(0);
  };
  const isSingular = rule.singular !== null && !op.args.some((arg) => isSumOfSquares(d, arg));
  const isScaled =
    passing.has(op.fn) && tangents.some((each) => each !== null && d.scaled.has(each));
  if (isSingular || isScaled) d.scaled.set(sum, scale);
  return sum;
}

/** Functions by which an infinite tangent is multiplied. */
const passing: ReadonlySet<string> = new Set(['*', '+', '-', 'neg', 'copy']);

/** What operand `i` adds to the tangent of the result. */
function termOf(d: Derivation, op: ApplyOp, i: number, tangent: Value): Value | null {
  const scale = d.scaled.get(tangent);
  if (scale === undefined || op.fn !== '*') return amountOf(d, op, i, tangent, false);
  return scale(coefficientOf(d, op, i));
}

/** The factor that a tangent of operand `i` has in the tangent of the result. */
function coefficientOf(d: Derivation, op: ApplyOp, i: number): Value {
  return amountOf(d, op, i, d.builder.literal(1), false) ?? d.builder.literal(0);
}

const times = (d: Derivation, a: Value, b: Value): Value => d.builder.apply('*', [a, b]);

/** A sum; terms that are zero under the same condition are one. */
function sumOf(d: Derivation, terms: readonly Value[]): Value | null {
  const [first, ...rest] = terms;
  if (first === undefined) return null;
  const guards = terms.map((term) => guardedTerm(d, term));
  const cond = guards[0]?.cond;
  if (rest.length > 0 && cond !== undefined && guards.every((guard) => guard?.cond === cond)) {
    return d.builder.select(
      cond,
      () => d.builder.literal(0),
      () =>
        sumOf(
          d,
          guards.flatMap((guard) => guard?.term ?? []),
        ) ?? d.builder.literal(0),
    );
  }
  return rest.reduce((sum, term) => d.builder.apply('+', [sum, term]), first);
}

/** The parts of `cond ? 0 : term`. */
function guardedTerm(d: Derivation, value: Value): { cond: Value; term: Value } | null {
  const op = d.definitions.get(value);
  if (op?.kind !== 'if') return null;
  const [zero] = op.then.yields;
  const [term] = op.else.yields;
  if (zero === undefined || term === undefined || numberOf(zero, d.definitions) !== 0) return null;
  return { cond: op.cond, term };
}

/** A formula in the tangents `t<input>`. */
function ofFormula(
  d: Derivation,
  op: ApplyOp,
  inputs: readonly string[],
  formula: Formula,
  tangents: readonly (Value | null)[],
): Value {
  const bind = (name: string): Value => {
    const at = inputs.indexOf(name);
    const value = at >= 0 ? op.args[at] : (tangents[inputs.indexOf(name.slice(1))] ?? null);
    return value ?? d.builder.literal(0);
  };
  return instantiate(formula, bind, d.builder);
}

/** Where a sum of squares is zero, so is its tangent. */
function isSumOfSquares(d: Derivation, value: Value): boolean {
  const op = d.definitions.get(value);
  if (op?.kind !== 'apply') return false;
  const [a, b] = op.args;
  if (a === undefined || b === undefined) return false;
  if (op.fn === '+') return isSumOfSquares(d, a) && isSumOfSquares(d, b);
  return (op.fn === '*' && a === b) || (op.fn === '**' && numberOf(b, d.definitions) === 2);
}

/** A choice between values chooses between their tangents. */
function ofChoice(d: Derivation, op: IfOp): Value | null {
  const arms = [op.then, op.else].map(({ yields: [value] }) =>
    value === undefined ? null : tangentOf(d, value),
  );
  if (op.byConvention === true) return arms[1] ?? null;
  if (arms.every((tangent) => tangent === null)) return null;
  const arm = (i: number): (() => Value) => {
    return () => arms[i] ?? zeroLike(d, (i === 0 ? op.then : op.else).yields[0]);
  };
  return d.builder.select(op.cond, arm(0), arm(1));
}
