import { ts } from 'ts-morph';
import { END, isReference, type Type, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import { functionOf, type FunctionSource } from './callees.js';
import type { Context } from './context.js';
import { callbackLoop, elementOf, lengthOf } from './counted-loops.js';
import { lowerExpression } from './expressions.js';
import { checkCallee, inlineArrow } from './inline.js';

/** Lowers `array.map(…)` and the like as the loop that it stands for; the forward sweep keeps the call. */
export function lowerCallback(
  cx: Context,
  node: ts.CallExpression,
  object: ts.Expression,
  name: string,
): Value {
  const [first, second] = node.arguments;
  if (first === undefined) return cx.unsupported(node, `${name} without a function`);
  const arrow = arrowOf(cx, first);
  switch (name) {
    case 'map':
      return lowerMap(cx, cx.typeOf(node), lowerExpression(cx, object), arrow);
    case 'forEach':
      return lowerForEach(cx, lowerExpression(cx, object), arrow);
    case 'reduce':
      return lowerReduce(cx, node, lowerExpression(cx, object), arrow, second);
    case 'filter':
      return lowerFilter(cx, node, lowerExpression(cx, object), arrow);
    default:
      return cx.unsupported(node, `The method ${name}`, 'Write the loop out.');
  }
}

export function arrowOf(cx: Context, node: ts.Expression): FunctionSource {
  const source = functionOf(cx, node);
  if (source === null)
    return cx.unsupported(node, 'This callback', 'Write an arrow function in place.');
  if (source !== node) checkCallee(cx, node, node.getText(), source);
  return source;
}

/** An array of what the callback gives for each element. */
export function lowerMap(cx: Context, type: Type, array: Value, arrow: FunctionSource): Value {
  const length = lengthOf(cx, array);
  const result = cx.builder.alloc(type, { kind: 'zeros', length });
  callbackLoop(cx, arrow, {
    start: 0,
    length,
    carried: [],
    body: (i) => {
      const element = cx.builder.load(elementOf(array.type), array, i);
      const value = inlineArrow(cx, arrow, [element, i, array]);
      cx.builder.store(result, i, madeHere(cx, arrow, value));
      return [];
    },
  });
  return result;
}

/** A value for a slot of a new array; an array that exists elsewhere would have two places for its derivative. */
export function madeHere(cx: Context, arrow: FunctionSource, value: Value): Value {
  if (!isReference(value.type) || !canBeActive(value.type)) return value;
  const op = cx.definitions.get(value);
  if (op?.kind === 'alloc' && cx.builder.current().includes(op)) return value;
  return cx.unsupported(
    arrow.body ?? arrow,
    'Giving out an array or object that exists already',
    'Give out a copy.',
  );
}

function lowerForEach(cx: Context, array: Value, arrow: FunctionSource): Value {
  callbackLoop(cx, arrow, {
    start: 0,
    length: lengthOf(cx, array),
    carried: [],
    body: (i) => {
      inlineArrow(cx, arrow, [cx.builder.load(elementOf(array.type), array, i), i, array]);
      return [];
    },
  });
  return cx.poison;
}

/** The accumulator is the state of a loop; without a first value it starts as the first element. */
function lowerReduce(
  cx: Context,
  node: ts.CallExpression,
  array: Value,
  arrow: FunctionSource,
  initial: ts.Expression | undefined,
): Value {
  const { builder } = cx;
  const [parameter] = arrow.parameters;
  const init =
    initial === undefined
      ? builder.load(elementOf(array.type), array, builder.literal(0))
      : lowerExpression(cx, initial);
  const type = cx.typeOf(node);
  if (isReference(type)) {
    return cx.unsupported(node, 'reduce to an array or an object', 'Fill it in a loop.');
  }
  const isNamed = !cx.inlined && parameter !== undefined && ts.isIdentifier(parameter.name);
  const variable = isNamed ? { name: parameter.name.text } : null;
  const [result] = callbackLoop(cx, arrow, {
    start: initial === undefined ? 1 : 0,
    length: lengthOf(cx, array),
    carried: [{ init, type, variable, isOuter: false }],
    body: (i, [sum]) => {
      const element = builder.load(elementOf(array.type), array, i);
      return [inlineArrow(cx, arrow, [sum ?? cx.poison, element, i, array])];
    },
  });
  return result ?? init;
}

/** Pushes the elements for which the callback is true. */
function lowerFilter(
  cx: Context,
  node: ts.CallExpression,
  array: Value,
  arrow: FunctionSource,
): Value {
  const { builder } = cx;
  const type = elementOf(array.type);
  if (isReference(type))
    return cx.unsupported(node, 'filter of arrays or objects', 'Test in the loop that uses them.');
  const result = builder.alloc(cx.typeOf(node), { kind: 'elements', values: [] });
  callbackLoop(cx, arrow, {
    start: 0,
    length: lengthOf(cx, array),
    carried: [],
    body: (i) => {
      const element = builder.load(type, array, i);
      const value = inlineArrow(cx, arrow, [element, i, array]);
      const cond = value.type.kind === 'boolean' ? value : builder.apply('Boolean', [value]);
      const keep = builder.region(() => {
        builder.store(result, END, element);
        return [];
      });
      builder.append({
        kind: 'if',
        cond,
        then: keep,
        else: { ops: [], yields: [] },
        results: [],
        origin: builder.origin,
      });
      return [];
    },
  });
  return result;
}
