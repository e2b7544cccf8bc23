import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { isReference } from '../ir/ir.js';
import { tangentTarget, targetText } from './bindings.js';
import type { Cell } from './cells.js';
import type { Draft } from './draft.js';
import { changedWithin } from './effects.js';
import { printInline } from './inline.js';
import { lowerNumber } from './numbers.js';
import { writeNumber, writePair } from './pairs.js';
import { pathOf } from './paths.js';
import { partTangent, referenceTangent } from './references.js';
import { renderAll } from './render.js';
import { sharedBy } from './shared-memory.js';
import { bare } from './source.js';
import { differentiateLowered, type NumberPair } from './tangent-number.js';
import type { Writer } from './writer.js';

/** The statements that an assignment becomes, with that of the tangent. */
export function assignmentLines(w: Writer, node: ts.BinaryExpression): string[] {
  const { left, right, operatorToken } = node;
  const target = bare(left);
  const chained = bare(right);
  if (isAssignment(chained)) {
    const lines = assignmentLines(w, chained);
    w.replaced.set(right, w.print(bare(chained.left)));
    const again = plainAssignment(w, node, target, chained.left);
    return [...lines, ...again];
  }
  switch (operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken:
      return plainAssignment(w, node, target, right);
    case ts.SyntaxKind.BarBarEqualsToken:
      return guarded(w, node, `!${w.print(left)}`);
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
      return guarded(w, node, w.print(left));
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
      return guarded(w, node, w.print(left) + w.source.presence(left).replace('!', '='));
    default:
      return compoundAssignment(w, node, target);
  }
}

/** `x ||= y` assigns under a condition. */
function guarded(w: Writer, node: ts.BinaryExpression, condition: string): string[] {
  const lines = w.names.scoped(() => plainAssignment(w, node, bare(node.left), node.right));
  return [`if (${condition}) {`, ...lines, '}'];
}

function plainAssignment(
  w: Writer,
  node: ts.BinaryExpression,
  target: ts.Expression,
  right: ts.Expression,
): string[] {
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target))
    return patternAssignment(w, node, target, right);
  const moving = changedWithin(w, [...keysOf(target), right]);
  const draft = w.draft('value', true, moving);
  const tangent = targetTangent(w, draft, target);
  if (tangent === null) return [...draft.before, `${w.print(target)} = ${printInline(w, right)};`];
  const name = w.print(target);
  const sink = { kind: 'assign', name, tangent, cell: cellOf(w, target) } as const;
  return [...draft.before, ...writePair(w, right, sink, moving)];
}

/** The tangent of a target, whose indices are evaluated once. */
function targetTangent(w: Writer, draft: Draft, target: ts.Expression): string | null {
  for (const key of keysOf(target)) if (draft.moving.size > 0) lowerNumber(w, draft, key);
  return targetText(w, draft, target);
}

/** The indices in `a[i][j]`. */
function keysOf(given: ts.Expression): ts.Expression[] {
  const node = bare(given);
  if (ts.isElementAccessExpression(node))
    return [...keysOf(node.expression), node.argumentExpression];
  return ts.isPropertyAccessExpression(node) ? keysOf(node.expression) : [];
}

/** What an assignment changes. */
function cellOf(w: Writer, target: ts.Expression): Cell | null {
  const node = bare(target);
  const symbol = ts.isIdentifier(node)
    ? w.source.symbolOf(node)
    : sharedBy(w.source, (node as ts.PropertyAccessExpression).expression)[0];
  return symbol === undefined ? null : w.analysis.cells.of(symbol);
}

/** `x *= e` */
function compoundAssignment(w: Writer, node: ts.BinaryExpression, target: ts.Expression): string[] {
  const moving = changedWithin(w, [...keysOf(target), node.right]);
  const draft = w.draft(ts.isIdentifier(target) ? target.text : 'value', true, moving);
  const tangent = targetTangent(w, draft, target);
  if (tangent === null) {
    const { before } = draft;
    return [...before, `${printInline(w, node)};`];
  }
  const sink = { kind: 'assign', name: w.print(target), tangent, cell: cellOf(w, target) } as const;
  return writeNumber(
    w,
    draft,
    sink,
    () => lowerCompound(w, draft, node),
    () => w.print(node),
  );
}

function lowerCompound(w: Writer, draft: Draft, node: ts.BinaryExpression): NumberPair {
  const operator = node.operatorToken.getText().slice(0, -1);
  return differentiateLowered(w, draft, () => {
    const a = lowerNumber(w, draft, node.left);
    return w.primal.apply(operator, [a, lowerNumber(w, draft, node.right)]);
  });
}

/** The tangent of `x *= e` as text. */
export function differentiateCompound(w: Writer, draft: Draft, node: ts.BinaryExpression): string {
  const { tangent } = lowerCompound(w, draft, node);
  return renderAll(w, draft, tangent === null ? [] : [tangent])[0]?.text ?? '0';
}

/** `[a, b] = [b, a * b]`, `({ x, y } = p)`: the tangents first, which read what is still unchanged. */
function patternAssignment(
  w: Writer,
  node: ts.BinaryExpression,
  target: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression,
  right: ts.Expression,
): string[] {
  const source = bare(right);
  const draft = w.draft('value');
  const isParallel =
    ts.isArrayLiteralExpression(target) &&
    ts.isArrayLiteralExpression(source) &&
    target.elements.every((element) => !ts.isSpreadElement(element)) &&
    source.elements.every((element) => !ts.isSpreadElement(element));
  const wrapped = (text: string): string => (text.startsWith('{') ? `(${text});` : `${text};`);
  if (isParallel) {
    const pairs = target.elements.flatMap((element, i): [string, string][] => {
      const place = bare(element);
      const part = source.elements[i];
      const isDefault = ts.isBinaryExpression(place);
      const text = tangentTarget(w, draft, isDefault ? place.left : place);
      if (text === null || part === undefined) return [];
      draft.target = nameIn(element);
      return [[text, partTangent(w, draft, part)]];
    });
    const lines = exchangeLines(pairs);
    return [...draft.before, ...lines, wrapped(w.print(node))];
  }
  const pattern = tangentTarget(w, draft, target);
  if (pattern === null) return [...draft.before, wrapped(w.print(node))];
  if (w.analysis.isActiveExpression(source) && isReference(w.source.typeOf(source))) {
    if (ts.isCallExpression(source) && pathOf(w, draft, source) === null) {
      return w.source.unsupported(right, 'This destructuring', 'Assign the parts one by one.');
    }
    const tangent = referenceTangent(w, draft, source);
    return [...draft.before, wrapped(`${pattern} = ${tangent ?? '[]'}`), wrapped(w.print(node))];
  }
  const zeros = `${pattern} = ${w.zeros(w.source.typeOf(source), w.print(source))}`;
  return [...draft.before, wrapped(zeros), wrapped(w.print(node))];
}

/** The variable at the beginning of a target. */
const nameIn = (target: ts.Expression): string => /^\w+/.exec(target.getText())?.[0] ?? 'value';

function exchangeLines(pairs: readonly (readonly [string, string])[]): string[] {
  const [first] = pairs;
  if (first === undefined) return [];
  if (pairs.length === 1) return [`${first[0]} = ${first[1]};`];
  const targets = pairs.map(([target]) => target).join(', ');
  return [`[${targets}] = [${pairs.map(([, text]) => text).join(', ')}];`];
}
