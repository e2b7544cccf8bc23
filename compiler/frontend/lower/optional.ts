import { isReference, type Field, type Value } from '../../ir/ir.js';
import type { Missing } from '../types.js';
import type { Context } from './context.js';

/**
 * A loaded value once more, for an arm in which it is known to exist: its derivative is then added to the slot in that
 * arm only, and a field that is absent stays absent in the derivative.
 */
export function readAgain(cx: Context, value: Value): Value {
  const op = cx.definitions.get(value);
  return op?.kind === 'load' ? cx.builder.load(value.type, op.object, op.key) : value;
}

/** What has been read of a field that may be absent: its value where it is there, and else undefined or null. */
export function whereItExists(cx: Context, value: Value, missing = missingIn(cx, value)): Value {
  const op = cx.definitions.get(value);
  if (op?.kind !== 'load' || isReference(value.type)) return value;
  if (!missing.canBeNull && !missing.canBeUndefined) return value;
  if (op.object.type.kind !== 'object' || fieldOf(op.object, op.key)?.optional !== true)
    return value;
  return cx.builder.select(
    isPresent(cx, value, missing),
    () => readAgain(cx, value),
    () => absence(cx, value, missing),
  );
}

/** Whether a value is neither undefined nor null, as far as it may be these: `value !== undefined`. */
export function isPresent(
  { builder }: Context,
  value: Value,
  { canBeNull, canBeUndefined }: Missing,
): Value {
  if (!canBeNull) return builder.apply('!==', [value, builder.literal(undefined)]);
  return builder.apply(canBeUndefined ? '!=' : '!==', [value, builder.literal(null)]);
}

/** What a value is that is not present. */
function absence(
  { builder }: Context,
  value: Value,
  { canBeNull, canBeUndefined }: Missing,
): Value {
  if (!canBeNull || !canBeUndefined) return builder.literal(canBeNull ? null : undefined);
  return builder.select(
    builder.apply('===', [value, builder.literal(null)]),
    () => builder.literal(null),
    () => builder.literal(undefined),
  );
}

/** What may be in the field that a value is read of. */
export function missingIn(cx: Context, value: Value): Missing {
  const op = cx.definitions.get(value);
  const field = op?.kind === 'load' ? fieldOf(op.object, op.key) : undefined;
  return {
    canBeNull: field?.missing !== undefined,
    canBeUndefined: field?.optional === true && field.missing !== 'null',
  };
}

function fieldOf({ type }: Value, key: unknown): Field | undefined {
  return type.kind === 'object' ? type.fields.find(({ name }) => name === key) : undefined;
}
