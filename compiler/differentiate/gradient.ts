import type { Activity } from '../analysis/activity.js';
import type { Memory, MemoryClass } from '../analysis/memory.js';
import { findInductions, type Induction } from '../analysis/induction.js';
import { findStructure, loopsAround, type Structure } from '../analysis/structure.js';
import { findCounter, type Counter } from '../analysis/trips.js';
import type { Fold } from '../ir/build.js';
import {
  isReference,
  type AllocOp,
  type Fn,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
  type Variable,
} from '../ir/ir.js';
import { typeName } from '../ir/print.js';
import { noSaves, type Saves } from '../ir/saves.js';
import type { Trace } from '../ir/stages.js';
import { allOps, results } from '../ir/walk.js';
import { carrySums } from '../simplify/carry.js';
import { shareCommon } from '../simplify/common.js';
import { removeDead } from '../simplify/dead.js';
import { hoistFromLoops } from '../simplify/hoist.js';
import { addInPlace } from '../simplify/in-place.js';
import { removeInvariant } from '../simplify/invariant.js';
import { refold } from '../simplify/refold.js';
import { Backward, type Forward } from './backward.js';
import { zerosFor } from './fit.js';
import { dropRestores, Legaliser } from './legalise.js';
import { findPaths, type Path } from './paths.js';
import { makePlan, type Plan, type PlanFacts } from './plan.js';
import { reverseOps } from './reverse.js';
import { seed } from './reverse-call.js';
import { shadowOf } from './shadow.js';

/** What the transform asks of the front end about the source behind the IR. */
export interface SourceFacts {
  canSave(value: Value): boolean;
  canSaveStore(store: StoreOp): boolean;
  canExpand(value: Value): boolean;
  /** The values that can be read by name at the end of a path; null where the path does not end at a `return`. */
  visibleAt(value: Value): ReadonlyMap<Value, string> | null;
  /** Whether a loop's counter tells the iterations apart wherever in the body something is saved. */
  isSteady(counter: Value): boolean;
  /** Whether the loop of a counter stands in the body of the function itself. */
  isAtTop(counter: Value): boolean;
  /** How many `return` statements the function has. */
  readonly returnCount: number;
  /** What can be read by name behind the whole forward sweep. */
  readonly visibleAtEnd: ReadonlyMap<Value, string>;
  nameOf(value: Value): string;
}

/** One backward sweep: its operations, whose yields are the derivatives of the parameters in order. */
export interface Sweep {
  readonly value: Value;
  readonly backward: Region;
  readonly visible: ReadonlyMap<Value, string>;
  readonly hints: ReadonlyMap<Value, string>;
  readonly shadows: ReadonlySet<Value>;
  readonly adjointVariables: ReadonlySet<Variable>;
  /** Parameters whose memory the sweep takes back to what it was on entry. */
  readonly restored: readonly Value[];
  /** Whether the sweep undoes what the forward sweep has written. */
  readonly undoes: boolean;
}

export interface Gradient {
  /** The parameters that have a derivative. */
  readonly wrt: readonly Value[];
  /** Parameters of which one is written, so that they must not share memory. */
  readonly apart: readonly (readonly [Value, Value])[];
  /** One sweep behind the forward sweep, or one for each `return`. */
  readonly sweeps: readonly Sweep[];
  readonly isSplit: boolean;
  readonly saves: Saves;
  readonly definitions: Map<Value, Op>;
}

export interface GradientOptions {
  /** The derivative that the result is given; null where the result is a number whose derivative is 1. */
  readonly seed: Value | null;
  readonly fold: Fold | null;
  readonly simplify: boolean;
  readonly trace: Trace;
}

/** Above this much repeated work, all returns share one backward sweep. */
const mostShared = 24;

