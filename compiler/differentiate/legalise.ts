import type { Counter } from '../analysis/trips.js';
import { loopsAround } from '../analysis/structure.js';
import { Builder, numberOf } from '../ir/build.js';
import {
  END,
  numberType,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Tape,
  type Type,
  type Value,
  type Variable,
} from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import type { Saves } from '../ir/saves.js';
import type { Restore } from './backward.js';
import { isOrderFree, mayBeOrderFree } from './order.js';
import type { Plan, PlanFacts, Source } from './plan.js';
import { tapeFormOf } from './tape-form.js';

/** A state that is followed through the iterations of a loop in reverse. */
interface Followed {
  readonly param: Value;
  readonly state: Value;
  readonly init: Value;
  /** The value that the iteration began with in the forward sweep. */
  readonly begin: () => Value;
  /** What the iteration hands to the next one. */
  readonly end: () => Value;
  /** The value behind the forward loop, where the state has it in the end. */
  readonly result: Value | null;
}

interface Scope {
  /** Whether a branch is only computed again here, and so nothing can be popped. */
  readonly isRepeated?: boolean;
  readonly regions: readonly Region[];
  readonly ops: Op[];
  readonly values: Map<Value, Value>;
}

/**
 * Gives the backward sweep its values: where it reads a value of the forward sweep that is out of reach, the value is
 * computed again or popped from a tape, at the start of the region that mirrors its own. Loops in reverse receive
 * their counters here.
 */
export class Legaliser {
  private readonly builder: Builder;
  private readonly scopes: Scope[] = [];
  private readonly restatements = new Map<Variable, Variable>();
  /** The variables of the backward sweep's own that were made here. */
  readonly ownVariables = new Set<Variable>();
  private readonly undone = new Map<Value, Restore>();

  constructor(
    private readonly facts: PlanFacts,
    private readonly plan: Plan,
    private readonly saves: Saves,
    definitions: Map<Value, Op>,
    restores: readonly Restore[],
    private readonly nameOf: (value: Value) => string,
    private readonly memoryOf: (reference: Value) => unknown,
  ) {
    this.builder = new Builder(definitions, null);
    for (const restore of restores) {
      const undone = restore.pop?.result ?? ('result' in restore.undo ? restore.undo.result : null);
      if (undone !== null) this.undone.set(undone, restore);
    }
  }

  run(backward: Region, roots: readonly Region[]): Region {
    return this.region(backward, roots);
  }

  private region(region: Region, regions: readonly Region[], isRepeated = false): Region {
    const { ops, yields } = this.builder.region(() => {
      this.scopes.push({ regions, ops: this.builder.current(), values: new Map(), isRepeated });
      try {
        for (const op of region.ops) this.op(op);
        return region.yields.map((value) => this.resolve(value));
      } finally {
        this.scopes.pop();
      }
    });
    return region.mirrors === undefined
      ? { ops, yields }
      : { ops, yields, mirrors: region.mirrors };
  }

  private op(op: Op): void {
    this.builder.origin = op.origin;
    if (op.kind === 'pop' && this.undone.has(op.result)) {
      this.restore(op.result);
      return;
    }
    if (op.kind === 'loop') {
      this.loop(op);
      return;
    }
    const rewritten = rewriteOp(
      op,
      (value) => this.resolve(value),
      (inner) => this.region(inner, mirrorRegions(inner)),
    );
    this.builder.append(rewritten);
  }

  /** Pops the overwritten value; the store that follows puts it back. */
  private restore(old: Value): void {
    const restore = this.undone.get(old);
    if (restore?.pop === undefined || restore.pop === null) return;
    const tape = this.tapeOf(restore.store, old.type);
    this.saves.overwritten.set(restore.store, tape);
    this.builder.append({ ...restore.pop, tape, index: this.placeIn(tape) });
  }

  /** What takes the values that a store overwrites: an array of its own, or the stack of the reference. */
  private tapeOf(store: StoreOp, type: Type): Tape {
    const { object } = store;
    const { objects, overwritten } = this.saves;
    const known = overwritten.get(store);
    if (known !== undefined) return known;
    const region = this.facts.structure.placeOf.get(store)?.region;
    const form = tapeFormOf(this.facts, region, type);
    const variable: Variable = { name: `${this.nameOf(object)}_saved` };
    if (form.kind === 'indexed') return { variable, type, form };
    const tape = objects.get(object) ?? { variable, type, form: { kind: 'stack' } };
    objects.set(object, tape);
    return tape;
  }

