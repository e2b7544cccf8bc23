import { Builder, literalOf, type Fold } from '../ir/build.js';
import type { IfOp, Op, Region, Value } from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import { results } from '../ir/walk.js';

/**
 * Applies the algebra once more, to what other passes have made constant, and takes the arm of a branch whose
 * condition is known.
 *
 * Before: `t = g * 1; u = if true { yield t } else { yield 0 }` — after: uses of `u` read `g`.
 */
export function refold(region: Region, fold: Fold, definitions: Map<Value, Op>): Region {
  const replaced = new Map<Value, Value>();
  const to = (value: Value): Value => {
    let current = value;
    for (let next = replaced.get(current); next !== undefined; next = replaced.get(current))
      current = next;
    return current;
  };
  const builder = new Builder(definitions, fold);
  const rewrite = (inner: Region): Region => {
    const { ops, yields } = builder.region(() => {
      for (const op of inner.ops) visit(op);
      return inner.yields.map(to);
    });
    return { ...inner, ops, yields };
  };
  const visit = (op: Op): void => {
    builder.origin = op.origin;
    if (op.kind === 'if' && takeArm(op)) return;
    const rewritten = rewriteOp(op, to, rewrite);
    builder.origin = op.origin;
    if (rewritten.kind === 'apply') {
      const folded =
        foldTests(rewritten.fn, rewritten.args) ?? fold(rewritten.fn, rewritten.args, definitions);
      if (folded !== null) {
        const value =
          typeof folded === 'boolean' ? builder.literal(folded) : builder.expression(folded);
        const { variable } = rewritten.result;
        const keepsName =
          variable !== null &&
          literalOf(value, definitions) === null &&
          value.variable !== variable;
        replaced.set(
          rewritten.result,
          keepsName ? builder.apply('copy', [value], variable) : value,
        );
        return;
      }
    }
    builder.append(rewritten);
  };
  /** `true` and `false` as conditions; a constant beside `&&` and `||`. */
  const foldTests = (fn: string, args: readonly Value[]): boolean | Value | null => {
    const [a, b] = args;
    if (a === undefined) return null;
    const x = literalOf(a, definitions);
    if (fn === '!' && typeof x === 'boolean') return !x;
    if (b === undefined) return null;
    const y = literalOf(b, definitions);
    if (fn === '===' && typeof x === 'number' && typeof y === 'number') return x === y;
    if (fn === '&&')
      return x === false || y === false ? false : x === true ? b : y === true ? a : null;
    if (fn === '||')
      return x === true || y === true ? true : x === false ? b : y === false ? a : null;
    return null;
  };
  const takeArm = (op: IfOp): boolean => {
    const cond = literalOf(to(op.cond), definitions);
    if (typeof cond !== 'boolean') return false;
    const arm = cond ? op.then : op.else;
    for (const inner of arm.ops) visit(inner);
    results(op).forEach((result, i) => {
      const value = arm.yields[i];
      if (value !== undefined) replaced.set(result, to(value));
    });
    return true;
  };
  return rewrite(region);
}
