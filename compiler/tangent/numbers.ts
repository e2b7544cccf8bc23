import { ts } from 'ts-morph';
import { PRIMARY, primary, type Text } from '../emit/expression.js';
import { isAssignment, isIncrement } from '../frontend/lower/assignments.js';
import { booleanType, numberType, type Value } from '../ir/ir.js';
import { cutsGradient, scalarRule } from '../rules/scalar.js';
import { readChanging, isEffect, runEffect } from './effects.js';
import type { Cell } from './cells.js';
import type { Draft } from './draft.js';
import { hasActiveEffect, printInline } from './inline.js';
import { hasPair, pairOf } from './pairs.js';
import { pathOf, rootOf } from './paths.js';
import { bare, methodOf } from './source.js';
import type { Writer } from './writer.js';

/** The operations of an expression that gives a number, over what it reads. */
export function lowerNumber(w: Writer, draft: Draft, given: ts.Expression): Value {
  const value = lower(w, draft, bare(given));
  const places = draft.places.get(value);
  if (places === undefined) draft.places.set(value, [given]);
  else if (!places.includes(given)) places.push(given);
  return value;
}

function lower(w: Writer, draft: Draft, node: ts.Expression): Value {
  if (ts.isNumericLiteral(node)) return w.primal.literal(Number(node.text));
  if (ts.isIdentifier(node)) return identifier(w, draft, node);
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node))
    return access(w, draft, node);
  if (isEffect(node)) return runEffect(w, draft, node);
  if (ts.isPrefixUnaryExpression(node)) return prefix(w, draft, node);
  if (ts.isConditionalExpression(node))
    return choice(w, draft, node, node.condition, node.whenTrue, node.whenFalse);
  if (ts.isBinaryExpression(node)) return binary(w, draft, node);
  if (ts.isCallExpression(node)) return call(w, draft, node);
  return other(w, draft, node);
}

/** `fn(args)`, computed once. */
function apply(w: Writer, draft: Draft, fn: string, args: readonly Value[]): Value {
  const key = w.tangents.keyOf(fn, args);
  const known = draft.shared.get(key);
  if (known !== undefined) return known;
  const value = w.primal.apply(fn, args);
  draft.shared.set(key, value);
  return value;
}

/** What the source reads: the same value for the same text. */
export function leaf(
  w: Writer,
  draft: Draft,
  text: Text,
  options: { tangent?: string | null; cell?: Cell | null; isDear?: boolean; isBoolean?: boolean },
): Value {
  const known = draft.leaves.get(text.text);
  if (known !== undefined) return known;
  const value: Value = { type: options.isBoolean ? booleanType : numberType, variable: null };
  addLeaf(w, value, text, options);
  draft.leaves.set(text.text, value);
  return value;
}

function addLeaf(
  w: Writer,
  value: Value,
  text: Text,
  { tangent = null, cell = null, isDear = false }: Parameters<typeof leaf>[3],
): void {
  let tangentValue: Value | null = null;
  if (tangent !== null) {
    tangentValue = { type: numberType, variable: null };
    w.leaves.set(tangentValue, {
      text: primary(tangent),
      tangent: null,
      cell: null,
      isDear: false,
    });
  }
  w.leaves.set(value, { text, tangent: tangentValue, cell, isDear });
}

function identifier(w: Writer, draft: Draft, node: ts.Identifier): Value {
  if (node.text === 'NaN') return w.primal.literal(NaN);
  if (node.text === 'Infinity') return w.primal.literal(Infinity);
  const symbol = w.source.symbolOf(node);
  if (symbol === undefined || !w.analysis.isLocal(symbol))
    return leaf(w, draft, primary(w.print(node)), {});
  const cell = w.analysis.cells.of(symbol);
  if (draft.moving.has(cell)) return readChanging(w, draft, node);
  const text = w.print(node);
  const tangent = tangentOfRead(w, draft, node);
  if (w.analysis.isAssigned(symbol) || text !== node.text)
    return leaf(w, draft, primary(text), { tangent, cell });
  const known = w.constants.get(symbol);
  if (known !== undefined) {
    draft.leaves.set(text, known);
    return known;
  }
  const value: Value = { type: numberType, variable: { name: node.text } };
  addLeaf(w, value, primary(text), { tangent, cell });
  draft.leaves.set(text, value);
  w.constants.set(symbol, value);
  return value;
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
function access(
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
    return leaf(w, draft, primary(readText(w, node)), { tangent, cell });
  }
  const tangent = root === null ? tangentOfRead(w, draft, node) : null;
  return leaf(w, draft, primary(readText(w, node)), { tangent });
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

function prefix(w: Writer, draft: Draft, node: ts.PrefixUnaryExpression): Value {
  const operand = lowerNumber(w, draft, node.operand);
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      return ts.isNumericLiteral(node.operand)
        ? w.primal.literal(-Number(node.operand.text))
        : apply(w, draft, 'neg', [operand]);
    case ts.SyntaxKind.TildeToken:
      return apply(w, draft, '~', [operand]);
    case ts.SyntaxKind.PlusToken:
      return operand;
    default:
      return other(w, draft, node);
  }
}

