import { ts } from 'ts-morph';
import { tangentTypeText } from '../emit/shapes.js';
import { isReference } from '../ir/ir.js';
import { bindTangents } from './bindings.js';
import type { Draft } from './draft.js';
import { expressionLines } from './expression-statements.js';
import { hasActiveEffect } from './inline.js';
import { pairLines } from './pair-calls.js';
import { hasPair, writePair, type Sink } from './pairs.js';
import { pathOf } from './paths.js';
import { referenceTangent, zerosOf } from './references.js';
import { needsNames, renderAll } from './render.js';
import { methodOf } from './source.js';
import { printStatements } from './statements.js';
import { differentiateNumber } from './tangent-number.js';
import type { Ending, Writer } from './writer.js';

/** An array method with an arrow function, or `Array.from` with one. */
export interface Iteration {
  readonly arrow: ts.ArrowFunction;
  /** The array that is run through; null where `Array.from` only counts. */
  readonly object: ts.Expression | null;
  /** The text of the array's tangent; null where it has none. */
  readonly tangent: string | null;
  /** The index of an iteration. */
  readonly index: string;
  /** Where the parameter for the element stands. */
  readonly at: number;
}

export function iterationOf(w: Writer, draft: Draft, node: ts.CallExpression, at = 0): Iteration {
  const method = methodOf(node);
  const [first, second] = node.arguments;
  const isFrom = method?.name === 'from';
  const given = isFrom ? second : first;
  const object = isFrom
    ? first !== undefined && !ts.isObjectLiteralExpression(first)
      ? first
      : null
    : (method?.object ?? null);
  if (given === undefined || !ts.isArrowFunction(given)) {
    return w.source.unsupported(
      given ?? node,
      'This callback',
      'Write an arrow function in place.',
    );
  }
  const tangent = object === null ? null : (pathOf(w, draft, object)?.text ?? null);
  const own = given.parameters[at + 1]?.name;
  const index =
    own !== undefined && ts.isIdentifier(own)
      ? own.text
      : w.freeIndex(given, ...(object === null ? [] : [object]));
  return { arrow: given, object, tangent, index, at };
}

/** `xs.map(…)`: a map of tangents beside it, or both in one where they share work. */
export function writeMap(w: Writer, draft: Draft, node: ts.CallExpression, sink: Sink): string[] {
  const iteration = iterationOf(w, draft, node);
  const simple = w.names.scoped(() => simpleMap(w, iteration, node));
  if (simple !== null) return pairLines(sink, w.print(node), simple);
  return collect(w, draft, node, iteration, sink, (add) => ({
    write: (_, value) => (value === undefined ? ['return;'] : returnPair(w, value, add)),
  }));
}

/** What a callback returns, with what is done with its tangent. */
function returnPair(w: Writer, value: ts.Expression, add: (tangent: string) => string): string[] {
  const draft = w.draft('value');
  if (isReference(w.source.typeOf(value)) || hasPair(w, value)) {
    const name = w.names.declare('value');
    const tangent = w.names.declare(w.around.nameTangent(name));
    const sink = { kind: 'declare', keyword: 'const', name, tangent, type: '' } as const;
    const lines = writePair(w, value, { ...sink, tangentType: null });
    return [...lines, add(tangent), `return ${name};`];
  }
  const { tangent } = differentiateNumber(w, draft, value);
  const [text] = renderAll(w, draft, tangent === null ? [] : [tangent]);
  return [...draft.before, add(text?.text ?? '0'), `return ${w.print(value)};`];
}

/** The map of tangents where the callback is a short expression: `xs.map((x, i) => 2 * x * dxs[i])`. */
function simpleMap(
  w: Writer,
  { arrow, object, tangent, index, at }: Iteration,
  node: ts.CallExpression,
): string | null {
  const { body } = arrow;
  const element = arrow.parameters[at];
  if (ts.isBlock(body) || hasPair(w, body) || hasActiveEffect(w, body)) return null;
  if (element !== undefined && !ts.isIdentifier(element.name)) return null;
  const symbol = element === undefined ? undefined : w.source.symbolOf(element.name);
  if (tangent !== null && symbol !== undefined)
    w.renamed.set(symbol, { text: `${tangent}[${index}]${w.bang}`, precedence: 20 });
  const draft = w.draft('value', false);
  const text = arrowTangent(w, draft, body);
  if (symbol !== undefined) {
    w.renamed.delete(symbol);
    w.constants.delete(symbol);
  }
  if (text === null || draft.before.length > 0) return null;
  const uses = (name: string): boolean =>
    new RegExp(`(?<![\\w$.])${escape(name)}(?![\\w$])`).test(text);
  const type = w.source.typeOf(node);
  const returns =
    type.kind === 'array' && type.element.kind === 'tuple'
      ? `: ${tangentTypeText(type.element)}`
      : '';
  const result = text.startsWith('{') ? `(${text})` : text;
  const name = element === undefined ? '_' : element.name.getText();
  if (object !== null && tangent !== null && !uses(name)) {
    const own = w.around.nameTangent(name);
    const short = result.split(`${tangent}[${index}]${w.bang}`).join(own);
    const isFree = !new RegExp(`(?<![\\w$.])${escape(own)}(?![\\w$])`).test(text);
    const needsIndex = new RegExp(`(?<![\\w$.])${escape(index)}(?![\\w$])`).test(short);
    if (isFree)
      return `${tangent}.map((${own}${needsIndex ? `, ${index}` : ''})${returns} => ${short})`;
  }
  const parameters = uses(index) ? `${uses(name) ? name : '_'}, ${index}` : uses(name) ? name : '';
  const callback = `(${parameters})${returns} => ${result}`;
  const method = methodOf(node);
  if (method?.name === 'from') {
    const [first] = node.arguments;
    return `${w.print(node.expression)}(${first === undefined ? '' : w.print(first)}, ${callback})`;
  }
  return object === null ? null : `${w.print(object)}.map(${callback})`;
}

