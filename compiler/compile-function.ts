import type { ts } from 'ts-morph';
import { diagnostic, type Diagnostic } from './diagnostics/diagnostic.js';
import { findActivity, type Activity } from './analysis/activity.js';
import { findMemory, type Memory } from './analysis/memory.js';
import { differentiate, type Gradient } from './differentiate/gradient.js';
import { Unsavable } from './differentiate/plan.js';
import { UnfollowedReference } from './differentiate/shadow.js';
import { outsideFunction } from './frontend/lower/callees.js';
import type { Lowered } from './frontend/lower/function.js';
import { isReference, type Fn, type Op, type Value } from './ir/ir.js';
import type { Trace } from './ir/stages.js';
import { mayHoldNumbers } from './ir/types.js';
import { allOps, results } from './ir/walk.js';
import { wordOf } from './ir/words.js';
import { cutsGradient } from './rules/scalar.js';
import { foldAlgebra } from './simplify/algebra.js';
import { shareCommon } from './simplify/common.js';
import { removeDead } from './simplify/dead.js';
import { recogniseGates } from './simplify/gates.js';
import { knowLoads } from './simplify/known-loads.js';

/** Thrown where a helper has to run in the place of its call, because values inside of it must be saved. */
export class MustExpand extends Error {
  constructor(readonly helper: ts.Node) {
    super('A helper has to be expanded');
  }
}

export interface Differentiated {
  readonly gradient: Gradient;
  readonly warnings: readonly Diagnostic[];
}

/** From a lowered function to its gradient: gates → memory → activity → reverse. Throws a Refusal. */
export function differentiateFunction(
  lowered: Lowered,
  wrtNames: readonly string[] | null,
  simplify: boolean,
  trace: Trace,
): Differentiated {
  const { cx } = lowered;
  const noteRewrite = (before: Op, after: Op): void => {
    const place = before.kind === 'store' ? cx.stores.get(before) : undefined;
    if (place !== undefined && after.kind === 'store') cx.stores.set(after, place);
  };
  const definitions: Map<Value, Op> = cx.definitions;
  const gated = recogniseGates(lowered.fn.body, definitions);
  const known = knowLoads(gated, findMemory(lowered.fn.params, gated), definitions);
  const shared = simplify
    ? shareCommon(known, findMemory(lowered.fn.params, known), noteRewrite)
    : known;
  const body = removeDead(shared);
  for (const op of allOps(body)) for (const result of results(op)) definitions.set(result, op);
  const fn: Fn = { ...lowered.fn, body };
  trace.forward('simplified', fn);
  const memory = findMemory(fn.params, body);
  const candidates = lowered.parameters.filter(({ name, value }) =>
    wrtNames === null ? mayHoldNumbers(value.type) : wrtNames.includes(name),
  );
  const all = candidates.map(({ value }) => value);
  const activity = findActivity(fn, all, memory, definitions);
  const [lost] = activity.lost;
  if (lost !== undefined) {
    const node = cx.nodes.get(lost.result) ?? lowered.root;
    const names = lost.args.map((arg) => arg.variable?.name).filter((name) => name !== undefined);
    const outside = outsideFunction(cx, node);
    const what = names.join(', ') || 'a parameter';
    if (outside !== null) cx.refuse('CR209', node, { name: outside, names: what });
    cx.refuse('CR203', node, {
      names: what,
      what: `"${node.getText()}"`,
    });
  }
  const active = candidates.filter(({ value }) => isActiveParameter(value, activity, memory));
  const warnings: Diagnostic[] = [];
  if (wrtNames === null) {
    if (active.length === 0) cx.refuse('CR301', nameNode(lowered), { name: lowered.fn.name });
  } else {
    for (const { name, node } of candidates.filter((candidate) => !active.includes(candidate))) {
      warnings.push(diagnostic('CR302', cx.span(node), { name: lowered.fn.name, parameter: name }));
    }
  }
  warnings.push(...cutWarnings(lowered, fn, activity));
  const wrt = wrtNames === null ? active.map(({ value }) => value) : all;
  const precise = wrt.length === all.length ? activity : findActivity(fn, wrt, memory, definitions);
  const source = {
    canSave: (value: Value): boolean => cx.savePoints.has(value),
    canSaveStore: (store: Op & { kind: 'store' }): boolean =>
      store.key === 'end' || cx.stores.has(store),
    visibleAt: (value: Value): ReadonlyMap<Value, string> | null =>
      cx.returnSites.get(value)?.visible ?? null,
    canIndex: (value: Value): boolean => cx.steadyCounters.has(value),
    returnCount: cx.returnCount,
    visibleAtEnd: lowered.visible,
    nameOf: (value: Value): string => nameToSave(lowered, value),
  };
  try {
    const options = { fold: simplify ? foldAlgebra : null, simplify, trace };
    return {
      gradient: differentiate(fn, precise, memory, wrt, definitions, source, options),
      warnings,
    };
  } catch (error) {
    if (error instanceof UnfollowedReference) {
      const what = `"${error.reference.variable?.name ?? 'value'}"`;
      return cx.refuse('CR208', nodeOf(lowered, error.reference), { what, advice: error.advice });
    }
    if (error instanceof Unsavable) {
      // From the outside: a helper can only run in place where its caller does.
      const helpers = [...(cx.inlinedIn.get(error.value) ?? [])].reverse();
      const helper = helpers.find((candidate) => !cx.expanded.has(candidate)) ?? helpers[0];
      if (helper !== undefined && !cx.expanded.has(helper)) throw new MustExpand(helper);
      const node = nodeOf(lowered, error.value);
      if (helper !== undefined) {
        const reason = 'values inside of it must be saved, and here it may not run at all';
        return cx.refuse('CR206', node, { name: nameOfHelper(helper), reason });
      }
      return cx.refuse('CR207', node, {
        what: `"${error.value.variable?.name ?? node.getText()}"`,
      });
    }
    throw error;
  }
}