  private isForward(value: Value): boolean {
    return this.facts.structure.regionOf.has(value) || this.facts.params.has(value);
  }

  private scopeOf(value: Value): Scope {
    const region = this.facts.structure.regionOf.get(value);
    const found =
      region === undefined
        ? this.scopes[0]
        : [...this.scopes].reverse().find((scope) => scope.regions.includes(region));
    if (found === undefined) throw new Error('A value of the forward sweep is out of reach');
    return found;
  }

  /** The value in the backward sweep. */
  private resolve(value: Value): Value {
    if (!this.isForward(value)) return value;
    const source = this.plan.sources.get(value);
    if (source === 'direct') return value;
    const scope = this.scopeOf(value);
    const known = scope.values.get(value);
    if (known !== undefined) return known;
    const outerOrigin = this.builder.origin;
    this.builder.origin = null;
    const resolved = this.builder.within(scope.ops, () => {
      if (this.isPopped(value, source, scope)) return this.pop(value);
      return this.repeat(value);
    });
    this.builder.origin = outerOrigin;
    scope.values.set(value, resolved);
    return resolved;
  }

  /** Whether a value comes from a tape here: where a branch is only computed again, what is popped would be lost. */
  private isPopped(value: Value, source: Source | undefined, scope: Scope): boolean {
    if (source !== 'tape' && source !== 'induction') return false;
    return scope.isRepeated !== true || this.formOf(value).kind === 'cell';
  }

  private repeat(value: Value): Value {
    const op = this.facts.definitions.get(value);
    if (op === undefined) throw new Error('A value cannot be computed again');
    if (op.kind === 'if') {
      const at = op.results.indexOf(value);
      const result: Value = { ...value };
      const arm = (region: Region): Region =>
        this.region({ ops: [], yields: [region.yields[at]] }, [region], true);
      const cond = this.resolve(op.cond);
      this.builder.append({
        ...op,
        cond,
        then: arm(op.then),
        else: arm(op.else),
        results: [result],
      });
      return result;
    }
    if (op.kind === 'call' && op.record !== null) {
      return this.builder.load(value.type, this.resolve(op.record), 'value', value.variable);
    }
    if (!('result' in op)) throw new Error('A value cannot be computed again');
    const result: Value = { ...value };
    const copy = rewriteOp(
      op,
      (operand) => this.resolve(operand),
      (inner) => inner,
    );
    this.builder.append({ ...copy, result, origin: null } as Op);
    return result;
  }

  private pop(value: Value): Value {
    const tape = this.saves.values.get(value) ?? this.makeTape(value);
    this.saves.values.set(value, tape);
    const result: Value = { ...value };
    this.builder.append({ kind: 'pop', tape, index: this.placeIn(tape), result, origin: null });
    return result;
  }

  private makeTape(value: Value): Tape {
    const form = this.formOf(value);
    const name = this.nameOf(value);
    const isCall = value.type.kind === 'record';
    const ending = !isCall ? '_saved' : form.kind === 'stack' ? 's' : '';
    return { variable: { name: name + ending }, type: value.type, form };
  }

  private formOf(value: Value): Tape['form'] {
    return tapeFormOf(this.facts, this.facts.structure.regionOf.get(value), value.type);
  }

  /** Where an array holds the value of this iteration: `(i * m + j) * n + k`. */
  private placeIn({ form }: Tape): Value | null {
    if (form.kind !== 'indexed') return null;
    const { builder } = this;
    const [outermost, ...inner] = form.extents;
    if (outermost === undefined) throw new Error('A tape without loops');
    return inner.reduce((row, { index, bound, boundIsInteger }) => {
      const region = this.facts.structure.regionOf.get(index);
      const loop = region === undefined ? undefined : this.facts.structure.loopOf.get(region);
      if (loop === undefined) throw new Error('A counter without a loop');
      const width = this.outside(bound, loop);
      const whole = boundIsInteger ? width : builder.apply('Math.ceil', [width]);
      return builder.apply('+', [builder.apply('*', [row, whole]), this.resolve(index)]);
    }, this.resolve(outermost.index));
  }

