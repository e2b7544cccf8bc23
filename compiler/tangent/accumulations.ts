import { ts } from 'ts-morph';
import { numberType, type Type } from '../ir/ir.js';
import { arrowText, collect, iterationOf } from './callbacks.js';
import type { Draft } from './draft.js';
import { hasActiveEffect } from './inline.js';
import { pairLines } from './pair-calls.js';
import { tangentLines, type Sink } from './pairs.js';
import { renderAll } from './render.js';
import { bare } from './source.js';
import { differentiateNumber } from './tangent-number.js';
import type { Ending, Writer } from './writer.js';

/** `xs.filter(…)`: the tangents are chosen by the same test. */
export function writeFilter(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  sink: Sink,
): string[] {
  const iteration = iterationOf(w, draft, node);
  const { arrow, object, tangent, index, at } = iteration;
  const element = arrow.parameters[at];
  const symbol =
    element !== undefined && ts.isIdentifier(element.name)
      ? w.source.symbolOf(element.name)
      : undefined;
  if (tangent === null || object === null) throw new Error('A filter without a tangent');
  if (!ts.isBlock(arrow.body) && symbol !== undefined && !hasActiveEffect(w, arrow.body)) {
    const value = w.print(node);
    w.substitutes.set(symbol, `${w.print(object)}[${index}]${w.bang}`);
    const test = w.print(arrow.body);
    w.substitutes.delete(symbol);
    return pairLines(sink, value, `${tangent}.filter((_, ${index}) => ${test})`);
  }
  return collect(w, draft, node, iteration, sink, (add) => ({
    write: (_, value) => {
      if (value === undefined) return ['return;'];
      const keeps = w.names.declare('keeps');
      return [
        `const ${keeps} = ${w.print(value)};`,
        `if (${keeps}) ${add(`${tangent}[${index}]${w.bang}`)}`,
        `return ${keeps};`,
      ];
    },
  }));
}

/** `xs.reduce(…)`: the tangent of the sum is kept beside it. */
export function writeReduce(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  sink: Sink,
): string[] {
  const iteration = iterationOf(w, draft, node, 1);
  const { arrow, object, tangent } = iteration;
  const [, init] = node.arguments;
  const [sum] = arrow.parameters;
  const type: Type = w.source.typeOf(node);
  const symbol = sum === undefined ? undefined : w.source.symbolOf(sum.name);
  if (type.kind !== numberType.kind || symbol === undefined || object === null) {
    return w.source.unsupported(node, 'reduce to an array or an object', 'Fill it in a loop.');
  }
  const target =
    sink.kind === 'declare'
      ? sink.tangent
      : w.names.declare(w.around.nameTangent(`${draft.target}_reduce`));
  const start =
    init === undefined
      ? tangent === null
        ? '0'
        : `${tangent}[0]${w.bang}`
      : startText(w, draft, init);
  w.renamed.set(symbol, { text: target, precedence: 20 });
  const ending: Ending = {
    write: (_, value) => (value === undefined ? ['return;'] : returnSum(w, value, target)),
  };
  const call = w.print(node, (part) => (part === arrow ? arrowText(w, iteration, ending) : null));
  w.renamed.delete(symbol);
  const lines = [`let ${target} = ${start};`];
  if (sink.kind === 'declare')
    return [...lines, `${sink.keyword} ${sink.name}${sink.type} = ${call};`];
  return [...lines, `${sink.name} = ${call};`, `${sink.tangent} = ${target};`];
}

/** The sum with what this iteration adds, its tangent kept aside. */
function returnSum(w: Writer, value: ts.Expression, target: string): string[] {
  const draft = w.draft(target.replace(/^d/, ''));
  const { tangent } = differentiateNumber(w, draft, value);
  const lines = tangentLines(w, draft, target, tangent);
  return [...draft.before, ...lines, `return ${w.print(value)};`];
}

function startText(w: Writer, draft: Draft, init: ts.Expression): string {
  const { tangent } = differentiateNumber(w, draft, bare(init));
  return renderAll(w, draft, tangent === null ? [] : [tangent])[0]?.text ?? '0';
}
