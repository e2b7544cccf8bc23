import { END, isReference, type LoadOp, type Op, type StoreOp, type Value } from '../ir/ir.js';
import { allOps, regions, usesOf } from '../ir/walk.js';
import type { Backward } from './backward.js';
import { restore } from './restore.js';
import { shadowOf, UnfollowedReference } from './shadow.js';

/** Stores of rows that only change places: what is written to some places is what was read from the same places. */
interface Exchange {
  readonly start: number;
  readonly stores: readonly (StoreOp & { readonly key: Value })[];
  readonly loads: readonly (LoadOp & { readonly key: Value })[];
}

/** `[a[i], a[j]] = [a[j], a[i]]` for rows, also by way of a variable, where it ends at `end`. */
export function findExchange(b: Backward, ops: readonly Op[], end: number): Exchange | null {
  const last = ops[end - 1];
  if (last?.kind !== 'store' || last.key === END || !isReference(last.value.type)) return null;
  const stores: Exchange['stores'][number][] = [];
  const loads: Exchange['loads'][number][] = [];
  for (let at = end - 1; at >= 0; at--) {
    const op = ops[at];
    if (op?.kind === 'store') {
      const load = b.definitions.get(op.value);
      if (op.object !== last.object || typeof op.key === 'string') return null;
      if (load?.kind !== 'load' || load.object !== op.object || typeof load.key === 'string')
        return null;
      stores.push(op as StoreOp & { key: Value });
      loads.push(load as LoadOp & { key: Value });
    } else if (op?.kind !== 'load' && op?.kind !== 'literal' && op?.kind !== 'apply') return null;
    const written = new Set(stores.map(({ key }) => key));
    const read = new Set(loads.map(({ key }) => key));
    const isClosed =
      written.size === stores.length &&
      read.size === loads.length &&
      [...written].every((key) => read.has(key));
    if (isClosed && loads.every((load) => ops.indexOf(load) >= 0)) {
      const first = Math.min(at, ...loads.map((load) => ops.indexOf(load)));
      return { start: first, stores, loads };
    }
  }
  return null;
}

/** The shadows of the rows go back to where the rows came from. */
export function reverseExchange(
  b: Backward,
  ops: readonly Op[],
  exchange: Exchange,
  isActive: boolean,
): void {
  const { builder } = b;
  const { stores, loads } = exchange;
  for (const store of stores) restore(b, store);
  if (!isActive) return;
  const [first] = stores;
  if (first === undefined) return;
  refuseLateUse(b, ops, first);
  builder.origin = first.origin;
  const shadow = shadowOf(b, first.object);
  const rows = stores.map((store) => builder.load(store.value.type, shadow, store.key));
  loads.forEach((load, i) => {
    const row = rows[i];
    if (row !== undefined) builder.store(shadow, load.key, row);
  });
}

/** A row that was read before the exchange and is used behind it would be looked for in the wrong place. */
function refuseLateUse(b: Backward, ops: readonly Op[], exchanged: StoreOp): void {
  const { memory, body } = b.forward;
  const { stores } = memory.classOf(exchanged.object);
  for (const list of [
    ops,
    ...[...allOps(body)].flatMap((op) => regions(op).map((region) => region.ops)),
  ]) {
    list.forEach((op, i) => {
      if (
        op.kind !== 'load' ||
        !isReference(op.result.type) ||
        memory.classOf(op.object) !== memory.classOf(exchanged.object)
      )
        return;
      let isMoved = false;
      for (const later of list.slice(i + 1)) {
        const moves = [later, ...regions(later).flatMap((region) => [...allOps(region)])].some(
          (inner) => inner.kind === 'store' && stores.includes(inner) && inner.value !== op.result,
        );
        if (isMoved && later.kind !== 'store' && [...usesOf(later)].includes(op.result)) {
          throw new UnfollowedReference(op.result, 'Read the row again behind the exchange.');
        }
        isMoved ||= moves;
      }
    });
  }
}
