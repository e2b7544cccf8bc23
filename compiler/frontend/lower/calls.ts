import { ts } from 'ts-morph';
import { isReference, numberType, type Key, type Type, type Value } from '../../ir/ir.js';
import { END } from '../../ir/ir.js';
import type { Context, EnvKey } from './context.js';
import { lowerExpression, lowerNumber } from './expressions.js';
import { inlineCall, inlineArrow, sourceOf } from './inline.js';
import { opaque } from './opaque.js';

export function lowerCall(cx: Context, node: ts.CallExpression): Value {
  const { expression } = node;
  if (node.questionDotToken !== undefined) return cx.unsupported(node, 'Optional chaining', 'Test for undefined first.');
  if (ts.isPropertyAccessExpression(expression)) {
    const { expression: object, name } = expression;
    if (ts.isIdentifier(object) && isGlobal(cx, object)) {
      if (object.text === 'Math') return lowerMath(cx, node, name.text);
      if (object.text === 'Array' && name.text === 'from') return lowerArrayFrom(cx, node);
      if (object.text === 'Number' && name.text !== 'parseFloat') return opaque(cx, node, cx.typeOf(node));
    }
    const type = cx.typeOf(object);
    if (type.kind === 'array') return lowerMethod(cx, node, object, name.text);
  }
  if (ts.isIdentifier(expression) && expression.text === 'eval') return cx.unsupported(node, 'eval');
  const source = sourceOf(cx, expression);
  if (source !== null) return inlineCall(cx, node, source);
  return opaque(cx, node, cx.typeOf(node));
}

function isGlobal(cx: Context, node: ts.Identifier): boolean {
  const symbol = cx.symbolOf(node);
  return symbol?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) ?? false;
}

function lowerMath(cx: Context, node: ts.CallExpression, name: string): Value {
  const { builder } = cx;
  const fn = `Math.${name}`;
  if (name === 'random') return opaque(cx, node, numberType);
  if (node.arguments.some((arg) => ts.isSpreadElement(arg))) {
    return cx.unsupported(node, `A spread in ${fn}`, 'Write the loop out.');
  }
  const args = node.arguments.map((arg) => lowerNumber(cx, arg));
  const [a, b] = args;
  if (name === 'pow' && a !== undefined && b !== undefined) return builder.apply('**', [a, b]);
  if (name === 'max' || name === 'min' || name === 'hypot') {
    if (a === undefined) return builder.literal(name === 'max' ? -Infinity : name === 'min' ? Infinity : 0);
    if (b === undefined) return builder.apply(name === 'hypot' ? 'Math.abs' : 'copy', [a]);
    return args.slice(1).reduce((x, y) => builder.apply(fn, [x, y]), a);
  }
  if (a === undefined) return builder.literal(NaN);
  return builder.apply(fn, args);
}

export function lowerNew(cx: Context, node: ts.NewExpression): Value {
  const type = cx.typeOf(node);
  const [arg, ...rest] = node.arguments ?? [];
  if (type.kind !== 'array' || rest.length > 0) {
    return cx.unsupported(node, `new ${node.expression.getText()}`, 'Keep numbers in arrays, typed arrays and plain objects.');
  }
  if (arg === undefined) return cx.builder.alloc(type, { kind: 'elements', values: [] });
  const value = lowerExpression(cx, arg);
  if (isReference(value.type)) {
    return cx.builder.alloc(type, { kind: 'copy', source: value, start: null, end: null });
  }
  return cx.builder.alloc(type, { kind: 'zeros', length: value });
}

/** `Array.from(array)`, `Array.from({ length: n }, (_, i) => …)`. */
function lowerArrayFrom(cx: Context, node: ts.CallExpression): Value {
  const type = cx.typeOf(node);
  const [source, callback] = node.arguments;
  if (source === undefined || type.kind !== 'array') return cx.unsupported(node, 'This call of Array.from');
  const arrow = callback === undefined ? null : arrowOf(cx, callback);
  if (ts.isObjectLiteralExpression(source)) {
    const [property] = source.properties;
    if (property === undefined) return cx.unsupported(source, 'This call of Array.from');
    let length: Value;
    if (ts.isShorthandPropertyAssignment(property)) length = lowerExpression(cx, property.name);
    else if (ts.isPropertyAssignment(property)) length = lowerExpression(cx, property.initializer);
    else return cx.unsupported(source, 'This call of Array.from');
    const result = cx.builder.alloc(type, { kind: 'zeros', length });
    if (arrow !== null) {
      countedLoop(cx, length, (i) => {
        cx.builder.store(result, i, inlineArrow(cx, arrow, [cx.poison, i]));
      });
    }
    return result;
  }
  const array = lowerExpression(cx, source);
  if (arrow === null) return cx.builder.alloc(type, { kind: 'copy', source: array, start: null, end: null });
  return mapArray(cx, type, array, arrow);
}

function arrowOf(cx: Context, node: ts.Expression): ts.ArrowFunction {
  if (ts.isArrowFunction(node)) return node;
  return cx.unsupported(node, 'This callback', 'Write an arrow function in place.');
}

