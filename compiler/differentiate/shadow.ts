import { END, isReference, type Type, type Value, type Variable } from '../ir/ir.js';
import { allOps } from '../ir/walk.js';
import type { Backward } from './backward.js';

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
  if (op === undefined) {
    if (!b.forward.params.includes(reference)) {
      throw new UnfollowedReference(reference, 'Do not let a variable change from one array to another in a loop.');
    }
    return zeros(b, reference, variable);
  }
  switch (op.kind) {
    case 'load':
      return builder.load(shadowType(op.result.type), shadowOf(b, op.object), op.key, variable);
    case 'alloc': {
      const holder = holderOf(b, reference);
      if (holder !== null) {
        return builder.load(shadowType(reference.type), shadowOf(b, holder.object), holder.key(b), variable);
      }
      const { init } = op;
      if (init.kind === 'elements' && init.values.some((value) => isReference(value.type))) {
        const values = init.values.map((value) => slotShadow(b, value));
        return builder.alloc(shadowType(reference.type), { kind: 'elements', values }, variable);
      }
      if (init.kind === 'fields' && init.values.some((value) => isReference(value.type))) {
        const values = init.values.map((value) => slotShadow(b, value));
        return builder.alloc(shadowType(reference.type), { kind: 'fields', names: init.names, values }, variable);
      }
      if (init.kind === 'copy' && init.source.type.kind === 'array' && isReference(init.source.type.element)) {
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
        throw new UnfollowedReference(reference, 'Make the array before the branch, and choose between arrays that exist.');
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
      throw new UnfollowedReference(reference, 'Do not let a variable change from one array to another in a loop.');
  }
}

function zeros(b: Backward, reference: Value, variable: Variable | null): Value {
  return b.builder.alloc(shadowType(reference.type), { kind: 'zerosLike', source: reference }, variable);
}

function slotShadow(b: Backward, value: Value): Value {
  return isReference(value.type) ? shadowOf(b, value) : b.builder.literal(0);
}

/** The array or object into which an allocation is stored, whose shadow holds the shadow of the allocation. */
function holderOf(
  b: Backward,
  reference: Value,
): { readonly object: Value; readonly key: (b: Backward) => Value | string } | null {
  const region = b.forward.regionOf.get(reference);
  if (region === undefined) return null;
  const stores = [...allOps(region)].filter((op) => op.kind === 'store' && op.value === reference);
  const [store, second] = stores;
  if (store?.kind !== 'store') return null;
  if (second !== undefined) {
    throw new UnfollowedReference(reference, 'Store an array in one place only, or store copies.');
  }
  if (b.forward.regionOf.get(store.object) === region) {
    const own = b.definitions.get(store.object);
    if (own?.kind !== 'alloc') return { object: store.object, key: () => store.key };
  }
  if (store.key !== END) return { object: store.object, key: () => store.key };
  return {
    object: store.object,
    key: () => {
      const shadow = shadowOf(b, store.object);
      const length = b.builder.load({ kind: 'number' }, shadow, 'length');
      return b.builder.apply('-', [length, b.builder.literal(1)]);
    },
  };
}

/** The tangent type: what a derivative of a value of the type looks like. */
export function shadowType(type: Type): Type {
  return type;
}
