import {
  END,
  hasAdjoint,
  isReference,
  numberType,
  type AllocOp,
  type Origin,
  type StoreOp,
  type Type,
  type Value,
} from '../ir/ir.js';
import type { Backward } from './backward.js';
import { zerosFor } from './fit.js';
import { shadowOf, UnfollowedReference } from './shadow.js';

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
  const adjoint = builder.load(op.value.type, shadow, op.key);
  if (op.key !== END) builder.store(shadow, op.key, zerosFor(b, adjoint));
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
  return hasAdjoint(value.type) && activity.isActiveClass(memory.classOf(object));
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
        if (!hasAdjoint(value.type) || !b.isActive(value)) return;
        b.accumulate(value, builder.load(value.type, shadowOf(b, result), builder.literal(i)));
      });
      break;
    case 'fields':
      init.values.forEach((value, i) => {
        const name = init.names[i];
        if (name === undefined || !hasAdjoint(value.type) || !b.isActive(value)) return;
        b.accumulate(value, builder.load(value.type, shadowOf(b, result), name));
      });
      break;
    case 'fill':
      if (b.isActive(init.value)) {
        const shadow = shadowOf(b, result);
        b.accumulate(init.value, sumOf(b, op.origin, init.value, shadow));
      }
      break;
    case 'copy': {
      const { source } = init;
      if (source.type.kind === 'array' && isReference(source.type.element)) break;
      if (!forward.activity.isActiveClass(forward.memory.classOf(source))) break;
      const shadow = shadowOf(b, result);
      if (init.start === null && init.end === null && adoptShadow(b, source, result)) break;
      const target = shadowOf(b, source);
      overElements(b, op.origin, shadow, (i) => {
        const key =
          init.start === null ? i : builder.apply('+', [copyStart(b, init.source, init.start), i]);
        const element = elementOf(source.type);
        const before = builder.load(element, target, key);
        builder.store(target, key, builder.plus(before, builder.load(element, shadow, i)));
        return undefined;
      });
      break;
    }
    case 'elementsOf':
      if (b.isActive(init.matrix)) {
        const shape = ['rows', 'cols'].map((axis) => builder.apply(axis, [init.matrix]));
        b.accumulate(init.matrix, builder.apply('fromData', [...shape, shadowOf(b, result)]));
      }
      break;
    case 'zeros':
    case 'zerosLike':
      break;
  }
}

function elementOf(type: Type): Type {
  return type.kind === 'array' ? type.element : numberType;
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

/** Adds the elements of a matrix, row by row, to the shadow of the array that the matrix was made of. */
export function addElements(b: Backward, array: Value, amount: Value, origin: Origin | null): void {
  const { builder } = b;
  const add = (shadow: Value, row: Value | null): void => {
    overElements(b, origin, shadow, (i): undefined => {
      if (shadow.type.kind === 'array' && isReference(shadow.type.element)) {
        add(builder.load(shadow.type.element, shadow, i), i);
        return;
      }
      const first =
        row === null ? null : builder.apply('*', [row, builder.apply('cols', [amount])]);
      const at = first === null ? i : builder.apply('+', [first, i]);
      const before = builder.load(numberType, shadow, i);
      builder.store(shadow, i, builder.plus(before, builder.apply('at', [amount, at])));
    });
  };
  add(shadowOf(b, array), null);
}

/** The sum of the elements of a shadow. */
function sumOf(b: Backward, origin: Origin | null, value: Value, shadow: Value): Value {
  const variable = b.adjointVariable(value.variable);
  const zero = zerosFor(b, value);
  const sum: Value = { type: zero.type, variable };
  const result: Value = { type: zero.type, variable };
  overElements(
    b,
    origin,
    shadow,
    (i) => b.builder.plus(sum, b.builder.load(sum.type, shadow, i), variable),
    { init: zero, param: sum, result },
  );
  return result;
}

/** A value that a loop carries from one element to the next. */
interface Carried {
  readonly init: Value;
  readonly param: Value;
  readonly result: Value;
}

/** A loop over the elements of a shadow; `step` gives the next value of what is carried. */
function overElements(
  b: Backward,
  origin: Origin | null,
  shadow: Value,
  step: (i: Value) => Value | undefined,
  carried: Carried | null = null,
): void {
  const { builder } = b;
  const index = { name: shadow.variable === null ? 'j' : 'i' };
  const start = builder.literal(0, index);
  const i: Value = { type: numberType, variable: index };
  const length = builder.load(numberType, shadow, 'length');
  const test = builder.region(() => [builder.apply('<', [i, length])]);
  const body = builder.region(() => {
    const next = step(i);
    const after = builder.apply('+', [i, builder.literal(1)], index);
    return next === undefined ? [after] : [after, next];
  });
  builder.append({
    kind: 'loop',
    inits: carried === null ? [start] : [start, carried.init],
    params: carried === null ? [i] : [i, carried.param],
    test,
    body,
    leave: null,
    results: [{ type: numberType, variable: index }, ...(carried === null ? [] : [carried.result])],
    origin,
  });
}
