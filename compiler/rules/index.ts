import { constantOf, type Definitions } from '../ir/build.js';
import type { ApplyOp } from '../ir/ir.js';
import { isMatrixOp } from '../ir/matrix-functions.js';
import type { Formula } from './formula.js';
import { joinRule } from './join.js';
import { matrixRules, meanAlong } from './matrix.js';
import { pullbackRules, type TangentRule } from './matrix-pullbacks.js';
import type { MatrixRule } from './matrix-rule.js';
import type { Rule } from './rule.js';
import { scalarRule } from './scalar.js';

/** The rule of an operation: of numbers, given which of its operands are constants, or of matrices. */
export function ruleOf(op: ApplyOp, definitions: Definitions): Rule | null {
  if (isMatrixOp(op)) return matrixRuleOf(op, definitions);
  return scalarRule(
    op.fn,
    op.args.map((arg) => constantOf(arg, definitions)),
  );
}

/** The rule of an operation that takes or gives matrices. */
export function matrixRuleOf(op: ApplyOp, definitions: Definitions): MatrixRule | null {
  const { fn, args } = op;
  const [, second] = args;
  if (fn === 'mean' && second !== undefined) {
    const axis = constantOf(second, definitions);
    return axis === 0 || axis === 1 ? meanAlong[axis] : null;
  }
  return joinRule(fn, args.length) ?? matrixRules.get(`${fn}/${String(args.length)}`) ?? null;
}

/** Whether a function of the runtime has a rule. */
export function hasMatrixRule(fn: string, count: number): boolean {
  return fn === 'mean' || joinRule(fn, count) !== null || matrixRules.has(`${fn}/${String(count)}`);
}

/** How forward mode differentiates an operation that takes or gives matrices. */
export function tangentRuleOf(
  op: ApplyOp,
  definitions: Definitions,
): MatrixRule | TangentRule | null {
  return matrixRuleOf(op, definitions) ?? pullbackRule(op.fn, op.args.length);
}

/** Whether forward mode knows a function of the runtime: one with a rule, or one that only generated code calls. */
export function hasTangentRule(fn: string, count: number): boolean {
  return hasMatrixRule(fn, count) || pullbackRule(fn, count) !== null;
}

function pullbackRule(fn: string, count: number): TangentRule | null {
  return pullbackRules.get(`${fn}/${String(count)}`) ?? null;
}

/** Whether a rule says what an input receives. */
export function hasAdjoint(rule: MatrixRule | TangentRule, input: string): boolean {
  return 'adjoints' in rule && rule.adjoints[input] !== null;
}

/** Whether a function of matrices with so many arguments passes a derivative on from argument `i`. */
export function passesDerivative(fn: string, count: number, i: number): boolean {
  const known = joinRule(fn, count) ?? matrixRules.get(`${fn}/${String(count)}`);
  const rule = known ?? pullbackRule(fn, count) ?? meanAlong[0];
  const input = rule.inputs[i];
  if (input === undefined) return false;
  return hasAdjoint(rule, input) || rule.tangents[input] !== undefined;
}

/** Every function of the runtime that a gradient may call. */
export const runtimeFunctions: ReadonlySet<string> = new Set(
  [...matrixRules.values(), ...meanAlong].flatMap((rule) => [
    rule.fn,
    ...Object.values(rule.adjoints).flatMap((formula) => functionsIn(formula)),
    ...['addTo', 'copy', 'sumLike', 'sumTo', 'zeros', 'matmulNT', 'matmulTN'],
  ]),
);

function functionsIn(formula: Formula | null): string[] {
  switch (formula?.kind) {
    case 'apply':
      return [formula.fn, ...formula.args.flatMap(functionsIn)];
    case 'select':
      return [formula.cond, formula.then, formula.else].flatMap(functionsIn);
    default:
      return [];
  }
}
