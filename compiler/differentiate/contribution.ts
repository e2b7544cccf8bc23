import { literalOf, numberOf, type Builder, type Definitions } from '../ir/build.js';
import type { ApplyOp, Value } from '../ir/ir.js';
import { isNonZero } from '../analysis/sign.js';
import { instantiate, type Formula } from '../rules/formula.js';
import { ruleOf } from '../rules/index.js';
import type { Rule } from '../rules/rule.js';
import type { Backward } from './backward.js';
import { fitted } from './fit.js';

/** Where the operations of a formula are appended. */
export interface Formulas {
  readonly builder: Builder;
  readonly definitions: Definitions;
}

/**
 * What operand `i` of an application receives for the adjoint of its result, by the rule of the function. Null where
 * the derivative is zero.
 */
export function contribution(b: Backward, op: ApplyOp, i: number, adjoint: Value): Value | null {
  const whole = amountOf(b, op, i, adjoint);
  const amount = whole === null ? null : fitted(b, op, i, whole);
  // A value of the forward sweep is read here, not where the sum is made: memory may have changed by then.
  return amount !== null && b.isForward(amount) ? b.builder.apply('copy', [amount]) : amount;
}

/**
 * The formula of operand `i`, linear in `adjoint`. Forward mode reads it the other way: with the tangent of the operand
 * in the place of the adjoint it is what that operand adds to the tangent of the result. `mayGoUnused`: the adjoint may
 * be zero because the value is not used on some path.
 */
export function amountOf(
  b: Formulas,
  op: ApplyOp,
  i: number,
  adjoint: Value,
  mayGoUnused = true,
): Value | null {
  const { builder } = b;
  const rule = ruleOf(op, b.definitions);
  const input = rule?.inputs[i];
  if (rule === null || input === undefined) throw new Error(`No derivative rule for ${op.fn}`);
  const formula = rule.adjoints[input];
  if (formula === undefined || formula === null) return null;
  const shared = new Map<string, Value>();
  const bind = (name: string): Value => {
    if (name === `d${rule.result}`) return adjoint;
    if (name === rule.result) return op.result;
    const at = rule.inputs.indexOf(name);
    if (at >= 0) return op.args[at];
    const known = shared.get(name);
    if (known !== undefined) return known;
    const part = rule.where[name];
    if (part === undefined) throw new Error(`Unknown name ${name} in the rule of ${op.fn}`);
    const value = instantiate(part, bind, builder);
    shared.set(name, value);
    return value;
  };
  const guard = guardOf(b, rule, adjoint, bind, mayGoUnused);
  if (guard === null) return instantiate(formula, bind, builder);
  const singular = instantiate(guard, bind, builder);
  const zero = builder.apply('===', [adjoint, builder.literal(0)]);
  return builder.select(
    builder.apply('&&', [singular, zero]),
    () => builder.literal(0),
    () => instantiate(formula, bind, builder),
    true,
  );
}

/** The test for a singular operand, where a zero adjoint could otherwise become NaN. */
function guardOf(
  b: Formulas,
  rule: Rule,
  adjoint: Value,
  bind: (name: string) => Value,
  mayGoUnused: boolean,
): Formula | null {
  const known = literalOf(adjoint, b.definitions);
  if (known !== null) return null;
  if (rule.singular !== null && canHold(b, rule.singular, bind)) return rule.singular;
  if (
    mayGoUnused &&
    rule.infinite !== null &&
    isConditional(b, adjoint) &&
    canHold(b, rule.infinite, bind)
  )
    return rule.infinite;
  return null;
}

/** Whether a test `name === 0` can be true. */
function canHold(b: Formulas, test: Formula, bind: (name: string) => Value): boolean {
  if (test.kind !== 'apply' || test.fn !== '===') return true;
  const [left, right] = test.args;
  if (left?.kind !== 'name' || right?.kind !== 'number' || right.value !== 0) return true;
  return !isNonZero(bind(left.name), b.definitions);
}

/** Whether an adjoint is zero on some path because the value is not used there. */
function isConditional(b: Formulas, adjoint: Value): boolean {
  const op = b.definitions.get(adjoint);
  if (op?.kind === 'if') {
    const at = op.results.indexOf(adjoint);
    return [op.then, op.else].some((arm) => {
      const value = arm.yields[at];
      return (
        value !== undefined && (numberOf(value, b.definitions) === 0 || isConditional(b, value))
      );
    });
  }
  if (op?.kind !== 'apply') return false;
  if (op.fn === '+' || op.fn === '-') return op.args.every((arg) => isConditional(b, arg));
  return op.args.some((arg) => isConditional(b, arg));
}
