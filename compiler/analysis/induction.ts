import { numberOf, type Definitions } from '../ir/build.js';
import type { LoopOp, Op, Region, Value } from '../ir/ir.js';
import { allOps, operands } from '../ir/walk.js';
import { isInteger } from './integers.js';
import type { Structure } from './structure.js';

/** How a state of a loop changes in an iteration: by a constant, or by what an inner loop does to it. */
export type Induction =
  | { readonly kind: 'step'; readonly step: number }
  | { readonly kind: 'inner'; readonly result: Value };

/**
 * The states of loops, besides the counter, that can be followed in either direction without being saved: integers that
 * change by constants, as `p` in `l[p]; p++`. A number that is not known to be an integer qualifies where it is nothing
 * but an index, since a fraction finds no element in either direction.
 */
export function findInductions(
  body: Region,
  structure: Structure,
  definitions: Definitions,
): ReadonlyMap<Value, Induction> {
  const found = new Map<Value, Induction>();
  const uses = usesOf(body);
  const loops = [...allOps(body)].filter((op): op is LoopOp => op.kind === 'loop');
  // Inner loops stand behind the outer ones in the list.
  for (const loop of loops.reverse()) {
    for (const [at, param] of loop.params.entries()) {
      const next = loop.body.yields[at];
      const induction =
        next === undefined ? null : inductionOf(loop, param, next, found, definitions);
      if (induction !== null && isExact(param, uses, structure, definitions))
        found.set(param, induction);
    }
  }
  return found;
}

function inductionOf(
  loop: LoopOp,
  param: Value,
  next: Value,
  found: ReadonlyMap<Value, Induction>,
  definitions: Definitions,
): Induction | null {
  const op = definitions.get(next);
  if (op === undefined || !loop.body.ops.includes(op)) return null;
  if (op.kind === 'apply' && (op.fn === '+' || op.fn === '-')) {
    const [a, b] = op.args;
    const step = b === undefined ? null : numberOf(b, definitions);
    if (a !== param || step === null || !Number.isInteger(step)) return null;
    return { kind: 'step', step: op.fn === '+' ? step : -step };
  }
  if (op.kind !== 'loop') return null;
  const at = op.results.indexOf(next);
  const inner = op.params[at];
  return op.inits[at] === param && inner !== undefined && found.has(inner)
    ? { kind: 'inner', result: next }
    : null;
}

function usesOf(body: Region): ReadonlyMap<Value, readonly Op[]> {
  const uses = new Map<Value, Op[]>();
  for (const op of allOps(body)) {
    for (const value of new Set(operands(op))) {
      const list = uses.get(value);
      if (list === undefined) uses.set(value, [op]);
      else list.push(op);
    }
  }
  return uses;
}

/** Whether following a state backwards gives the very same numbers. */
function isExact(
  param: Value,
  uses: ReadonlyMap<Value, readonly Op[]>,
  structure: Structure,
  definitions: Definitions,
): boolean {
  const loopOf = (value: Value): LoopOp | undefined => {
    const region = structure.regionOf.get(value);
    return region === undefined ? undefined : structure.loopOf.get(region);
  };
  return isInteger(param, definitions, loopOf) || isIndexOnly(param, uses, definitions, new Set());
}

/** Whether all that a value does is to be an index, or to become one by the addition of integers. */
function isIndexOnly(
  value: Value,
  uses: ReadonlyMap<Value, readonly Op[]>,
  definitions: Definitions,
  seen: Set<Value>,
): boolean {
  if (seen.has(value)) return true;
  seen.add(value);
  return (uses.get(value) ?? []).every((op) => {
    switch (op.kind) {
      case 'load':
        return op.object !== value;
      case 'store':
        return op.object !== value && op.value !== value;
      case 'apply': {
        const [a, b] = op.args;
        const step = b === undefined ? null : numberOf(b, definitions);
        const isStep =
          (op.fn === '+' || op.fn === '-') &&
          a === value &&
          step !== null &&
          Number.isInteger(step);
        return isStep && isIndexOnly(op.result, uses, definitions, seen);
      }
      case 'loop': {
        const at = op.inits.indexOf(value);
        const [param, result] = [op.params[at], op.results[at]];
        return (
          param !== undefined &&
          result !== undefined &&
          isIndexOnly(param, uses, definitions, seen) &&
          isIndexOnly(result, uses, definitions, seen)
        );
      }
      default:
        return false;
    }
  });
}
