import { ts } from 'ts-morph';
import { tangentTypeText } from '../emit/shapes.js';
import { isReference } from '../ir/ir.js';
import { tangentPattern } from './bindings.js';
import { changedWithin } from './effects.js';
import { hasActiveEffect, printInline } from './inline.js';
import { isPairCall } from './pair-calls.js';
import { writePair } from './pairs.js';
import { partTangent, referenceTangent, zerosOf } from './references.js';
import { renderAll } from './render.js';
import { bare } from './source.js';
import { differentiateNumber } from './tangent-number.js';
import type { Writer } from './writer.js';

export function printDeclarations(w: Writer, list: ts.VariableDeclarationList): string[] {
  const keyword = list.flags & ts.NodeFlags.Const ? 'const' : 'let';
  if (!list.declarations.some((declaration) => isTouched(w, declaration)))
    return [`${w.print(list)};`];
  return list.declarations.flatMap((declaration) => printDeclaration(w, declaration, keyword));
}

function isTouched(w: Writer, { name, initializer }: ts.VariableDeclaration): boolean {
  if (tangentPattern(w, w.draft('value', false), name) !== null) return true;
  return initializer !== undefined && (hasActiveEffect(w, initializer) || hasFunction(initializer));
}

function hasFunction(node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function printDeclaration(
  w: Writer,
  declaration: ts.VariableDeclaration,
  keyword: 'const' | 'let',
): string[] {
  const { name, initializer, type } = declaration;
  const draft = w.draft('value');
  const tangent = tangentPattern(w, draft, name);
  const annotation = type === undefined ? '' : `: ${w.print(type)}`;
  if (initializer === undefined) {
    const mark = declaration.exclamationToken === undefined ? '' : '!';
    const own = `${keyword} ${w.print(declaration)};`;
    if (tangent === null) return [own];
    return [own, `${keyword} ${tangent}${mark}: ${tangentTypeText(w.source.typeOf(name))};`];
  }
  if (hasFunction(initializer)) {
    return w.source.unsupported(
      declaration,
      'A function inside of a function in forward mode',
      'Move it to the top level of the file.',
    );
  }
  if (tangent === null)
    return [`${keyword} ${w.print(name)}${annotation} = ${printInline(w, initializer)};`];
  const chained = bare(initializer);
  const moving = changedWithin(w, [initializer]);
  const own = w.print(name);
  if (ts.isIdentifier(name) || isPairSource(w, chained)) {
    const isTyped = type !== undefined && isReference(w.source.typeOf(name));
    const tangentType = isTyped ? `: ${tangentTypeText(w.source.typeOf(name))}` : null;
    const symbol = w.source.symbolOf(name);
    const cell = symbol === undefined ? null : w.analysis.cells.of(symbol);
    const lines = writePair(
      w,
      initializer,
      { kind: 'declare', keyword, name: own, tangent, type: annotation, tangentType, cell },
      moving,
    );
    return [...draft.before, ...lines];
  }
  return [
    ...draft.before,
    ...destructured(
      w,
      name,
      initializer,
      `${keyword} ${own}${annotation}`,
      `${keyword} ${tangent}`,
    ),
  ];
}

function isPairSource(w: Writer, node: ts.Expression): boolean {
  return ts.isCallExpression(node) && isPairCall(w, node) && w.source.calleeOf(node) !== null;
}

/** `const [c, s] = [Math.cos(a), Math.sin(a)]`, `const { x, y } = p`. */
function destructured(
  w: Writer,
  name: ts.BindingPattern,
  initializer: ts.Expression,
  head: string,
  tangentHead: string,
): string[] {
  const draft = w.draft('value');
  const literal = bare(initializer);
  if (
    ts.isArrayBindingPattern(name) &&
    ts.isArrayLiteralExpression(literal) &&
    name.elements.every(
      (element) =>
        !ts.isOmittedExpression(element) &&
        ts.isIdentifier(element.name) &&
        element.dotDotDotToken === undefined,
    ) &&
    !literal.elements.some(ts.isSpreadElement)
  ) {
    const pairs = name.elements.flatMap((element, i): [string, string][] => {
      const part = literal.elements[i];
      if (ts.isOmittedExpression(element) || part === undefined) return [];
      const own = tangentPattern(w, draft, element.name);
      if (own === null) return [];
      return [[own, elementTangent(w, draft, part, element.name.getText())]];
    });
    const keyword = tangentHead.split(' ')[0] ?? 'const';
    const [first] = pairs;
    const line =
      pairs.length === 1 && first !== undefined
        ? `${keyword} ${first[0]} = ${first[1]};`
        : `${keyword} [${pairs.map(([own]) => own).join(', ')}] = [${pairs.map(([, text]) => text).join(', ')}];`;
    return [...draft.before, `${head} = ${w.print(initializer)};`, line];
  }
  const tangent = referenceTangent(w, draft, initializer);
  const text = tangent ?? zerosOf(w, initializer, null);
  return [...draft.before, `${head} = ${w.print(initializer)};`, `${tangentHead} = ${text};`];
}

/** The tangent of an element that has just been given a name. */
function elementTangent(
  w: Writer,
  draft: ReturnType<Writer['draft']>,
  part: ts.Expression,
  name: string,
): string {
  if (isReference(w.source.typeOf(part))) return partTangent(w, draft, part);
  draft.target = name;
  const { value, tangent } = differentiateNumber(w, draft, part);
  if (!w.leaves.has(value) && w.definitions.get(value)?.kind === 'apply')
    draft.named.set(value, name);
  return renderAll(w, draft, tangent === null ? [] : [tangent])[0]?.text ?? '0';
}

// Expressions as statements
