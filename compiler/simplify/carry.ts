import { isAccumulation } from '../analysis/accumulation.js';
import { isInteger } from '../analysis/integers.js';
import { Builder, constantOf, numberOf } from '../ir/build.js';
import {
  numberType,
  type ApplyOp,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
  type Variable,
} from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import { allOps, allUses, regions, results } from '../ir/walk.js';
import type { Hoisted, MemoryOf } from './hoist.js';

/** The state of a loop that goes up or down by one, and where it ends. */
interface Walk {
  readonly at: number;
  readonly index: Value;
  readonly step: 1 | -1;
  readonly bound: Value;
}

/** A sum into a place at a constant distance from the index. */
interface Sum {
  readonly store: StoreOp;
  readonly added: ApplyOp;
  readonly load: Op;
  /** How many iterations later the index is at the place. */
  readonly ahead: number;
}

/**
 * Keeps in variables what iterations of a loop add to the same place of an array, until the last of them has added its
 * part.
 *
 * Before: `for i { da[i] += x; da[i + 1] += y }`
 * After: `s = 0; for i { da[i] += s + x; s = y }; if (n > 0) da[n] += s`
 *
 * Needs every access of the loop to the array to be such a sum, outside of inner loops and branches. The sums of a place
 * keep their order.
 */
export function carrySums(
  region: Region,
  memoryOf: MemoryOf,
  definitions: Map<Value, Op>,
): Hoisted {
  const variables: Variable[] = [];
  const builder = new Builder(definitions, null);
  const rewrite = (inner: Region): Region => {
    const { ops } = builder.region(() => {
      for (const op of inner.ops) {
        const rewritten =
          op.kind === 'if' || op.kind === 'loop' ? rewriteOp(op, (value) => value, rewrite) : op;
        const walk = rewritten.kind === 'loop' ? walkOf(rewritten, definitions) : null;
        if (rewritten.kind !== 'loop' || walk === null) builder.append(rewritten);
        else carry(rewritten, walk, builder, memoryOf, variables);
      }
      return [];
    });
    return { ...inner, ops };
  };
  return { region: rewrite(region), variables };
}

function walkOf(loop: LoopOp, definitions: ReadonlyMap<Value, Op>): Walk | null {
  const test = definitions.get(loop.test.yields[0]);
  if (test?.kind !== 'apply' || loop.test.ops.length !== 1 || loop.leave !== null) return null;
  const [index, bound] = test.args;
  const at = loop.params.indexOf(index);
  const step = at < 0 ? null : distance(loop.body.yields[at], index, definitions);
  if (step === 1 && test.fn === '<') return { at, index, step, bound };
  return step === -1 && test.fn === '>=' ? { at, index, step, bound } : null;
}

/** The constant c of `index + c`. */
function distance(value: Value, index: Value, definitions: ReadonlyMap<Value, Op>): number | null {
  if (value === index) return 0;
  const op = definitions.get(value);
  if (op?.kind !== 'apply' || op.args[0] !== index) return null;
  const amount = op.args[1] === undefined ? null : numberOf(op.args[1], definitions);
  if (amount === null || !Number.isInteger(amount)) return null;
  return op.fn === '+' ? amount : op.fn === '-' ? -amount : null;
}

function carry(
  loop: LoopOp,
  walk: Walk,
  builder: Builder,
  memoryOf: MemoryOf,
  variables: Variable[],
): void {
  const objects = new Set(loop.body.ops.flatMap((op) => (op.kind === 'store' ? [op.object] : [])));
  for (const object of objects) {
    const sums = sumsInto(object, loop, walk, builder.definitions, memoryOf);
    if (sums === null) continue;
    const isFresh = isUnwritten(object, builder, memoryOf);
    const carried = withStates(loop, walk, sums, builder, isFresh);
    const states = carried.params.slice(loop.params.length);
    for (const { variable } of states) if (variable !== null) variables.push(variable);
    carry(carried, walk, builder, memoryOf, variables);
    builder.origin = null;
    const first = Math.min(...sums.map(({ ahead }) => ahead));
    const left = carried.results.slice(loop.params.length);
    storeBehind(builder, loop, walk, (placeOf) => {
      left.forEach((amount, k) => {
        put(builder, object, placeOf(first + k), amount, isFresh);
      });
    });
    return;
  }
  builder.append(loop);
}

/** The sums of a loop into an array, where the loop does nothing else with it and places overlap. */
function sumsInto(
  object: Value,
  loop: LoopOp,
  walk: Walk,
  definitions: ReadonlyMap<Value, Op>,
  memoryOf: MemoryOf,
): readonly Sum[] | null {
  const memory = memoryOf(object);
  const { ops } = loop.body;
  const used = [...allUses(loop.body)];
  const sums = ops.flatMap((op): Sum[] => {
    if (op.kind !== 'store' || op.object !== object || typeof op.key === 'string') return [];
    const away = distance(op.key, walk.index, definitions);
    const added = definitions.get(op.value);
    const load = added?.kind === 'apply' ? definitions.get(added.args[0]) : undefined;
    const isSum = isAccumulation(op, ops) && op.value.type.kind === 'number';
    if (away === null || !isSum || added?.kind !== 'apply' || load?.kind !== 'load') return [];
    if (used.filter((value) => value === load.result || value === op.value).length !== 2) return [];
    return [{ store: op, added, load, ahead: away * walk.step }];
  });
  const own = new Set<Op>(sums.flatMap(({ store, load }) => [store, load]));
  const isAlone = [...allOps(loop.test), ...allOps(loop.body)].every(
    (op) =>
      own.has(op) ||
      (op.kind !== 'load' && op.kind !== 'store') ||
      op.key === 'length' ||
      memoryOf(op.object) !== memory,
  );
  const distances = sums.map(({ ahead }) => ahead);
  const span = Math.max(...distances) - Math.min(...distances);
  return isAlone && span >= 1 && span <= 2 ? sums : null;
}

