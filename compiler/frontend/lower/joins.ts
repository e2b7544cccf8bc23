import type { ts } from 'ts-morph';
import { isReference, numberType, type Type, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import type { Context } from './context.js';
import { countedLoop, elementOf } from './counted-loops.js';

/** What an array is put together from: one value, or all elements of an array. */
export type Part =
  | { readonly kind: 'one'; readonly value: Value }
  | { readonly kind: 'all'; readonly source: Value; readonly node: ts.Node };

/** A new array of all parts, one behind the other: `[x, ...a, y]`, `a.concat(b)`. */
export function joinArrays(cx: Context, type: Type, parts: readonly Part[]): Value {
  const { builder } = cx;
  const single = parts.flatMap((part) => (part.kind === 'one' ? [part.value] : []));
  if (single.length === parts.length)
    return builder.alloc(type, { kind: 'elements', values: single });
  const lengths = parts.map((part) =>
    part.kind === 'one' ? builder.literal(1) : builder.load(numberType, part.source, 'length'),
  );
  const length = lengths.reduce((sum, more) => builder.apply('+', [sum, more]));
  const result = builder.alloc(type, { kind: 'zeros', length });
  let offset: Value | null = null;
  parts.forEach((part, at) => {
    const start = offset;
    if (part.kind === 'one') builder.store(result, start ?? builder.literal(0), part.value);
    else copyInto(cx, result, start, part.source, part.node);
    const size = lengths[at] ?? length;
    offset = start === null ? size : builder.apply('+', [start, size]);
  });
  return result;
}

/** `target[offset + i] = source[i]` for all elements of `source`. */
export function copyInto(
  cx: Context,
  target: Value,
  offset: Value | null,
  source: Value,
  node: ts.Node,
): void {
  const { builder } = cx;
  const element = elementOf(source.type);
  if (isReference(element) && canBeActive(element)) {
    cx.unsupported(
      node,
      'Putting arrays of arrays or objects together',
      'Push copies of the inner ones in a loop.',
    );
  }
  countedLoop(cx, builder.load(numberType, source, 'length'), (i) => {
    const key = offset === null ? i : builder.apply('+', [offset, i]);
    builder.store(target, key, builder.load(element, source, i));
  });
}
