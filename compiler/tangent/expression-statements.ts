import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { assignmentLines } from './assignments.js';
import { writeForEach } from './callbacks.js';
import { helperCallText } from './helper-calls.js';
import { addedTo, sumLines } from './in-place.js';
import { hasActiveEffect, printSequence } from './inline.js';
import { isPairCall } from './pair-calls.js';
import { numberTangent, partTangent, referenceTangent, zerosOf } from './references.js';
import { sharedBy } from './shared-memory.js';
import { bare, methodOf } from './source.js';
import type { Writer } from './writer.js';

export function expressionLines(w: Writer, given: ts.Expression): string[] {
  const node = bare(given);
  if (!hasActiveEffect(w, node)) return [`${w.print(given)};`];
  if (isAssignment(node)) return assignmentLines(w, node);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return [...expressionLines(w, node.left), ...expressionLines(w, node.right)];
  if (ts.isCallExpression(node)) return callLines(w, node);
  return w.source.unsupported(
    node,
    'An assignment in an operand that may not be evaluated',
    'Write it as a statement of its own, under an `if`.',
  );
}

function callLines(w: Writer, node: ts.CallExpression): string[] {
  const draft = w.draft('value');
  if (w.source.calleeOf(node) !== null) {
    if (!isPairCall(w, node)) return [`${printSequence(w, node)};`];
    const text = helperCallText(w, draft, node);
    return [...draft.before, `${text};`];
  }
  if (addedTo(w.source, node) !== null) return sumLines(w, node);
  const method = methodOf(node);
  if (method === null) return [`${printSequence(w, node)};`];
  const { object, name } = method;
  if (name === 'forEach') {
    const lines = writeForEach(w, draft, node);
    return [...draft.before, ...lines];
  }
  if (!w.analysis.isActiveExpression(object)) return [`${printSequence(w, node)};`];
  const tangent = referenceTangent(w, draft, object) ?? zerosOf(w, object, null);
  switch (name) {
    case 'push':
    case 'unshift': {
      const grows = sharedBy(w.source, object).some((root) => w.analysis.cells.of(root).grown);
      const parts = node.arguments.map((arg) => partTangent(w, draft, arg, grows));
      return [...draft.before, `${tangent}.${name}(${parts.join(', ')});`, `${w.print(node)};`];
    }
    case 'pop':
    case 'shift':
      return [`${tangent}.${name}();`, `${w.print(node)};`];
    case 'fill': {
      const [value, ...bounds] = node.arguments;
      if (value === undefined) break;
      const parts = [numberTangent(w, draft, value), ...bounds.map((bound) => w.print(bound))];
      return [...draft.before, `${tangent}.fill(${parts.join(', ')});`, `${w.print(node)};`];
    }
    case 'set': {
      const [source, ...offset] = node.arguments;
      if (source === undefined) break;
      const given = referenceTangent(w, draft, source) ?? zerosOf(w, source, null);
      const parts = [given, ...offset.map((part) => w.print(part))];
      return [...draft.before, `${tangent}.set(${parts.join(', ')});`, `${w.print(node)};`];
    }
    default:
  }
  return w.source.unsupported(node, `The method ${name}`, 'Write the loop out.');
}

// Branches
