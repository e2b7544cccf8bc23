import { ts } from 'ts-morph';
import { isReference, type Op, type Type, type Value } from '../../ir/ir.js';
import { placeOf } from './assignments.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';
import { missingIn, readAgain, whereItExists } from './optional.js';

type AssignmentPattern = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;

/** `[a, b] = [b, a]` and the like: all values first, then all places from left to right. */
export function lowerDestructuring(
  cx: Context,
  left: AssignmentPattern,
  right: ts.Expression,
): Value {
  const value = lowerExpression(cx, right);
  assignParts(cx, left, value);
  return value;
}

/** Reads a part of a value by its index or the name of a field. */
type ReadPart = (key: number | string, type: Type) => Value;

/**
 * How the parts of a value are read. Those of a literal that has not changed since it was evaluated are there already;
 * they are copied, as a variable among them may be assigned before its turn comes.
 */
function partsOf(cx: Context, value: Value): ReadPart {
  const { builder } = cx;
  const known = literalParts(cx, value);
  return (key, type) => {
    if (known !== null) return known.get(key) ?? builder.literal(undefined);
    return builder.load(type, value, typeof key === 'number' ? builder.literal(key) : key);
  };
}

function literalParts(cx: Context, value: Value): ReadonlyMap<number | string, Value> | null {
  const ops = cx.builder.current();
  const at = ops.findLastIndex((op) => op.kind === 'alloc' && op.result === value);
  const op = ops[at];
  if (
    op?.kind !== 'alloc' ||
    value.variable !== null ||
    !ops.slice(at).every((later) => isQuiet(later))
  )
    return null;
  const { init } = op;
  if (init.kind !== 'elements' && init.kind !== 'fields') return null;
  const parts = init.values.map((part) =>
    isReference(part.type) || part.variable === null ? part : cx.builder.apply('copy', [part]),
  );
  const names = init.kind === 'fields' ? init.names : [...parts.keys()];
  return new Map(names.map((name, i) => [name, parts[i] ?? cx.poison]));
}

/** Whether an operation cannot change memory. */
function isQuiet({ kind }: Op): boolean {
  return kind === 'literal' || kind === 'apply' || kind === 'alloc' || kind === 'opaque';
}

/** Assigns the parts of a value to the places of a pattern, from left to right. */
function assignParts(cx: Context, pattern: AssignmentPattern, value: Value): void {
  const read = partsOf(cx, value);
  const assign = (part: ts.Expression, key: number | string): void => {
    const [target, initializer] = ts.isBinaryExpression(part)
      ? [part.left, part.right]
      : [part, undefined];
    assignPart(cx, target, withDefault(cx, read(key, cx.typeOf(target)), initializer));
  };
  if (ts.isArrayLiteralExpression(pattern)) {
    pattern.elements.forEach((element, i) => {
      if (ts.isOmittedExpression(element)) return;
      if (ts.isSpreadElement(element)) {
        assignPart(cx, element.expression, lowerRest(cx, value, i, cx.typeOf(element.expression)));
      } else assign(element, i);
    });
    return;
  }
  for (const property of pattern.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      const { name, objectAssignmentInitializer } = property;
      const part = read(name.text, cx.typeOf(name));
      assignPart(cx, name, withDefault(cx, part, objectAssignmentInitializer));
    } else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      assign(property.initializer, property.name.text);
    } else cx.unsupported(property, 'This destructuring', 'Assign the fields one by one.');
  }
}

function assignPart(cx: Context, target: ts.Expression, value: Value): void {
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target))
    assignParts(cx, target, value);
  else placeOf(cx, target).write(value);
}

/** A new array with what is left of one from `start` on. */
function lowerRest(cx: Context, source: Value, start: number, type: Type): Value {
  const { builder } = cx;
  if (source.type.kind === 'tuple') {
    const values = source.type.elements
      .slice(start)
      .map((element, i) => builder.load(element, source, builder.literal(start + i)));
    return builder.alloc(type, { kind: 'elements', values });
  }
  return builder.alloc(type, { kind: 'copy', source, start: builder.literal(start), end: null });
}

/** Gives the names of a declaration their values. */
export function bindPattern(cx: Context, name: ts.BindingName, value: Value): void {
  if (ts.isIdentifier(name)) {
    const symbol = cx.symbolOf(name);
    if (symbol !== undefined) cx.bind(symbol, value);
    return;
  }
  if (value.type.kind === 'opaque') cx.unsupported(name, 'Destructuring of this value');
  const read = partsOf(cx, value);
  for (const [i, element] of name.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    if (element.dotDotDotToken !== undefined) {
      if (ts.isObjectBindingPattern(name))
        cx.unsupported(element, 'A rest element of an object', 'Name the fields.');
      bindPattern(cx, element.name, lowerRest(cx, value, i, cx.typeOf(element.name)));
      continue;
    }
    const key = ts.isArrayBindingPattern(name) ? i : propertyName(cx, element);
    const part = read(key, cx.typeOf(element.name));
    bindPattern(cx, element.name, withDefault(cx, part, element.initializer));
  }
}

function propertyName(cx: Context, element: ts.BindingElement): string {
  const name = element.propertyName ?? element.name;
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text;
  return cx.unsupported(name, 'A computed property name', 'Name the field, or use an array.');
}

/** `value`, or what the initialiser gives where it is undefined. */
export function withDefault(
  cx: Context,
  value: Value,
  initializer: ts.Expression | undefined,
): Value {
  if (isNumberAnyway(cx, value)) return value;
  if (initializer === undefined) return whereItExists(cx, value);
  const { builder } = cx;
  if (isUndefined(cx, value)) return lowerExpression(cx, initializer);
  const missing = builder.apply('===', [value, builder.literal(undefined)]);
  return builder.select(
    missing,
    () => lowerExpression(cx, initializer),
    () =>
      whereItExists(cx, readAgain(cx, value), { ...missingIn(cx, value), canBeUndefined: false }),
  );
}

function isUndefined(cx: Context, value: Value): boolean {
  const op = cx.definitions.get(value);
  return op?.kind === 'literal' && op.value === undefined;
}

/** Whether a value cannot be undefined because it has been computed. */
function isNumberAnyway(cx: Context, value: Value): boolean {
  const op = cx.definitions.get(value);
  if (op?.kind === 'apply') return op.fn !== 'copy';
  return op?.kind === 'literal' && op.value !== undefined;
}
