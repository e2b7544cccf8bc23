import { ts } from 'ts-morph';
import { isReference } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import type { Analysis } from './analysis.js';
import type { Draft } from './draft.js';
import type { Sink } from './pairs.js';
import { numberTangent, referenceTangent, zerosOf } from './references.js';
import type { Writer } from './writer.js';

/** The parameters of a function that have tangents, by their places. */
export function activeParameters(callee: Analysis): number[] {
  return callee.node.parameters.flatMap((_, i) => (callee.isActiveParameter(i) ? [i] : []));
}

/** Whether the function with tangents returns `{ value, dvalue }`. */
export function returnsPair(w: Writer, callee: Analysis): boolean {
  const signature = w.source.checker.getSignatureFromDeclaration(callee.node);
  if (signature === undefined || !callee.isResultVaried) return false;
  const type = w.source.checker.getReturnTypeOfSignature(signature);
  return !(type.flags & ts.TypeFlags.Void);
}

/** A call of the function with tangents: `f_jvp(a, b, da)` for `f(a, b)`. */
export function helperCallText(w: Writer, draft: Draft, node: ts.CallExpression): string {
  const callee = w.analysis.calleeAt(node);
  if (callee === null) throw new Error('Not a call of a function of the project');
  const { parameters } = callee.node;
  const spread = node.arguments.find((arg) => ts.isSpreadElement(arg));
  if (spread !== undefined)
    w.source.unsupported(spread, 'A spread in a call', 'Pass the arguments one by one.');
  const tangents = activeParameters(callee).map((i) => argumentTangent(w, draft, node, i));
  const values = parameters.map((_, i) => {
    const argument = node.arguments[i];
    return argument === undefined ? 'undefined' : w.print(argument);
  });
  return `${w.around.nameOf(callee)}(${[...values, ...tangents].join(', ')})`;
}

function argumentTangent(w: Writer, draft: Draft, node: ts.CallExpression, i: number): string {
  const argument = node.arguments[i];
  if (argument === undefined) return 'undefined';
  const type = w.source.typeOf(argument);
  if (isReference(type)) {
    const tangent = referenceTangent(w, draft, argument);
    if (tangent !== null) return tangent;
    return canBeActive(type) ? zerosOf(w, argument, null) : 'undefined';
  }
  return numberTangent(w, draft, argument);
}

/** The statement that takes the result of a call and its tangent. */
export function writeHelperCall(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  sink: Sink,
): string[] {
  const callee = w.analysis.calleeAt(node);
  if (callee === null) throw new Error('Not a call of a function of the project');
  const text = helperCallText(w, draft, node);
  const { name, tangent } = sink;
  const declare = sink.kind === 'declare' ? `${sink.keyword} ` : '';
  if (!returnsPair(w, callee)) return [`${declare}${name} = ${text};`, `${declare}${tangent} = 0;`];
  const pattern = `{ ${entry('value', name)}, ${entry('dvalue', tangent)} }`;
  return sink.kind === 'declare'
    ? [`${declare}${pattern} = ${text};`]
    : [`(${pattern} = ${text});`];
}

function entry(key: string, name: string): string {
  return key === name ? key : `${key}: ${name}`;
}
