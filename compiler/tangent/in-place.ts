import { ts } from 'ts-morph';
import type { Value } from '../ir/ir.js';
import { mayShareData } from '../ir/matrix-functions.js';
import { pathOf } from './paths.js';
import { numberTangent } from './references.js';
import { bare, type Source } from './source.js';
import type { Writer } from './writer.js';

/**
 * What a generated gradient adds to in place: the matrix in `addTo(matrix, amount)`, null for other calls. Its tangent
 * is added to in place too, and therefore begins as a matrix of its own (`owned`).
 */
export function addedTo(source: Source, node: ts.CallExpression): ts.Expression | null {
  return source.matrixCall(node)?.fn === 'addTo' ? (node.arguments[0] ?? null) : null;
}

/** `addTo(matrix, amount);` with its tangent. */
export function sumLines(w: Writer, node: ts.CallExpression): string[] {
  const [target, amount] = node.arguments;
  if (target === undefined || amount === undefined) return [`${w.print(node)};`];
  const draft = w.draft(/^\w+/.exec(target.getText())?.[0] ?? 'value');
  const tangent = pathOf(w, draft, target)?.text ?? null;
  if (tangent === null || !w.analysis.isActiveExpression(amount)) return [`${w.print(node)};`];
  const line = `${w.print(node.expression)}(${tangent}, ${numberTangent(w, draft, amount)});`;
  return [...draft.before, line, `${w.print(node)};`];
}

/**
 * Whether a name is that of `addTo` in a sum within an expression, whose first operand has been given a name that the
 * tangents read: it has to stay as it is.
 */
export function isSumOfNamed({ source, replaced }: Writer, part: ts.Node): boolean {
  const { parent } = part;
  if (!ts.isIdentifier(part) || !ts.isCallExpression(parent) || parent.expression !== part)
    return false;
  const matrix = addedTo(source, parent);
  return matrix !== null && isNamed(matrix);

  function isNamed(given: ts.Expression): boolean {
    const node = bare(given);
    if (replaced.has(given) || replaced.has(node)) return true;
    if (!ts.isCallExpression(node)) return false;
    const [first] = node.arguments;
    const fn = source.matrixCall(node)?.fn;
    return first !== undefined && fn !== undefined && mayShareData(fn) && isNamed(first);
  }
}

/** The tangent of a matrix, as a matrix of its own where it would be that of something else. */
export function owned(w: Writer, tangent: Value | null, text: string): string {
  const isShared = tangent?.type.kind === 'matrix' && isAlias(w, tangent);
  return isShared ? `${w.around.runtimeName('copy')}(${text})` : text;
}

/** Whether a value may be a matrix that exists already. */
function isAlias(w: Writer, value: Value): boolean {
  if (w.leaves.has(value)) return true;
  const op = w.definitions.get(value);
  if (op?.kind === 'if')
    return [...op.then.yields, ...op.else.yields].some((each) => isAlias(w, each));
  return op?.kind === 'apply' && mayShareData(op.fn) && isAlias(w, op.args[0]);
}
