import type { Definitions } from '../ir/build.js';
import { numberType, type ApplyOp, type Op, type Region, type Value } from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import { results } from '../ir/walk.js';
import { chosenGates } from './chosen-gates.js';
import { viewEqual } from './equal.js';
import { argsOf, besides, isNumber, opposite, signed, termsOf, type Term } from './patterns.js';
import { rampOf } from './ramp.js';

/**
 * Recognises functions that are written out in several steps and differentiates them as one gate:
 * `1 / (1 + Math.exp(-z))` is `sigmoid(z)`, `Math.log1p(Math.exp(z))` is `softplus(z)`, and so is
 * `Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))`, which is smooth though it is written with kinks, and
 * `z + Math.log1p(Math.exp(-z))`. Which statements the steps are spread over does not matter.
 *
 * Before: `e = Math.exp neg z; d = 1 + e; f = 1 / d` — after: `f = sigmoid z`, and nothing reads d any more.
 */
export function recogniseGates(region: Region, definitions: Definitions): Region {
  const view = viewEqual(region, definitions);
  const rewrite = (inner: Region): Region => ({ ...inner, ops: inner.ops.flatMap(rewriteOne) });
  const rewriteOne = (op: Op): readonly Op[] => {
    if (op.kind === 'loop') return [rewriteOp(op, (value) => value, rewrite)];
    if (op.kind === 'if') {
      const rewritten = rewriteOp(op, (value) => value, rewrite);
      return rewritten.kind === 'if' ? noted(chosenGates(rewritten, view)) : [rewritten];
    }
    if (op.kind !== 'apply') return [op];
    const ops = gate(op, view);
    return ops.includes(op) ? ops : noted(ops);
  };
  const noted = (ops: readonly Op[]): readonly Op[] => {
    for (const each of ops) for (const result of results(each)) view.set(result, each);
    return ops;
  };
  return rewrite(region);
}

/** What an operation becomes: itself, or the gate that it completes. */
function gate(op: ApplyOp, definitions: Definitions): readonly ApplyOp[] {
  const exponent = sigmoidArgument(op, definitions);
  if (exponent !== null) return applied(op, 'sigmoid', exponent);
  const composed = composedWithSoftmax(op, definitions);
  if (composed !== null) return [composed];
  const z = softplusArgument(op, definitions);
  if (z !== null) return [{ ...op, fn: 'softplus', args: [z] }];
  return op.fn === '+' || op.fn === '-' ? stableSoftplus(op, definitions) : [op];
}

/** `log(softmax(z, axis))` and `crossEntropy(y, softmax(z, 1))`, which overflow in two steps and not in one. */
function composedWithSoftmax(op: ApplyOp, definitions: Definitions): ApplyOp | null {
  const last = op.args.at(-1);
  const [z, axis] = last === undefined ? [] : (argsOf(last, 'softmax', definitions) ?? []);
  if (z === undefined || axis === undefined) return null;
  if (op.fn === 'log') return { ...op, fn: 'logSoftmax', args: [z, axis] };
  const [target] = op.args;
  const isByRow = op.fn === 'crossEntropy' && isNumber(axis, 1, definitions);
  return isByRow && target !== undefined
    ? { ...op, fn: 'softmaxCrossEntropy', args: [target, z] }
    : null;
}

/** `fn(±z)` in place of an operation. */
function applied(op: ApplyOp, fn: string, { sign, value }: Term): readonly ApplyOp[] {
  if (sign > 0) return [{ ...op, fn, args: [value] }];
  const argument = inner(op, 'neg', [value]);
  return [argument, { ...op, fn, args: [argument.result] }];
}

/** An operation ahead of `op`, from the same statement. */
function inner(op: ApplyOp, fn: string, args: readonly Value[]): ApplyOp {
  return { ...op, fn, args, result: { type: numberType, variable: null } };
}

