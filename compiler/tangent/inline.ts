import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { differentiateCompound } from './assignments.js';
import { targetText } from './bindings.js';
import { helperCallText, returnsPair } from './helper-calls.js';
import { addedTo } from './in-place.js';
import { isPairCall } from './pair-calls.js';
import { numberTangent } from './references.js';
import { bare, methodOf } from './source.js';
import type { Writer } from './writer.js';

const writing = new Set([
  ...['push', 'pop', 'fill', 'set', 'shift', 'unshift', 'sort', 'reverse', 'splice', 'copyWithin'],
]);

/** Whether evaluating an expression changes something that has a tangent. */
export function hasActiveEffect(w: Writer, node: ts.Node): boolean {
  if (isAssignment(node) && isActiveTarget(w, node.left)) return true;
  if (ts.isCallExpression(node)) {
    if (w.source.calleeOf(node) !== null && w.analysis.writesVaried(node)) return true;
    if (isActiveMethod(w, node)) return true;
    const matrix = addedTo(w.source, node);
    if (matrix !== null && ts.isExpressionStatement(node.parent))
      return w.analysis.isActiveExpression(matrix);
  }
  return ts.forEachChild(node, (child) => hasActiveEffect(w, child) || undefined) ?? false;
}

/** Whether a call changes an array that has tangents. */
function isActiveMethod(w: Writer, node: ts.CallExpression): boolean {
  const method = methodOf(node);
  return (
    method !== null &&
    writing.has(method.name) &&
    w.analysis.isActiveExpression(method.object) &&
    !isFreshFill(method.object)
  );
}

const isFreshFill = (object: ts.Expression): boolean => {
  const node = bare(object);
  return ts.isNewExpression(node) || ts.isCallExpression(node);
};

function isActiveTarget(w: Writer, given: ts.Expression): boolean {
  const target = bare(given);
  if (ts.isIdentifier(target)) {
    const symbol = w.source.symbolOf(target);
    return symbol !== undefined && w.analysis.isActive(symbol);
  }
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
    return w.analysis.isActiveExpression(target.expression);
  if (ts.isSpreadElement(target)) return isActiveTarget(w, target.expression);
  if (isAssignment(target)) return isActiveTarget(w, target.left);
  if (ts.isArrayLiteralExpression(target))
    return target.elements.some((element) => isActiveTarget(w, element));
  return (
    ts.isObjectLiteralExpression(target) &&
    target.properties.some((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return isActiveTarget(w, property.name);
      return ts.isPropertyAssignment(property) && isActiveTarget(w, property.initializer);
    })
  );
}

/**
 * The text of an expression of which only the value counts, with the tangents of what it changes: in a test,
 * `(y = y * 0.5)` becomes `((dy = dy * 0.5), (y = y * 0.5))`.
 */
export function printInline(w: Writer, node: ts.Expression): string {
  if (!hasActiveEffect(w, node)) return w.print(node);
  return w.print(node, (part) => inlined(w, part));
}

function inlined(w: Writer, part: ts.Node): string | null {
  if (isAssignment(part) && isActiveTarget(w, part.left)) {
    const text = assignmentText(w, part);
    return text === null ? null : `(${text})`;
  }
  if (ts.isFunctionLike(part) && hasActiveEffect(w, part)) {
    return w.source.unsupported(
      part,
      'A callback that changes something in this place',
      'Write the loop out.',
    );
  }
  if (ts.isCallExpression(part) && isActiveMethod(w, part)) {
    return w.source.unsupported(
      part,
      `The method ${methodOf(part)?.name ?? ''} as part of an expression`,
      'Give it a statement of its own.',
    );
  }
  if (ts.isCallExpression(part) && isPairCall(w, part)) {
    const callee = w.analysis.calleeAt(part);
    if (callee === null) return null;
    const draft = w.draft('value', false);
    const text = helperCallText(w, draft, part);
    return returnsPair(w, callee) ? `${text}.value` : text;
  }
  return null;
}

/** `dx = …, x = …` */
function assignmentText(w: Writer, node: ts.BinaryExpression): string | null {
  const draft = w.draft('value', false);
  const target = targetText(w, draft, node.left);
  if (target === null) return null;
  const isPlain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  const text = isPlain
    ? numberTangent(w, draft, node.right)
    : differentiateCompound(w, draft, node);
  return `${target} = ${text}, ${w.print(node)}`;
}

/** A list of expressions, as in the head of a `for`, each with its tangent. */
export function printSequence(w: Writer, node: ts.Expression): string {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return `${printSequence(w, node.left)}, ${printSequence(w, node.right)}`;
  if (isAssignment(node) && isActiveTarget(w, node.left)) return assignmentText(w, node) ?? '';
  return printInline(w, node);
}
