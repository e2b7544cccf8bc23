import { ts } from 'ts-morph';
import { PRIMARY, primary } from '../emit/expression.js';
import { isIncrement } from '../frontend/lower/assignments.js';
import { hasAdjoint, isReference, type Value } from '../ir/ir.js';
import { cutsGradient, scalarRule } from '../rules/scalar.js';
import { choice } from './choices.js';
import type { Draft } from './draft.js';
import { isEffect, readChanging, runEffect } from './effects.js';
import { hasPair, pairOf } from './pairs.js';
import { pathOf } from './paths.js';
import { referenceTangent } from './references.js';
import { access, identifier, leaf, refuseLost, valueType } from './reads.js';
import { bare, methodOf } from './source.js';
import type { Writer } from './writer.js';

/** The operations of an expression that gives a number, over what it reads. */
export function lowerNumber(w: Writer, draft: Draft, given: ts.Expression): Value {
  const value = lower(w, draft, bare(given));
  const places = draft.places.get(value);
  if (places === undefined) draft.places.set(value, [given]);
  else if (!places.includes(given)) places.push(given);
  return value;
}

function lower(w: Writer, draft: Draft, node: ts.Expression): Value {
  if (ts.isNumericLiteral(node)) return w.primal.literal(Number(node.text));
  if (ts.isIdentifier(node)) return identifier(w, draft, node);
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node))
    return matrixPart(w, draft, node) ?? access(w, draft, node);
  if (isEffect(node)) return runEffect(w, draft, node);
  if (ts.isPrefixUnaryExpression(node)) return prefix(w, draft, node);
  if (ts.isConditionalExpression(node))
    return choice(w, draft, node, node.condition, node.whenTrue, node.whenFalse);
  if (ts.isBinaryExpression(node)) return binary(w, draft, node);
  if (ts.isCallExpression(node)) return call(w, draft, node);
  return other(w, draft, node);
}

/** `fn(args)`, computed once. */
function apply(w: Writer, draft: Draft, fn: string, args: readonly Value[]): Value {
  const key = w.tangents.keyOf(fn, args);
  const known = draft.shared.get(key);
  if (known !== undefined) return known;
  const value = w.primal.apply(fn, args);
  draft.shared.set(key, value);
  return value;
}

function prefix(w: Writer, draft: Draft, node: ts.PrefixUnaryExpression): Value {
  const operand = lowerNumber(w, draft, node.operand);
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      return ts.isNumericLiteral(node.operand)
        ? w.primal.literal(-Number(node.operand.text))
        : apply(w, draft, 'neg', [operand]);
    case ts.SyntaxKind.TildeToken:
      return apply(w, draft, '~', [operand]);
    case ts.SyntaxKind.PlusToken:
      return operand;
    default:
      return other(w, draft, node);
  }
}

const operators: ReadonlySet<string> = new Set('+ - * / % ** & | ^ << >> >>>'.split(' '));

function binary(w: Writer, draft: Draft, node: ts.BinaryExpression): Value {
  const { left, right, operatorToken } = node;
  const operator = operatorToken.getText();
  if (operators.has(operator)) {
    if (w.source.typeOf(node).kind !== 'number') return other(w, draft, node);
    const a = lowerNumber(w, draft, left);
    return apply(w, draft, operator, [a, lowerNumber(w, draft, right)]);
  }
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return choice(w, draft, node, left, right, left);
    case ts.SyntaxKind.BarBarToken:
      return choice(w, draft, node, left, left, right);
    case ts.SyntaxKind.QuestionQuestionToken:
      return choice(w, draft, node, left, left, right, w.source.presence(left));
    case ts.SyntaxKind.CommaToken:
      return other(w, draft, node);
    default:
      return other(w, draft, node);
  }
}

/** `m.rows`, `m.cols`, `m.data[i]` and `m.data.length`; null for other reads. */
function matrixPart(
  w: Writer,
  draft: Draft,
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
): Value | null {
  const { expression } = node;
  if (ts.isPropertyAccessExpression(node) && w.source.isMatrix(expression))
    return apply(w, draft, node.name.text, [lowerNumber(w, draft, expression)]);
  const data = bare(expression);
  if (!ts.isPropertyAccessExpression(data) || !w.source.isMatrix(data.expression)) return null;
  const matrix = lowerNumber(w, draft, data.expression);
  if (ts.isElementAccessExpression(node))
    return apply(w, draft, 'at', [matrix, lowerNumber(w, draft, node.argumentExpression)]);
  const extents = ['rows', 'cols'].map((axis) => apply(w, draft, axis, [matrix]));
  return apply(w, draft, '*', extents);
}

