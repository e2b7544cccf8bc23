import type { ts } from 'ts-morph';
import { diagnostic, type Diagnostic } from './diagnostics/diagnostic.js';
import { findActivity, type Activity } from './analysis/activity.js';
import { findMemory, type Memory } from './analysis/memory.js';
import { differentiate, type Gradient } from './differentiate/gradient.js';
import { ChangedLater, Unsavable } from './differentiate/plan.js';
import { UnfollowedReference } from './differentiate/shadow.js';
import { outsideFunction } from './frontend/lower/callees.js';
import { isTopLevel } from './frontend/lower/callees.js';
import type { Lowered, LoweredParameter } from './frontend/lower/function.js';
import { refuseLooseData } from './frontend/lower/matrices.js';
import { refuseWithoutShape } from './frontend/lower/shadowed.js';
import { isReference, type Fn, type Op, type Type, type Value } from './ir/ir.js';
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
import { normaliseLoopTests } from './simplify/loop-tests.js';

/** Thrown where a helper has to be called as a pair, because values inside of it must be saved where it may not run. */
export class MustPair extends Error {
  constructor(readonly helper: ts.Node) {
    super('A helper has to be a pair');
  }
}

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

/** A function in the form in which it is differentiated, and what is known of it. */
interface Analysed {
  readonly fn: Fn;
  readonly memory: Memory;
  readonly candidates: readonly LoweredParameter[];
  readonly activity: Activity;
}

/** The clean-up before the reversal, and what depends on which parameters. */
function analyse(
  lowered: Lowered,
  wrtNames: readonly string[] | null,
  simplify: boolean,
): Analysed {
  const { cx } = lowered;
  const noteRewrite = (before: Op, after: Op): void => {
    const place = before.kind === 'store' ? cx.stores.get(before) : undefined;
    if (place !== undefined && after.kind === 'store') cx.stores.set(after, place);
  };
  const definitions: Map<Value, Op> = cx.definitions;
  refuseLooseData(cx, lowered.fn.body);
  const gated = recogniseGates(lowered.fn.body, definitions);
  const tested = simplify ? normaliseLoopTests(gated, definitions) : gated;
  const known = knowLoads(tested, findMemory(lowered.fn.params, tested), definitions);
  const shared = simplify
    ? shareCommon(known, findMemory(lowered.fn.params, known), noteRewrite)
    : known;
  const body = removeDead(shared);
  for (const op of allOps(body)) for (const result of results(op)) definitions.set(result, op);
  const fn: Fn = { ...lowered.fn, body };
  const memory = findMemory(fn.params, body);
  const candidates = lowered.parameters.filter(({ name, value }) =>
    wrtNames === null ? mayHoldNumbers(value.type) : wrtNames.includes(name),
  );
  const all = candidates.map(({ value }) => value);
  return { fn, memory, candidates, activity: findActivity(fn, all, memory, definitions) };
}

/** What the callers of a function that is differentiated as a pair have to know of it. */
export interface Facts {
  /** The parameters, by their number, through which a derivative flows, as far as its own calls are known. */
  readonly active: ReadonlyMap<number, LoweredParameter>;
  /** Why its calls cannot be reversed by halves. */
  readonly obstacle: string | null;
}

export function factsOf(lowered: Lowered): Facts {
  const { fn, candidates, activity, memory } = analyse(lowered, null, true);
  const active = new Map<number, LoweredParameter>();
  lowered.parameters.forEach((parameter, i) => {
    const isActive =
      candidates.includes(parameter) && isActiveParameter(parameter.value, activity, memory);
    if (isActive) active.set(i, parameter);
  });
  return { active, obstacle: obstacleOf(fn, memory) };
}

function obstacleOf({ params, body }: Fn, memory: Memory): string | null {
  const references = params.filter(({ type }) => isReference(type));
  const reached = references.flatMap((param) => memory.reachable(param));
  if (reached.some(({ stores }) => stores.length > 0)) return 'it writes into its arguments';
  const results = body.yields.filter(({ type }) => isReference(type));
  const given = results.flatMap((result) => memory.reachable(result));
  if (given.some((place) => place.global || place.params.size > 0 || reached.includes(place)))
    return 'it gives out what it was given';
  return null;
}

/** How a function is differentiated. */
export interface Request {
  readonly wrt: readonly string[] | null;
  /** The derivative that its result is given; null for the gradient of a number. */
  readonly seed: Value | null;
  readonly simplify: boolean;
}

