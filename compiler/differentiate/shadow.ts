import {
  END,
  isReference,
  numberType,
  type Init,
  type Type,
  type Value,
  type Variable,
} from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { allOps, regions, usesOf } from '../ir/walk.js';
import type { Backward } from './backward.js';
import { zerosFor } from './fit.js';

/** Thrown where memory takes a way that the shadows cannot follow. */
export class UnfollowedReference extends Error {
  constructor(
    readonly reference: Value,
    readonly advice: string,
  ) {
    super(advice);
  }
}

/**
 * The shadow of a reference: memory of the same shape that holds its adjoints, made by repeating the operation that
 * made the reference. `alloc → zeroed alloc`, `row = A[i] → dRow = dA[i]`.
 */
export function shadowOf(b: Backward, reference: Value): Value {
  const mirror = b.mirrorOf(reference);
  const known = mirror.shadows.get(reference);
  if (known !== undefined) return known;
  const shadow = b.builder.within(mirror.ops, () => makeShadow(b, reference));
  mirror.shadows.set(reference, shadow);
  b.shadows.set(shadow, reference);
  return shadow;
}

function makeShadow(b: Backward, reference: Value): Value {
  const { builder } = b;
  const variable = b.adjointVariable(reference.variable);
  const op = b.definitions.get(reference);
  // A parameter, or the state of a loop: memory that the backward sweep meets here for the first time.
  if (op === undefined || op.kind === 'loop' || op.kind === 'call')
    return zeros(b, reference, variable);
  switch (op.kind) {
    case 'apply':
      return shadowOf(b, op.args[0]);
    case 'load':
      return builder.load(shadowType(op.result.type), shadowOf(b, op.object), op.key, variable);
    case 'alloc': {
      const holder = holderOf(b, reference);
      if (holder !== null) {
        return builder.load(
          shadowType(reference.type),
          shadowOf(b, holder.object),
          holder.key(b),
          variable,
        );
      }
      const { init } = op;
      if (holdsFresh(b, reference, init)) return freshZeros(b, reference, init, variable);
      if (init.kind === 'elements' && init.values.some((value) => isReference(value.type))) {
        const values = init.values.map((value) => slotShadow(b, value));
        return builder.alloc(shadowType(reference.type), { kind: 'elements', values }, variable);
      }
      if (init.kind === 'fields' && init.values.some((value) => isReference(value.type))) {
        const values = init.values.map((value) => slotShadow(b, value));
        return builder.alloc(
          shadowType(reference.type),
          { kind: 'fields', names: init.names, values },
          variable,
        );
      }
      if (
        init.kind === 'copy' &&
        init.source.type.kind === 'array' &&
        isReference(init.source.type.element)
      ) {
        return builder.alloc(
          shadowType(reference.type),
          { ...init, source: shadowOf(b, init.source) },
          variable,
        );
      }
      return zeros(b, reference, variable);
    }
    case 'if': {
      const at = op.results.indexOf(reference);
      const [then, otherwise] = [op.then.yields[at], op.else.yields[at]];
      const region = then === undefined ? undefined : b.forward.regionOf.get(then);
      const other = otherwise === undefined ? undefined : b.forward.regionOf.get(otherwise);
      const inside = region === op.then || other === op.else;
      if (then === undefined || otherwise === undefined || inside) {
        throw new UnfollowedReference(
          reference,
          'Make the array before the branch, and choose between arrays that exist.',
        );
      }
      const thenShadow = shadowOf(b, then);
      const elseShadow = shadowOf(b, otherwise);
      const result: Value = { type: shadowType(reference.type), variable };
      builder.append({
        kind: 'if',
        cond: op.cond,
        then: { ops: [], yields: [thenShadow] },
        else: { ops: [], yields: [elseShadow] },
        results: [result],
        origin: null,
      });
      return result;
    }
    default:
      throw new UnfollowedReference(
        reference,
        'Do not let a variable change from one array to another in a loop.',
      );
  }
}

