import { isZero } from '../simplify/matrix-algebra.js';
import {
  isReference,
  type ApplyOp,
  type LoadOp,
  type Op,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import { operands } from '../ir/walk.js';
import type { Backward } from './backward.js';
import { contribution } from './contribution.js';
import { zerosFor } from './fit.js';
import { addElements, isActiveSlot } from './reverse-memory.js';
import { restore } from './restore.js';
import { shadowOf } from './shadow.js';
import { wordOf } from '../ir/words.js';

/**
 * Reverses the operations of one statement together: inner results have their adjoints inside of the expression, and
 * each variable that the statement reads receives one line, in the order of the source. A variable that the statement
 * itself assigns comes last, since its adjoint is still read by the other lines.
 */
export function reverseStatement(b: Backward, ops: readonly Op[]): void {
  const { builder } = b;
  const origin = ops.at(-1)?.origin ?? null;
  builder.origin = origin;
  const store = ops.at(-1);
  if (store?.kind === 'store') restore(b, store);
  builder.origin = origin;

  const inside = new Set<Value>(ops.flatMap((op) => ('result' in op ? [op.result] : [])));
  const received = new Map<Value, Value[]>();
  const give = (value: Value, amount: Value): void => {
    // From the last operation to the first: the sum is put together in the order of the source.
    received.set(value, [amount, ...(received.get(value) ?? [])]);
  };
  const total = (value: Value): Value | null => {
    const amounts = received.get(value) ?? [];
    const known = b.adjoints.get(value);
    const all = known === undefined ? amounts : [known, ...amounts];
    const [first, ...rest] = all;
    return first === undefined
      ? null
      : rest.reduce((sum, amount) => builder.plus(sum, amount), first);
  };

  let slot: Slot | null = null;
  if (store?.kind === 'store' && isActiveSlot(b, store.object, store.value)) {
    slot = openSlot(b, store, ops);
    if (b.isActive(store.value) && !takesWhole(b, slot, inside)) give(store.value, slot.adjoint);
  }
  const targets = new Set(
    [...inside]
      .filter((value) => value.variable !== null && b.adjoints.has(value))
      .map((value) => value.variable),
  );
  for (const op of [...ops].reverse()) {
    if (op.kind !== 'apply' || !b.isActive(op.result)) continue;
    const adjoint = total(op.result);
    if (adjoint === null || isZero(adjoint, b.definitions)) continue;
    if (op.result.variable === null && adjoint !== slot?.adjoint)
      b.hints.set(adjoint, adjointName(op));
    op.args.forEach((arg, i) => {
      if (!b.isActive(arg)) return;
      const amount = contribution(b, op, i, adjoint);
      if (amount === null) return;
      if (isReference(arg.type)) addElements(b, arg, amount, op.origin);
      else give(arg, amount);
    });
  }
  if (slot !== null) closeSlot(b, slot, slot.load === null ? null : total(slot.load.result));

  const last: Value[] = [];
  const done = new Set<Value>();
  const finish = (value: Value): void => {
    const [first, ...rest] = received.get(value) ?? [];
    if (first === undefined) return;
    b.accumulate(
      value,
      rest.reduce((sum, amount) => builder.plus(sum, amount), first),
    );
  };
  for (const op of ops) {
    for (const value of operands(op)) {
      if (inside.has(value) || done.has(value)) continue;
      done.add(value);
      if (value.variable !== null && targets.has(value.variable)) last.push(value);
      else finish(value);
    }
  }
  for (const op of ops) {
    if (op.kind === 'load' && op !== slot?.load) accumulateLoad(b, op, total(op.result));
  }
  last.forEach(finish);
}

/** What the adjoint of an inner result is called: `dloss_sum` in the statement that computes `loss`. */
function adjointName(op: ApplyOp): string {
  return `d${op.origin?.target ?? 'value'}_${wordOf(op.fn)}`;
}

/** The slot of the shadow that a store's adjoint is taken from. */
interface Slot {
  readonly store: StoreOp;
  readonly adjoint: Value;
  /** The load of the same slot in the same statement, as in `a[i] += x`. */
  readonly load: LoadOp | null;
}

function openSlot(b: Backward, store: StoreOp, ops: readonly Op[]): Slot {
  const shadow = shadowOf(b, store.object);
  const adjoint = b.builder.load(store.value.type, shadow, store.key);
  const load = ops.find(
    (op): op is LoadOp => op.kind === 'load' && op.object === store.object && op.key === store.key,
  );
  return { store, adjoint, load: load !== undefined && b.isActive(load.result) ? load : null };
}

/** Where all that a variable does is to be stored, what is taken from the slot is its adjoint. */
function takesWhole(b: Backward, slot: Slot, inside: ReadonlySet<Value>): boolean {
  const { value } = slot.store;
  const variable = b.adjointVariable(value.variable);
  if (variable === null || inside.has(value) || b.adjoints.has(value) || slot.load !== null)
    return false;
  (slot.adjoint as { variable: Value['variable'] }).variable = variable;
  b.adjoints.set(value, slot.adjoint);
  return true;
}

/** The slot keeps what the statement read from it, and nothing of what it overwrote. */
function closeSlot(b: Backward, slot: Slot, read: Value | null): void {
  if (read === slot.adjoint) return;
  const { builder } = b;
  builder.store(shadowOf(b, slot.store.object), slot.store.key, read ?? zerosFor(b, slot.adjoint));
}

function accumulateLoad(b: Backward, op: LoadOp, adjoint: Value | null): void {
  if (adjoint === null || isZero(adjoint, b.definitions)) return;
  if (op.result.variable !== null && !b.isActive(op.result)) return;
  const { builder } = b;
  const shadow = shadowOf(b, op.object);
  const before = builder.load(op.result.type, shadow, op.key);
  builder.store(shadow, op.key, builder.plus(before, adjoint));
}