function mapArray(cx: Context, type: Type, array: Value, arrow: ts.ArrowFunction): Value {
  const length = cx.builder.load(numberType, array, 'length');
  const result = cx.builder.alloc(type, { kind: 'zeros', length });
  countedLoop(cx, length, (i) => {
    const element = cx.builder.load(elementOf(array.type), array, i);
    cx.builder.store(result, i, inlineArrow(cx, arrow, [element, i]));
  });
  return result;
}

function elementOf(type: Type): Type {
  return type.kind === 'array' ? type.element : numberType;
}

/** `for (let i = 0; i < length; i++)` around what `body` appends; it changes no variables. */
export function countedLoop(cx: Context, length: Value, body: (i: Value) => void): void {
  const { builder } = cx;
  const key: EnvKey = { flag: 'i' };
  const variable = cx.variableOf(key);
  const start = builder.literal(0, variable);
  const i: Value = { type: numberType, variable };
  const test = builder.region(() => [builder.apply('<', [i, length])]);
  const outer = cx.hoistable;
  cx.hoistable = null;
  const region = builder.region(() => {
    body(i);
    return [builder.apply('+', [i, builder.literal(1)], variable)];
  });
  cx.hoistable = outer;
  builder.append({
    kind: 'loop',
    inits: [start],
    params: [i],
    test,
    body: region,
    leave: null,
    results: [{ type: numberType, variable }],
    origin: builder.origin,
  });
}

function lowerMethod(cx: Context, node: ts.CallExpression, object: ts.Expression, name: string): Value {
  const { builder } = cx;
  const [first, second] = node.arguments;
  switch (name) {
    case 'push': {
      const array = lowerExpression(cx, object);
      for (const arg of node.arguments) {
        if (ts.isSpreadElement(arg)) return cx.unsupported(arg, 'A spread in push', 'Push in a loop.');
        storeAt(cx, node, object, array, END, lowerExpression(cx, arg));
      }
      return builder.load(numberType, array, 'length');
    }
    case 'slice':
    case 'subarray': {
      if (name === 'subarray') return cx.unsupported(node, 'subarray', 'Use an offset into the array, or slice().');
      const source = lowerExpression(cx, object);
      const start = first === undefined ? null : lowerExpression(cx, first);
      const end = second === undefined ? null : lowerExpression(cx, second);
      return builder.alloc(cx.typeOf(node), { kind: 'copy', source, start, end });
    }
    case 'fill':
      return lowerFill(cx, node, object);
    case 'map': {
      if (first === undefined) return cx.unsupported(node, 'map without a function');
      const arrow = arrowOf(cx, first);
      return mapArray(cx, cx.typeOf(node), lowerExpression(cx, object), arrow);
    }
    case 'forEach': {
      if (first === undefined) return cx.unsupported(node, 'forEach without a function');
      return cx.unsupported(node, 'forEach', 'Write `for (const x of array)`.');
    }
    case 'pop':
    case 'shift':
    case 'unshift':
    case 'splice':
    case 'sort':
    case 'reverse':
    case 'copyWithin':
    case 'set':
      return cx.unsupported(node, `The method ${name}`, 'Write the loop out.');
    default:
      if (node.arguments.some((arg) => ts.isArrowFunction(arg))) {
        return cx.unsupported(node, `The method ${name}`, 'Write the loop out.');
      }
      return opaque(cx, node, cx.typeOf(node));
  }
}

function storeAt(
  cx: Context,
  node: ts.CallExpression,
  objectNode: ts.Expression,
  array: Value,
  key: Key,
  value: Value,
): void {
  cx.builder.store(array, key, value);
  const op = cx.builder.current().at(-1);
  if (op?.kind === 'store' && cx.hoistable !== null) {
    cx.stores.set(op, { statement: cx.hoistable, object: objectNode, key: 'end' });
  }
}

/** `new Array(n).fill(v)` makes an array; `a.fill(v)` writes into one. */
function lowerFill(cx: Context, node: ts.CallExpression, object: ts.Expression): Value {
  const [valueNode, from] = node.arguments;
  if (valueNode === undefined || from !== undefined) return cx.unsupported(node, 'This call of fill', 'Write the loop out.');
  const made = freshLength(object);
  if (made !== null) {
    const length = lowerExpression(cx, made);
    const value = lowerExpression(cx, valueNode);
    if (isReference(value.type)) return cx.unsupported(node, 'fill with one array for all places', 'Use Array.from.');
    return cx.builder.alloc(cx.typeOf(node), { kind: 'fill', length, value });
  }
  const array = lowerExpression(cx, object);
  const value = lowerExpression(cx, valueNode);
  if (isReference(value.type)) return cx.unsupported(node, 'fill with one array for all places', 'Use a loop.');
  const length = cx.builder.load(numberType, array, 'length');
  countedLoop(cx, length, (i) => {
    cx.builder.store(array, i, value);
  });
  return array;
}

/** The length in `new Array<number>(n)`, `Array(n)`, `new Float64Array(n)`. */
function freshLength(node: ts.Expression): ts.Expression | null {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return null;
  if (!ts.isIdentifier(node.expression) || !/^(Array|Float(64|32)Array)$/.test(node.expression.text)) return null;
  return node.arguments?.length === 1 ? (node.arguments[0] ?? null) : null;
}
