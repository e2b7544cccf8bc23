import { ts } from 'ts-morph';
import { bindTangents } from './bindings.js';
import { printDeclarations } from './declarations.js';
import { entriesOf } from './flows.js';
import { printInline, printSequence } from './inline.js';
import { hasPair, pairOf } from './pairs.js';
import { pathOf, rootOf } from './paths.js';
import { refuseLost } from './reads.js';
import { referenceTangent } from './references.js';
import { bare } from './source.js';
import { printBlock } from './statements.js';
import type { Writer } from './writer.js';

/** A loop, printed once with the tangents inside. */
export function printLoop(w: Writer, statement: ts.IterationStatement): string[] {
  return w.names.scoped(() => {
    if (ts.isForStatement(statement)) return printFor(w, statement);
    if (ts.isForOfStatement(statement)) return printForOf(w, statement);
    if (ts.isWhileStatement(statement)) {
      const [open, ...body] = printBlock(w, statement.statement);
      return [`while (${printInline(w, statement.expression)}) ${open ?? '{'}`, ...body];
    }
    if (ts.isDoStatement(statement)) {
      const [open, ...body] = printBlock(w, statement.statement);
      return [`do ${open ?? '{'}`, ...body, `while (${printInline(w, statement.expression)});`];
    }
    return w.source.unsupported(
      statement,
      'for … in',
      'Name the fields, or keep the numbers in an array.',
    );
  });
}

function printFor(
  w: Writer,
  { initializer, condition, incrementor, statement }: ts.ForStatement,
): string[] {
  const before: string[] = [];
  const head = headText(w, initializer, before);
  const test = condition === undefined ? '' : printInline(w, condition);
  const step = incrementor === undefined ? '' : printSequence(w, incrementor);
  const [open, ...body] = printBlock(w, statement);
  return [...before, `for (${head}; ${test}; ${step}) ${open ?? '{'}`, ...body];
}

/** The declarations of a loop's head, the tangents among them. */
function headText(w: Writer, initializer: ts.ForInitializer | undefined, before: string[]): string {
  if (initializer === undefined) return '';
  if (!ts.isVariableDeclarationList(initializer)) return printSequence(w, initializer);
  const lines = printDeclarations(w, initializer);
  const isList = lines.every((line) => /^let \w+(: [^=]+)? = /.test(line));
  if (lines.length === 1) return (lines[0] ?? '').replace(/;$/, '');
  if (isList)
    return `let ${lines.map((line) => line.replace(/^let /, '').replace(/;$/, '')).join(', ')}`;
  before.push(...lines);
  return '';
}

/** `for (const v of a)` runs over the entries where v has a tangent. */
function printForOf(w: Writer, statement: ts.ForOfStatement): string[] {
  const { initializer, expression } = statement;
  const [declaration] = ts.isVariableDeclarationList(initializer) ? initializer.declarations : [];
  if (declaration === undefined) {
    return w.source.unsupported(
      initializer,
      'A loop over a variable from outside',
      'Declare it in the loop: `for (const v of …)`.',
    );
  }
  const keyword = initializer.flags & ts.NodeFlags.Const ? 'const' : 'let';
  const entries = entriesOf(expression);
  const pattern = declaration.name;
  const element =
    entries !== null && ts.isArrayBindingPattern(pattern) ? elementName(pattern) : pattern;
  const array = entries ?? expression;
  const isBound =
    element !== null &&
    bindTangents(w, element, '').length > 0 &&
    w.analysis.isActiveExpression(array);
  if (element !== null && !isBound && w.analysis.isVaried(array))
    refuseWhereUsed(w, element, array);
  if (!isBound || element === null) {
    const [open, ...body] = printBlock(w, statement.statement, zeroTangents(w, element, keyword));
    return [
      `for (${w.print(initializer)} of ${printInline(w, expression)}) ${open ?? '{'}`,
      ...body,
    ];
  }
  const draft = w.draft('value');
  if (hasPair(w, array) || rootOf(array) === null) {
    const { name } = pairOf(w, draft, array);
    const tangent = draft.before.at(-1);
    if (tangent !== undefined) w.replaced.set(bare(array), name);
  }
  const tangents = tangentOfArray(w, draft, array, statement);
  const own = entries === null ? null : indexOf(pattern);
  const index = own ?? w.freeIndex(statement);
  const lines = bindTangents(w, element, `${tangents}[${index}]${w.bang}`, keyword);
  const [open, ...body] = w.withIndex(index, () => printBlock(w, statement.statement, lines));
  const head =
    own !== null
      ? `${w.print(initializer)} of ${w.print(expression)}`
      : `${keyword} [${index}, ${w.print(element)}] of ${w.print(array)}.entries()`;
  return [...draft.before, `for (${head}) ${open ?? '{'}`, ...body];
}

/** The elements of something that we do not look into have no tangents. */
function refuseWhereUsed(w: Writer, element: ts.BindingName, array: ts.Expression): void {
  const symbol = ts.isIdentifier(element) ? w.source.symbolOf(element) : undefined;
  if (symbol !== undefined && w.analysis.cells.of(symbol).useful) refuseLost(w, array);
}

/** A variable that gets elements without tangents, but has one of its own. */
function zeroTangents(
  w: Writer,
  element: ts.BindingName | null,
  keyword: 'const' | 'let',
): string[] {
  if (element === null || !ts.isIdentifier(element)) return [];
  return bindTangents(w, element, w.zeros(w.source.typeOf(element), element.text), keyword);
}

/** The tangents of an array that is run through, which the loop must not exchange for another. */
function tangentOfArray(
  w: Writer,
  draft: ReturnType<Writer['draft']>,
  array: ts.Expression,
  statement: ts.ForOfStatement,
): string {
  const replaced = w.replaced.get(bare(array));
  if (replaced !== undefined) {
    const name = /^(?:const|let) (\w+)/.exec(draft.before.at(-1) ?? '')?.[1];
    if (name !== undefined) return name;
  }
  const root = rootOf(array);
  const symbol = root === null ? undefined : w.source.symbolOf(root);
  const text = pathOf(w, draft, array)?.text ?? referenceTangent(w, draft, array) ?? '[]';
  const isExchanged = symbol !== undefined && w.analysis.isAssigned(symbol);
  if (!isExchanged || statement.statement.getText().search(`\\b${symbol.name}\\s*=[^=]`) < 0)
    return text;
  const name = w.names.declare(w.around.nameTangent(`${symbol.name}_now`));
  draft.before.push(`const ${name} = ${text};`);
  return name;
}

function elementName(pattern: ts.ArrayBindingPattern): ts.BindingName | null {
  const [, element] = pattern.elements;
  return element === undefined || ts.isOmittedExpression(element) ? null : element.name;
}

/** The name of the index in `[i, v]`. */
function indexOf(pattern: ts.BindingName): string | null {
  if (!ts.isArrayBindingPattern(pattern)) return null;
  const [index] = pattern.elements;
  if (index === undefined || ts.isOmittedExpression(index)) return null;
  return ts.isIdentifier(index.name) ? index.name.text : null;
}