function nameOfHelper(helper: ts.Node): string {
  const name = (helper as Partial<ts.FunctionDeclaration>).name?.text;
  return name === undefined ? 'given here' : name;
}

function nameNode(lowered: Lowered): Parameters<Lowered['cx']['span']>[0] {
  return lowered.root.name ?? lowered.root;
}

function nodeOf(lowered: Lowered, value: Value): Parameters<Lowered['cx']['span']>[0] {
  const { cx } = lowered;
  const origin = cx.definitions.get(value)?.origin ?? null;
  return (
    cx.nodes.get(value) ??
    (origin === null ? undefined : cx.originNodes.get(origin)) ??
    nameNode(lowered)
  );
}

function isActiveParameter(value: Value, activity: Activity, memory: Memory): boolean {
  if (!isReference(value.type)) return activity.isActive(value);
  return memory.reachable(value).some((reached) => activity.isActiveClass(reached));
}

/** What a saved value is called: by its variable, or by the variable that it helps to compute. */
function nameToSave(lowered: Lowered, value: Value): string {
  if (value.variable !== null) return value.variable.name;
  const point = lowered.cx.savePoints.get(value);
  const callee = point?.kind === 'hoist' ? calleeOf(point.expression) : null;
  if (callee !== null) return `${callee}_value`;
  const op = lowered.cx.definitions.get(value);
  const target = op?.origin?.target ?? 'value';
  if (op?.kind === 'alloc') return `${target}_array`;
  return op?.kind === 'apply' ? `${target}_${wordOf(op.fn)}` : `${target}_part`;
}

/** The name of the function that an expression calls. */
function calleeOf(expression: ts.Expression): string | null {
  const { expression: callee } = expression as Partial<ts.CallExpression>;
  const name = (callee as Partial<ts.Identifier> | undefined)?.text;
  return 'arguments' in expression && typeof name === 'string' ? name : null;
}

/** Where the gradient ends because a function is constant piece by piece. */
function cutWarnings(lowered: Lowered, fn: Fn, activity: Activity): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  for (const op of allOps(fn.body)) {
    if (op.kind !== 'apply' || !cutsGradient(op.fn) || !activity.isUseful(op.result)) continue;
    if (!op.args.some((arg) => activity.isVaried(arg))) continue;
    const node = lowered.cx.nodes.get(op.result);
    if (node !== undefined)
      warnings.push(diagnostic('CR303', lowered.cx.span(node), { fn: op.fn }));
  }
  return warnings;
}
