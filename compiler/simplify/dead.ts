import { END, type IfOp, type LoopOp, type Op, type Region, type Value } from '../ir/ir.js';
import { operands, regions, results } from '../ir/walk.js';

/** Whether an operation does something besides giving its results. */
export function hasEffect(op: Op): boolean {
  switch (op.kind) {
    case 'store':
    case 'push':
      return true;
    case 'load':
      return op.key === END;
    case 'if':
    case 'loop':
      return regions(op).some((region) => region.ops.some(hasEffect));
    default:
      return false;
  }
}

/**
 * Removes what nobody reads: operations without effects, results of branches, state of loops.
 *
 * Before: `t = x * y; u = t + 1; yield x` — after: `yield x`.
 */
export function removeDead(region: Region): Region {
  return sweep(region, findLive(region));
}

/** The values that effects and the yields of a region depend on. */
function findLive(root: Region): ReadonlySet<Value> {
  const live = new Set<Value>();
  const definitions = new Map<Value, Op>();
  const index = (region: Region): void => {
    for (const op of region.ops) {
      for (const result of results(op)) definitions.set(result, op);
      if (op.kind === 'loop') for (const param of op.params) definitions.set(param, op);
      regions(op).forEach(index);
    }
  };
  index(root);
  const work: Value[] = [...root.yields];
  const visited = new Set<Op>();
  const need = (value: Value): void => {
    if (!live.has(value)) {
      live.add(value);
      work.push(value);
    }
  };
  root.yields.forEach(need);
  /** An operation that stays: what it reads itself, however many of its results are used. */
  const keep = (op: Op): void => {
    if (visited.has(op)) return;
    visited.add(op);
    if (op.kind === 'loop') {
      op.test.yields.forEach(need);
      if (op.leave !== null) need(op.leave);
    } else operands(op).forEach(need);
    regions(op).forEach(keepEffects);
  };
  const keepEffects = (region: Region): void => {
    for (const op of region.ops) if (hasEffect(op)) keep(op);
  };
  keepEffects(root);
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const op = definitions.get(value);
    if (op === undefined) continue;
    keep(op);
    if (op.kind === 'if') needAt(op.results, value, [op.then.yields, op.else.yields], need);
    if (op.kind === 'loop') {
      needAt(op.results, value, [op.inits, op.body.yields, op.params], need);
      needAt(op.params, value, [op.inits, op.body.yields], need);
    }
  }
  return live;
}

function needAt(
  list: readonly Value[],
  value: Value,
  sources: readonly (readonly Value[])[],
  need: (value: Value) => void,
): void {
  const at = list.indexOf(value);
  if (at < 0) return;
  for (const source of sources) {
    const needed = source[at];
    if (needed !== undefined) need(needed);
  }
}

function sweep(region: Region, live: ReadonlySet<Value>): Region {
  const ops: Op[] = [];
  for (const op of region.ops) {
    const used = results(op).some((result) => live.has(result));
    if (op.kind === 'loop') {
      if (!used && !hasEffect(op)) continue;
      ops.push(sweepLoop(op, live));
    } else if (op.kind === 'if') {
      if (!used && !hasEffect(op)) continue;
      ops.push(sweepIf(op, live));
    } else if (used || hasEffect(op)) ops.push(op);
  }
  return { ...region, ops };
}

function sweepIf(op: IfOp, live: ReadonlySet<Value>): IfOp {
  const kept = op.results.map((result) => live.has(result));
  const pick = (region: Region): Region => {
    const swept = sweep(region, live);
    return { ...swept, yields: region.yields.filter((_, i) => kept[i]) };
  };
  return {
    ...op,
    then: pick(op.then),
    else: pick(op.else),
    results: op.results.filter((_, i) => kept[i]),
  };
}

function sweepLoop(op: LoopOp, live: ReadonlySet<Value>): LoopOp {
  const kept = op.params.map((param, i) => {
    const result = op.results[i];
    return live.has(param) || (result !== undefined && live.has(result));
  });
  const pick = <T>(list: readonly T[]): T[] => list.filter((_, i) => kept[i]);
  const body = sweep(op.body, live);
  return {
    ...op,
    inits: pick(op.inits),
    params: pick(op.params),
    results: pick(op.results),
    test: sweep(op.test, live),
    body: { ...body, yields: pick(op.body.yields) },
  };
}
