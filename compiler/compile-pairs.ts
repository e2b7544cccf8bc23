import { factsOf, differentiateFunction, MustExpand, MustPair } from './compile-function.js';
import type { Differentiated, Request } from './compile-function.js';
import type { Choices } from './frontend/lower/context.js';
import { lowerFunction, type Lowered } from './frontend/lower/function.js';
import type { Pair, Pairs } from './frontend/lower/pairs.js';
import type { GlobalNames } from './frontend/global-names.js';
import type { ts } from 'ts-morph';
import type { Callee } from './ir/ir.js';
import type { Trace } from './ir/stages.js';
import { allOps } from './ir/walk.js';

/** What the functions of one generated file share. */
export interface Unit {
  readonly names: GlobalNames;
  readonly pairs: Pairs;
}

const none: Choices = { expanded: new Set(), paired: new Set() };

/**
 * Lowers and differentiates a function; helpers whose inner values must be saved are expanded in place, or called as
 * pairs where they may not run. `request` says how, once the type of the result is known.
 */
export function differentiateAsNeeded(
  name: string,
  node: Lowered['root'],
  unit: Unit,
  request: (lowered: Lowered) => Request,
  trace: Trace,
): {
  readonly lowered: Lowered;
  readonly differentiated: Differentiated;
  readonly request: Request;
} {
  const expanded = new Set<ts.Node>();
  const paired = new Set<ts.Node>();
  for (;;) {
    const lowered = lowerFunction(name, node, { expanded, paired }, unit.names, unit.pairs);
    trace.forward('lowered', lowered.fn);
    const asked = request(lowered);
    settleKeys(lowered, unit);
    try {
      const differentiated = differentiateFunction(lowered, asked, trace);
      return { lowered, differentiated, request: asked };
    } catch (error) {
      if (error instanceof MustExpand) expanded.add(error.helper);
      else if (error instanceof MustPair) paired.add(error.helper);
      else throw error;
    }
  }
}

/**
 * Finds out through which parameters of the pairs that a function calls a derivative flows. Pairs may call each other:
 * at first none has an active parameter, and more become active until nothing changes.
 */
function settleKeys(caller: Lowered, unit: Unit): void {
  const found = new Map<Pair, Lowered>();
  const visit = ({ cx }: Lowered): void => {
    for (const pair of cx.calledPairs) {
      if (found.has(pair)) continue;
      const lowered = lowerFunction(pair.name, pair.source, none, unit.names, unit.pairs);
      found.set(pair, lowered);
      visit(lowered);
    }
  };
  visit(caller);
  const size = (): number => [...found.keys()].reduce((sum, { keys }) => sum + keys.size, 0);
  for (let before = -1; before !== size();) {
    before = size();
    for (const [pair, lowered] of found) {
      const { active, obstacle } = factsOf(lowered);
      pair.obstacle = obstacle;
      for (const [i, { name, value }] of active)
        pair.keys.set(i, { key: `d${name}`, type: value.type });
    }
  }
  for (const { name, obstacle, callee } of caller.cx.calledPairs) {
    if (obstacle !== null) refuseCalls(caller, callee, name, obstacle);
  }
}

function refuseCalls(
  { fn, cx, root }: Lowered,
  callee: Callee,
  name: string,
  obstacle: string,
): void {
  for (const op of allOps(fn.body)) {
    if (op.kind !== 'call' || op.callee !== callee || op.record === null) continue;
    const reason = `it is called as a pair, and ${obstacle}`;
    cx.refuse('CR206', cx.nodes.get(op.record) ?? root, { name, reason });
  }
}
