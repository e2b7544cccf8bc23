import { ts } from 'ts-morph';
import { isAssignment, isIncrement } from './assignments.js';
import type { Context } from './context.js';
import { capturesAssigned, declaredFunction } from './callees.js';

const mutating: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
]);

/**
 * Whether a part of a statement changes what its other parts may read, as in `s += a[i++] * a[i]`: then none of them
 * can be computed ahead of the statement. What the statement as a whole does comes last and is no such part.
 */
export function hasInnerEffects(cx: Context, statement: ts.Node): boolean {
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList;
    const initializers = declarations.flatMap(({ initializer }) => initializer ?? []);
    return initializers.length === 1
      ? initializers.some((initializer) => inOutermost(cx, initializer))
      : initializers.some((initializer) => isEffect(cx, initializer));
  }
  if (ts.isExpression(statement)) return inOutermost(cx, statement);
  const { expression } = statement as Partial<ts.ExpressionStatement>;
  return expression !== undefined && inOutermost(cx, expression);
}

function inOutermost(cx: Context, node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) {
    return inOutermost(cx, node.expression);
  }
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === ts.SyntaxKind.CommaToken) {
      return inOutermost(cx, node.left) || inOutermost(cx, node.right);
    }
    if (kind === ts.SyntaxKind.EqualsToken) {
      return isEffect(cx, node.left) || inOutermost(cx, node.right);
    }
    if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) {
      if (ts.isNumericLiteral(node.right)) return inOutermost(cx, node.left);
      if (ts.isNumericLiteral(node.left)) return inOutermost(cx, node.right);
    }
    return isEffect(cx, node.left) || isEffect(cx, node.right);
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    return isEffect(cx, node.operand);
  }
  if (ts.isCallExpression(node)) {
    const object = ts.isPropertyAccessExpression(node.expression)
      ? [node.expression.expression]
      : [];
    return [...object, ...node.arguments].some((part) => isEffect(cx, part));
  }
  return isEffect(cx, node);
}

/** Whether an expression changes a variable or memory that was there before it. */
export function isEffect(cx: Context, node: ts.Node): boolean {
  const changed = changedBy(node);
  if (changed !== null && !isOwn(cx, changed, node)) return true;
  if (ts.isCallExpression(node)) {
    const source = declaredFunction(cx, node.expression);
    if (source !== null && capturesAssigned(cx, source)) return true;
    if (source?.body !== undefined && writesMemory(cx, source.body, new Set([source.body])))
      return true;
  }
  return ts.forEachChild(node, (child) => isEffect(cx, child) || undefined) ?? false;
}

/** What an assignment, an increment or a method of an array writes to. */
function changedBy(node: ts.Node): ts.Expression | null {
  if (isAssignment(node)) return node.left;
  if (isIncrement(node)) return node.operand;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  return mutating.has(node.expression.name.text) ? node.expression.expression : null;
}

/** Whether a variable belongs to the arrow function in which it is changed. */
function isOwn(cx: Context, changed: ts.Expression, node: ts.Node): boolean {
  if (!ts.isIdentifier(changed)) return false;
  const arrow = ts.findAncestor(node, ts.isArrowFunction);
  const declaration = cx.symbolOf(changed)?.valueDeclaration;
  return (
    arrow !== undefined && ts.findAncestor(declaration, (outer) => outer === arrow) !== undefined
  );
}

/** Whether a helper writes into arrays or objects other than those that it makes. */
function writesMemory(cx: Context, body: ts.Node, seen: Set<ts.Node>): boolean {
  const visit = (node: ts.Node): boolean => {
    const changed = changedBy(node);
    if (changed !== null && isMethodOrSlot(node, changed) && !isFresh(cx, changed, body))
      return true;
    if (ts.isCallExpression(node)) {
      const inner = declaredFunction(cx, node.expression)?.body;
      if (inner !== undefined && !seen.has(inner)) {
        seen.add(inner);
        if (writesMemory(cx, inner, seen)) return true;
      }
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(body);
}

const isMethodOrSlot = (node: ts.Node, changed: ts.Expression): boolean =>
  ts.isCallExpression(node) || !ts.isIdentifier(changed);

/** Whether an array or object was made in the body itself. */
function isFresh(cx: Context, changed: ts.Expression, body: ts.Node): boolean {
  let root = changed;
  while (
    ts.isElementAccessExpression(root) ||
    ts.isPropertyAccessExpression(root) ||
    ts.isNonNullExpression(root)
  ) {
    root = root.expression;
  }
  const declaration = cx.symbolOf(root)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  if (
    initializer === undefined ||
    ts.findAncestor(declaration, (node) => node === body) === undefined
  )
    return false;
  if (ts.isArrayLiteralExpression(initializer) || ts.isObjectLiteralExpression(initializer))
    return true;
  return (
    ts.isNewExpression(initializer) ||
    (ts.isCallExpression(initializer) && ts.isPropertyAccessExpression(initializer.expression))
  );
}