/** A call of a function of matrices, of its first arguments if so told. */
export function matrixCall(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  fn: string,
  count = node.arguments.length,
): Value {
  const operands = node.arguments.slice(0, count).map((arg) => {
    const type = w.source.typeOf(arg);
    if (hasAdjoint(type)) return lowerNumber(w, draft, arg);
    if (!isReference(type)) return other(w, draft, arg);
    // An array that a matrix is made of.
    const tangent = referenceTangent(w, draft, arg);
    return leaf(w, draft, primary(w.print(arg)), { tangent, type, node: arg });
  });
  return apply(w, draft, fn, operands);
}

function call(w: Writer, draft: Draft, node: ts.CallExpression): Value {
  const matrix = w.source.matrixCall(node);
  if (matrix !== null) return matrixCall(w, draft, node, matrix.fn, matrix.count);
  const runtime = w.source.runtimeCall(node);
  if (runtime !== null) {
    const operands = node.arguments.map((arg) => lowerNumber(w, draft, arg));
    return apply(w, draft, runtime, operands);
  }
  const math = w.source.mathCall(node);
  if (math === null) {
    const tangent = isAt(node) ? pathOf(w, draft, node)?.text : undefined;
    if (tangent !== undefined)
      return leaf(w, draft, primary(`${w.print(node)}!`), { tangent, node });
    return pairOrLeaf(w, draft, node);
  }
  const fn = `Math.${math}`;
  if (node.arguments.some(ts.isSpreadElement) || math === 'random')
    return pairOrLeaf(w, draft, node);
  const args = node.arguments.map((arg) => lowerNumber(w, draft, arg));
  const [a, b] = args;
  if (math === 'max' || math === 'min') {
    if (a === undefined) return w.primal.literal(math === 'max' ? -Infinity : Infinity);
    if (b === undefined) return a;
    return args.slice(1).reduce((x, y) => apply(w, draft, fn, [x, y]), a);
  }
  if (math === 'pow' && a !== undefined && b !== undefined) return apply(w, draft, '**', [a, b]);
  if (math === 'hypot') {
    if (a === undefined) return w.primal.literal(0);
    if (b === undefined) return apply(w, draft, 'Math.abs', [a]);
    return args.slice(1).reduce((x, y) => apply(w, draft, fn, [x, y]), a);
  }
  if (a === undefined) return w.primal.literal(NaN);
  if (scalarRule(fn, []) === null) {
    if (!w.analysis.isActiveExpression(node)) return other(w, draft, node);
    return w.source.unsupported(node, fn, 'Write it with other functions.');
  }
  const isCut = cutsGradient(fn) && node.arguments.some((arg) => w.analysis.isVaried(arg));
  if (isCut && !w.cuts.includes(node)) w.cuts.push(node);
  return apply(w, draft, fn, args);
}

/** `a.at(-1)` */
export function isAt(node: ts.CallExpression): boolean {
  return methodOf(node)?.name === 'at';
}

/** An expression that has a value and a tangent of its own, or else is only read. */
export function pairOrLeaf(w: Writer, draft: Draft, node: ts.Expression): Value {
  if (ts.isCallExpression(node) && w.source.isStopGradient(node)) return other(w, draft, node);
  if (!hasPair(w, node)) return other(w, draft, node);
  const { name, tangent } = pairOf(w, draft, node);
  w.replaced.set(node, name);
  return leaf(w, draft, primary(name), { tangent, type: valueType(w, node) });
}

/** An expression without a tangent that we do not look into. */
function other(w: Writer, draft: Draft, node: ts.Expression): Value {
  const isStopped = ts.isCallExpression(node) && w.source.isStopGradient(node);
  if (!isStopped && w.analysis.matters(node)) return refuseLost(w, node);
  const isCall = ts.isCallExpression(node);
  const method = isCall ? methodOf(node) : null;
  const isEffectful = isCall && (method?.name === 'pop' || w.source.mathCall(node) === 'random');
  if ((draft.moving.size > 0 || isEffectful) && !isIncrement(node) && draft.canPrecede && isCall)
    return readChanging(w, draft, node);
  const isAtom = !ts.isBinaryExpression(node) && !ts.isPrefixUnaryExpression(node);
  const text = { text: w.print(node), precedence: isAtom ? PRIMARY : 3 };
  return leaf(w, draft, text, { isDear: isCall, node, type: valueType(w, node) });
}
