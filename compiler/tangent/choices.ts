import { ts } from 'ts-morph';
import { PRIMARY, primary, type Text } from '../emit/expression.js';
import { isAssignment } from '../frontend/lower/assignments.js';
import { numberType, type Value } from '../ir/ir.js';
import type { Draft } from './draft.js';
import { hasActiveEffect, printInline } from './inline.js';
import { lowerNumber, pairOrLeaf } from './numbers.js';
import { isConvention } from './conventions.js';
import { hasPair } from './pairs.js';
import { leaf } from './reads.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

/** `cond ? a : b`, where only the arm that is taken counts. */
export function choice(
  w: Writer,
  draft: Draft,
  node: ts.Expression,
  condition: ts.Expression,
  whenTrue: ts.Expression,
  whenFalse: ts.Expression,
  suffix = '',
): Value {
  if ([whenTrue, whenFalse].some((part) => hasPair(w, part))) return pairOrLeaf(w, draft, node);
  const test = nameTest(w, draft, condition, suffix);
  const cond = leaf(w, draft, test, { isBoolean: true, node: condition });
  const arm = (part: ts.Expression) => {
    const outer = draft.shared;
    draft.shared = new Map(outer);
    draft.arms++;
    const region = w.primal.region(() => [lowerNumber(w, draft, part)]);
    draft.shared = outer;
    draft.arms--;
    for (const op of region.ops) if ('result' in op) draft.conditional.add(op.result);
    return region;
  };
  const then = arm(whenTrue);
  const otherwise = arm(whenFalse);
  const result: Value = { type: numberType, variable: null };
  const byConvention = isConvention(w, condition, whenTrue);
  const op = { kind: 'if', cond, then, else: otherwise, results: [result], byConvention } as const;
  w.primal.append({ ...op, origin: null });
  w.definitions.set(result, { ...op, origin: null });
  return result;
}

/** A test, computed once where it calls something. */
function nameTest(w: Writer, draft: Draft, condition: ts.Expression, suffix: string): Text {
  const isLong =
    suffix === '' && callsSomething(condition) && w.source.typeOf(condition).kind === 'boolean';
  if (!isLong || !draft.canPrecede || draft.arms > 0) return conditionOf(w, condition, suffix);
  const name = w.names.declare(`${draft.target}_test`);
  draft.before.push(`const ${name} = ${printInline(w, bare(condition))};`);
  w.replaced.set(condition, name);
  return primary(name);
}

function callsSomething(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return true;
  return ts.forEachChild(node, (child) => callsSomething(child) || undefined) ?? false;
}

/** The text of a test, bound more tightly than a choice. */
export function conditionOf(w: Writer, node: ts.Expression, test = ''): Text {
  const inner = bare(node);
  if (hasActiveEffect(w, inner)) {
    return w.source.unsupported(node, 'A test that changes something', 'Give it a name first.');
  }
  const text = w.print(inner) + test;
  const isLoose =
    ts.isConditionalExpression(inner) ||
    isAssignment(inner) ||
    (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.CommaToken);
  return { text: isLoose ? `(${text})` : text, precedence: isLoose ? PRIMARY : 3 };
}