/** The z of `1 / (1 + exp(-z))` and of `exp(z) / (1 + exp(z))`. */
function sigmoidArgument(op: ApplyOp, definitions: Definitions): Term | null {
  const [numerator, denominator] = op.args;
  if (op.fn !== '/') return null;
  const exponent = exponentBesidesOne(denominator, definitions);
  if (exponent === null) return null;
  const term = signed(exponent, definitions);
  if (isNumber(numerator, 1, definitions)) return opposite(term);
  const [other] = argsOf(numerator, 'Math.exp', definitions) ?? [];
  return other !== undefined && isSame(signed(other, definitions), term) ? term : null;
}

/** The z of `log(1 + exp(z))` and `log1p(exp(z))`. */
function softplusArgument(op: ApplyOp, definitions: Definitions): Value | null {
  if (op.fn === 'Math.log1p') return argsOf(op.args[0], 'Math.exp', definitions)?.[0] ?? null;
  return op.fn === 'Math.log' ? exponentBesidesOne(op.args[0], definitions) : null;
}

/** The x of `1 + exp(x)`. */
function exponentBesidesOne(value: Value | undefined, definitions: Definitions): Value | null {
  const exponential = besides(value, '+', 1, definitions);
  return argsOf(exponential, 'Math.exp', definitions)?.[0] ?? null;
}

function lastOf(ops: readonly ApplyOp[]): ApplyOp {
  const last = ops.at(-1);
  if (last === undefined) throw new Error('No operation');
  return last;
}

function isSame(a: Term, b: Term): boolean {
  return a.sign === b.sign && a.value === b.value;
}

/** `max(z, 0) + softplus(-abs(z))`, or `z + softplus(-z)`, among the terms of a sum is `softplus(z)`. */
function stableSoftplus(op: ApplyOp, definitions: Definitions): readonly ApplyOp[] {
  const terms = termsOf(op.result, definitions);
  for (const logarithm of terms) {
    for (const linear of terms) {
      const z = completedBy(logarithm, linear, definitions);
      if (z === null) continue;
      const ops = applied(inner(op, op.fn, op.args), 'softplus', z);
      const sum = terms.flatMap((term) => {
        if (term === logarithm) return [];
        return term === linear ? [{ sign: logarithm.sign, value: lastOf(ops).result }] : [term];
      });
      return [...ops, ...added(op, sum)];
    }
  }
  return [op];
}

/** The z of the softplus that a logarithm is part of, where the other part is `linear`. */
function completedBy(logarithm: Term, linear: Term, definitions: Definitions): Term | null {
  const [argument] = argsOf(logarithm.value, 'softplus', definitions) ?? [];
  if (argument === undefined) return null;
  const z = opposite(signed(argument, definitions));
  const whole = signed(linear.value, definitions);
  if (whole.value === z.value && whole.sign * linear.sign === z.sign * logarithm.sign) return z;
  const magnitude = magnitudeOf(logarithm.value, definitions);
  const ramp = magnitude === null ? null : rampOf(linear, logarithm.sign, definitions);
  return ramp?.value === magnitude ? ramp : null;
}

/** The z of `softplus(-abs(z))`, whatever its sign. */
function magnitudeOf(value: Value, definitions: Definitions): Value | null {
  const [argument] = argsOf(value, 'softplus', definitions) ?? [];
  if (argument === undefined) return null;
  const { sign, value: magnitude } = signed(argument, definitions);
  const [z] = argsOf(magnitude, 'Math.abs', definitions) ?? [];
  return sign > 0 || z === undefined ? null : signed(z, definitions).value;
}

/** A sum of terms in place of an operation. */
function added(op: ApplyOp, [first, ...rest]: readonly Term[]): readonly ApplyOp[] {
  if (first === undefined) return [op];
  const start = inner(op, first.sign > 0 ? 'copy' : 'neg', [first.value]);
  const ops = rest.reduce<readonly ApplyOp[]>(
    (before, { sign, value }) => [
      ...before,
      inner(op, sign > 0 ? '+' : '-', [lastOf(before).result, value]),
    ],
    [start],
  );
  return [...ops.slice(0, -1), { ...lastOf(ops), result: op.result }];
}
