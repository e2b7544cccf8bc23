import { ts } from 'ts-morph';
import { primary } from '../emit/expression.js';
import { isAssignment, isIncrement } from '../frontend/lower/assignments.js';
import { isReference, type Value } from '../ir/ir.js';
import { assignmentLines } from './assignments.js';
import type { Cell } from './cells.js';
import type { Draft } from './draft.js';
import { pathOf } from './paths.js';
import { leaf, readText } from './reads.js';
import { sharedBy } from './shared-memory.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

export type Effect = ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression;

/** An assignment or an increment, as part of an expression. */
export function isEffect(node: ts.Node): node is Effect {
  return isAssignment(node) || isIncrement(node);
}

/** What evaluating the parts of a statement changes, while other parts are still to be read. */
export function changedWithin(w: Writer, parts: readonly ts.Node[]): Set<Cell> {
  const cells = new Set<Cell>();
  const add = (symbols: readonly (ts.Symbol | undefined)[]): void => {
    for (const symbol of symbols) if (symbol !== undefined) cells.add(w.analysis.cells.of(symbol));
  };
  const target = (given: ts.Expression): void => {
    const node = bare(given);
    if (ts.isIdentifier(node)) add([w.source.symbolOf(node)]);
    else if (ts.isArrayLiteralExpression(node)) node.elements.forEach(target);
    else add(sharedBy(w.source, node));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (isAssignment(node)) target(node.left);
    else if (isIncrement(node)) target(node.operand);
    else if (ts.isCallExpression(node)) {
      const callee = w.analysis.calleeAt(node);
      node.arguments.forEach((argument, i) => {
        if (callee?.isWrittenParameter(i) === true) add(sharedBy(w.source, argument));
      });
    }
    ts.forEachChild(node, visit);
  };
  parts.forEach(visit);
  return cells;
}

/** Runs an assignment ahead of the expression that it is a part of, and reads what it gives. */
export function runEffect(w: Writer, draft: Draft, node: Effect): Value {
  const known = w.replaced.get(node);
  if (known !== undefined) return leaf(w, draft, primary(known), {});
  if (!draft.canPrecede || isConditional(node)) {
    return w.source.unsupported(
      node,
      'An assignment in an operand that may not be evaluated',
      'Write it as a statement of its own, under an `if`.',
    );
  }
  if (ts.isPostfixUnaryExpression(node)) {
    if (pathOf(w, draft, node.operand) === null) {
      const name = nameNow(w, draft, node.operand);
      draft.before.push(`const ${name} = ${w.print(node)};`);
      w.replaced.set(node, name);
      return leaf(w, draft, primary(name), {});
    }
    const step = `${w.print(node.operand)}${node.operator === ts.SyntaxKind.PlusPlusToken ? '++' : '--'};`;
    const before = readChanging(w, draft, node.operand);
    draft.before.push(step);
    w.replaced.set(node, textOf(w, before));
    return before;
  }
  if (ts.isBinaryExpression(node)) draft.before.push(...assignmentLines(w, node));
  else draft.before.push(`${w.print(node)};`);
  const after = readChanging(w, draft, ts.isBinaryExpression(node) ? node.left : node.operand);
  w.replaced.set(node, textOf(w, after));
  return after;
}

function textOf(w: Writer, value: Value): string {
  return w.leaves.get(value)?.text.text ?? '';
}

function isConditional(node: ts.Node): boolean {
  for (let at = node; !ts.isStatement(at) && !ts.isVariableDeclaration(at); at = at.parent) {
    const { parent } = at;
    if (ts.isConditionalExpression(parent) && parent.condition !== at) return true;
    if (
      ts.isBinaryExpression(parent) &&
      parent.right === at &&
      ['&&', '||', '??'].includes(parent.operatorToken.getText())
    )
      return true;
  }
  return false;
}

/** A name for what an expression is at this point. */
function nameNow(w: Writer, draft: Draft, given: ts.Expression): string {
  const node = bare(given);
  return w.names.declare(ts.isIdentifier(node) ? `${node.text}_now` : `${draft.target}_part`);
}

/** Reads what the statement itself changes: its value at this point gets a name. */
export function readChanging(w: Writer, draft: Draft, given: ts.Expression): Value {
  const node = bare(given);
  if (!draft.canPrecede || isReference(w.source.typeOf(given)))
    return w.source.unsupported(
      node,
      'A statement that changes what it reads',
      'Give the assignment a statement of its own.',
    );
  const name = nameNow(w, draft, node);
  const tangent = ts.isCallExpression(node) ? null : (pathOf(w, draft, node)?.text ?? null);
  draft.before.push(`const ${name} = ${readText(w, node)};`);
  w.replaced.delete(node);
  let tangentName: string | null = null;
  if (tangent !== null) {
    tangentName = w.names.declare(w.around.nameTangent(name));
    draft.before.push(`const ${tangentName} = ${tangent};`);
  }
  w.replaced.set(node, name);
  return leaf(w, draft, primary(name), { tangent: tangentName });
}
