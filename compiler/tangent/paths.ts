import { ts } from 'ts-morph';
import { memberText } from '../emit/shapes.js';
import { numberType, type Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import type { Draft } from './draft.js';
import { isAt } from './numbers.js';
import { hasPair, pairOf } from './pairs.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

const dataType: Type = { kind: 'array', container: 'Float64Array', element: numberType };

/** A place that is reached from a variable by fields and indices, among the tangents. */
export interface Path {
  readonly text: string;
  readonly type: Type;
}

/** The variable at the beginning of `a[i].b`; null where it does not begin with one. */
export function rootOf(given: ts.Expression): ts.Identifier | null {
  const node = bare(given);
  if (ts.isIdentifier(node)) return node;
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node))
    return rootOf(node.expression);
  return null;
}

/** `da[i].b` for `a[i].b`; null where it has no tangent. */
export function pathOf(w: Writer, draft: Draft, given: ts.Expression): Path | null {
  const node = bare(given);
  if (ts.isIdentifier(node)) {
    const symbol = w.source.symbolOf(node);
    if (symbol === undefined || !w.analysis.isActive(symbol)) return null;
    const text = w.renamed.get(symbol)?.text ?? w.tangentName(symbol);
    return { text, type: w.source.declaredType(symbol) };
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const base = pathOf(w, draft, node.expression);
    if (base === null) return null;
    const key = ts.isPropertyAccessExpression(node)
      ? node.name.text
      : ts.isStringLiteral(node.argumentExpression)
        ? node.argumentExpression.text
        : null;
    if (base.type.kind === 'matrix' && key === 'data')
      return { text: `${base.text}.data`, type: dataType };
    if (key === null) return element(w, base, node as ts.ElementAccessExpression);
    const field =
      base.type.kind === 'object' ? base.type.fields.find(({ name }) => name === key) : undefined;
    if (field === undefined || !canBeActive(field.type)) return null;
    const mark = field.optional ? '!' : '';
    return { text: memberText(base.text, key) + mark, type: field.type };
  }
  if (ts.isCallExpression(node) && isAt(node)) {
    const base = pathOf(w, draft, (node.expression as ts.PropertyAccessExpression).expression);
    const type = w.source.typeOf(node);
    const place = node.arguments.map((arg) => w.print(arg)).join(', ');
    return base === null ? null : { text: `${base.text}.at(${place})!`, type };
  }
  if (!hasPair(w, node) && !w.analysis.isActiveExpression(node)) return null;
  const { name, tangent } = pairOf(w, draft, node);
  w.replaced.set(node, name);
  return { text: tangent, type: w.source.typeOf(node) };
}

function element(w: Writer, base: Path, node: ts.ElementAccessExpression): Path | null {
  const { type } = base;
  const index = node.argumentExpression;
  const at = ts.isNumericLiteral(index) ? Number(index.text) : -1;
  const inner =
    type.kind === 'array'
      ? type.element
      : type.kind === 'tuple'
        ? (type.elements[at] ?? type.elements.find(canBeActive))
        : undefined;
  if (inner === undefined || !canBeActive(inner)) return null;
  const mark = type.kind === 'array' ? w.bang : '';
  return { text: `${base.text}[${w.print(index)}]${mark}`, type: inner };
}
