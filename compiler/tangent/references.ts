import { ts } from 'ts-morph';
import { PRIMARY, wrap } from '../emit/expression.js';
import { fieldText } from '../emit/shapes.js';
import { hasAdjoint, isReference, matrixType, type Value } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { conditionOf } from './choices.js';
import type { Draft } from './draft.js';
import { owned } from './in-place.js';
import { matrixCall } from './numbers.js';
import { hasPair, pairOf } from './pairs.js';
import { pathOf } from './paths.js';
import { renderAll } from './render.js';
import { bare, methodOf } from './source.js';
import { differentiateLowered, differentiateNumber } from './tangent-number.js';
import type { Writer } from './writer.js';

/** The tangent of an array, a tuple or an object, made as the author makes the original; null where it is zero. */
export function referenceTangent(w: Writer, draft: Draft, given: ts.Expression): string | null {
  const node = bare(given);
  const isActive = w.analysis.isActiveExpression(node);
  if (!isActive && !hasPair(w, node)) return null;
  if (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node)
  )
    return pathOf(w, draft, node)?.text ?? null;
  if (ts.isArrayLiteralExpression(node)) {
    const parts = node.elements.map((element) => partTangent(w, draft, element));
    return `[${parts.join(', ')}]`;
  }
  if (ts.isObjectLiteralExpression(node)) return objectTangent(w, draft, node);
  if (ts.isConditionalExpression(node)) {
    const arm = (part: ts.Expression): string =>
      referenceTangent(w, draft, part) ?? zerosOf(w, part, null);
    const condition = conditionOf(w, node.condition).text;
    return `${condition} ? ${arm(node.whenTrue)} : ${arm(node.whenFalse)}`;
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
  ) {
    const present = w.print(node.left) + w.source.presence(node.left);
    const left = referenceTangent(w, draft, node.left) ?? zerosOf(w, node.left, null);
    return `${present} ? ${left} : ${referenceTangent(w, draft, node.right) ?? zerosOf(w, node.right, null)}`;
  }
  if (ts.isNewExpression(node)) {
    const parts = (node.arguments ?? []).map(
      (arg) => referenceTangent(w, draft, arg) ?? w.print(arg),
    );
    return `new ${w.print(node.expression)}(${parts.join(', ')})`;
  }
  if (ts.isCallExpression(node)) return callTangent(w, draft, node);
  return w.source.unsupported(node, 'This expression');
}

/**
 * The tangent of an element or of a field: a number, `undefined` where there is none, or a reference. `isGrown`: matrices
 * in there may be added to in place.
 */
export function partTangent(
  w: Writer,
  draft: Draft,
  given: ts.Expression,
  isGrown = w.analysis.growsParts,
): string {
  if (ts.isSpreadElement(given)) {
    const { expression } = given;
    return `...${referenceTangent(w, draft, expression) ?? zerosOf(w, expression, null)}`;
  }
  if (ts.isOmittedExpression(given)) return '';
  const type = w.source.typeOf(given);
  if (isReference(type))
    return (
      referenceTangent(w, draft, given) ??
      (canBeActive(type) ? zerosOf(w, given, null) : 'undefined')
    );
  if (!hasAdjoint(type)) return isAmongNumbers(w, given) ? '0' : 'undefined';
  const { tangent } = differentiateNumber(w, draft, given);
  const text = tangentText(w, draft, given, tangent);
  return isGrown ? owned(w, tangent, text) : text;
}

/** Whether an element is null or undefined in an array of numbers. */
function isAmongNumbers(w: Writer, { parent }: ts.Expression): boolean {
  if (!ts.isArrayLiteralExpression(parent)) return false;
  const type = w.source.typeOf(parent);
  return type.kind === 'array' && type.element.kind === 'number';
}

/** The tangent of a number as text. */
export function numberTangent(w: Writer, draft: Draft, node: ts.Expression): string {
  return tangentText(w, draft, node, differentiateNumber(w, draft, node).tangent);
}

function tangentText(w: Writer, draft: Draft, node: ts.Expression, tangent: Value | null): string {
  const [text] = renderAll(w, draft, tangent === null ? [] : [tangent]);
  if (text !== undefined) return text.text;
  return w.source.isMatrix(node) ? w.zeros(matrixType, w.print(node)) : '0';
}

function objectTangent(w: Writer, draft: Draft, node: ts.ObjectLiteralExpression): string {
  const fields = node.properties.flatMap((property): string[] => {
    if (ts.isSpreadAssignment(property)) {
      const { expression } = property;
      if (!canBeActive(w.source.typeOf(expression))) return [];
      return [`...${referenceTangent(w, draft, expression) ?? zerosOf(w, expression, null)}`];
    }
    const value = ts.isShorthandPropertyAssignment(property)
      ? property.name
      : ts.isPropertyAssignment(property)
        ? property.initializer
        : null;
    if (value === null || property.name === undefined)
      return w.source.unsupported(property, 'This property', 'Use plain fields.');
    if (!canBeActive(w.source.typeOf(value))) return [];
    const { name } = property;
    const key =
      ts.isStringLiteral(name) || ts.isIdentifier(name) ? fieldText(name.text) : name.getText();
    const text = partTangent(w, draft, value);
    return [text === key ? key : `${key}: ${text}`];
  });
  return `{ ${fields.join(', ')} }`;
}