  private loop(op: LoopOp): void {
    const forward = op.body.mirrors;
    const loop = forward === undefined ? undefined : this.facts.structure.loopOf.get(forward);
    if (loop === undefined) {
      // A loop of the backward sweep's own, over the elements of an array.
      const inits = op.inits.map((value) => this.resolve(value));
      const test = this.region(op.test, []);
      const body = this.region(op.body, []);
      this.builder.append({ ...op, inits, test, body });
      return;
    }
    const inits = op.inits.map((value) => this.resolve(value));
    const counter = this.facts.counterOf(loop);
    if (counter === null) this.countedLoop(op, loop, inits);
    else this.indexLoop(op, loop, counter, inits);
  }

  /** Builds the body of a loop in reverse; `begin` gives values that are known at its start, `end` what it hands on besides. */
  private body(
    op: LoopOp,
    loop: LoopOp,
    begin: () => readonly (readonly [Value, Value])[],
    end: () => readonly Value[],
  ): Region {
    const { ops, yields } = this.builder.region(() => {
      const values = new Map<Value, Value>();
      this.scopes.push({ regions: [loop.body, loop.test], ops: this.builder.current(), values });
      try {
        for (const [value, known] of begin()) values.set(value, known);
        for (const inner of op.body.ops) this.op(inner);
        const handed = op.body.yields.map((value) => this.resolve(value));
        return [...end(), ...handed];
      } finally {
        this.scopes.pop();
      }
    });
    return { ops, yields };
  }

  /** The variable under which the backward sweep runs through the values of one of the author's. */
  private restated(variable: Variable | null): Variable {
    const known = variable === null ? undefined : this.restatements.get(variable);
    if (known !== undefined) return known;
    const own: Variable = { name: variable?.name ?? 'i', restates: true };
    if (variable !== null) this.restatements.set(variable, own);
    this.ownVariables.add(own);
    return own;
  }

  /**
   * Runs the counter through its values in the author's order where the order is all the same, and else from the last
   * to the first.
   */
  private indexLoop(op: LoopOp, loop: LoopOp, counter: Counter, inits: readonly Value[]): void {
    if (mayBeOrderFree(op)) {
      const undo = this.snapshot();
      const upwards = this.buildIndexLoop(op, loop, counter, inits, true);
      if (isOrderFree(op, upwards.body, this.memoryOf)) {
        this.builder.append(upwards);
        return;
      }
      undo();
    }
    this.builder.append(this.buildIndexLoop(op, loop, counter, inits, false));
  }

  /** Returns what takes back everything done since. */
  private snapshot(): () => void {
    const scopes = this.scopes.map((scope) => ({
      scope,
      count: scope.ops.length,
      values: new Map(scope.values),
    }));
    const { values, overwritten, objects, trips } = this.saves;
    const saves = [values, overwritten, objects, trips].map((map: Map<unknown, unknown>) => ({
      map,
      before: new Map(map),
    }));
    return () => {
      for (const { scope, count, values: before } of scopes) {
        scope.ops.length = count;
        restoreMap(scope.values, before);
      }
      for (const { map, before } of saves) restoreMap(map, before);
    };
  }

  private buildIndexLoop(
    op: LoopOp,
    loop: LoopOp,
    counter: Counter,
    inits: readonly Value[],
    upwards: boolean,
  ): LoopOp {
    const { builder } = this;
    builder.origin = null;
    const variable = counter.param.variable ?? { name: 'i' };
    const index: Value = { type: numberType, variable };
    const start = this.outside(counter.start, loop);
    const bound = counter.limit === null ? null : this.outside(counter.limit.bound, loop);
    const trips = counter.limit === null ? this.tripsOf(loop) : null;
    const followed = this.followed(loop, upwards);
    const ending =
      counter.limit !== null && bound !== null
        ? { comparison: counter.limit.comparison, bound }
        : {
            comparison: counter.step > 0 ? '<' : '>',
            bound: upwards ? this.endOf(counter, start, trips) : start,
          };
    const amount = (): Value => builder.literal(Math.abs(counter.step));
    const first = upwards
      ? builder.apply('copy', [start], variable)
      : bound === null
        ? builder.apply(
            'copy',
            [this.endOf(counter, start, trips, Math.abs(counter.step))],
            variable,
          )
        : this.lastOf(counter, start, bound, variable);
    const body = this.body(
      op,
      loop,
      () => [
        [counter.param, index],
        ...followed.map(({ param, begin }) => [param, begin()] as const),
      ],
      () => {
        const next = builder.apply(
          counter.step > 0 === upwards ? '+' : '-',
          [index, amount()],
          variable,
        );
        return [next, ...followed.map(({ end }) => end())];
      },
    );
    const test = builder.region(() => [
      upwards
        ? builder.apply(ending.comparison, [index, ending.bound])
        : builder.apply(counter.step > 0 ? '>=' : '<=', [index, start]),
    ]);
    const results = followed.map(({ state, result }) => {
      const behind: Value = { ...state };
      if (result !== null) this.scopes.at(-1)?.values.set(result, behind);
      return behind;
    });
    return {
      ...op,
      inits: [first, ...followed.map(({ init }) => init), ...inits],
      params: [index, ...followed.map(({ state }) => state), ...op.params],
      test,
      body,
      results: [{ type: numberType, variable }, ...results, ...op.results],
    };
  }

