import { ts } from 'ts-morph';
import { isNumberTest } from '../../ir/build.js';
import { booleanType, hasAdjoint, isReference, type Value } from '../../ir/ir.js';
import { lowerMethod } from './array-methods.js';
import { arrowOf, lowerMap, madeHere } from './callbacks.js';
import { declaredFunction } from './callees.js';
import { runtimeName } from '../runtime-names.js';
import type { Context } from './context.js';
import { callbackLoop } from './counted-loops.js';
import { lowerExpression } from './expressions.js';
import { inlineArrow, inlineCall } from './inline.js';
import { lowerMath } from './math.js';
import { copied, lowerMatrixCall } from './matrices.js';
import { isGlobal, opaque } from './opaque.js';
import { isCertain } from './parameters.js';
import { callByRule } from './rule-calls.js';

export function lowerCall(cx: Context, node: ts.CallExpression): Value {
  const { expression } = node;
  if (node.questionDotToken !== undefined)
    return cx.unsupported(node, 'Optional chaining', 'Test for undefined first.');
  const rule = cx.pairs.rules.ofCallee(cx.checker, expression);
  if (rule !== null) return callByRule(cx, node, rule);
  if (ts.isElementAccessExpression(expression)) {
    return cx.unsupported(expression, 'A function as a value', 'Call it by its name.');
  }
  if (cx.checker.getTypeAtLocation(node).getCallSignatures().length > 0) {
    return cx.unsupported(node, 'A function as a value', 'Write its code in place.');
  }
  if (ts.isPropertyAccessExpression(expression)) {
    const { expression: object, name } = expression;
    if (ts.isIdentifier(object) && isGlobal(cx, object)) {
      if (object.text === 'Number' && isNumberTest(`Number.${name.text}`))
        return lowerNumberTest(cx, node);
      if (object.text === 'Array' && name.text === 'isArray') return lowerIsArray(cx, node);
      if (object.text === 'Math') return lowerMath(cx, node, name.text);
      if (name.text === 'of' && cx.typeOf(node).kind === 'array') return lowerArrayOf(cx, node);
      if (name.text === 'from' && cx.typeOf(node).kind === 'array') return lowerArrayFrom(cx, node);
    }
    const { kind } = cx.typeOf(object);
    if (kind === 'array' || kind === 'tuple') return lowerMethod(cx, node, object, name.text);
  }
  if (ts.isIdentifier(expression) && isGlobal(cx, expression) && isNumberTest(expression.text)) {
    return lowerNumberTest(cx, node);
  }
  if (ts.isIdentifier(expression) && expression.text === 'eval')
    return cx.unsupported(node, 'eval');
  if (isStopGradient(cx, expression)) return lowerStopGradient(cx, node);
  const matrix = lowerMatrixCall(cx, node);
  if (matrix !== null) return matrix;
  const source = declaredFunction(cx, expression);
  if (source !== null) return inlineCall(cx, node, source);
  return opaque(cx, node, cx.typeOf(node));
}

/** Whether a call is of the runtime's `stopGradient`, under whatever name it is imported. */
function isStopGradient(cx: Context, callee: ts.Expression): boolean {
  return runtimeName(cx.checker, callee) === 'stopGradient';
}

/** The number itself, through which no derivative flows. */
function lowerStopGradient(cx: Context, node: ts.CallExpression): Value {
  const [arg] = node.arguments;
  if (arg === undefined) return cx.unsupported(node, 'This call of stopGradient');
  const value = lowerExpression(cx, arg);
  if (!hasAdjoint(value.type)) {
    return cx.unsupported(
      arg,
      'stopGradient of something that is not a number or a matrix',
      'Stop the gradient where the numbers are read.',
    );
  }
  return cx.builder.apply('stopGradient', [value]);
}

/** `Number.isFinite(x)` and the like, which decide a branch and can be decided again. */
function lowerNumberTest(cx: Context, node: ts.CallExpression): Value {
  const [arg] = node.arguments;
  if (arg === undefined) return cx.unsupported(node, 'This call');
  return cx.builder.apply(node.expression.getText(), [lowerExpression(cx, arg)]);
}

/** `Array.isArray` of an argument whose kind the call tells. */
function lowerIsArray(cx: Context, node: ts.CallExpression): Value {
  const [arg] = node.arguments;
  if (arg === undefined || !isCertain(cx, arg)) return opaque(cx, node, booleanType);
  const { type } = lowerExpression(cx, arg);
  if (type.kind === 'opaque') return opaque(cx, node, booleanType);
  const isArray = type.kind === 'tuple' || (type.kind === 'array' && type.container === 'Array');
  return cx.builder.literal(isArray);
}

export function lowerNew(cx: Context, node: ts.NewExpression): Value {
  const type = cx.typeOf(node);
  const [arg, ...rest] = node.arguments ?? [];
  if (type.kind !== 'array' || rest.length > 0) {
    return cx.unsupported(
      node,
      `new ${node.expression.getText()}`,
      'Keep numbers in arrays, typed arrays and plain objects.',
    );
  }
  if (arg === undefined) return cx.builder.alloc(type, { kind: 'elements', values: [] });
  const value = lowerExpression(cx, arg);
  if (!isReference(value.type)) return cx.builder.alloc(type, { kind: 'zeros', length: value });
  return copyOf(cx, node, value);
}

/** `Array.from(array)`, `Array.from({ length: n }, (_, i) => …)`, and the same of typed arrays. */
function lowerArrayFrom(cx: Context, node: ts.CallExpression): Value {
  const type = cx.typeOf(node);
  const [source, callback] = node.arguments;
  if (source === undefined) return cx.unsupported(node, 'This call of Array.from');
  const arrow = callback === undefined ? null : arrowOf(cx, callback);
  if (!ts.isObjectLiteralExpression(source)) {
    const array = lowerExpression(cx, source);
    if (array.type.kind !== 'array' && array.type.kind !== 'tuple') {
      return cx.unsupported(source, 'Array.from of something that is not an array');
    }
    return arrow === null ? copyOf(cx, node, array) : lowerMap(cx, type, array, arrow);
  }
  const length = lowerLength(cx, source);
  const result = cx.builder.alloc(type, { kind: 'zeros', length });
  if (arrow !== null) {
    callbackLoop(cx, arrow, {
      start: 0,
      length,
      carried: [],
      body: (i) => {
        cx.builder.store(result, i, madeHere(cx, arrow, inlineArrow(cx, arrow, [cx.poison, i])));
        return [];
      },
    });
  }
  return result;
}

/** `Float64Array.of(x, y)` */
function lowerArrayOf(cx: Context, node: ts.CallExpression): Value {
  const values = node.arguments.map((arg) => lowerExpression(cx, arg));
  return cx.builder.alloc(cx.typeOf(node), { kind: 'elements', values });
}

/** The `n` of `{ length: n }`. */
function lowerLength(cx: Context, object: ts.ObjectLiteralExpression): Value {
  const [property] = object.properties;
  if (property !== undefined && ts.isShorthandPropertyAssignment(property))
    return lowerExpression(cx, property.name);
  if (property !== undefined && ts.isPropertyAssignment(property))
    return lowerExpression(cx, property.initializer);
  return cx.unsupported(object, 'This call of Array.from');
}

/** A new array with the elements of another; where that is a literal, made of them at once. */
function copyOf(cx: Context, node: ts.Expression, source: Value): Value {
  const op = cx.definitions.get(source);
  const type = cx.typeOf(node);
  if (op?.kind === 'alloc' && source.variable === null && op.init.kind === 'elements') {
    return cx.builder.alloc(type, op.init);
  }
  return copied(cx, type, source);
}