/** Whether an array was made just now, so that it holds zeros. */
function isUnwritten(object: Value, builder: Builder, memoryOf: MemoryOf): boolean {
  const ops = builder.current();
  const made = ops.findIndex((op) => op.kind === 'alloc' && op.result === object);
  const alloc = ops[made];
  if (alloc?.kind !== 'alloc' || alloc.init.kind !== 'zerosLike') return false;
  const writes = (op: Op): boolean =>
    op.kind === 'store' ? memoryOf(op.object) === memoryOf(object) : regions(op).some(holdsWrite);
  const holdsWrite = (region: Region): boolean => region.ops.some(writes);
  return !ops.slice(made + 1).some(writes);
}

/** The loop with a state for each place that later iterations add to. */
function withStates(
  loop: LoopOp,
  walk: Walk,
  sums: readonly Sum[],
  builder: Builder,
  isFresh: boolean,
): LoopOp {
  const [{ object }] = sums.map(({ store }) => store);
  const first = Math.min(...sums.map(({ ahead }) => ahead));
  const last = Math.max(...sums.map(({ ahead }) => ahead));
  const states = Array.from({ length: last - first }, (_, i) => {
    const ahead = first + i;
    const variable: Variable = { name: nameOf(object, walk.index, ahead) };
    const param: Value = { type: numberType, variable };
    return { ahead, variable, param, init: builder.literal(0), result: { ...param } };
  });
  const current = new Map<number, Value>(states.map(({ ahead, param }) => [ahead, param]));
  const { ops, yields } = builder.region(() => {
    for (const op of loop.body.ops) {
      builder.origin = op.origin;
      if (sums.some(({ load, added }) => op === load || op === added)) continue;
      const sum = sums.find(({ store }) => store === op);
      if (sum === undefined) builder.append(op);
      else {
        const [, amount] = sum.added.args;
        const before = current.get(sum.ahead);
        const isLast = sums.findLast(({ ahead }) => ahead === first) === sum;
        const state = isLast ? undefined : states.find(({ ahead }) => ahead === sum.ahead);
        const after =
          before !== undefined
            ? builder.apply(sum.added.fn, [before, amount], state?.variable)
            : builder.apply(sum.added.fn === '-' ? 'neg' : 'copy', [amount]);
        current.set(sum.ahead, after);
        if (isLast) put(builder, object, sum.store.key as Value, after, isFresh);
      }
    }
    return [];
  });
  const next = states.map(({ ahead }) => current.get(ahead + 1) ?? states[0].init);
  const carried: LoopOp = {
    ...loop,
    inits: [...loop.inits, ...states.map(({ init }) => init)],
    params: [...loop.params, ...states.map(({ param }) => param)],
    results: [...loop.results, ...states.map(({ result }) => result)],
    body: { ...loop.body, ops, yields: [...loop.body.yields, ...yields, ...next] },
  };
  for (const result of results(carried)) builder.definitions.set(result, carried);
  return carried;
}

/** Adds to a place; where it is zero, sets it. */
function put(builder: Builder, object: Value, key: Value, amount: Value, isFresh: boolean): void {
  if (isFresh) builder.store(object, key, amount);
  else {
    const before = builder.load(numberType, object, key);
    builder.store(object, key, builder.apply('+', [before, amount]));
  }
}

/** `if (n > 0) da[n] += s` behind the loop: where it did not run there may be no such place. */
function storeBehind(
  builder: Builder,
  loop: LoopOp,
  { at, step, bound }: Walk,
  store: (placeOf: (ahead: number) => Value) => void,
): void {
  const begin = constantOf(loop.inits[at], builder.definitions);
  const init = begin === null ? loop.inits[at] : builder.literal(begin);
  const [greater, less] = step === 1 ? [bound, init] : [init, bound];
  const cond = builder.apply(step === 1 ? '>' : '>=', [greater, less]);
  const then = builder.region(() => {
    const isWhole = isInteger(bound, builder.definitions, () => undefined);
    const end = isWhole ? bound : builder.apply('Math.ceil', [bound]);
    store((ahead) => plus(builder, end, step === 1 ? ahead : -ahead - 1));
    return [];
  });
  const otherwise: Region = { ops: [], yields: [] };
  builder.append({ kind: 'if', cond, then, else: otherwise, results: [], origin: null });
}

function plus(builder: Builder, value: Value, amount: number): Value {
  const constant = numberOf(value, builder.definitions);
  if (constant !== null) return builder.literal(constant + amount);
  if (amount === 0) return value;
  return builder.apply(amount > 0 ? '+' : '-', [value, builder.literal(Math.abs(amount))]);
}

function nameOf(object: Value, index: Value, ahead: number): string {
  const array = object.variable?.name ?? 'sum';
  if (ahead === 0) return `${array}_${index.variable?.name ?? 'i'}`;
  return `${array}_${ahead > 0 ? 'next' : 'last'}`;
}