/** Methods that make new arrays of the elements of others. */
function callTangent(w: Writer, draft: Draft, node: ts.CallExpression): string | null {
  const pair = (): string => {
    const { name, tangent } = pairOf(w, draft, node);
    w.replaced.set(node, name);
    return tangent;
  };
  if (hasPair(w, node) && !isPlainCopy(w, node)) return pair();
  const matrix = w.source.matrixCall(node);
  if (matrix?.isArray === true) {
    const lower = (): Value => matrixCall(w, draft, node, matrix.fn, matrix.count);
    const { tangent } = differentiateLowered(w, draft, lower);
    const [text] = renderAll(w, draft, tangent === null ? [] : [tangent]);
    return text === undefined ? null : `${wrap(text, PRIMARY)}.data`;
  }
  const callee = w.print(node.expression);
  if (isMaker(w, node)) {
    const parts = node.arguments.map((arg) => partTangent(w, draft, arg));
    return `${callee}(${parts.join(', ')})`;
  }
  const method = methodOf(node);
  if (method === null) return w.source.unsupported(node, `A call of ${callee}`);
  const { object, name } = method;
  switch (name) {
    case 'slice':
    case 'subarray': {
      const source = referenceTangent(w, draft, object);
      return source === null ? null : `${source}.${name}(${argumentsText(w, node)})`;
    }
    case 'concat': {
      const source = referenceTangent(w, draft, object) ?? zerosOf(w, object, null);
      const parts = node.arguments.map((arg) => partTangent(w, draft, arg));
      return `${source}.concat(${parts.join(', ')})`;
    }
    case 'fill': {
      const [value, ...bounds] = node.arguments;
      if (value === undefined) return null;
      const made = bare(object);
      const source =
        ts.isNewExpression(made) || ts.isCallExpression(made)
          ? w.print(object)
          : (referenceTangent(w, draft, object) ?? zerosOf(w, object, null));
      const parts = [numberTangent(w, draft, value), ...bounds.map((bound) => w.print(bound))];
      return `${source}.fill(${parts.join(', ')})`;
    }
    default:
      return w.source.unsupported(node, `The method ${name}`, 'Write the loop out.');
  }
}

/** `Array.from(a)`, `Float64Array.of(x, y)`: the tangent is made by the same call. */
function isMaker(w: Writer, { expression, arguments: { length } }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression)) return false;
  const { expression: base, name } = expression;
  return (
    w.source.isGlobal(base) &&
    /Array$/.test(base.text) &&
    (name.text === 'of' || (name.text === 'from' && length === 1))
  );
}

function isPlainCopy(w: Writer, node: ts.CallExpression): boolean {
  return isMaker(w, node) || /^(slice|concat|subarray|fill)$/.test(methodOf(node)?.name ?? '');
}

function argumentsText(w: Writer, node: ts.CallExpression): string {
  return node.arguments.map((arg) => w.print(arg)).join(', ');
}

/** Zeros for the tangent of something that has none, in the shape of the expression or of what `name` names. */
export function zerosOf(w: Writer, given: ts.Expression, name: string | null): string {
  const node = bare(given);
  const type = w.source.typeOf(given);
  if (ts.isNewExpression(node)) {
    const [length] = node.arguments ?? [];
    if (w.source.isTapeType(w.source.checker.getTypeAtLocation(node))) return w.print(node);
    if (length === undefined) return '[]';
    if (w.source.typeOf(length).kind === 'number') return w.print(node);
  }
  if (ts.isArrayLiteralExpression(node) && !node.elements.some(ts.isSpreadElement)) {
    const parts = node.elements.map((element, i) => {
      const part = w.source.typeOf(element);
      const place = name === null ? null : `${name}[${String(i)}]`;
      if (!canBeActive(part)) return isAmongNumbers(w, element) ? '0' : 'undefined';
      return zeroPart(w, element, place);
    });
    return `[${parts.join(', ')}]`;
  }
  if (ts.isObjectLiteralExpression(node) && !node.properties.some(ts.isSpreadAssignment)) {
    const fields = node.properties.flatMap((property): string[] => {
      const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
      if (value === undefined || property.name === undefined || !ts.isExpression(value)) return [];
      const part = w.source.typeOf(value);
      if (!canBeActive(part)) return [];
      const key = property.name.getText();
      const place = name === null ? null : `${name}.${key}`;
      return [`${key}: ${zeroPart(w, value, place)}`];
    });
    return `{ ${fields.join(', ')} }`;
  }
  if (ts.isCallExpression(node)) {
    const method = methodOf(node);
    const made = method === null ? null : bare(method.object);
    if (method?.name === 'fill' && made !== null && ts.isNewExpression(made))
      return `${w.print(made)}.fill(0)`;
  }
  if (name === null && !isSimple(node)) {
    return w.source.unsupported(node, 'This expression at this place', 'Give it a name first.');
  }
  return w.zeros(type, name ?? w.print(node));
}

/** Zero for the tangent of a part of a literal, which stands at `place` once that is made. */
function zeroPart(w: Writer, given: ts.Expression, place: string | null): string {
  const node = bare(given);
  if (isReference(w.source.typeOf(node))) return zerosOf(w, node, place);
  if (!w.source.isMatrix(node)) return '0';
  return w.zeros(matrixType, place ?? w.print(node));
}

function isSimple(node: ts.Expression): boolean {
  return (
    ts.isIdentifier(node) ||
    ((ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
      isSimple(bare(node.expression)))
  );
}
