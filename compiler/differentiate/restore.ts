import { END, type PopOp, type StoreOp, type Value } from '../ir/ir.js';
import type { Backward } from './backward.js';

/** Undoes a store of the primal; whether that is needed is decided when all reads of the backward sweep are known. */
export function restore(b: Backward, op: StoreOp): void {
  const { builder } = b;
  if (op.key === END) {
    const undone: Value = { type: op.value.type, variable: null };
    builder.append({ kind: 'load', object: op.object, key: END, result: undone, origin: null });
    const undo = b.definitions.get(undone);
    if (undo !== undefined) b.restores.push({ store: op, pop: null, undo });
    return;
  }
  const old: Value = { type: op.value.type, variable: null };
  const pop: PopOp = {
    kind: 'pop',
    tape: { variable: { name: '' }, type: op.value.type, form: { kind: 'stack' } },
    index: null,
    result: old,
    origin: null,
  };
  builder.append(pop);
  builder.origin = null;
  builder.store(op.object, op.key, old);
  const undo = builder.current().at(-1);
  if (undo !== undefined) b.restores.push({ store: op, pop, undo });
}
