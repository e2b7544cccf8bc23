import type { ApplyOp, Op, Region, Value } from '../ir/ir.js';
import { numberOf, type Definitions } from '../ir/build.js';
import { rewriteOp } from '../ir/rewrite.js';

/**
 * Recognises functions that are written out in several steps and differentiates them as one gate:
 * `1 / (1 + Math.exp(-z))` is `sigmoid(z)`, `Math.log1p(Math.exp(z))` is `softplus(z)`. Which statements the steps are
 * spread over does not matter.
 */
export function recogniseGates(region: Region, definitions: Map<Value, Op>): Region {
  const rewrite = (inner: Region): Region => {
    const ops: Op[] = [];
    for (const op of inner.ops) {
      const gate = op.kind === 'apply' ? (sigmoid(op, definitions) ?? softplus(op, definitions)) : null;
      const isCompound = op.kind === 'if' || op.kind === 'loop';
      const rewritten = gate ?? (isCompound ? rewriteOp(op, (value) => value, rewrite) : op);
      if (gate !== null) definitions.set(gate.result, gate);
      ops.push(rewritten);
    }
    return { ...inner, ops };
  };
  return rewrite(region);
}

function argsOf(value: Value | undefined, fn: string, definitions: Definitions): readonly Value[] | null {
  if (value === undefined) return null;
  const op = definitions.get(value);
  return op?.kind === 'apply' && op.fn === fn ? op.args : null;
}

/** The other operand of a sum or product with the constant `constant`. */
function besides(value: Value | undefined, fn: string, constant: number, definitions: Definitions): Value | null {
  const args = argsOf(value, fn, definitions);
  const [a, b] = args ?? [];
  if (a === undefined || b === undefined) return null;
  if (numberOf(a, definitions) === constant) return b;
  return numberOf(b, definitions) === constant ? a : null;
}

/** z where the value is `-z`. */
function negated(value: Value | undefined, definitions: Definitions): Value | null {
  return argsOf(value, 'neg', definitions)?.[0] ?? besides(value, '*', -1, definitions);
}

function onePlusExp(value: Value | undefined, definitions: Definitions): Value | null {
  const exp = besides(value, '+', 1, definitions);
  return argsOf(exp ?? undefined, 'Math.exp', definitions)?.[0] ?? null;
}

function sigmoid(op: ApplyOp, definitions: Definitions): ApplyOp | null {
  const [one, denominator] = op.args;
  if (op.fn !== '/' || one === undefined || numberOf(one, definitions) !== 1) return null;
  const exponent = onePlusExp(denominator, definitions);
  const z = negated(exponent ?? undefined, definitions);
  return z === null ? null : { ...op, fn: 'sigmoid', args: [z] };
}

function softplus(op: ApplyOp, definitions: Definitions): ApplyOp | null {
  if (op.fn === '+') return stableSoftplus(op, definitions);
  const z = logOnePlusExp(op, definitions);
  return z === null ? null : { ...op, fn: 'softplus', args: [z] };
}

/** The exponent z in `log(1 + exp(z))` or `log1p(exp(z))`. */
function logOnePlusExp(op: Op | undefined, definitions: Definitions): Value | null {
  if (op?.kind !== 'apply') return null;
  if (op.fn === 'Math.log1p') return argsOf(op.args[0], 'Math.exp', definitions)?.[0] ?? null;
  return op.fn === 'Math.log' ? onePlusExp(op.args[0], definitions) : null;
}

/** `max(z, 0) + log(1 + exp(-abs(z)))`, the terms in either order. */
function stableSoftplus(op: ApplyOp, definitions: Definitions): ApplyOp | null {
  const [a, b] = op.args;
  if (a === undefined || b === undefined) return null;
  for (const [linear, log] of [
    [a, b],
    [b, a],
  ] as const) {
    const z = besides(linear, 'Math.max', 0, definitions);
    const exponent = logOnePlusExp(definitions.get(log), definitions);
    const magnitude = negated(exponent ?? undefined, definitions);
    const inner = argsOf(magnitude ?? undefined, 'Math.abs', definitions)?.[0];
    if (z !== null && inner === z) return { ...op, fn: 'softplus', args: [z] };
  }
  return null;
}
