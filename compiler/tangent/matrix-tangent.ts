import { sameShape } from '../analysis/shapes.js';
import { amountOf } from '../differentiate/contribution.js';
import type { ApplyOp, Value } from '../ir/ir.js';
import { instantiate, type Formula } from '../rules/formula.js';
import { hasAdjoint, tangentRuleOf } from '../rules/index.js';
import type { TangentRule } from '../rules/matrix-pullbacks.js';
import type { Derivation } from './derivative.js';

/**
 * The tangent of a function of matrices: the sum over the operands of the rule's tangent formula; elementwise, the
 * formula of the adjoint says it, and what is smaller than the result is stretched to its shape.
 */
export function ofMatrices(
  d: Derivation,
  op: ApplyOp,
  tangents: readonly (Value | null)[],
): Value | null {
  const rule = tangentRuleOf(op, d.definitions);
  if (rule === null) throw new Error(`No derivative rule for ${op.fn}`);
  const terms = tangents.flatMap((tangent, i) => {
    const input = rule.inputs[i];
    if (tangent === null || input === undefined) return [];
    const formula = rule.tangents[input];
    if (formula !== undefined) return [ofFormula(d, op, rule, formula, `t${input}`, tangent)];
    const term = hasAdjoint(rule, input) ? amountOf(d, op, i, tangent, false) : null;
    return term === null ? [] : [term];
  });
  const [first, ...rest] = terms;
  if (first === undefined) return null;
  const sum = rest.reduce((total, term) => plus(d, total, term), first);
  return isWhole(d, op, tangents) ? sum : d.builder.apply('broadcastLike', [sum, op.result]);
}

/** Whether the sum has the shape of the result: a term of `add` or `sub` has that of its operand only. */
function isWhole(d: Derivation, op: ApplyOp, tangents: readonly (Value | null)[]): boolean {
  if ((op.fn !== 'add' && op.fn !== 'sub') || op.result.type.kind === 'number') return true;
  const active = op.args.filter((_, i) => tangents[i] !== null && tangents[i] !== undefined);
  const isAlone = op.args.every((arg) => active.includes(arg) || arg.type.kind === 'number');
  if (isAlone && active.some((arg) => arg.type.kind === 'matrix')) return true;
  return active.some((arg) => sameShape(arg, op.result, d.definitions));
}

/** A sum, in which a number or a row stretches. */
function plus(d: Derivation, a: Value, b: Value): Value {
  const isOfNumbers = a.type.kind === 'number' && b.type.kind === 'number';
  return d.builder.apply(isOfNumbers ? '+' : 'add', [a, b]);
}

function ofFormula(
  d: Derivation,
  op: ApplyOp,
  rule: TangentRule,
  formula: Formula,
  name: string,
  tangent: Value,
): Value {
  const bind = (used: string): Value => {
    if (used === name) return tangent;
    if (used === rule.result) return op.result;
    const arg = op.args[rule.inputs.indexOf(used)];
    if (arg === undefined) throw new Error(`Unknown name ${used} in the rule of ${op.fn}`);
    return arg;
  };
  return instantiate(formula, bind, d.builder);
}

/** The tangent of what has none: the number 0, or zeros in the shape of a matrix. */
export function zeroLike(d: Derivation, value: Value | undefined): Value {
  return value?.type.kind === 'matrix'
    ? d.builder.apply('zerosLike', [value])
    : d.builder.literal(0);
}
