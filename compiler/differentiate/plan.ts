import type { Induction } from '../analysis/induction.js';
import type { Counter } from '../analysis/trips.js';
import { enclosing, loopsAround, type Structure } from '../analysis/structure.js';
import type { Memory, MemoryClass } from '../analysis/memory.js';
import type { Definitions } from '../ir/build.js';
import {
  END,
  isReference,
  type ApplyOp,
  type LoadOp,
  type LoopOp,
  type OpaqueOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import { isMatrixOp, isMatrixPart } from '../ir/matrix-functions.js';
import { allOps, allUses, operands, results, usesOf } from '../ir/walk.js';
import type { Restore } from './backward.js';

/** How the backward sweep comes by a value of the forward sweep. */
export type Source =
  /** It is still there, under its name. */
  | 'direct'
  /** It is the counter of the loop that is run in reverse. */
  | 'counter'
  /** It is followed through the iterations like a counter. */
  | 'induction'
  /** It is computed again. */
  | 'recompute'
  /** It is saved by the forward sweep. */
  | 'tape';

export interface Plan {
  readonly sources: ReadonlyMap<Value, Source>;
  readonly restores: ReadonlySet<Restore>;
}

/** What the plan has to know of the forward sweep. */
export interface PlanFacts {
  readonly structure: Structure;
  readonly memory: Memory;
  readonly definitions: Definitions;
  /** The regions whose operations run once, before the backward sweep. */
  readonly roots: ReadonlySet<Region>;
  readonly params: ReadonlySet<Value>;
  isVisible(value: Value): boolean;
  canSave(value: Value): boolean;
  canSaveStore(store: StoreOp): boolean;
  /** Whether a value could be saved if the helper in which it is computed ran in the place of its call. */
  canExpand(value: Value): boolean;
  /** Whether the counter of a loop tells the iterations apart wherever in the body something is saved. */
  isSteady(counter: Value): boolean;
  /** Whether, besides, the backward sweep sees what is declared in front of the loop. */
  isInScope(counter: Value): boolean;
  counterOf(loop: LoopOp): Counter | null;
  readonly inductions: ReadonlyMap<Value, Induction>;
}

/** What a helper was given changes before the helper is reversed. */
export class ChangedLater extends Error {
  constructor(
    readonly result: Value,
    readonly given: Value,
  ) {
    super('An argument changes later');
  }
}

/** A value that the backward sweep needs and can neither save nor compute again. */
export class Unsavable extends Error {
  constructor(readonly value: Value) {
    super('A value cannot be saved');
  }
}

const expensive = new Set(['**', 'sigmoid', 'softplus']);
const cheapMath = new Set([
  'Math.abs',
  'Math.max',
  'Math.min',
  'Math.sign',
  'Math.floor',
  'Math.ceil',
  'Math.round',
  'Math.trunc',
  'Math.fround',
  'Math.imul',
]);

function isExpensive(op: ApplyOp): boolean {
  if (isMatrixOp(op)) return !isMatrixPart(op.fn) && op.fn !== 'copy' && op.fn !== 'get';
  if (op.fn === '**') return true;
  return expensive.has(op.fn) || (op.fn.startsWith('Math.') && !cheapMath.has(op.fn));
}

/**
 * Decides for every forward value that the backward sweep reads whether it is still there, computed again or saved,
 * and which stores are undone so that memory can be read again. Little is saved: the state of loops, what is dear to
 * compute, and what cannot be had otherwise; the straight line between is computed again.
 */
export function makePlan(
  facts: PlanFacts,
  backward: Region,
  restores: readonly Restore[],
  kept: ReadonlySet<Restore>,
): Plan {
  return new Planner(facts, restores, kept).run(backward);
}

class Planner {
  private readonly sources = new Map<Value, Source>();
  private readonly restored: Set<Restore>;
  private readonly taped = new Set<MemoryClass>();
  private readonly needed = new Set<Value>();

  constructor(
    private readonly facts: PlanFacts,
    private readonly restores: readonly Restore[],
    kept: ReadonlySet<Restore>,
  ) {
    this.restored = new Set(kept);
  }

  run(backward: Region): Plan {
    const { needed } = this;
    for (const value of allUses(backward)) if (this.isForward(value)) needed.add(value);
    for (const value of needed) this.refuseChanged(value);
    this.noteWanted(needed);
    for (const { start, limit } of this.countersIn(backward)) {
      needed.add(start);
      if (limit !== null) needed.add(limit.bound);
    }
    // First what leaves no choice, so that what remains can build on it.
    const open = [...needed].filter((value) => !this.decideForced(value));
    for (const value of open) this.decide(value);
    return { sources: this.sources, restores: this.restored };
  }

  /** The counters by which the loops of the backward sweep run. */
  private *countersIn(backward: Region): Generator<Counter> {
    for (const op of allOps(backward)) {
      const forward = op.kind === 'loop' ? op.body.mirrors : undefined;
      const loop = forward === undefined ? undefined : this.facts.structure.loopOf.get(forward);
      const counter = loop === undefined ? null : this.facts.counterOf(loop);
      if (counter !== null) yield counter;
    }
  }

  private isForward(value: Value): boolean {
    return this.facts.structure.regionOf.has(value) || this.facts.params.has(value);
  }

  private isAtRoot(value: Value): boolean {
    const region = this.facts.structure.regionOf.get(value);
    return region === undefined || this.facts.roots.has(region);
  }

  /** Values with one way only. */
  private decideForced(value: Value): boolean {
    if (this.sources.has(value)) return true;
    const { definitions, structure } = this.facts;
    const op = definitions.get(value);
    if (op?.kind === 'literal') return this.settle(value, 'recompute');
    if (op?.kind === 'opaque' && this.isReadable(op)) {
      op.args.forEach((arg) => {
        this.decide(arg);
      });
      return this.settle(value, 'recompute');
    }
    if (this.isAtRoot(value) && this.facts.isVisible(value)) return this.settle(value, 'direct');
    if (op === undefined) {
      const region = structure.regionOf.get(value);
      const loop = region === undefined ? undefined : structure.loopOf.get(region);
      const counter = loop === undefined ? null : this.facts.counterOf(loop);
      if (counter?.param === value) {
        this.settle(value, 'counter');
        this.decide(counter.start);
        if (counter.limit !== null) this.decide(counter.limit.bound);
        return true;
      }
      if (loop !== undefined && counter !== null && this.facts.inductions.has(value)) {
        this.sources.set(value, 'induction');
        const at = loop.params.indexOf(value);
        for (const end of [loop.inits[at], loop.results[at]]) {
          if (end !== undefined && this.canRepeat(end)) this.decide(end);
        }
        return true;
      }
      return this.save(value);
    }
    if (
      op.kind === 'call' &&
      op.record !== null &&
      value === op.result &&
      (this.needed.has(op.record) || !this.facts.canSave(value))
    ) {
      this.decide(op.record);
      return this.settle(value, 'recompute');
    }
    if (op.kind === 'loop' || op.kind === 'call' || op.kind === 'opaque') return this.save(value);
    if (op.kind === 'apply' && isExpensive(op) && this.facts.canSave(value))
      return this.save(value);
    return false;
  }

  /** Whether the text of an opaque expression can be written again: a constant, or a variable that is still there. */
  private isReadable(op: OpaqueOp): boolean {
    if (op.args.length === 0) return op.text !== 'Math.random()';
    return /^\w+$/.test(op.text) && op.args.every((arg) => this.facts.isVisible(arg));
  }

  private decide(value: Value): void {
    if (this.decideForced(value)) return;
    const op = this.facts.definitions.get(value);
    switch (op?.kind) {
      case 'apply':
        this.decideApply(value, op);
        return;
      case 'load':
        this.decideLoad(value, op);
        return;
      case 'if':
        this.decideIf(value, op);
        return;
      default:
        this.save(value);
    }
  }

  /** Computed again from what is there, unless that takes more saved numbers than the value itself. */
  private decideApply(value: Value, op: ApplyOp): void {
    // A product of matrices is not worth computing twice.
    const isDear = isMatrixOp(op) && isExpensive(op);
    if (isDear && this.facts.canExpand(value)) throw new Unsavable(value);
    const leaves = this.unsavedLeaves(value);
    if (leaves.size > 1 && this.facts.canSave(value)) {
      this.save(value);
      return;
    }
    this.sources.set(value, 'recompute');
    for (const arg of op.args) this.decide(arg);
  }

  /** The values that would have to be saved for a value to be computed again. */
  private unsavedLeaves(
    value: Value,
    leaves = new Set<Value>(),
    seen = new Set<Value>(),
  ): Set<Value> {
    if (seen.has(value)) return leaves;
    seen.add(value);
    if (this.sources.has(value)) return leaves;
    const op = this.facts.definitions.get(value);
    if (op?.kind === 'literal' || (this.isAtRoot(value) && this.facts.isVisible(value)))
      return leaves;
    if (op?.kind === 'apply' && !(isExpensive(op) && this.facts.canSave(value))) {
      for (const arg of op.args) this.unsavedLeaves(arg, leaves, seen);
      return leaves;
    }
    if (op?.kind === 'load' && !this.isOverwritten(op)) {
      for (const operand of operands(op)) this.unsavedLeaves(operand, leaves, seen);
      return leaves;
    }
    if (op === undefined && this.isCounter(value)) return leaves;
    if (op?.kind === 'opaque' && this.isReadable(op)) return leaves;
    leaves.add(value);
    return leaves;
  }

  private decideLoad(value: Value, op: LoadOp): void {
    const memory = this.facts.memory.classOf(op.object);
    if (op.key === END) {
      this.save(value);
      return;
    }
    if (this.changesBeforeUse(op)) {
      this.save(value);
      return;
    }
    const followers = this.storesAfter(op);
    if (followers.length > 0) {
      const isRestored = followers.every((store) => this.isRestored(store));
      if (this.taped.has(memory) || (!isRestored && this.prefersTape(memory))) {
        this.taped.add(memory);
        if (this.facts.canSave(value)) {
          this.save(value);
          return;
        }
      }
      if (!followers.every((store) => this.facts.canSaveStore(store))) {
        this.save(value);
        return;
      }
      this.restoreAll(followers);
    }
    this.sources.set(value, 'recompute');
    for (const operand of operands(op)) this.decide(operand);
  }

  private isRestored(store: StoreOp): boolean {
    return [...this.restored].some((restore) => restore.store === store);
  }

  private restoreAll(stores: readonly StoreOp[]): void {
    for (const restore of this.restores) {
      if (!stores.includes(restore.store) || this.restored.has(restore)) continue;
      this.restored.add(restore);
      this.decide(restore.store.object);
      if (typeof restore.store.key !== 'string') this.decide(restore.store.key);
    }
  }

  /** Whether saving what is read costs less than saving what is overwritten. */
  private prefersTape(memory: MemoryClass): boolean {
    const weigh = (op: Op): number =>
      8 ** loopsAround(this.facts.structure, this.facts.structure.placeOf.get(op)?.region).length;
    const overwritten = memory.stores.reduce((sum, store) => sum + weigh(store), 0);
    const loads = memory.loads.filter(
      (load) => load.key !== 'length' && this.wanted.has(load.result),
    );
    const read = loads.reduce((sum, load) => sum + weigh(load), 0);
    return read < overwritten && loads.every((load) => this.facts.canSave(load.result));
  }

  /** The values that are read backwards, and those that they can be computed from. */
  private readonly wanted = new Set<Value>();

  private noteWanted(values: Iterable<Value>): void {
    for (const value of values) {
      if (this.wanted.has(value)) continue;
      this.wanted.add(value);
      const op = this.facts.definitions.get(value);
      if (op?.kind === 'apply' && !isExpensive(op)) this.noteWanted(op.args);
    }
  }

  private isOverwritten(op: LoadOp): boolean {
    return (
      op.key === END ||
      this.changesBeforeUse(op) ||
      this.storesAfter(op).some((store) => !this.isRestored(store))
    );
  }

  /** Whether the slot may change between the load and the last operation that uses what was loaded. */
  private changesBeforeUse(load: LoadOp): boolean {
    const { structure } = this.facts;
    const place = structure.placeOf.get(load);
    if (place === undefined) return false;
    const derived = new Set<Value>([load.result]);
    let lastUse = place.index;
    for (let i = place.index + 1; i < place.region.ops.length; i++) {
      const op = place.region.ops[i];
      if (op === undefined || ![...usesOf(op)].some((used) => derived.has(used))) continue;
      lastUse = i;
      if (op.kind === 'apply' || op.kind === 'load' || op.kind === 'if')
        for (const result of results(op)) derived.add(result);
    }
    for (let i = place.index + 1; i <= lastUse; i++) {
      const op = place.region.ops[i];
      if (op === undefined || (i === lastUse && op.kind === 'store')) continue;
      if (this.changes(op, load)) return true;
    }
    return false;
  }

  private changes(op: Op, load: LoadOp): boolean {
    const stores = this.storesThatChange(load);
    if (op.kind === 'store') return stores.has(op);
    if (op.kind !== 'if' && op.kind !== 'loop') return false;
    const inner = op.kind === 'if' ? [op.then, op.else] : [op.test, op.body];
    return inner.some((region) =>
      [...allOps(region)].some((o) => o.kind === 'store' && stores.has(o)),
    );
  }

  private storesThatChange(load: LoadOp): Set<StoreOp> {
    const { stores } = this.facts.memory.classOf(load.object);
    return new Set(
      stores.filter((store) => {
        if (load.key === 'length') return store.key === END;
        if (typeof load.key !== 'string' || typeof store.key !== 'string') return true;
        return load.key === store.key;
      }),
    );
  }

  /** The stores that may run behind a load, before its memory is out of use. */
  private storesAfter(load: LoadOp): StoreOp[] {
    const { structure } = this.facts;
    const place = structure.placeOf.get(load);
    if (place === undefined) return [];
    const home = this.homeOf(load.object);
    return this.storesBehind(
      place,
      [...this.storesThatChange(load)],
      (_, loop) => home !== null && !this.isInside(loop.body, home),
    );
  }

  /** The stores that may run behind a place; `isFreshIn` tells those that write to other memory in each iteration. */
  private storesBehind(
    place: { readonly region: Region; readonly index: number },
    stores: readonly StoreOp[],
    isFreshIn: (store: StoreOp, loop: LoopOp) => boolean,
  ): StoreOp[] {
    const { structure } = this.facts;
    const around = new Map<Region, number>();
    let index = place.index;
    for (const region of enclosing(structure, place.region)) {
      around.set(region, index);
      index = structure.parentOf.get(region)?.index ?? 0;
    }
    const loops = loopsAround(structure, place.region);
    return stores.filter((store) => {
      let at = structure.placeOf.get(store);
      if (at === undefined) return false;
      const repeated = loops.filter((loop) => !isFreshIn(store, loop));
      if (
        repeated.some((loop) =>
          [...enclosing(structure, structure.placeOf.get(store)?.region)].includes(loop.body),
        )
      )
        return true;
      while (at !== undefined) {
        const position = around.get(at.region);
        if (position !== undefined) return at.index > position;
        const parent: { readonly region: Region; readonly index: number } | undefined =
          structure.parentOf.get(at.region);
        at = parent;
      }
      // The other arm of a branch.
      return false;
    });
  }

  /** The backward half of a helper reads what the helper was given: it must still be as it was. */
  private refuseChanged(record: Value): void {
    const { definitions, structure, memory } = this.facts;
    const op = definitions.get(record);
    if (op?.kind !== 'call' || op.record !== record) return;
    const place = structure.placeOf.get(op);
    if (place === undefined) return;
    for (const given of [...op.args, op.result]) {
      if (!isReference(given.type)) continue;
      for (const { stores } of memory.reachable(given)) {
        const isFreshIn = (store: StoreOp, loop: LoopOp): boolean => {
          const home = this.homeOf(store.object);
          return home !== null && [...enclosing(structure, home)].includes(loop.body);
        };
        if (this.storesBehind(place, stores, isFreshIn).length > 0)
          throw new ChangedLater(op.result, given);
      }
    }
  }

  /** The region in which the memory behind a reference is made anew. */
  private homeOf(reference: Value): Region | null {
    const op = this.facts.definitions.get(reference);
    return op?.kind === 'alloc' ? (this.facts.structure.regionOf.get(reference) ?? null) : null;
  }

  private isInside(region: Region, outer: Region): boolean {
    return region !== outer && [...enclosing(this.facts.structure, region)].includes(outer);
  }

  /** A choice is made again where that costs little, or where it cannot be saved, as with an exit taken. */
  private decideIf(value: Value, op: Op & { kind: 'if' }): void {
    const isCheap = [op.then, op.else].every((region) => region.ops.length <= 4);
    // What a helper leaves in one iteration is not there to be read twice.
    const calls = [op.then, op.else].some((region) =>
      [...allOps(region)].some((inner) => inner.kind === 'call'),
    );
    const mayRepeat = !this.facts.canSave(value) || (isCheap && !calls);
    if (this.canRepeat(value) && mayRepeat) this.repeat(value, op);
    else this.save(value);
  }

  private repeat(value: Value, op: Op & { kind: 'if' }): void {
    this.sources.set(value, 'recompute');
    this.decide(op.cond);
    const at = op.results.indexOf(value);
    for (const region of [op.then, op.else]) {
      const result = region.yields[at];
      if (result !== undefined) this.decide(result);
    }
  }

  /** Whether a value can be had at all: it is there, can be saved, or can be computed again from such. */
  private canRepeat(value: Value): boolean {
    if (this.sources.has(value) || this.facts.canSave(value)) return true;
    if (this.isAtRoot(value) && this.facts.isVisible(value)) return true;
    const op = this.facts.definitions.get(value);
    switch (op?.kind) {
      case 'literal':
        return true;
      case 'apply':
        return op.args.every((arg) => this.canRepeat(arg));
      case 'load':
        return !this.isOverwritten(op) && operands(op).every((operand) => this.canRepeat(operand));
      case 'if': {
        const at = op.results.indexOf(value);
        const arms = [op.then, op.else].every((arm) => {
          const result = arm.yields[at];
          return result !== undefined && this.canRepeatInside(result, arm);
        });
        return arms && this.canRepeat(op.cond);
      }
      case 'opaque':
        return this.isReadable(op);
      case 'call':
        return op.record !== null && this.facts.canSave(op.record);
      case undefined:
        return this.isCounter(value);
      default:
        return false;
    }
  }

  /** The same for a value of an arm that is computed apart from the arm: what is made inside cannot be popped there. */
  private canRepeatInside(value: Value, arm: Region): boolean {
    const { structure, definitions } = this.facts;
    const isInside = [...enclosing(structure, structure.regionOf.get(value))].includes(arm);
    if (!isInside) return this.canRepeat(value);
    // What is saved once can be read more than once.
    const isOnce = loopsAround(structure, structure.regionOf.get(value)).length === 0;
    if (isOnce && this.facts.canSave(value)) return true;
    const op = definitions.get(value);
    switch (op?.kind) {
      case 'literal':
        return true;
      case 'opaque':
        return this.isReadable(op);
      case 'apply':
        return !isExpensive(op) && op.args.every((arg) => this.canRepeatInside(arg, arm));
      case 'load':
        return (
          !this.isOverwritten(op) &&
          operands(op).every((operand) => this.canRepeatInside(operand, arm))
        );
      case 'if': {
        const at = op.results.indexOf(value);
        return [op.cond, op.then.yields[at], op.else.yields[at]].every(
          (part) => part !== undefined && this.canRepeatInside(part, arm),
        );
      }
      default:
        return false;
    }
  }

  private isCounter(value: Value): boolean {
    const region = this.facts.structure.regionOf.get(value);
    const loop = region === undefined ? undefined : this.facts.structure.loopOf.get(region);
    return loop !== undefined && this.facts.counterOf(loop)?.param === value;
  }

  private settle(value: Value, source: Source): true {
    this.sources.set(value, source);
    return true;
  }

  private save(value: Value): true {
    if (!this.facts.canSave(value)) {
      const op = this.facts.definitions.get(value);
      if (op?.kind === 'apply') {
        this.sources.set(value, 'recompute');
        for (const arg of op.args) this.decide(arg);
        return true;
      }
      throw new Unsavable(value);
    }
    this.sources.set(value, 'tape');
    return true;
  }
}
