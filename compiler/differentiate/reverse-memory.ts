import {
  END,
  isReference,
  numberType,
  type AllocOp,
  type Key,
  type Op,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import type { Backward } from './backward.js';
import { shadowOf, UnfollowedReference } from './shadow.js';

/** `object[key] += contribution` in the shadow. */
export function accumulateSlot(b: Backward, object: Value, key: Key, contribution: Value): void {
  const { builder } = b;
  const shadow = shadowOf(b, object);
  const before = builder.load(numberType, shadow, key);
  builder.store(shadow, key, builder.apply('+', [before, contribution]));
}

/** The adjoint of a stored number moves from the slot to the value; the slot starts anew. */
export function reverseSlotStore(b: Backward, op: StoreOp): void {
  const { builder, forward } = b;
  if (isReference(op.value.type)) {
    if (op.key !== END && isActiveReference(b, op.value)) refuseReplacing(b, op);
    if (op.key === END && forward.activity.isActiveClass(forward.memory.classOf(op.value))) {
      shadowOf(b, op.value);
      builder.load(op.value.type, shadowOf(b, op.object), END);
    }
    return;
  }
  if (!isActiveSlot(b, op.object, op.value)) return;
  const shadow = shadowOf(b, op.object);
  const adjoint = builder.load(numberType, shadow, op.key);
  if (op.key !== END) builder.store(shadow, op.key, builder.literal(0));
  if (b.isActive(op.value)) b.accumulate(op.value, adjoint);
}

export function isActiveReference(b: Backward, reference: Value): boolean {
  const { activity, memory } = b.forward;
  return memory.reachable(reference).some((reached) => activity.isActiveClass(reached));
}

/**
 * A slot that holds a row must not receive another one: the shadow would have to follow. What is accepted is that an
 * array made empty is filled, each place once, with rows made for it.
 */
function refuseReplacing(b: Backward, op: StoreOp): void {
  const { forward, definitions } = b;
  const holder = definitions.get(op.object);
  const isEmpty = holder?.kind === 'alloc' && holder.init.kind === 'zeros';
  const isFresh = definitions.get(op.value)?.kind === 'alloc';
  const { stores } = forward.memory.classOf(op.object);
  // Rows that only change places come from the same array.
  const isRow = (store: StoreOp): boolean =>
    isReference(store.value.type) && definitions.get(store.value)?.kind !== 'load';
  const isOnly = stores.filter(isRow).length === 1;
  if (isEmpty && isFresh && isOnly && forward.fillsOnce(op, holder)) return;
  throw new UnfollowedReference(
    op.value,
    'Exchange or copy the numbers one by one instead of the rows.',
  );
}

export function isActiveSlot(b: Backward, object: Value, value: Value): boolean {
  const { activity, memory } = b.forward;
  return value.type.kind === 'number' && activity.isActiveClass(memory.classOf(object));
}

/** What the elements were made of receives their adjoints. */
export function reverseAlloc(b: Backward, op: AllocOp): void {
  const { builder, forward } = b;
  const { init, result } = op;
  if (!forward.activity.isActiveClass(forward.memory.classOf(result)) || b.seeded.has(result))
    return;
  switch (init.kind) {
    case 'elements':
      init.values.forEach((value, i) => {
        if (value.type.kind !== 'number' || !b.isActive(value)) return;
        b.accumulate(value, builder.load(numberType, shadowOf(b, result), builder.literal(i)));
      });
      break;
    case 'fields':
      init.values.forEach((value, i) => {
        const name = init.names[i];
        if (name === undefined || value.type.kind !== 'number' || !b.isActive(value)) return;
        b.accumulate(value, builder.load(numberType, shadowOf(b, result), name));
      });
      break;
    case 'fill':
      if (b.isActive(init.value)) {
        const shadow = shadowOf(b, result);
        const total = overElements(b, op, shadow, (i, sum) =>
          builder.apply('+', [sum, builder.load(numberType, shadow, i)], sum.variable),
        );
        b.accumulate(init.value, total);
      }
      break;
    case 'copy': {
      const { source } = init;
      if (source.type.kind === 'array' && isReference(source.type.element)) break;
      if (!forward.activity.isActiveClass(forward.memory.classOf(source))) break;
      const shadow = shadowOf(b, result);
      if (init.start === null && init.end === null && adoptShadow(b, source, result)) break;
      const target = shadowOf(b, source);
      overElements(b, op, shadow, (i, sum) => {
        const key =
          init.start === null ? i : builder.apply('+', [copyStart(b, init.source, init.start), i]);
        const before = builder.load(numberType, target, key);
        builder.store(
          target,
          key,
          builder.apply('+', [before, builder.load(numberType, shadow, i)]),
        );
        return sum;
      });
      break;
    }
    case 'zeros':
    case 'zerosLike':
      break;
  }
}

/**
 * Makes the shadow of a copy that of its source too, where that has none yet: the copy ends here, and all that it
 * received belongs to the source.
 */
function adoptShadow(b: Backward, source: Value, copy: Value): boolean {
  const mirror = b.mirrorOf(source);
  const isSame =
    source.type.kind === 'array' &&
    copy.type.kind === 'array' &&
    source.type.container === copy.type.container;
  if (
    !isSame ||
    b.definitions.has(source) ||
    mirror !== b.mirrorOf(copy) ||
    mirror.shadows.has(source)
  )
    return false;
  mirror.shadows.set(source, shadowOf(b, copy));
  return true;
}

/** Where `slice(start)` begins: a negative start counts from the end. */
function copyStart(b: Backward, source: Value, start: Value): Value {
  const { builder } = b;
  const negative = builder.apply('<', [start, builder.literal(0)]);
  return builder.select(
    negative,
    () =>
      builder.apply('Math.max', [
        builder.apply('+', [builder.load(numberType, source, 'length'), start]),
        builder.literal(0),
      ]),
    () => start,
  );
}

/** A loop over the elements of a shadow that carries one number, at first 0. */
function overElements(
  b: Backward,
  op: AllocOp,
  shadow: Value,
  step: (i: Value, carried: Value) => Value,
): Value {
  const { builder } = b;
  const name = b.adjointVariable(op.init.kind === 'fill' ? op.init.value.variable : null);
  const index = { name: 'i' };
  const start = builder.literal(0, index);
  const i: Value = { type: numberType, variable: index };
  const zero = builder.literal(0);
  const sum: Value = { type: numberType, variable: name };
  const length = builder.load(numberType, shadow, 'length');
  const test = builder.region(() => [builder.apply('<', [i, length])]);
  const body = builder.region(() => {
    const next = step(i, sum);
    return [builder.apply('+', [i, builder.literal(1)], index), next];
  });
  const results: Value[] = [
    { type: numberType, variable: index },
    { type: numberType, variable: name },
  ];
  const loop: Op = {
    kind: 'loop',
    inits: [start, zero],
    params: [i, sum],
    test,
    body,
    leave: null,
    results,
    origin: op.origin,
  };
  builder.append(loop);
  return results[1];
}
