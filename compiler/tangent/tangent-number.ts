import type { ts } from 'ts-morph';
import type { Op, Region, Value } from '../ir/ir.js';
import { allOps, results } from '../ir/walk.js';
import { recogniseGates } from '../simplify/gates.js';
import { tangentOf, type Derivation } from './derivative.js';
import type { Draft } from './draft.js';
import { lowerNumber } from './numbers.js';
import type { Writer } from './writer.js';

/** A number of the author's and its tangent, as values. */
export interface NumberPair {
  readonly value: Value;
  /** Null where it is zero. */
  readonly tangent: Value | null;
}

/** Lowers an expression that gives a number and differentiates it. */
export function differentiateNumber(w: Writer, draft: Draft, node: ts.Expression): NumberPair {
  return differentiateLowered(w, draft, () => lowerNumber(w, draft, node));
}

/** Differentiates the number that `lower` gives the operations of. */
export function differentiateLowered(w: Writer, draft: Draft, lower: () => Value): NumberPair {
  const ops = w.primal.current();
  const start = ops.length;
  const value = lower();
  replaceGates(w, { ops: ops.slice(start), yields: [value] });
  w.tangents.known = draft.shared;
  return { value, tangent: differentiate(w, value) };
}

/** The tangent of a value that has been lowered. */
function differentiate(w: Writer, value: Value): Value | null {
  const d: Derivation = {
    builder: w.tangents,
    definitions: w.definitions,
    leaf: (candidate) => w.leaves.get(candidate)?.tangent,
    known: new Map(),
    scaled: new Map(),
  };
  return tangentOf(d, value);
}

/** Functions written out in several steps, which may be spread over statements, become one. */
function replaceGates(w: Writer, region: Region): void {
  const isCandidate = (op: Op): boolean =>
    op.kind === 'apply' && /^(\/|\+|-|Math\.log|Math\.log1p|log|crossEntropy)$/.test(op.fn);
  const all = [...allOps(region)];
  if (!all.some(isCandidate)) return;
  const gated = recogniseGates(region, w.definitions);
  const isVisible = (op: Op): boolean =>
    op.kind !== 'apply' || op.args.every((arg) => w.leaves.has(arg) || w.definitions.has(arg));
  const before = new Set(all);
  const added = [...allOps(gated)].filter((op) => !before.has(op));
  if (
    !added.some(
      (op) =>
        op.kind === 'apply' && /^(sigmoid|softplus|logSoftmax|softmaxCrossEntropy)$/.test(op.fn),
    )
  )
    return;
  for (const op of added) {
    if (!isVisible(op)) continue;
    for (const result of results(op)) w.definitions.set(result, op);
  }
}
