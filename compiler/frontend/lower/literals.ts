import { ts } from 'ts-morph';
import { numberType, type Field, type Type, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import type { Context } from './context.js';
import { elementOf } from './counted-loops.js';
import { lowerExpression } from './expressions.js';
import { copied } from './matrices.js';
import { joinArrays, type Part } from './joins.js';

export function lowerArrayLiteral(cx: Context, node: ts.ArrayLiteralExpression): Value {
  const [first] = node.elements;
  if (node.elements.length === 1 && first !== undefined && ts.isSpreadElement(first)) {
    const source = lowerExpression(cx, first.expression);
    if (source.type.kind === 'array') {
      const type: Type = { ...source.type, container: 'Array' };
      return copied(cx, type, source);
    }
  }
  return joinArrays(cx, literalType(cx, node), partsOf(cx, node.elements));
}

/** What is given for a rest parameter, in an array of its own. */
export function lowerElements(cx: Context, nodes: readonly ts.Expression[]): Value {
  const parts = partsOf(cx, nodes);
  const [first] = parts;
  const element =
    first === undefined
      ? numberType
      : first.kind === 'one'
        ? first.value.type
        : elementOf(first.source.type);
  return joinArrays(cx, { kind: 'array', container: 'Array', element }, parts);
}

function partsOf(cx: Context, nodes: readonly ts.Expression[]): Part[] {
  return nodes.flatMap((element): Part[] => {
    if (!ts.isSpreadElement(element)) return [{ kind: 'one', value: lowerExpression(cx, element) }];
    const source = lowerExpression(cx, element.expression);
    if (source.type.kind === 'array') return [{ kind: 'all', source, node: element }];
    if (source.type.kind !== 'tuple')
      return cx.unsupported(element, 'A spread of something that is not an array');
    return source.type.elements.map((type, i) => ({
      kind: 'one',
      value: cx.builder.load(type, source, cx.builder.literal(i)),
    }));
  });
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
  const fields = new Map<string, Value>();
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      fields.set(property.name.text, lowerExpression(cx, property.name));
    } else if (ts.isPropertyAssignment(property) && isPlainName(property.name)) {
      fields.set(property.name.text, lowerExpression(cx, property.initializer));
    } else if (ts.isSpreadAssignment(property)) {
      for (const [name, value] of spreadFields(cx, property)) fields.set(name, value);
    } else return cx.unsupported(property, 'This property', 'Use plain fields.');
  }
  const init = { kind: 'fields', names: [...fields.keys()], values: [...fields.values()] } as const;
  return cx.builder.alloc(literalType(cx, node), init);
}

function spreadFields(cx: Context, spread: ts.SpreadAssignment): [string, Value][] {
  const object = lowerExpression(cx, spread.expression);
  if (object.type.kind !== 'object') {
    return cx.unsupported(
      spread,
      'A spread of something that is not a plain object',
      'Name the fields.',
    );
  }
  const missing = object.type.fields.find((field) => mayLoseNumbers(field));
  if (missing !== undefined) {
    return cx.unsupported(
      spread,
      `A spread with the optional field "${missing.name}"`,
      'Name the fields.',
    );
  }
  return object.type.fields.map(({ name, type }) => [name, cx.builder.load(type, object, name)]);
}

/** Where the field is absent, the copy has no place for a derivative either. */
function mayLoseNumbers(field: Field): boolean {
  return field.optional && canBeActive(field.type);
}

function isPlainName(
  name: ts.PropertyName,
): name is ts.Identifier | ts.StringLiteral | ts.NumericLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name);
}
