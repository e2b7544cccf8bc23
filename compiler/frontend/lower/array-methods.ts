import { ts } from 'ts-morph';
import { numberOf } from '../../ir/build.js';
import { END, isReference, type Key, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import { lowerCallback } from './callbacks.js';
import type { Context } from './context.js';
import { carryingLoop, elementOf, lengthOf } from './counted-loops.js';
import { lowerExpression } from './expressions.js';
import { copyInto, joinArrays, type Part } from './joins.js';
import { copied } from './matrices.js';
import { opaque, refuseOuterState } from './opaque.js';

const reorderings: ReadonlyMap<string, string> = new Map([
  ['pop', 'Keep a counter of the elements in use, and overwrite.'],
  ['shift', 'Keep the index of the first element in use.'],
  ['unshift', 'Make a new array: `[x, ...array]`.'],
  ['splice', 'Make a new array with slice() and spreads.'],
  ['sort', 'Sort an array of indices outside, and pass it in.'],
  ['reverse', 'Read from the other end: `array[array.length - 1 - i]`.'],
  ['copyWithin', 'Copy in a loop.'],
]);

const callbacks: ReadonlySet<string> = new Set(['map', 'forEach', 'reduce', 'filter']);

/** A method of an array, a typed array or a tuple. */
export function lowerMethod(
  cx: Context,
  node: ts.CallExpression,
  object: ts.Expression,
  name: string,
): Value {
  if (callbacks.has(name)) return lowerCallback(cx, node, object, name);
  const advice = reorderings.get(name);
  if (advice !== undefined) return cx.unsupported(node, `The method ${name}`, advice);
  switch (name) {
    case 'push':
      return lowerPush(cx, node, object);
    case 'slice':
      return lowerSlice(cx, node, object);
    case 'concat':
      return lowerConcat(cx, node, object);
    case 'fill':
      return lowerFill(cx, node, object);
    case 'set':
      return lowerSet(cx, node, object);
    case 'at':
      return lowerAt(cx, node, object);
    case 'subarray':
      return cx.unsupported(node, 'subarray', 'Use an offset into the array, or slice().');
    default:
      return opaque(cx, node, cx.typeOf(node));
  }
}

function lowerPush(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const array = lowerExpression(cx, object);
  refuseOuterState(cx, array, object);
  for (const arg of node.arguments) {
    if (ts.isSpreadElement(arg)) return cx.unsupported(arg, 'A spread in push', 'Push in a loop.');
    const value = lowerExpression(cx, arg);
    if (
      canBeActive(value.type) &&
      isReference(value.type) &&
      cx.definitions.get(value)?.kind !== 'alloc'
    ) {
      return cx.unsupported(arg, 'Pushing an array or object that exists already', 'Push a copy.');
    }
    storeAt(cx, object, array, END, value);
  }
  return lengthOf(cx, array);
}

function storeAt(
  cx: Context,
  objectNode: ts.Expression,
  array: Value,
  key: Key,
  value: Value,
): void {
  cx.builder.store(array, key, value);
  const op = cx.builder.current().at(-1);
  if (op?.kind === 'store' && cx.hoistable !== null) {
    cx.stores.set(op, {
      expansion: cx.expansion,
      statement: cx.hoistable,
      object: objectNode,
      key: 'end',
    });
  }
}

/** `array.at(-1)`; undefined where there is no such element. */
function lowerAt(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const { builder } = cx;
  const array = lowerExpression(cx, object);
  const [place] = node.arguments.map((arg) => lowerExpression(cx, arg));
  const at = place === undefined ? null : numberOf(place, cx.definitions);
  if (at === null || !Number.isInteger(at)) {
    return cx.unsupported(
      node,
      'at with a computed place',
      'Write `array[i]`, or `array[array.length - i]`.',
    );
  }
  const length = lengthOf(cx, array);
  const key = at < 0 ? builder.apply('+', [length, builder.literal(at)]) : builder.literal(at);
  const isThere =
    at < 0 ? builder.apply('>=', [key, builder.literal(0)]) : builder.apply('<', [key, length]);
  return builder.select(
    isThere,
    () => builder.load(elementOf(array.type), array, key),
    () => builder.literal(undefined),
  );
}

function lowerSlice(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const [first, second] = node.arguments;
  const source = lowerExpression(cx, object);
  const start = first === undefined ? null : lowerExpression(cx, first);
  const end = second === undefined ? null : lowerExpression(cx, second);
  return copied(cx, cx.typeOf(node), source, start, end);
}

function lowerConcat(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const parts = [object, ...node.arguments].map((arg): Part => {
    if (ts.isSpreadElement(arg))
      return cx.unsupported(arg, 'A spread in concat', 'Name the arrays.');
    const value = lowerExpression(cx, arg);
    if (value.type.kind === 'tuple')
      return cx.unsupported(arg, 'concat with a tuple', 'Write a spread: `[...a, ...b]`.');
    return value.type.kind === 'array'
      ? { kind: 'all', source: value, node: arg }
      : { kind: 'one', value };
  });
  return joinArrays(cx, cx.typeOf(node), parts);
}

/** `target.set(source, offset)` of typed arrays. */
function lowerSet(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const [sourceNode, offset] = node.arguments;
  if (sourceNode === undefined) return cx.unsupported(node, 'This call of set');
  const target = lowerExpression(cx, object);
  const source = lowerExpression(cx, sourceNode);
  refuseOuterState(cx, target, object);
  if (source.type.kind !== 'array')
    return cx.unsupported(sourceNode, 'set of something that is not an array');
  // An array that is set into itself is copied beforehand, which a loop would not do.
  if (!isKnownApart(cx, target, source)) {
    return cx.unsupported(
      node,
      'set within what may be one array',
      'Copy the source with slice() before.',
    );
  }
  copyInto(
    cx,
    target,
    offset === undefined ? null : lowerExpression(cx, offset),
    source,
    sourceNode,
  );
  return cx.poison;
}

/** Whether two references lead to different memory: one was made here, and the other is a parameter or was made too. */
function isKnownApart(cx: Context, a: Value, b: Value): boolean {
  const origins = [a, b].map((value) => cx.definitions.get(value)?.kind ?? 'parameter');
  const isPlain = origins.every(
    (kind) => kind === 'alloc' || kind === 'parameter' || kind === 'load',
  );
  return (
    a !== b &&
    isPlain &&
    (origins.includes('alloc') || origins.every((kind) => kind === 'parameter'))
  );
}

/** `new Array(n).fill(v)` makes an array; `a.fill(v, start, end)` writes into one. */
function lowerFill(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const { builder } = cx;
  const [valueNode, startNode, endNode] = node.arguments;
  if (valueNode === undefined) return cx.unsupported(node, 'fill without a value');
  const made = startNode === undefined ? freshLength(object) : null;
  if (made !== null) {
    const length = lowerExpression(cx, made);
    const value = lowerFilling(cx, valueNode);
    return builder.alloc(cx.typeOf(node), { kind: 'fill', length, value });
  }
  const array = lowerExpression(cx, object);
  refuseOuterState(cx, array, object);
  const value = lowerFilling(cx, valueNode);
  const start = startNode === undefined ? 0 : lowerBound(cx, startNode);
  const end = endNode === undefined ? null : builder.literal(lowerBound(cx, endNode));
  const length = lengthOf(cx, array);
  carryingLoop(cx, {
    start,
    length: end === null ? length : builder.apply('Math.min', [end, length]),
    carried: [],
    body: (i) => {
      builder.store(array, i, value);
      return [];
    },
  });
  return array;
}

function lowerFilling(cx: Context, node: ts.Expression): Value {
  const value = lowerExpression(cx, node);
  return isReference(value.type)
    ? cx.unsupported(node, 'fill with one array for all places', 'Use Array.from.')
    : value;
}

/** Where `fill` starts or ends, if that is written as a number: others may count from the end, or be no integers. */
function lowerBound(cx: Context, node: ts.Expression): number {
  const bound = ts.isNumericLiteral(node) ? Number(node.text) : NaN;
  return Number.isInteger(bound)
    ? bound
    : cx.unsupported(node, 'fill up to a computed place', 'Write the loop out.');
}

/** The length in `new Array<number>(n)`, `Array(n)`, `new Float64Array(n)`. */
function freshLength(node: ts.Expression): ts.Expression | null {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return null;
  if (
    !ts.isIdentifier(node.expression) ||
    !/^(Array|Float(64|32)Array)$/.test(node.expression.text)
  )
    return null;
  return node.arguments?.length === 1 ? (node.arguments[0] ?? null) : null;
}