/** Zeros for a literal, written out where its length never changes. */
function freshZeros(b: Backward, reference: Value, init: Init, variable: Variable | null): Value {
  const grows = b.forward.memory.classOf(reference).stores.some((store) => store.key === END);
  if (grows || (init.kind !== 'elements' && init.kind !== 'fields'))
    return zeros(b, reference, variable);
  const part = (value: Value): Value => {
    const op = b.definitions.get(value);
    if (isReference(value.type)) {
      return op?.kind === 'alloc' ? freshZeros(b, value, op.init, null) : zeros(b, value, null);
    }
    if (canBeActive(value.type)) return zerosFor(b, value);
    // Null among numbers has the derivative 0.
    const isAmongNumbers = type.kind === 'array' && type.element.kind === 'number';
    return b.builder.literal(isAmongNumbers ? 0 : undefined);
  };
  const type = shadowType(reference.type);
  if (init.kind === 'elements') {
    return b.builder.alloc(type, { kind: 'elements', values: init.values.map(part) }, variable);
  }
  const active = init.values.map((value) => canBeActive(value.type));
  return b.builder.alloc(
    type,
    {
      kind: 'fields',
      names: init.names.filter((_, i) => active[i]),
      values: init.values.filter((_, i) => active[i]).map(part),
    },
    variable,
  );
}

function zeros(b: Backward, reference: Value, variable: Variable | null): Value {
  return b.builder.alloc(
    shadowType(reference.type),
    { kind: 'zerosLike', source: reference },
    variable,
  );
}

function slotShadow(b: Backward, value: Value): Value {
  return isReference(value.type) ? shadowOf(b, value) : zerosFor(b, value);
}

/** Whether all references in a literal were made for it, so that its zeros can be made at one go. */
function holdsFresh(b: Backward, reference: Value, init: Init): boolean {
  if (init.kind !== 'elements' && init.kind !== 'fields') return true;
  return init.values.every((value) => {
    if (!isReference(value.type)) return true;
    const op = b.definitions.get(value);
    const isOwn =
      op?.kind === 'alloc' && b.forward.regionOf.get(value) === b.forward.regionOf.get(reference);
    return isOwn && holders(b, value).length === 1 && holdsFresh(b, value, op.init);
  });
}

interface Holder {
  readonly object: Value;
  readonly key: Value | string | number;
}

/** The places that an allocation is stored in. */
function holders(b: Backward, reference: Value): Holder[] {
  const region = b.forward.regionOf.get(reference);
  if (region === undefined) return [];
  const found: Holder[] = [];
  for (const op of allOps(region)) {
    if (op.kind === 'store' && op.value === reference)
      found.push({ object: op.object, key: op.key });
    if ('result' in op && b.seeded.has(op.result)) continue;
    if (op.kind !== 'alloc' || (op.init.kind !== 'elements' && op.init.kind !== 'fields')) continue;
    const { init } = op;
    init.values.forEach((value, i) => {
      if (value !== reference) return;
      found.push({ object: op.result, key: init.kind === 'fields' ? (init.names[i] ?? '') : i });
    });
  }
  return found;
}

/** The array or object into which an allocation is stored, whose shadow holds the shadow of the allocation. */
function holderOf(
  b: Backward,
  reference: Value,
): { readonly object: Value; readonly key: (b: Backward) => Value | string } | null {
  const [holder, second] = holders(b, reference);
  if (holder === undefined) return null;
  const { object, key } = holder;
  const made = b.definitions.get(object);
  if (typeof key === 'number' || (typeof key === 'string' && key !== END)) {
    // The literal around it: its shadow is made of those of its parts unless all of them are its own.
    if (made?.kind === 'alloc' && !holdsFresh(b, object, made.init)) return null;
  }
  if (second !== undefined) {
    throw new UnfollowedReference(reference, 'Store an array in one place only, or store copies.');
  }
  if (typeof key === 'number') return { object, key: () => b.builder.literal(key) };
  if (key !== END) return { object, key: () => key };
  refuseLaterPush(b, reference, object);
  return {
    object,
    key: () => {
      const length = b.builder.load(numberType, shadowOf(b, object), 'length');
      return b.builder.apply('-', [length, b.builder.literal(1)]);
    },
  };
}

/** The last element is not the row any more where another one has been pushed before the row is last used. */
function refuseLaterPush(b: Backward, reference: Value, object: Value): void {
  const ops = b.forward.opsOf(reference);
  const { stores } = b.forward.memory.classOf(object);
  let isPushed = false;
  let isBuried = false;
  for (const op of ops) {
    const inner = [op, ...regions(op).flatMap((region) => [...allOps(region)])];
    const pushes = inner.filter(
      (each) => each.kind === 'store' && each.key === END && stores.includes(each),
    );
    const own = pushes.some((each) => each.kind === 'store' && each.value === reference);
    isBuried ||= isPushed && pushes.length > 0;
    if (isBuried && [...usesOf(op)].includes(reference)) {
      throw new UnfollowedReference(reference, 'Finish the row before you push the next one.');
    }
    isPushed ||= own;
  }
}

/** The tangent type: what a derivative of a value of the type looks like. */
export function shadowType(type: Type): Type {
  return type;
}
