import {
  isReference,
  numberType,
  opaqueType,
  type CallOp,
  type Type,
  type Value,
} from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { numberOf } from '../ir/build.js';
import type { Backward } from './backward.js';
import { isActiveReference } from './reverse-memory.js';
import { shadowOf, UnfollowedReference } from './shadow.js';

/**
 * The backward half of a helper gives the derivatives of its parameters from that of its result.
 *
 * `z = call f(x, y)` reverses to `d = call f_backward(record, dz); dx += d.dx; dy += d.dy`.
 */
export function reverseCall(b: Backward, op: CallOp): void {
  const { builder } = b;
  const { callee, record, result } = op;
  const adjoint = adjointOf(b, result);
  if (adjoint === null || record === null) return;
  const wanted = [...callee.keys].filter(([i]) => {
    const arg = op.args[i];
    if (arg === undefined) return false;
    return isReference(arg.type) ? isActiveReference(b, arg) : b.isActive(arg);
  });
  if (wanted.length === 0) return;
  const fields = [...callee.keys.values()].map(({ key, type }) => ({
    name: key,
    type,
    optional: false,
  }));
  const derivatives = builder.call(
    { ...callee, name: callee.backward },
    [builder.load(opaqueType, record, 'saved'), adjoint],
    {
      kind: 'object',
      fields,
    },
  );
  b.hints.set(derivatives, `d${callee.name}`);
  for (const [i, { key, type }] of wanted) {
    const arg = op.args[i];
    if (arg === undefined) continue;
    if (isReference(type) && !b.definitions.has(arg)) {
      // What the backward half gives belongs to nobody else: it may be the shadow of a parameter.
      const variable = b.adjointVariable(arg.variable);
      if (b.adoptShadow(arg, () => builder.load(type, derivatives, key, variable))) continue;
    }
    const part = builder.load(type, derivatives, key);
    if (isReference(type)) accumulateInto(b, shadowOf(b, arg), part, type, arg);
    else b.accumulate(arg, part);
  }
}

/** The adjoint of what a call gives; null where it is zero. */
function adjointOf(b: Backward, result: Value): Value | null {
  if (isReference(result.type)) return isActiveReference(b, result) ? shadowOf(b, result) : null;
  const adjoint = b.adjoints.get(result);
  return adjoint === undefined || numberOf(adjoint, b.definitions) === 0 ? null : adjoint;
}

/** Gives a value its derivative from the outside of the function. */
export function seed(b: Backward, value: Value, derivative: Value): void {
  if (!isReference(value.type)) {
    if (!b.isActive(value)) return;
    if (b.adjoints.has(value)) b.accumulate(value, derivative);
    else {
      b.adoptVariable(value, derivative);
      b.adjoints.set(value, derivative);
    }
    return;
  }
  if (!isActiveReference(b, value)) return;
  if (seedLiteral(b, value, derivative)) return;
  const { type } = value;
  if (b.definitions.get(value)?.kind === 'alloc' && isFlat(type)) {
    const init = { kind: 'copy', source: derivative, start: null, end: null } as const;
    const variable = b.adjointVariable(value.variable);
    if (b.adoptShadow(value, () => b.builder.alloc(type, init, variable))) return;
  }
  accumulateInto(b, shadowOf(b, value), derivative, value.type, value);
}

/** Whether a copy of an array shares nothing with it. */
function isFlat(type: Type): boolean {
  return type.kind === 'array' && type.element.kind === 'number';
}

/** A literal that nothing else reads or writes needs no shadow: its parts receive their derivatives at once. */
function seedLiteral(b: Backward, value: Value, derivative: Value): boolean {
  const op = b.definitions.get(value);
  const { loads, stores } = b.forward.memory.classOf(value);
  if (op?.kind !== 'alloc' || loads.length > 0 || stores.length > 0) return false;
  const { init } = op;
  if (init.kind !== 'elements' && init.kind !== 'fields') return false;
  if (init.values.some((part) => init.values.indexOf(part) !== init.values.lastIndexOf(part)))
    return false;
  b.seeded.add(value);
  init.values.forEach((part, i) => {
    const key = init.kind === 'fields' ? (init.names[i] ?? '') : b.builder.literal(i);
    const isActive = isReference(part.type) ? isActiveReference(b, part) : b.isActive(part);
    if (isActive) seed(b, part, b.builder.load(part.type, derivative, key));
  });
  return true;
}

/** `target += source` for all numbers and matrices in arrays and objects of one shape. */
function accumulateInto(
  b: Backward,
  target: Value,
  source: Value,
  type: Type,
  reference: Value,
  depth = 0,
): void {
  const { builder } = b;
  const slot = (key: Value | string, part: Type): void => {
    if (isReference(part)) {
      const inner = [target, source].map((object) => builder.load(part, object, key));
      const [to, from] = inner;
      if (to !== undefined && from !== undefined)
        accumulateInto(b, to, from, part, reference, depth + 1);
      return;
    }
    const before = builder.load(part, target, key);
    builder.store(target, key, builder.plus(before, builder.load(part, source, key)));
  };
  switch (type.kind) {
    case 'array':
      if (!canBeActive(type)) return;
      overIndices(b, source, depth, (i) => {
        slot(i, type.element);
      });
      return;
    case 'tuple':
      type.elements.forEach((part, i) => {
        if (canBeActive(part)) slot(builder.literal(i), part);
      });
      return;
    case 'object':
      for (const field of type.fields) {
        if (!canBeActive(field.type)) continue;
        if (field.optional)
          throw new UnfollowedReference(reference, `Leave out the optional field "${field.name}".`);
        slot(field.name, field.type);
      }
      return;
    default:
  }
}

function overIndices(b: Backward, array: Value, depth: number, step: (i: Value) => void): void {
  const { builder } = b;
  const index = { name: 'ijkl'[depth] ?? 'i' };
  const i: Value = { type: numberType, variable: index };
  const start = builder.literal(0, index);
  const length = builder.load(numberType, array, 'length');
  const test = builder.region(() => [builder.apply('<', [i, length])]);
  const body = builder.region(() => {
    step(i);
    return [builder.apply('+', [i, builder.literal(1)], index)];
  });
  builder.append({
    kind: 'loop',
    inits: [start],
    params: [i],
    test,
    body,
    leave: null,
    results: [{ type: numberType, variable: index }],
    origin: builder.origin,
  });
}