const escape = (name: string): string => name.replace(/[$]/g, '\\$&');

function arrowTangent(w: Writer, draft: Draft, body: ts.Expression): string | null {
  if (isReference(w.source.typeOf(body)))
    return referenceTangent(w, draft, body) ?? zerosOf(w, body, null);
  const { tangent } = differentiateNumber(w, draft, body);
  const tangents = tangent === null ? [] : [tangent];
  const precise = w.draft('value', true);
  for (const [value, places] of draft.places) precise.places.set(value, places);
  for (const value of draft.conditional) precise.conditional.add(value);
  if (needsNames(w, precise, tangents)) return null;
  return renderAll(w, draft, tangents)[0]?.text ?? '0';
}

/** Runs the callback once for both, and collects the tangents beside what the author's method collects. */
export function collect(
  w: Writer,
  draft: Draft,
  node: ts.CallExpression,
  iteration: Iteration,
  sink: Sink,
  ending: (add: (tangent: string) => string) => Ending,
): string[] {
  const type = w.source.typeOf(node);
  const target =
    sink.kind === 'declare' && /^\w+$/.test(sink.tangent)
      ? sink.tangent
      : w.names.declare(w.around.nameTangent(`${draft.target}_${methodOf(node)?.name ?? 'part'}`));
  const isTyped = type.kind === 'array' && type.container !== 'Array';
  const { object, index } = iteration;
  const declaration = isTyped
    ? `const ${target} = new ${type.container}(${object === null ? '0' : w.print(object)}.length);`
    : `${sink.kind === 'declare' && target === sink.tangent ? sink.keyword : 'const'} ${target}: ${tangentTypeText(type)} = [];`;
  const add = (tangent: string): string =>
    isTyped ? `${target}[${index}] = ${tangent};` : `${target}.push(${tangent});`;
  const call = w.print(node, (part) =>
    part === iteration.arrow ? arrowText(w, iteration, ending(add)) : null,
  );
  if (sink.kind === 'declare') {
    const line = `${sink.keyword} ${sink.name}${sink.type} = ${call};`;
    return target === sink.tangent
      ? [declaration, line]
      : [declaration, line, `${sink.keyword} ${sink.tangent} = ${target};`];
  }
  return [declaration, `${sink.name} = ${call};`, `${sink.tangent} = ${target};`];
}

/** The callback with the tangents of its parameters, ending as given. */
export function arrowText(w: Writer, iteration: Iteration, ending: Ending): string {
  const { arrow, tangent, index, at } = iteration;
  const outer = w.ending;
  w.ending = ending;
  try {
    return w.names.scoped(() => {
      const element = arrow.parameters[at];
      const bound =
        tangent === null || element === undefined
          ? []
          : bindTangents(w, element.name, `${tangent}[${index}]${w.bang}`);
      const { body } = arrow;
      const lines = w.withIndex(index, () =>
        ts.isBlock(body) ? printStatements(w, body.statements) : ending.write(body, body),
      );
      const parameters = arrow.parameters.map((parameter) => w.print(parameter));
      const isIndexed = [...bound, ...lines].some((line) =>
        new RegExp(`(?<![\\w$.])${escape(index)}(?![\\w$])`).test(line),
      );
      if (isIndexed) {
        while (parameters.length <= at) parameters.push('_');
        if (parameters.length === at + 1) parameters.push(index);
      }
      const returns = arrow.type === undefined ? '' : `: ${w.print(arrow.type)}`;
      return `(${parameters.join(', ')})${returns} => {\n${[...bound, ...lines].join('\n')}\n}`;
    });
  } finally {
    w.ending = outer;
  }
}

/** `xs.forEach(…)`, whose callback changes something. */
export function writeForEach(w: Writer, draft: Draft, node: ts.CallExpression): string[] {
  const iteration = iterationOf(w, draft, node);
  const ending: Ending = {
    write: (statement, value) => {
      if (value === undefined) return ['return;'];
      if (!ts.isExpression(statement)) return [`return ${w.print(value)};`];
      return expressionLines(w, value);
    },
  };
  const call = w.print(node, (part) =>
    part === iteration.arrow ? arrowText(w, iteration, ending) : null,
  );
  return [`${call};`];
}