const operators: ReadonlySet<string> = new Set('+ - * / % ** & | ^ << >> >>>'.split(' '));

function binary(w: Writer, draft: Draft, node: ts.BinaryExpression): Value {
  const { left, right, operatorToken } = node;
  const operator = operatorToken.getText();
  if (operators.has(operator)) {
    if (w.source.typeOf(node).kind !== 'number') return other(w, draft, node);
    const a = lowerNumber(w, draft, left);
    return apply(w, draft, operator, [a, lowerNumber(w, draft, right)]);
  }
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return choice(w, draft, node, left, right, left);
    case ts.SyntaxKind.BarBarToken:
      return choice(w, draft, node, left, left, right);
    case ts.SyntaxKind.QuestionQuestionToken:
      return choice(w, draft, node, left, left, right, ' !== undefined');
    case ts.SyntaxKind.CommaToken:
      return other(w, draft, node);
    default:
      return other(w, draft, node);
  }
}

/** `cond ? a : b`, where only the arm that is taken counts. */
function choice(
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
  const cond = leaf(w, draft, test, { isBoolean: true });
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
  w.primal.append({ kind: 'if', cond, then, else: otherwise, results: [result], origin: null });
  w.definitions.set(result, {
    kind: 'if',
    cond,
    then,
    else: otherwise,
    results: [result],
    origin: null,
  });
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

function call(w: Writer, draft: Draft, node: ts.CallExpression): Value {
  const runtime = w.source.runtimeCall(node);
  if (runtime !== null) {
    const operands = node.arguments.map((arg) => lowerNumber(w, draft, arg));
    return apply(w, draft, runtime, operands);
  }
  const math = w.source.mathCall(node);
  if (math === null) {
    const tangent = isAt(node) ? pathOf(w, draft, node)?.text : undefined;
    if (tangent !== undefined) return leaf(w, draft, primary(`${w.print(node)}!`), { tangent });
    return pairOrLeaf(w, draft, node);
  }
  const fn = `Math.${math}`;
  if (node.arguments.some(ts.isSpreadElement) || math === 'random')
    return pairOrLeaf(w, draft, node);
  const args = node.arguments.map((arg) => lowerNumber(w, draft, arg));
  const [a, b] = args;
  if (math === 'max' || math === 'min') {
    if (a === undefined) return w.primal.literal(math === 'max' ? -Infinity : Infinity);
    if (b === undefined) return a;
    return args.slice(1).reduce((x, y) => apply(w, draft, fn, [x, y]), a);
  }
  if (math === 'pow' && a !== undefined && b !== undefined) return apply(w, draft, '**', [a, b]);
  if (math === 'hypot') {
    if (a === undefined) return w.primal.literal(0);
    if (b === undefined) return apply(w, draft, 'Math.abs', [a]);
    return args.slice(1).reduce((x, y) => apply(w, draft, fn, [x, y]), a);
  }
  if (a === undefined) return w.primal.literal(NaN);
  if (scalarRule(fn, []) === null) {
    if (!w.analysis.isActiveExpression(node)) return other(w, draft, node);
    return w.source.unsupported(node, fn, 'Write it with other functions.');
  }
  const isCut = cutsGradient(fn) && node.arguments.some((arg) => w.analysis.isVaried(arg));
  if (isCut && !w.cuts.includes(node)) w.cuts.push(node);
  return apply(w, draft, fn, args);
}

/** `a.at(-1)` */
export function isAt(node: ts.CallExpression): boolean {
  return methodOf(node)?.name === 'at';
}

/** An expression that has a value and a tangent of its own, or else is only read. */
function pairOrLeaf(w: Writer, draft: Draft, node: ts.Expression): Value {
  if (ts.isCallExpression(node) && w.source.isStopGradient(node)) return other(w, draft, node);
  if (!hasPair(w, node)) return other(w, draft, node);
  const { name, tangent } = pairOf(w, draft, node);
  w.replaced.set(node, name);
  return leaf(w, draft, primary(name), { tangent });
}

/** An expression without a tangent that we do not look into. */
function other(w: Writer, draft: Draft, node: ts.Expression): Value {
  const isStopped = ts.isCallExpression(node) && w.source.isStopGradient(node);
  if (!isStopped && w.analysis.matters(node)) return refuseLost(w, node);
  const isCall = ts.isCallExpression(node);
  const method = isCall ? methodOf(node) : null;
  const isEffectful = isCall && (method?.name === 'pop' || w.source.mathCall(node) === 'random');
  if ((draft.moving.size > 0 || isEffectful) && !isIncrement(node) && draft.canPrecede && isCall)
    return readChanging(w, draft, node);
  const isAtom = !ts.isBinaryExpression(node) && !ts.isPrefixUnaryExpression(node);
  const text = { text: w.print(node), precedence: isAtom ? PRIMARY : 3 };
  return leaf(w, draft, text, { isDear: isCall });
}