/** From a lowered function to its gradient: gates → memory → activity → reverse. Throws a Refusal. */
export function differentiateFunction(
  lowered: Lowered,
  { wrt: wrtNames, seed, simplify }: Request,
  trace: Trace,
): Differentiated {
  const { cx } = lowered;
  const definitions: Map<Value, Op> = cx.definitions;
  if (seed !== null) refuseMatrices(lowered);
  const { fn, memory, candidates, activity } = analyse(lowered, wrtNames, simplify);
  trace.forward('simplified', fn);
  const all = candidates.map(({ value }) => value);
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
  const [mixed] = activity.mixed;
  if (mixed !== undefined) {
    const node = nodeOf(lowered, mixed);
    const name = mixed.variable?.name ?? node.getText();
    cx.unsupported(
      node,
      `"${name}", which is not of the same kind on all ways,`,
      'Use a variable for each kind.',
    );
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
  for (const { node, value } of candidates) if (wrt.includes(value)) refuseWithoutShape(cx, node);
  const precise = wrt.length === all.length ? activity : findActivity(fn, wrt, memory, definitions);
  const source = {
    canSave: (value: Value): boolean => cx.savePoints.has(value),
    canSaveStore: (store: Op & { kind: 'store' }): boolean =>
      store.key === 'end' || cx.stores.has(store),
    canExpand: (value: Value): boolean =>
      (cx.inlinedIn.get(value) ?? []).some((helper) => !cx.choices.expanded.has(helper)),
    visibleAt: (value: Value): ReadonlyMap<Value, string> | null =>
      cx.returnSites.get(value)?.visible ?? null,
    isSteady: (value: Value): boolean => cx.steadyCounters.has(value),
    isAtTop: (value: Value): boolean => cx.topCounters.has(value),
    returnCount: cx.returnCount,
    visibleAtEnd: lowered.visible,
    nameOf: (value: Value): string => nameToSave(lowered, value),
  };
  try {
    const options = { seed, fold: simplify ? foldAlgebra : null, simplify, trace };
    const gradient = differentiate(fn, precise, memory, wrt, definitions, source, options);
    if (seed !== null && gradient.sweeps.some(({ undoes }) => undoes)) {
      return cx.unsupported(
        nameNode(lowered),
        `A backward half of ${lowered.fn.name}, which overwrites what is needed backwards,`,
        'Write the results into a new array.',
      );
    }
    return { gradient, warnings };
  } catch (error) {
    if (error instanceof UnfollowedReference) {
      const what = `"${error.reference.variable?.name ?? 'value'}"`;
      return cx.refuse('CR208', nodeOf(lowered, error.reference), { what, advice: error.advice });
    }
    if (error instanceof ChangedLater) {
      const name = nameOfCall(lowered, error.result);
      const reason = `"${error.given.variable?.name ?? 'an argument'}" is changed behind the call`;
      return cx.refuse('CR206', nodeOf(lowered, error.result), { name, reason });
    }
    if (error instanceof Unsavable) {
      // From the outside: a helper can only run in place where its caller does.
      const helpers = [...(cx.inlinedIn.get(error.value) ?? [])].reverse();
      const { expanded, paired } = cx.choices;
      const helper = helpers.find((candidate) => !expanded.has(candidate)) ?? helpers[0];
      if (helper !== undefined && !expanded.has(helper)) throw new MustExpand(helper);
      const pairable = helpers.find((candidate) => !paired.has(candidate) && isTopLevel(candidate));
      if (pairable !== undefined) throw new MustPair(pairable);
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

/** Matrices within an array or an object that is passed in cannot be summed into: they belong to the caller. */
function refuseMatrices({ fn, cx, root, result }: Lowered): void {
  if (!isReference(result.type) || !holdsMatrix(result.type)) return;
  cx.unsupported(
    root.name ?? root,
    `A backward half of ${fn.name}, whose result holds matrices,`,
    'Return one matrix, or write it for numbers, arrays and objects.',
  );
}

function holdsMatrix(type: Type): boolean {
  switch (type.kind) {
    case 'matrix':
      return true;
    case 'array':
      return holdsMatrix(type.element);
    case 'tuple':
      return type.elements.some(holdsMatrix);
    case 'object':
      return type.fields.some((field) => holdsMatrix(field.type));
    default:
      return false;
  }
}

function nameOfCall(lowered: Lowered, result: Value): string {
  const op = lowered.cx.definitions.get(result);
  return op?.kind === 'call' ? op.callee.name : 'called here';
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
  const definition = cx.definitions.get(value) ?? loopOf(lowered, value);
  const origin = definition?.origin ?? null;
  return (
    cx.nodes.get(value) ??
    (origin === null ? undefined : cx.originNodes.get(origin)) ??
    nameNode(lowered)
  );
}

/** The loop that carries a value from one iteration to the next. */
function loopOf({ fn }: Lowered, value: Value): Op | undefined {
  return [...allOps(fn.body)].find((op) => op.kind === 'loop' && op.params.includes(value));
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
  if (op?.kind === 'call' && op.record === value) return `${op.callee.name}_call`;
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
