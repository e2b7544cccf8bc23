import { ts } from 'ts-morph';
import type { Type, Value } from '../../ir/ir.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';

export function lowerArrayLiteral(cx: Context, node: ts.ArrayLiteralExpression): Value {
  const [first] = node.elements;
  if (node.elements.length === 1 && first !== undefined && ts.isSpreadElement(first)) {
    const source = lowerExpression(cx, first.expression);
    if (source.type.kind !== 'array') return cx.unsupported(first, 'A spread of something that is not an array');
    const type: Type = { ...source.type, container: 'Array' };
    return cx.builder.alloc(type, { kind: 'copy', source, start: null, end: null });
  }
  const spread = node.elements.find((element) => ts.isSpreadElement(element));
  if (spread !== undefined) {
    return cx.unsupported(spread, 'A spread between other elements', 'Copy with slice() and add elements with push().');
  }
  const values = node.elements.map((element) => lowerExpression(cx, element));
  return cx.builder.alloc(literalType(cx, node), { kind: 'elements', values });
}

/** The type that the context gives a literal, or else its own. */
function literalType(cx: Context, node: ts.Expression): Type {
  const own = cx.typeOf(node);
  const contextual = cx.checker.getContextualType(node);
  if (contextual === undefined) return own;
  const expected = cx.typeOf(declarationOf(node) ?? node);
  return expected.kind === own.kind ? expected : own;
}

/** The declaration whose annotation types a literal. */
function declarationOf(node: ts.Expression): ts.Node | null {
  const { parent } = node;
  return ts.isVariableDeclaration(parent) ? parent.name : null;
}

export function lowerObjectLiteral(cx: Context, node: ts.ObjectLiteralExpression): Value {
  const names: string[] = [];
  const values: Value[] = [];
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      names.push(property.name.text);
      values.push(lowerExpression(cx, property.name));
    } else if (ts.isPropertyAssignment(property) && isPlainName(property.name)) {
      names.push(property.name.text);
      values.push(lowerExpression(cx, property.initializer));
    } else if (ts.isSpreadAssignment(property)) {
      return cx.unsupported(property, 'A spread in an object', 'Name the fields.');
    } else return cx.unsupported(property, 'This property', 'Use plain fields.');
  }
  return cx.builder.alloc(literalType(cx, node), { kind: 'fields', names, values });
}

function isPlainName(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name);
}