/** The gradient of a function: activity, reverse, then what has to be saved. */
export function differentiate(
  fn: Fn,
  activity: Activity,
  memory: Memory,
  wrt: readonly Value[],
  definitions: Map<Value, Op>,
  source: SourceFacts,
  options: GradientOptions,
): Gradient {
  const structure = findStructure(fn.body);
  const [result] = fn.body.yields;
  if (result === undefined) throw new Error('A function without a result');
  const counters = new Map<LoopOp, Counter | null>();
  const counterOf = (loop: LoopOp): Counter | null => {
    const known = counters.get(loop);
    if (known !== undefined) return known;
    const counter = findCounter(loop, structure, memory, definitions);
    counters.set(loop, counter);
    return counter;
  };
  const paths = findPaths(fn.body, result);
  const isSplit = options.seed === null && paths.length > 1 && canSplit(paths, source, activity);
  const whole: Path = { ops: fn.body.ops, regions: [fn.body], value: result };
  const saves = noSaves();
  const inductions = findInductions(fn.body, structure, definitions);
  const fillsOnce = (store: StoreOp, made: AllocOp): boolean => {
    const home = structure.placeOf.get(made)?.region;
    const loops = loopsAround(structure, structure.placeOf.get(store)?.region);
    const outside = loopsAround(structure, home);
    const between = loops.filter((loop) => !outside.includes(loop));
    const [loop] = between;
    if (loop === undefined) return true;
    return between.length === 1 && counterOf(loop)?.param === store.key;
  };
  const forward: Forward = {
    definitions,
    regionOf: structure.regionOf,
    activity,
    memory,
    params: fn.params,
    body: fn.body,
    opsOf: (value) => structure.regionOf.get(value)?.ops ?? [],
    fillsOnce,
  };
  const sweeps = (isSplit ? paths : [whole]).map((path) => {
    const visible =
      source.visibleAt(path.value) ??
      (isSplit || paths.length === 1
        ? source.visibleAtEnd
        : onlyParams(fn, source.visibleAtEnd, path.value));
    return sweep(path, {
      fn,
      wrt,
      forward,
      structure,
      counterOf,
      inductions,
      isSplit,
      visible,
      source,
      saves,
      options,
    });
  });
  options.trace.saved(saves);
  return { wrt, apart: findApart(fn, memory), sweeps, isSplit, saves, definitions };
}

function onlyParams(
  fn: Fn,
  visible: ReadonlyMap<Value, string>,
  value: Value,
): ReadonlyMap<Value, string> {
  const params = [...visible].filter(([candidate]) => fn.params.includes(candidate));
  return new Map([...params, [value, 'value']]);
}

/** Whether each path ends at a `return` and little work is repeated. */
function canSplit(paths: readonly Path[], source: SourceFacts, activity: Activity): boolean {
  if (!paths.every((path) => source.visibleAt(path.value) !== null)) return false;
  const counts = new Map<Op, number>();
  for (const path of paths) for (const op of path.ops) counts.set(op, (counts.get(op) ?? 0) + 1);
  let shared = 0;
  for (const [op, count] of counts) {
    if (count === 1) continue;
    // A loop that may return is left without a return too.
    if (op.kind === 'loop' && paths.some(({ value }) => op.results.includes(value))) return false;
    for (const inner of op.kind === 'if' || op.kind === 'loop' ? allOpsOf(op) : [op]) {
      const isActive = 'result' in inner && activity.isActive(inner.result);
      if (inner.kind === 'store') return false;
      if (op.kind === 'loop' && isActive) return false;
      if (isActive) shared += count - 1;
    }
  }
  return shared <= mostShared;
}

/** The pairs of parameters that could be the same array, one of them written. */
function findApart(fn: Fn, memory: Memory): [Value, Value][] {
  const arrays = fn.params.filter((param) => param.type.kind === 'array');
  const isWritten = (param: Value): boolean =>
    memory.reachable(param).some((reached) => reached.stores.length > 0);
  return arrays.flatMap((a, i) =>
    arrays
      .slice(i + 1)
      .filter((b) => typeName(a.type) === typeName(b.type) && (isWritten(a) || isWritten(b)))
      .map((b): [Value, Value] => [a, b]),
  );
}

function restoredParams(fn: Fn, plan: Plan, memory: Memory): Value[] {
  const stores = [...plan.restores].map((restore) => restore.store);
  return fn.params.filter(
    (param) =>
      isReference(param.type) &&
      memory
        .reachable(param)
        .some((reached) => stores.some((store) => reached.stores.includes(store))),
  );
}

/** The adjoint of a parameter; where the source only renames the parameter, it goes by the other name. */
function finalAdjoint(b: Backward, param: Value): Value {
  const adjoint = b.adjoints.get(param) ?? zerosFor(b, param);
  const op = b.definitions.get(adjoint);
  const [renamed] = op?.kind === 'apply' && op.fn === 'copy' ? op.args : [];
  const isRenaming = /^\w+ = \w+$/.test(op?.origin?.text ?? '');
  const isAdjoint =
    renamed !== undefined && renamed.variable !== null && b.ownVariables.has(renamed.variable);
  return isAdjoint && isRenaming ? renamed : adjoint;
}

