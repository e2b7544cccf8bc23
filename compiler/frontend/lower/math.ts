import { ts } from 'ts-morph';
import { numberType, type Value } from '../../ir/ir.js';
import { scalarRule } from '../../rules/scalar.js';
import type { Context } from './context.js';
import { carryingLoop, elementOf, lengthOf } from './counted-loops.js';
import { lowerExpression, lowerNumber } from './expressions.js';
import { opaque } from './opaque.js';

/** A call of a function of `Math`. */
export function lowerMath(cx: Context, node: ts.CallExpression, name: string): Value {
  const { builder } = cx;
  const fn = `Math.${name}`;
  if (name === 'random') return opaque(cx, node, numberType);
  if (name === 'max' || name === 'min') return lowerExtremum(cx, node, name);
  const spread = node.arguments.find((arg) => ts.isSpreadElement(arg));
  if (spread !== undefined)
    return cx.unsupported(spread, `A spread in ${fn}`, 'Write the loop out.');
  const args = node.arguments.map((arg) => lowerNumber(cx, arg));
  const [a, b] = args;
  if (name === 'pow' && a !== undefined && b !== undefined) return builder.apply('**', [a, b]);
  if (name === 'hypot') {
    if (a === undefined) return builder.literal(0);
    if (b === undefined) return builder.apply('Math.abs', [a]);
    return args.slice(1).reduce((x, y) => builder.apply(fn, [x, y]), a);
  }
  if (a === undefined) return builder.literal(NaN);
  if (scalarRule(fn, []) === null)
    return cx.unsupported(node, fn, 'Write it with other functions.');
  return builder.apply(fn, args);
}

/** The largest or smallest of all arguments; arrays are spread. */
function lowerExtremum(cx: Context, node: ts.CallExpression, name: 'max' | 'min'): Value {
  const { builder } = cx;
  const values = node.arguments.map((arg) =>
    ts.isSpreadElement(arg) ? lowerBest(cx, arg, name) : lowerNumber(cx, arg),
  );
  const [first, ...rest] = values;
  if (first === undefined) return builder.literal(name === 'max' ? -Infinity : Infinity);
  if (rest.length === 0)
    return cx.definitions.get(first)?.kind === 'if' ? first : builder.apply('copy', [first]);
  return rest.reduce((a, b) => builder.apply(`Math.${name}`, [a, b]), first);
}

/**
 * The first element that is best, or NaN: its index is found by a loop, and then it is read, so that backwards the
 * loop has to be run once more but nothing of its iterations to be known.
 */
function lowerBest(cx: Context, spread: ts.SpreadElement, name: 'max' | 'min'): Value {
  const { builder } = cx;
  const array = lowerExpression(cx, spread.expression);
  if (array.type.kind !== 'array' && array.type.kind !== 'tuple') {
    return cx.unsupported(spread, 'A spread of something that is not an array');
  }
  const element = elementOf(array.type);
  const length = lengthOf(cx, array);
  const [index] = carryingLoop(cx, {
    start: 1,
    length,
    carried: [
      { init: builder.literal(0), type: numberType, variable: { name: 'best' }, isOuter: false },
    ],
    body: (i, [best]) => {
      const at = best ?? cx.poison;
      const candidate = builder.load(element, array, i);
      const held = builder.load(element, array, at);
      const wins = builder.apply(name === 'max' ? '>' : '<', [candidate, held]);
      const isNaN = builder.apply('!==', [candidate, candidate]);
      return [
        builder.select(
          builder.apply('||', [wins, isNaN]),
          () => i,
          () => at,
        ),
      ];
    },
  });
  return builder.select(
    builder.apply('>', [length, builder.literal(0)]),
    () => builder.load(element, array, index ?? cx.poison),
    () => builder.literal(name === 'max' ? -Infinity : Infinity),
  );
}
