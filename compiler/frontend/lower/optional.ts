import { ts } from 'ts-morph';
import { isReference, type Value } from '../../ir/ir.js';
import type { Context } from './context.js';

/**
 * A loaded value once more, for an arm in which it is known to exist: its derivative is then added to the slot in that
 * arm only, and a field that is absent stays absent in the derivative.
 */
export function readAgain(cx: Context, value: Value): Value {
  const op = cx.definitions.get(value);
  return op?.kind === 'load' ? cx.builder.load(value.type, op.object, op.key) : value;
}

/** What has been read of a field that may be absent, as `field !== undefined ? field : undefined`. */
export function whereItExists(cx: Context, node: ts.Expression, value: Value): Value {
  const op = cx.definitions.get(value);
  if (op?.kind !== 'load' || isReference(value.type) || !mayBeUndefined(cx, node)) return value;
  if (op.object.type.kind !== 'object' || !isOptional(op.object, op.key)) return value;
  const { builder } = cx;
  const present = builder.apply('!==', [value, builder.literal(undefined)]);
  return builder.select(
    present,
    () => readAgain(cx, value),
    () => builder.literal(undefined),
  );
}

function isOptional(object: Value, key: unknown): boolean {
  return (
    object.type.kind === 'object' &&
    object.type.fields.some((field) => field.name === key && field.optional)
  );
}

function mayBeUndefined(cx: Context, node: ts.Expression): boolean {
  const type = cx.checker.getTypeAtLocation(node);
  return (
    type.isUnion() && type.types.some((member) => (member.flags & ts.TypeFlags.Undefined) !== 0)
  );
}
