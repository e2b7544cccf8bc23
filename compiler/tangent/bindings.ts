import { ts } from 'ts-morph';
import { fieldText } from '../emit/shapes.js';
import { isReference, type Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import type { Draft } from './draft.js';
import { pathOf } from './paths.js';
import { numberTangent, referenceTangent, zerosOf } from './references.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

/** Declares the tangents of what a pattern names, taken from the tangent of the whole. */
export function bindTangents(
  w: Writer,
  name: ts.BindingName,
  text: string,
  keyword: 'const' | 'let' = 'const',
): string[] {
  const draft = w.draft('value');
  const pattern = tangentPattern(w, draft, name);
  return pattern === null ? [] : [...draft.before, `${keyword} ${pattern} = ${text};`];
}

/** `{ x: dx }` for `{ x, n }`; null where nothing in it has a tangent. */
export function tangentPattern(w: Writer, draft: Draft, name: ts.BindingName): string | null {
  if (ts.isIdentifier(name)) {
    const symbol = w.source.symbolOf(name);
    return symbol !== undefined && w.analysis.isActive(symbol)
      ? (w.renamed.get(symbol)?.text ?? w.tangentName(symbol))
      : null;
  }
  const type = w.source.typeOf(name);
  const parts = name.elements.map((element, i): string | null => {
    if (ts.isOmittedExpression(element)) return null;
    const inner = tangentPattern(w, draft, element.name);
    if (inner === null) return null;
    if (element.dotDotDotToken !== undefined) return `...${inner}`;
    const key = element.propertyName ?? element.name;
    const field = ts.isIdentifier(key) || ts.isStringLiteral(key) ? key.text : null;
    const value = inner + defaultText(w, draft, element, type, field ?? i);
    if (ts.isArrayBindingPattern(name)) return value;
    return field === inner ? value : `${fieldText(field ?? '')}: ${value}`;
  });
  if (parts.every((part) => part === null)) return null;
  if (ts.isArrayBindingPattern(name)) {
    while (parts.at(-1) === null) parts.pop();
    return `[${parts.map((part) => part ?? '').join(', ')}]`;
  }
  return `{ ${parts.filter((part) => part !== null).join(', ')} }`;
}

/** The tangent of a default, or zero where the part itself may be missing. */
function defaultText(
  w: Writer,
  draft: Draft,
  element: ts.BindingElement,
  whole: Type,
  key: string | number,
): string {
  const { initializer } = element;
  if (initializer !== undefined) {
    const tangent = isReference(w.source.typeOf(initializer))
      ? (referenceTangent(w, draft, initializer) ?? zerosOf(w, initializer, null))
      : numberTangent(w, draft, initializer);
    return ` = ${tangent}`;
  }
  const isOptional =
    whole.kind === 'object' &&
    whole.fields.some(({ name, optional, type }) => name === key && optional && canBeActive(type));
  const isDoubted = whole.kind === 'array' && w.bang !== '' && whole.element.kind === 'number';
  return isOptional || isDoubted ? ' = 0' : '';
}

/** The same for the targets of an assignment; null where none of them has a tangent. */
export function tangentTarget(w: Writer, draft: Draft, given: ts.Expression): string | null {
  const target = bare(given);
  if (ts.isSpreadElement(target)) {
    const inner = tangentTarget(w, draft, target.expression);
    return inner === null ? null : `...${inner}`;
  }
  if (ts.isBinaryExpression(target)) {
    const inner = tangentTarget(w, draft, target.left);
    return inner === null ? null : `${inner} = ${numberTangent(w, draft, target.right)}`;
  }
  if (ts.isArrayLiteralExpression(target)) {
    const parts = target.elements.map((element) =>
      ts.isOmittedExpression(element) ? null : tangentTarget(w, draft, element),
    );
    if (parts.every((part) => part === null)) return null;
    while (parts.at(-1) === null) parts.pop();
    return `[${parts.map((part) => part ?? '').join(', ')}]`;
  }
  if (ts.isObjectLiteralExpression(target)) {
    const parts = target.properties.flatMap((property): string[] => {
      if (ts.isShorthandPropertyAssignment(property)) {
        const inner = tangentTarget(w, draft, property.name);
        const initial = property.objectAssignmentInitializer;
        const missing = initial === undefined ? '' : ` = ${numberTangent(w, draft, initial)}`;
        return inner === null ? [] : [`${property.name.text}: ${inner}${missing}`];
      }
      if (!ts.isPropertyAssignment(property))
        return w.source.unsupported(
          property,
          'This destructuring',
          'Assign the fields one by one.',
        );
      const inner = tangentTarget(w, draft, property.initializer);
      return inner === null ? [] : [`${property.name.getText()}: ${inner}`];
    });
    return parts.length === 0 ? null : `{ ${parts.join(', ')} }`;
  }
  return targetText(w, draft, target);
}

/** The tangent of a variable or slot that is assigned. */
export function targetText(w: Writer, draft: Draft, target: ts.Expression): string | null {
  const text = pathOf(w, draft, target)?.text ?? null;
  return text === null ? null : text.replace(/!$/, '');
}
