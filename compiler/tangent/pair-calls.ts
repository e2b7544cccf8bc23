import { ts } from 'ts-morph';
import { writeFilter, writeReduce } from './accumulations.js';
import { writeMap } from './callbacks.js';
import type { Draft } from './draft.js';
import { writeHelperCall } from './helper-calls.js';
import type { Sink } from './pairs.js';
import { referenceTangent, zerosOf } from './references.js';
import { methodOf } from './source.js';
import type { Writer } from './writer.js';

/** Whether a call gives its value and its tangent by statements of their own. */
export function isPairCall(w: Writer, node: ts.CallExpression): boolean {
  const known = w.pairCalls.get(node);
  if (known !== undefined) return known;
  const result = findPairCall(w, node);
  w.pairCalls.set(node, result);
  return result;
}

function findPairCall(w: Writer, node: ts.CallExpression): boolean {
  const { analysis, source } = w;
  if (source.calleeOf(node) !== null)
    return analysis.isActiveExpression(node) || analysis.writesVaried(node);
  const math = source.mathCall(node);
  if (math !== null)
    return (
      (math === 'max' || math === 'min') &&
      node.arguments.some(ts.isSpreadElement) &&
      analysis.isActiveExpression(node)
    );
  if (source.globalCall(node, 'Array') === 'from' && node.arguments.length === 2)
    return analysis.isActiveExpression(node);
  const method = methodOf(node);
  if (method === null) return false;
  if (method.name === 'pop' || method.name === 'shift')
    return analysis.isActiveExpression(method.object);
  return ['map', 'filter', 'reduce'].includes(method.name) && analysis.isActiveExpression(node);
}

/** The statements that a call and its tangent become. */
export function writePairCall(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  sink: Sink,
): string[] {
  if (w.source.calleeOf(node) !== null) return writeHelperCall(w, draft, node, sink);
  if (w.source.mathCall(node) !== null) return writeExtremum(w, draft, node, sink);
  if (w.source.globalCall(node, 'Array') === 'from') return writeMap(w, draft, node, sink);
  switch (methodOf(node)?.name) {
    case 'map':
      return writeMap(w, draft, node, sink);
    case 'filter':
      return writeFilter(w, draft, node, sink);
    case 'reduce':
      return writeReduce(w, draft, node, sink);
    default:
      return writePop(w, draft, node, sink);
  }
}

/** A pair of texts as statements. */
export function pairLines(sink: Sink, value: string, tangent: string): string[] {
  if (sink.kind === 'assign') return [`${sink.name} = ${value};`, `${sink.tangent} = ${tangent};`];
  return [
    `${sink.keyword} ${sink.name}${sink.type} = ${value};`,
    `${sink.keyword} ${sink.tangent}${sink.tangentType ?? ''} = ${tangent};`,
  ];
}

/** What is popped off an array or a tape has its tangent on top of the other one. */
function writePop(w: Writer, draft: Draft, node: ts.CallExpression, sink: Sink): string[] {
  const { object, name } = methodOf(node) ?? {};
  if (object === undefined || name === undefined) throw new Error('Not a method');
  const tangent = referenceTangent(w, draft, object) ?? zerosOf(w, object, null);
  const isTape = w.source.isTapeType(w.source.checker.getTypeAtLocation(object));
  const mark = isTape ? '' : '!';
  return pairLines(sink, w.print(node) + mark, `${tangent}.${name}()${mark}`);
}

/** `Math.max(...a)`: the tangent is that of the first element that is best. */
function writeExtremum(w: Writer, draft: Draft, node: ts.CallExpression, sink: Sink): string[] {
  const [spread] = node.arguments;
  if (node.arguments.length !== 1 || spread === undefined || !ts.isSpreadElement(spread)) {
    return w.source.unsupported(
      node,
      'A spread among other arguments',
      'Take the best of the array by itself first.',
    );
  }
  const tangent = referenceTangent(w, draft, spread.expression);
  const array = w.print(spread.expression);
  const value = w.print(node);
  const [line] = pairLines(sink, value, '0');
  const place = `${array}.indexOf(${sink.name})`;
  const [, tangentLine] = pairLines(sink, value, `${tangent ?? '[]'}[${place}] ?? 0`);
  return [line ?? '', tangentLine ?? ''];
}
