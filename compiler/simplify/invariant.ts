import type { IfOp, LoopOp, Op, Region, Value } from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';

/**
 * Replaces state that a loop hands on unchanged by its initial value, and results of a branch that are the same in
 * both arms by that value.
 *
 * Before: `(s, c) = loop (s = 0, c = k) { … yield s + c, c }` — after: `(s) = loop (s = 0) { … yield s + k }`.
 */
export function removeInvariant(region: Region): Region {
  // What is the same in an inner loop may make a state of the outer one the same.
  for (let current = region; ;) {
    const next = removeOnce(current);
    if (next === null) return current;
    current = next;
  }
}

/** One pass; null where it finds nothing. */
function removeOnce(region: Region): Region | null {
  const replaced = new Map<Value, Value>();
  const to = (value: Value): Value => {
    let current = value;
    for (let next = replaced.get(current); next !== undefined; next = replaced.get(current))
      current = next;
    return current;
  };
  const rewrite = (inner: Region): Region => {
    const ops = inner.ops.map((op): Op => {
      if (op.kind === 'loop') noteLoop(op, replaced);
      const rewritten = rewriteOp(op, to, rewrite);
      if (rewritten.kind === 'if') noteIf(rewritten, replaced);
      if (rewritten.kind === 'loop' || rewritten.kind === 'if') return drop(rewritten, replaced);
      return rewritten;
    });
    return { ...inner, ops, yields: inner.yields.map(to) };
  };
  const rewritten = rewrite(region);
  return replaced.size === 0 ? null : rewritten;
}

function noteLoop(op: LoopOp, replaced: Map<Value, Value>): void {
  op.params.forEach((param, i) => {
    const init = op.inits[i];
    const result = op.results[i];
    if (init === undefined || result === undefined || op.body.yields[i] !== param) return;
    replaced.set(param, init);
    replaced.set(result, init);
  });
}

function noteIf(op: IfOp, replaced: Map<Value, Value>): void {
  op.results.forEach((result, i) => {
    const value = op.then.yields[i];
    if (value !== undefined && value === op.else.yields[i]) replaced.set(result, value);
  });
}

function drop(op: IfOp | LoopOp, replaced: ReadonlyMap<Value, Value>): Op {
  const kept = op.results.map((result) => !replaced.has(result));
  const pick = <T>(list: readonly T[]): T[] => list.filter((_, i) => kept[i]);
  const pickYields = (region: Region): Region => ({ ...region, yields: pick(region.yields) });
  if (op.kind === 'if') {
    return {
      ...op,
      then: pickYields(op.then),
      else: pickYields(op.else),
      results: pick(op.results),
    };
  }
  return {
    ...op,
    inits: pick(op.inits),
    params: pick(op.params),
    results: pick(op.results),
    body: pickYields(op.body),
  };
}