function allOpsOf(op: Op): Op[] {
  if (op.kind === 'if') return [...allOps(op.then), ...allOps(op.else)];
  return op.kind === 'loop' ? [...allOps(op.body)] : [op];
}

interface SweepContext {
  readonly fn: Fn;
  readonly wrt: readonly Value[];
  readonly forward: Forward;
  readonly structure: Structure;
  readonly counterOf: (loop: LoopOp) => Counter | null;
  readonly inductions: ReadonlyMap<Value, Induction>;
  readonly isSplit: boolean;
  readonly visible: ReadonlyMap<Value, string>;
  readonly source: SourceFacts;
  readonly saves: Saves;
  readonly options: GradientOptions;
}

function sweep(path: Path, context: SweepContext): Sweep {
  const { fn, wrt, forward, structure, source, options, visible } = context;
  const b = new Backward(forward, options.fold);
  const derivatives: Value[] = [];
  const { ops } = b.builder.region(() => {
    b.mirrors.push({ forward: path.regions, ops: b.builder.current(), shadows: new Map() });
    if (options.seed !== null) seed(b, path.value, options.seed);
    else if (b.isActive(path.value)) b.adjoints.set(path.value, b.builder.literal(1));
    reverseOps(b, path.ops);
    b.builder.origin = null;
    for (const param of wrt) {
      derivatives.push(isReference(param.type) ? shadowOf(b, param) : finalAdjoint(b, param));
    }
    return derivatives;
  });
  const raw: Region = { ops, yields: derivatives };
  const { fold, trace } = options;
  trace.backward('reversed', raw);
  const clean = (region: Region): Region => {
    if (fold === null) return removeDead(region);
    return removeDead(removeInvariant(refold(removeInvariant(region), fold, forward.definitions)));
  };
  const facts: PlanFacts = {
    structure,
    memory: forward.memory,
    definitions: forward.definitions,
    roots: new Set(path.regions),
    params: new Set(fn.params),
    isVisible: (value) => visible.has(value),
    canSave: (value) => source.canSave(value),
    canSaveStore: (store) => source.canSaveStore(store),
    canExpand: (value) => source.canExpand(value),
    isSteady: (counter) => source.isSteady(counter) && source.canSave(counter),
    // Behind a label, what is declared in front of a loop is out of scope.
    isInScope: (counter) =>
      source.isSteady(counter) &&
      source.isAtTop(counter) &&
      source.canSave(counter) &&
      (context.isSplit || source.returnCount <= 1),
    counterOf: context.counterOf,
    inductions: context.inductions,
  };
  let plan: Plan = { sources: new Map(), restores: new Set() };
  let backward = raw;
  for (let size = -1; size !== plan.restores.size;) {
    size = plan.restores.size;
    backward = clean(dropRestores(raw, b.restores, plan.restores));
    plan = makePlan(facts, backward, b.restores, plan.restores);
  }
  trace.backward('cleaned', backward);
  const shadowMemory = new Map<MemoryClass, object>();
  const memoryOf = (reference: Value): object => {
    const primal = b.shadows.get(reference);
    if (primal === undefined) return forward.memory.classOf(reference);
    const memory = forward.memory.classOf(primal);
    const known = shadowMemory.get(memory) ?? {};
    shadowMemory.set(memory, known);
    return known;
  };
  const legaliser = new Legaliser(
    facts,
    plan,
    context.saves,
    forward.definitions,
    b.restores,
    (value) => source.nameOf(value),
    memoryOf,
  );
  // The author's arithmetic that is computed again stays as it is, to the last bit: branches depend on it.
  const shared = removeDead(shareCommon(legaliser.run(backward, path.regions), null));
  for (const op of allOps(shared))
    for (const result of results(op)) forward.definitions.set(result, op);
  const own: Variable[] = [];
  const kept = [hoistFromLoops, carrySums].reduce((before, pass) => {
    if (!options.simplify) return before;
    const { region, variables } = pass(before, memoryOf, forward.definitions);
    own.push(...variables);
    return region;
  }, shared);
  const legal = addInPlace(kept, memoryOf, forward.definitions);
  for (const op of allOps(legal))
    for (const result of results(op)) forward.definitions.set(result, op);
  trace.backward('final', legal);
  return {
    value: path.value,
    backward: legal,
    visible,
    hints: b.hints,
    shadows: new Set(b.shadows.keys()),
    adjointVariables: new Set([...b.ownVariables, ...legaliser.ownVariables, ...own]),
    restored: restoredParams(fn, plan, forward.memory),
    undoes: plan.restores.size > 0,
  };
}
