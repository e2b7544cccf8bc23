import { ts } from 'ts-morph';
import { isReference, type Key, type Value } from '../../ir/ir.js';
import { localFunction } from './callees.js';
import type { Context } from './context.js';
import { lowerDestructuring } from './destructuring.js';
import { lowerBranch } from './exits.js';
import { lowerExpression, lowerKey } from './expressions.js';
import { refuseMatrixWrite } from './matrices.js';
import { isPresent } from './optional.js';
import { missingAt } from '../types.js';
import { opaque } from './opaque.js';

const assignmentTokens: ReadonlySet<ts.SyntaxKind> = new Set(
  Array.from(
    { length: ts.SyntaxKind.LastAssignment - ts.SyntaxKind.FirstAssignment + 1 },
    (_, i) => (ts.SyntaxKind.FirstAssignment as number) + i,
  ),
);

export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && assignmentTokens.has(node.operatorToken.kind);
}

export function isIncrement(
  node: ts.Node,
): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  return (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken ||
      node.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

/** The variables that code assigns to, at any depth. */
export function assignedSymbols(cx: Context, node: ts.Node): Set<ts.Symbol> {
  const symbols = new Set<ts.Symbol>();
  const target = (expression: ts.Node): void => {
    if (ts.isIdentifier(expression)) {
      const symbol = cx.symbolOf(expression);
      if (symbol !== undefined) symbols.add(symbol);
    } else if (ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression)) {
      target(expression.expression);
    } else if (ts.isArrayLiteralExpression(expression)) {
      expression.elements.forEach(target);
    } else if (ts.isObjectLiteralExpression(expression)) {
      for (const property of expression.properties) {
        if (ts.isPropertyAssignment(property)) target(property.initializer);
        if (ts.isShorthandPropertyAssignment(property)) target(property.name);
      }
    } else if (isAssignment(expression)) {
      target(expression.left);
    }
  };
  const seen = new Set<ts.Node>();
  const visit = (inner: ts.Node): void => {
    if (isAssignment(inner)) target(inner.left);
    else if (isIncrement(inner)) target(inner.operand);
    // What a function inside of this one assigns may be assigned wherever it is named.
    const source = ts.isIdentifier(inner) ? localFunction(cx, inner) : null;
    if (source !== null && !seen.has(source)) {
      seen.add(source);
      visit(source);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return symbols;
}

/** Whether evaluating an expression changes a variable or memory. */
export function hasEffects(node: ts.Node): boolean {
  if (isAssignment(node) || isIncrement(node)) return true;
  let found = false;
  ts.forEachChild(node, (child) => {
    found ||= hasEffects(child);
  });
  return found;
}

const compoundOperators: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, '+'],
  [ts.SyntaxKind.MinusEqualsToken, '-'],
  [ts.SyntaxKind.AsteriskEqualsToken, '*'],
  [ts.SyntaxKind.SlashEqualsToken, '/'],
  [ts.SyntaxKind.PercentEqualsToken, '%'],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, '**'],
  [ts.SyntaxKind.AmpersandEqualsToken, '&'],
  [ts.SyntaxKind.BarEqualsToken, '|'],
  [ts.SyntaxKind.CaretEqualsToken, '^'],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, '>>>'],
]);

/** A place that can be read and written: a variable, or a slot in memory whose key is evaluated once. */
interface Place {
  read(): Value;
  write(value: Value): Value;
}

