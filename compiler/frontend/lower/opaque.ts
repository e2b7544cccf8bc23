import { ts } from 'ts-morph';
import type { Type, Value } from '../../ir/ir.js';
import type { Context } from './context.js';
import { hasEffects } from './assignments.js';

/**
 * An expression that the backward sweep does not look into. Which values it reads is noted, so that a number that
 * depends on a parameter through it is found and refused.
 */
export function opaque(cx: Context, node: ts.Expression, type: Type): Value {
  if (hasEffects(node)) cx.unsupported(node, 'An assignment inside of this expression', 'Give it a statement of its own.');
  const args = new Set<Value>();
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) {
      const symbol = cx.symbolOf(inner);
      const value = symbol === undefined ? undefined : cx.env.get(symbol);
      if (value !== undefined) args.add(value);
      else if (symbol !== undefined) noteGlobal(cx, symbol, inner);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  const result: Value = { type, variable: null };
  cx.builder.append({
    kind: 'opaque',
    text: node.getText(),
    args: [...args],
    result,
    origin: cx.builder.origin,
  });
  return result;
}

/** Notes a reference to something at module level, which the generated file must import or copy. */
export function noteGlobal(cx: Context, symbol: ts.Symbol, node: ts.Identifier): void {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return;
  cx.globals.add(symbol);
}
