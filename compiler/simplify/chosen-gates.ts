import type { Definitions } from '../ir/build.js';
import { numberType, type ApplyOp, type IfOp, type Region, type Value } from '../ir/ir.js';
import { argsOf, signed, type Term } from './patterns.js';

/** A gate and what it is applied to. */
interface Gate {
  readonly fn: string;
  readonly argument: Term;
}

/**
 * A gate that is written in two ways for the two signs of its argument, so that neither overflows, is smooth: it is
 * computed ahead of the choice.
 *
 * Before: `s = if z > 0 { z + log1p(exp(-z)) } else { log1p(exp(z)) }` — after: `s = softplus z`
 */
export function chosenGates(op: IfOp, definitions: Definitions): readonly (ApplyOp | IfOp)[] {
  const gates = op.results.map((_, at) => sameGate(op, at, definitions));
  if (gates.every((gate) => gate === null)) return [op];
  const ahead = gates.flatMap((gate, at): ApplyOp[] => {
    const result = op.results[at];
    return gate === null || result === undefined ? [] : applied(op, gate, result);
  });
  const pick = <T>(list: readonly T[]): T[] => list.filter((_, at) => gates[at] === null);
  const arm = (region: Region): Region => ({ ...region, yields: pick(region.yields) });
  return [...ahead, { ...op, then: arm(op.then), else: arm(op.else), results: pick(op.results) }];
}

/** The gate that both arms yield; its argument comes from outside of them. */
function sameGate(op: IfOp, at: number, definitions: Definitions): Gate | null {
  const [then, otherwise] = [op.then, op.else].map(({ yields }) => gateOf(yields[at], definitions));
  if (!then || !otherwise || then.fn !== otherwise.fn) return null;
  const [a, b] = [then.argument, otherwise.argument];
  return a.sign === b.sign && a.value === b.value ? then : null;
}

function gateOf(value: Value | undefined, definitions: Definitions): Gate | null {
  for (const fn of ['sigmoid', 'softplus']) {
    const [argument] = argsOf(value, fn, definitions) ?? [];
    if (argument !== undefined) return { fn, argument: signed(argument, definitions) };
  }
  return null;
}

function applied({ origin }: IfOp, { fn, argument }: Gate, result: Value): ApplyOp[] {
  const { sign, value } = argument;
  if (sign > 0) return [{ kind: 'apply', fn, args: [value], result, origin }];
  const negated: Value = { type: numberType, variable: null };
  return [
    { kind: 'apply', fn: 'neg', args: [value], result: negated, origin },
    { kind: 'apply', fn, args: [negated], result, origin },
  ];
}