export function placeOf(cx: Context, node: ts.Expression): Place {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return placeOf(cx, node.expression);
  if (ts.isIdentifier(node)) {
    const symbol = cx.symbolOf(node);
    if (symbol === undefined || !cx.env.has(symbol))
      return cx.refuse('CR204', node, { what: `"${node.text}"` });
    return {
      read: () => cx.env.get(symbol) ?? cx.poison,
      write: (value) => {
        cx.bind(symbol, value);
        return cx.env.get(symbol) ?? value;
      },
    };
  }
  if (!ts.isElementAccessExpression(node) && !ts.isPropertyAccessExpression(node)) {
    return cx.unsupported(node, 'Assigning to this');
  }
  const object = lowerExpression(cx, node.expression);
  refuseMatrixWrite(cx, object, node.expression);
  if (!isReference(object.type)) {
    return cx.refuse('CR208', node.expression, {
      what: `"${node.expression.getText()}"`,
      advice: 'Keep numbers in arrays, typed arrays, tuples or plain objects.',
    });
  }
  if (cx.definitions.get(object)?.kind === 'opaque') {
    return cx.refuse('CR204', node, { what: `"${node.expression.getText()}"` });
  }
  const key: Key = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : lowerKey(cx, object, node.argumentExpression);
  if (key === 'length' && object.type.kind === 'array') {
    return cx.unsupported(
      node,
      'Assigning to the length of an array',
      'Make a new array with slice.',
    );
  }
  return {
    read: () => {
      const value = cx.builder.load(cx.typeOf(node), object, key);
      const { hoistable: statement, expansion } = cx;
      if (statement !== null)
        cx.savePoints.set(value, { kind: 'before', statement, expression: node, expansion });
      return value;
    },
    write: (value) => {
      lowerStore(cx, node, object, key, value);
      return value;
    },
  };
}

function lowerStore(
  cx: Context,
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  object: Value,
  key: Key,
  value: Value,
): void {
  cx.builder.store(object, key, value);
  const op = cx.builder.current().at(-1);
  if (op?.kind === 'store' && cx.hoistable !== null) {
    const keyNode = ts.isPropertyAccessExpression(node) ? node.name.text : node.argumentExpression;
    cx.stores.set(op, {
      expansion: cx.expansion,
      statement: cx.hoistable,
      object: node.expression,
      key: keyNode,
    });
  }
}

/** Lowers `left = right`, `left += right`, … and returns the value of the expression. */
export function lowerAssignment(cx: Context, node: ts.BinaryExpression): Value {
  const { left, right } = node;
  const kind = node.operatorToken.kind;
  if (kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left)) {
      return lowerDestructuring(cx, left, right);
    }
    if (ts.isIdentifier(left)) {
      const value = lowerExpression(cx, right);
      return placeOf(cx, left).write(value);
    }
    const place = placeOf(cx, left);
    return place.write(lowerExpression(cx, right));
  }
  const operator = compoundOperators.get(kind);
  if (operator === undefined) return lowerLogicalAssignment(cx, node);
  const place = placeOf(cx, left);
  const old = place.read();
  if (old.type.kind !== 'number') return place.write(opaque(cx, node, cx.typeOf(node)));
  const operand = lowerExpression(cx, right);
  return place.write(cx.builder.apply(operator, [old, operand]));
}

function lowerLogicalAssignment(cx: Context, node: ts.BinaryExpression): Value {
  const place = placeOf(cx, node.left);
  const old = place.read();
  const cond =
    node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken
      ? cx.builder.apply('!', [isPresent(cx, old, missingAt(cx.checker, node.left))])
      : cx.builder.apply('Boolean', [old]);
  const assigns = (): 'next' => {
    place.write(lowerExpression(cx, node.right));
    return 'next';
  };
  const keeps = (): 'next' => 'next';
  if (node.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken)
    lowerBranch(cx, cond, keeps, assigns, null);
  else lowerBranch(cx, cond, assigns, keeps, null);
  return place.read();
}

/** `x++`, `--x`: the value before or after the change. */
export function lowerIncrement(
  cx: Context,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
): Value {
  const place = placeOf(cx, node.operand);
  const old = place.read();
  const sign = node.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
  const changed = place.write(cx.builder.apply(sign, [old, cx.builder.literal(1)]));
  return ts.isPrefixUnaryExpression(node) ? changed : old;
}

export { bindPattern, withDefault } from './destructuring.js';