  /** The states of a loop that are followed through its iterations like the counter. */
  private followed(loop: LoopOp, upwards: boolean): Followed[] {
    return loop.params.flatMap((param, at): Followed[] => {
      const induction = this.facts.inductions.get(param);
      const [from, to, next] = [loop.inits[at], loop.results[at], loop.body.yields[at]];
      if (induction === undefined || this.plan.sources.get(param) !== 'induction') return [];
      if (from === undefined || to === undefined || next === undefined) return [];
      const variable = this.restated(param.variable);
      const state: Value = { type: numberType, variable };
      const { builder } = this;
      const stepped = (sign: number): Value => {
        if (induction.kind !== 'step') throw new Error('A state without a step');
        const { step } = induction;
        return builder.apply(
          step * sign > 0 ? '+' : '-',
          [state, builder.literal(Math.abs(step))],
          variable,
        );
      };
      // Where an end is out of reach, the state is saved.
      if (!this.plan.sources.has(upwards ? from : to)) return [];
      if (upwards) {
        const end = (): Value => (induction.kind === 'step' ? stepped(1) : this.resolve(next));
        return [
          { param, state, init: this.outside(from, loop), begin: () => state, end, result: to },
        ];
      }
      // Behind an inner loop that runs downwards the state is not known before that loop: it is saved.
      if (induction.kind !== 'step') return [];
      let before = state;
      const begin = (): Value => (before = stepped(-1));
      return [
        { param, state, init: this.outside(to, loop), begin, end: () => before, result: null },
      ];
    });
  }

  /** The value of the counter behind the last iteration, where the iterations were counted. */
  private endOf(counter: Counter, start: Value, trips: Value | null, less = 0): Value {
    if (trips === null) throw new Error('A counter without a count');
    const { builder } = this;
    const size = Math.abs(counter.step);
    const way = size === 1 ? trips : builder.apply('*', [builder.literal(size), trips]);
    const begin = numberOf(start, builder.definitions);
    if (begin === null || counter.step < 0) {
      const end = builder.apply(counter.step > 0 ? '+' : '-', [start, way]);
      if (less === 0) return end;
      return builder.apply(counter.step > 0 ? '-' : '+', [end, builder.literal(less)]);
    }
    const shift = begin - less;
    if (shift === 0) return way;
    return builder.apply(shift > 0 ? '+' : '-', [way, builder.literal(Math.abs(shift))]);
  }

  /** A value of the loop's test, or from outside, made available outside of the loop. */
  private outside(value: Value, loop: LoopOp): Value {
    const region = this.facts.structure.regionOf.get(value);
    if (region !== loop.test && region !== loop.body) return this.resolve(value);
    const op = this.facts.definitions.get(value);
    if (op === undefined || !('result' in op))
      throw new Error('The bound of a loop is out of reach');
    const result: Value = { ...value };
    const copy = rewriteOp(
      op,
      (operand) => this.outside(operand, loop),
      (inner) => inner,
    );
    this.builder.append({ ...copy, result, origin: null } as Op);
    return result;
  }

