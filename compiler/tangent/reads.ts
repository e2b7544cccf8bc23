import { ts } from 'ts-morph';
import { primary, type Text } from '../emit/expression.js';
import { booleanType, matrixType, numberType, type Type, type Value } from '../ir/ir.js';
import type { Cell } from './cells.js';
import type { Draft } from './draft.js';
import { readChanging } from './effects.js';
import { lowerNumber } from './numbers.js';
import { pathOf, rootOf } from './paths.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

/** What the source reads: the same value for the same text. */
export function leaf(
  w: Writer,
  draft: Draft,
  text: Text,
  options: {
    tangent?: string | null;
    cell?: Cell | null;
    isDear?: boolean;
    isBoolean?: boolean;
    type?: Type;
    /** What is read, where that is more than a variable. */
    node?: ts.Node;
  },
): Value {
  // A number that is also tested has a tangent as a number only.
  const key = options.isBoolean ? `test ${text.text}` : text.text;
  const known = draft.leaves.get(key);
  if (known !== undefined) return known;
  const type = options.isBoolean ? booleanType : (options.type ?? numberType);
  const value: Value = { type, variable: null };
  addLeaf(w, value, text, options);
  draft.leaves.set(key, value);
  return value;
}

function addLeaf(
  w: Writer,
  value: Value,
  text: Text,
  { tangent = null, cell = null, isDear = false, node }: Parameters<typeof leaf>[3],
): void {
  let tangentValue: Value | null = null;
  if (tangent !== null) {
    tangentValue = { type: value.type, variable: null };
    w.leaves.set(tangentValue, {
      text: primary(tangent),
      tangent: null,
      cell: null,
      reads: new Set(),
      isDear: false,
    });
  }
  const reads = new Set([...(cell === null ? [] : [cell]), ...cellsIn(w, node)]);
  w.leaves.set(value, { text, tangent: tangentValue, cell, reads, isDear });
}

/** The variables of the function that an expression names. */
function cellsIn(w: Writer, node: ts.Node | undefined): Cell[] {
  if (node === undefined) return [];
  const symbol = ts.isIdentifier(node) ? w.source.symbolOf(node) : undefined;
  const own =
    symbol !== undefined && w.analysis.isLocal(symbol) ? [w.analysis.cells.of(symbol)] : [];
  return [...own, ...node.getChildren().flatMap((child) => cellsIn(w, child))];
}

export function identifier(w: Writer, draft: Draft, node: ts.Identifier): Value {
  if (node.text === 'NaN') return w.primal.literal(NaN);
  if (node.text === 'Infinity') return w.primal.literal(Infinity);
  const symbol = w.source.symbolOf(node);
  if (symbol === undefined || !w.analysis.isLocal(symbol))
    return leaf(w, draft, primary(w.print(node)), { type: valueType(w, node) });
  const cell = w.analysis.cells.of(symbol);
  if (draft.moving.has(cell)) return readChanging(w, draft, node);
  const text = w.print(node);
  const tangent = tangentOfRead(w, draft, node);
  const type = valueType(w, node);
  if (w.analysis.isAssigned(symbol) || text !== node.text)
    return leaf(w, draft, primary(text), { tangent, cell, type });
  const known = w.constants.get(symbol);
  if (known !== undefined) {
    draft.leaves.set(text, known);
    return known;
  }
  const value: Value = { type, variable: { name: node.text } };
  addLeaf(w, value, primary(text), { tangent, cell });
  draft.leaves.set(text, value);
  w.constants.set(symbol, value);
  noteMatrix(w, value, symbol);
  return value;
}

/** Notes what a constant matrix was made of, so that a function of it may become one step with that. */
function noteMatrix(w: Writer, value: Value, { valueDeclaration }: ts.Symbol): void {
  if (valueDeclaration === undefined || !ts.isVariableDeclaration(valueDeclaration)) return;
  const { initializer } = valueDeclaration;
  const root = initializer === undefined ? undefined : w.initial.get(initializer);
  const op = root === undefined ? undefined : w.definitions.get(root);
  if (root?.type.kind !== 'matrix' || op?.kind !== 'apply') return;
  const isConstant = (arg: Value): boolean =>
    arg.variable !== null || w.definitions.get(arg)?.kind === 'literal';
  if (!op.args.every(isConstant)) return;
  w.definitions.set(value, { ...op, fn: 'copy', args: [root], result: value });
}

/** A matrix is a value like a number. */
export function valueType(w: Writer, node: ts.Expression): Type {
  return w.source.isMatrix(node) ? matrixType : numberType;
}

/** The tangent of what is read; a number that has none though it depends on a parameter is refused. */
function tangentOfRead(w: Writer, draft: Draft, node: ts.Expression): string | null {
  w.source.typeOf(node);
  if (ts.isElementAccessExpression(node)) checkKey(w, node);
  const tangent = pathOf(w, draft, node)?.text ?? null;
  if (tangent === null && w.analysis.matters(node)) return refuseLost(w, node);
  return tangent;
}

/** A name that is computed from a parameter chooses a field. */
function checkKey(
  w: Writer,
  { expression, argumentExpression: key }: ts.ElementAccessExpression,
): void {
  const { kind } = w.source.typeOf(expression);
  if (kind === 'array' || kind === 'tuple' || ts.isStringLiteral(key)) return;
  if (w.analysis.isVaried(key)) {
    w.source.unsupported(key, 'A computed property name', 'Name the field, or use an array.');
  }
}

export function refuseLost(w: Writer, node: ts.Expression): never {
  const names = w.analysis.variedNames(node).join(', ') || 'a parameter';
  return w.source.refuse('CR203', node, { names, what: `"${node.getText()}"` });
}

/** `a[i]`, `p.x`, `a.length`, `Math.PI`. */
export function access(
  w: Writer,
  draft: Draft,
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
): Value {
  const root = rootOf(node);
  const symbol = root === null ? undefined : w.source.symbolOf(root);
  if (symbol !== undefined && w.analysis.isLocal(symbol)) {
    const cell = w.analysis.cells.of(symbol);
    if (draft.moving.has(cell)) return readChanging(w, draft, node);
    if (ts.isElementAccessExpression(node)) settleKeys(w, draft, node);
    const tangent = tangentOfRead(w, draft, node);
    return leaf(w, draft, primary(readText(w, node)), {
      tangent,
      cell,
      node,
      type: valueType(w, node),
    });
  }
  const tangent = root === null ? tangentOfRead(w, draft, node) : null;
  return leaf(w, draft, primary(readText(w, node)), { tangent, node, type: valueType(w, node) });
}

/** The text of a read, with the mark that an element is there under options that doubt it. */
export function readText(w: Writer, node: ts.Expression): string {
  const isElement =
    ts.isElementAccessExpression(node) &&
    w.source.typeOf(node.expression).kind === 'array' &&
    !isDoubted(node);
  return w.print(node) + (isElement ? w.bang : '');
}

/** Whether an element is read with `??`, which asks whether it is there. */
function isDoubted(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken &&
    parent.left === node
  );
}

/** Runs what the indices of a read change, as in `a[i++]`. */
function settleKeys(w: Writer, draft: Draft, node: ts.Expression): void {
  for (let at: ts.Expression = node; ;) {
    if (ts.isElementAccessExpression(at)) {
      if (draft.moving.size > 0) lowerNumber(w, draft, at.argumentExpression);
      at = bare(at.expression);
    } else if (ts.isPropertyAccessExpression(at)) at = bare(at.expression);
    else return;
  }
}
