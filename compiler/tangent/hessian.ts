import { ts } from 'ts-morph';
import { isReference } from '../ir/ir.js';
import { changedWithin } from './effects.js';
import {
  copied,
  genericsText,
  isPlain,
  mayBeInput,
  ownTangents,
  tangentShape,
} from './function.js';
import { writePair } from './pairs.js';
import { numberTangent, referenceTangent, zerosOf } from './references.js';
import { printSignature } from './signature.js';
import { bare, returnedBy, type FunctionNode } from './source.js';
import { printStatements } from './statements.js';
import { withoutUnread } from './unread.js';
import { namesIn, type Writer } from './writer.js';

export interface HessianText {
  /** The name of the function whose second derivative is asked for. */
  readonly name: string;
  readonly summary: string;
  /** The places of the parameters with directions. */
  readonly wrt: readonly number[];
  readonly parameterTypes: readonly string[];
}

/**
 * Prints `f_hvp`: the gradient of `f` in forward mode. The tangent of a derivative `dx` is `hx`, its part of the Hessian
 * times the direction; every other tangent begins with `v`, as the directions do.
 */
export function printHessian(w: Writer, request: HessianText): string {
  const { name, summary, wrt, parameterTypes } = request;
  const signature = printSignature(w, wrt, parameterTypes);
  w.ending = { write: (_, value) => (value === undefined ? ['return;'] : returnLines(w, value)) };
  const { body } = w.analysis.node;
  const start = ownTangents(w, signature.tangents);
  const lines = body !== undefined && ts.isBlock(body) ? printStatements(w, body.statements) : [];
  const about = summary === '' ? '' : `: ${summary}`;
  const text = [
    `/** Value, gradient and Hessian times v of \`${name}\`${about} */`,
    `export function ${name}_hvp${genericsText(w)}(${signature.parameters.join(', ')}): ${resultType(w)} {`,
    ...signature.lines,
    ...start,
    ...lines,
    '}',
  ];
  return withoutUnread(text, (fn) => w.around.isRuntimeName(fn)).join('\n');
}

/** What a generated gradient returns besides the value: the derivatives. */
export function derivativesOf(gradient: FunctionNode): ts.Expression[] {
  return returnedBy(gradient).flatMap((given) =>
    fieldsOf(given).flatMap(({ key, value }) => (key === 'value' ? [] : [value])),
  );
}

/**
 * What tangents are called in `f_hvp`: `vx` for `x`, but `hx` for `dx` where that is no name of the author's, nor made
 * from one.
 */
export function tangentNames(primal: ts.Node): (name: string) => string {
  const own = namesIn(primal);
  return (name) => {
    const stems = name.split('_').map((_, i, parts) => parts.slice(0, i + 1).join('_'));
    const isDerivative = /^d./.test(name) && !stems.some((stem) => own.has(stem));
    return isDerivative ? `h${name.slice(1)}` : `v${name}`;
  };
}

interface Field {
  readonly key: string;
  readonly value: ts.Expression;
}

/** The fields of `{ value, dx, dy: dy_2 }`. */
function fieldsOf(given: ts.Expression): Field[] {
  const node = bare(given);
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property): Field[] => {
    if (ts.isShorthandPropertyAssignment(property))
      return [{ key: property.name.text, value: property.name }];
    if (!ts.isPropertyAssignment(property)) return [];
    return [{ key: property.name.getText(), value: property.initializer }];
  });
}

/** `{ value: number; dx: number; hx: number }` */
function resultType(w: Writer): string {
  const { type } = w.analysis.node;
  if (type === undefined || !ts.isTypeLiteralNode(type))
    return w.source.unsupported(w.analysis.node, 'This result');
  const members = type.members.filter(ts.isPropertySignature).map((member) => ({
    key: member.name.getText(),
    text: member.type?.getText() ?? 'number',
  }));
  const products = members.filter(({ key }) => key !== 'value');
  const all = [...members, ...products.map(({ key, text }) => ({ key: productKey(key), text }))];
  return `{ ${all.map(({ key, text }) => `${key}: ${text}`).join('; ')} }`;
}

const productKey = (key: string): string => `h${key.slice(1)}`;

/** `return { value, dx, hx }` */
function returnLines(w: Writer, given: ts.Expression): string[] {
  const before: string[] = [];
  const derivatives: string[] = [];
  const products: string[] = [];
  for (const { key, value } of fieldsOf(given)) {
    const [own, product] = key === 'value' ? [w.print(value), null] : pairOf(w, key, value, before);
    derivatives.push(entryText(key, own));
    if (product !== null) products.push(entryText(productKey(key), product));
  }
  return [...before, `return { ${[...derivatives, ...products].join(', ')} };`];
}

/** A derivative and its tangent; both get names where the derivative is computed here. */
function pairOf(
  w: Writer,
  key: string,
  value: ts.Expression,
  before: string[],
): readonly [string, string] {
  const type = w.source.typeOf(value);
  if (isReference(type)) {
    const draft = w.draft('value');
    const tangent = referenceTangent(w, draft, value) ?? zerosOf(w, value, null);
    before.push(...draft.before);
    const isShared = mayBeInput(w, value);
    return [w.print(value), isShared ? copied(tangentShape(type), tangent) : tangent];
  }
  if (isPlain(bare(value))) {
    const draft = w.draft(key);
    const tangent = numberTangent(w, draft, value);
    before.push(...draft.before);
    return [w.print(value), tangent];
  }
  const [name, tangent] = [w.names.declare(key), w.names.declare(productKey(key))];
  const sink = { kind: 'declare', keyword: 'const', name, tangent, type: '' } as const;
  before.push(...writePair(w, value, { ...sink, tangentType: null }, changedWithin(w, [value])));
  return [name, tangent];
}

const entryText = (key: string, text: string): string => (key === text ? key : `${key}: ${text}`);