  /** The last value that the counter takes. */
  private lastOf(counter: Counter, start: Value, bound: Value, variable: Variable): Value {
    const { builder } = this;
    const { step } = counter;
    if (counter.limit === null) throw new Error('A counter without a limit');
    const { comparison, boundIsInteger } = counter.limit;
    const one = (): Value => builder.literal(1);
    const round = (fn: string): Value => (boundIsInteger ? bound : builder.apply(fn, [bound]));
    const limit =
      comparison === '<'
        ? (): Value => this.lower(round('Math.ceil'))
        : comparison === '<='
          ? (): Value => round('Math.floor')
          : comparison === '>'
            ? (): Value => builder.apply('+', [round('Math.floor'), one()])
            : (): Value => round('Math.ceil');
    if (Math.abs(step) === 1) {
      const last = limit();
      (last as { variable: Variable | null }).variable ??= variable;
      return last.variable === variable ? last : builder.apply('copy', [last], variable);
    }
    const size = builder.literal(Math.abs(step));
    const distance =
      step > 0 ? builder.apply('-', [limit(), start]) : builder.apply('-', [start, limit()]);
    const steps = builder.apply('Math.floor', [builder.apply('/', [distance, size])]);
    const way = builder.apply('*', [size, steps]);
    return builder.apply(step > 0 ? '+' : '-', [start, way], variable);
  }

  /** A bound less one. */
  private lower(bound: Value): Value {
    const { builder, facts } = this;
    const op = facts.definitions.get(bound);
    if (op?.kind === 'literal' && typeof op.value === 'number')
      return builder.literal(op.value - 1);
    const [left, right] =
      op?.kind === 'apply' && op.fn === '-' && bound.variable === null ? op.args : [];
    const taken = right === undefined ? undefined : facts.definitions.get(right);
    if (left !== undefined && taken?.kind === 'literal' && typeof taken.value === 'number') {
      return builder.apply('-', [left, builder.literal(taken.value + 1)]);
    }
    return builder.apply('-', [bound, builder.literal(1)]);
  }

  /** Repeats as often as the forward sweep counted. */
  private countedLoop(op: LoopOp, loop: LoopOp, inits: readonly Value[]): void {
    const { builder } = this;
    const trips = this.tripsOf(loop);
    const { variable } = trips;
    const count: Value = { type: numberType, variable };
    const step = (): Value[] => [builder.apply('-', [count, builder.literal(1)], variable)];
    const body = this.body(op, loop, () => [], step);
    const test = builder.region(() => [builder.apply('>', [count, builder.literal(0)])]);
    const result: Value = { type: numberType, variable };
    builder.append({
      ...op,
      inits: [trips, ...inits],
      params: [count, ...op.params],
      test,
      body,
      results: [result, ...op.results],
    });
  }

  /** How many iterations a loop ran, the one that it was left in included. */
  private tripsOf(loop: LoopOp): Value {
    const { facts } = this;
    const isRoot =
      loopsAround(facts.structure, facts.structure.placeOf.get(loop)?.region).length === 0;
    const known = this.saves.trips.get(loop);
    const variable: Variable = known !== undefined && isRoot ? known.variable : { name: 'trips' };
    const tape: Tape = known ?? {
      variable: isRoot ? variable : { name: 'trips_saved' },
      type: numberType,
      form: { kind: isRoot ? 'cell' : 'stack' },
    };
    this.saves.trips.set(loop, tape);
    const trips: Value = { type: numberType, variable };
    this.builder.append({ kind: 'pop', tape, index: null, result: trips, origin: null });
    return trips;
  }
}

function restoreMap<K, V>(map: Map<K, V>, before: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of before) map.set(key, value);
}

function mirrorRegions(region: Region): readonly Region[] {
  return region.mirrors === undefined ? [] : [region.mirrors];
}

/** The backward sweep without the restores that nobody needs. */
export function dropRestores(
  backward: Region,
  restores: readonly Restore[],
  kept: ReadonlySet<Restore>,
): Region {
  const dropped = new Set<Value>();
  for (const restore of restores) {
    if (kept.has(restore)) continue;
    if (restore.pop !== null) dropped.add(restore.pop.result);
    else if ('result' in restore.undo) dropped.add(restore.undo.result);
  }
  const visit = (region: Region): Region => ({
    ...region,
    ops: region.ops
      .filter((op) => {
        if (op.kind === 'pop') return !dropped.has(op.result);
        if (op.kind === 'store') return !dropped.has(op.value);
        return !(op.kind === 'load' && op.key === END && dropped.has(op.result));
      })
      .map((op) => rewriteOp(op, (value) => value, visit)),
  });
  return visit(backward);
}
