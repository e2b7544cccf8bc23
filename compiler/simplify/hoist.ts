import { isAccumulation } from '../analysis/accumulation.js';
import { Builder } from '../ir/build.js';
import {
  END,
  numberType,
  type LoadOp,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
  type Variable,
} from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import { allOps, results } from '../ir/walk.js';

/** Which references may share memory. */
export type MemoryOf = (reference: Value) => unknown;

export interface Hoisted {
  readonly region: Region;
  /** The variables that sums are kept in. */
  readonly variables: readonly Variable[];
}

/**
 * Takes memory out of inner loops: what is the same in every iteration is read once, and what is added to one place is
 * summed in a variable first.
 *
 * Before: `for j { da[i] += b[i] * dc[j] }`
 * After: `bi = b[i]; s = 0; for j { s += bi * dc[j] }; da[i] += s`
 */
export function hoistFromLoops(
  region: Region,
  memoryOf: MemoryOf,
  definitions: Map<Value, Op>,
): Hoisted {
  const variables: Variable[] = [];
  const builder = new Builder(definitions, null);
  const rewrite = (inner: Region): Region => {
    const { ops } = builder.region(() => {
      for (const op of inner.ops) {
        builder.origin = op.origin;
        const rewritten =
          op.kind === 'if' || op.kind === 'loop' ? rewriteOp(op, (value) => value, rewrite) : op;
        builder.origin = op.origin;
        if (rewritten.kind === 'loop') hoist(rewritten, builder, memoryOf, variables);
        else builder.append(rewritten);
      }
      return [];
    });
    return { ...inner, ops };
  };
  return { region: rewrite(region), variables };
}

function hoist(loop: LoopOp, builder: Builder, memoryOf: MemoryOf, variables: Variable[]): void {
  const inside = new Set<Value>(loop.params);
  const everything = [...allOps(loop.test), ...allOps(loop.body)];
  for (const op of everything) {
    for (const result of results(op)) inside.add(result);
    if (op.kind === 'loop') op.params.forEach((param) => inside.add(param));
  }
  const isOutside = (op: LoadOp | StoreOp): boolean =>
    !inside.has(op.object) && typeof op.key !== 'string' && !inside.has(op.key);
  const accesses = everything.filter(
    (op): op is LoadOp | StoreOp =>
      (op.kind === 'load' && op.key !== 'length') || op.kind === 'store',
  );

  const isInvariant = (op: Op): op is LoadOp =>
    op.kind === 'load' &&
    op.result.type.kind === 'number' &&
    op.key !== END &&
    isOutside(op) &&
    !accesses.some(
      (other) =>
        (other.kind === 'store' || other.key === END) &&
        memoryOf(other.object) === memoryOf(op.object),
    );
  const reads = loop.body.ops.filter(isInvariant);

  const sums = loop.body.ops.filter((op): op is StoreOp => {
    if (op.kind !== 'store' || op.value.type.kind !== 'number') return false;
    if (!isOutside(op) || !isAccumulation(op, loop.body.ops)) return false;
    return accesses.every(
      (other) =>
        other === op ||
        other === slotOf(op, loop.body.ops) ||
        memoryOf(other.object) !== memoryOf(op.object),
    );
  });

  for (const read of reads) builder.append(read);
  if (sums.length === 0) {
    builder.append({
      ...loop,
      body: { ...loop.body, ops: loop.body.ops.filter((op) => !isInvariant(op)) },
    });
    return;
  }
  const { origin } = builder;
  builder.origin = null;
  const states = sums.map((store) => {
    const variable: Variable = { name: nameOf(store) };
    variables.push(variable);
    const param: Value = { type: numberType, variable };
    return { store, param, next: { ...param }, result: { ...param }, init: builder.literal(0) };
  });
  builder.origin = origin;
  const ops = loop.body.ops.flatMap((op): Op[] => {
    if (isInvariant(op)) return [];
    if (states.some(({ store }) => op === store || op === slotOf(store, loop.body.ops))) return [];
    const state = states.find(({ store }) => op.kind === 'apply' && op.result === store.value);
    if (state === undefined || op.kind !== 'apply') return [op];
    const summed: Op = { ...op, args: [state.param, ...op.args.slice(1)], result: state.next };
    return [summed];
  });
  builder.append({
    ...loop,
    inits: [...loop.inits, ...states.map(({ init }) => init)],
    params: [...loop.params, ...states.map(({ param }) => param)],
    results: [...loop.results, ...states.map(({ result }) => result)],
    body: { ...loop.body, ops, yields: [...loop.body.yields, ...states.map(({ next }) => next)] },
  });
  for (const op of ops) for (const result of results(op)) builder.definitions.set(result, op);
  builder.origin = null;
  for (const { store, result } of states) {
    const before = builder.load(numberType, store.object, store.key);
    builder.store(store.object, store.key, builder.apply('+', [before, result]));
  }
}

/** The read that belongs to `a[i] += x`. */
function slotOf(store: StoreOp, ops: readonly Op[]): Op | undefined {
  const sum = ops.find((op) => op.kind === 'apply' && op.result === store.value);
  return ops.find((op) => op.kind === 'load' && sum?.kind === 'apply' && op.result === sum.args[0]);
}

function nameOf(store: StoreOp): string {
  const object = store.object.variable?.name ?? 'sum';
  const key = typeof store.key === 'string' ? store.key : store.key.variable?.name;
  return key === undefined ? `${object}_sum` : `${object}_${key}`;
}
