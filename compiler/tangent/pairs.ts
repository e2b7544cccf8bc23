import { ts } from 'ts-morph';
import { tangentTypeText } from '../emit/shapes.js';
import { isReference, type Value } from '../ir/ir.js';
import type { Cell } from './cells.js';
import { conditionOf } from './choices.js';
import type { Draft } from './draft.js';
import { owned } from './in-place.js';
import { isPairCall, writePairCall } from './pair-calls.js';
import { referenceTangent, zerosOf } from './references.js';
import { readsLeaf, renderAll, usesPart } from './render.js';
import { bare } from './source.js';
import { differentiateNumber, type NumberPair } from './tangent-number.js';
import type { Writer } from './writer.js';

/** Where a value and its tangent go. */
export type Sink =
  | {
      readonly kind: 'declare';
      readonly keyword: 'const' | 'let';
      /** Names or patterns. */
      readonly name: string;
      readonly tangent: string;
      /** The author's annotation, with its colon. */
      readonly type: string;
      /** The same of the tangent; null where it is known from the expression. */
      readonly tangentType: string | null;
      /** What is known of the variable. */
      readonly cell?: Cell | null;
    }
  | {
      readonly kind: 'assign';
      readonly name: string;
      readonly tangent: string;
      /** What the assignment changes. */
      readonly cell: Cell | null;
    };

/** Whether something in an expression gives its value and its tangent only together, by a statement. */
export function hasPair(w: Writer, node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isCallExpression(node) && isPairCall(w, node)) return true;
  return ts.forEachChild(node, (child) => hasPair(w, child) || undefined) ?? false;
}

/** Gives an expression and its tangent names in front of the statement. */
export function pairOf(
  w: Writer,
  draft: Draft,
  node: ts.Expression,
): { readonly name: string; readonly tangent: string } {
  if (!draft.canPrecede) {
    return w.source.unsupported(
      node,
      `"${node.getText()}" at this place`,
      'Give it a statement of its own: `const name = …;` before this one.',
    );
  }
  const name = w.names.declare(`${draft.target}_${wordOf(node)}`);
  const tangent = w.names.declare(w.around.nameTangent(name));
  const sink = { kind: 'declare', keyword: 'const', name, tangent, type: '' } as const;
  draft.before.push(...writePair(w, node, { ...sink, tangentType: null }, draft.moving));
  return { name, tangent };
}

function wordOf(node: ts.Expression): string {
  if (!ts.isCallExpression(node)) return ts.isConditionalExpression(node) ? 'choice' : 'part';
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) ? name.text : 'call';
}

/** The statements that compute an expression and its tangent. */
export function writePair(
  w: Writer,
  given: ts.Expression,
  sink: Sink,
  moving: ReadonlySet<Cell> = new Set(),
): string[] {
  const node = bare(given);
  const draft = w.draft(/^\w+/.exec(sink.name)?.[0] ?? 'value', true, moving);
  if (ts.isCallExpression(node) && isPairCall(w, node)) {
    const lines = writePairCall(w, draft, node, sink);
    return [...draft.before, ...lines];
  }
  const arms = armsOf(w, node);
  if (arms !== null && arms.some((arm) => hasPair(w, arm)))
    return writeChoice(w, draft, node, sink);
  const type = w.source.typeOf(given);
  if (isReference(type) || w.source.isTapeType(w.source.checker.getTypeAtLocation(node)))
    return writeReference(w, draft, given, sink);
  const lower = (): NumberPair => {
    const pair = differentiateNumber(w, draft, given);
    w.initial.set(given, pair.value);
    return pair;
  };
  return writeNumber(w, draft, sink, lower, () =>
    sink.kind === 'declare' ? w.print(given) : `${sink.name} = ${w.print(given)}`,
  );
}

/**
 * A number: the tangent behind a declaration, and ahead of what overwrites a variable that it reads. `print` gives the
 * author's expression, or his assignment.
 */
export function writeNumber(
  w: Writer,
  draft: Draft,
  sink: Sink,
  lower: () => NumberPair,
  print: () => string,
): string[] {
  const { value, tangent } = lower();
  const tangents = tangent === null ? [] : [tangent];
  const isRoot = !w.leaves.has(value) && w.definitions.get(value)?.kind !== 'literal';
  const { name } = sink;
  if (sink.kind === 'declare') {
    if (isRoot && !name.startsWith('[')) nameRoot(w, draft, value, name);
    const [text] = renderAll(w, draft, tangents);
    const own = text === undefined ? zeroOf(w, value, name) : text.text;
    const line = `${sink.keyword} ${name}${sink.type} = ${print()};`;
    return [
      ...aroundRoot(draft, line, name),
      `${sink.keyword} ${sink.tangent} = ${sink.cell?.grown === true ? owned(w, tangent, own) : own};`,
    ];
  }
  if (tangent === null && value.type.kind === 'matrix')
    return [...draft.before, `${print()};`, `${sink.tangent} = ${zeroOf(w, value, name)};`];
  const isFree =
    isRoot &&
    usesPart(w, draft, tangents, value) &&
    !readsLeaf(
      w,
      draft,
      tangents,
      ({ reads }) => sink.cell !== null && reads.has(sink.cell),
      value,
    );
  if (isFree) nameRoot(w, draft, value, name);
  const own = tangentLines(w, draft, sink.tangent, tangent, sink.cell?.grown === true);
  const line = `${print()};`;
  return isFree ? [...aroundRoot(draft, line, name), ...own] : [...draft.before, ...own, line];
}

/** The line that computes a variable among those of its parts: parts of the tangent that read it come behind. */
function aroundRoot({ before, sharing }: Draft, line: string, name: string): string[] {
  const late = new Set<string>();
  const names = new Set([name]);
  for (const part of sharing) {
    const words = part.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
    if (!words.some((word) => names.has(word))) continue;
    late.add(part);
    const declared = /^const ([\w$]+) =/.exec(part)?.[1];
    if (declared !== undefined) names.add(declared);
  }
  return [...before.filter((part) => !late.has(part)), line, ...late];
}

function zeroOf(w: Writer, { type }: Value, name: string): string {
  return type.kind === 'matrix' ? w.zeros(type, name) : '0';
}

/** `dx = …`, or `dx += …`; nothing where it stays as it is. */
export function tangentLines(
  w: Writer,
  draft: Draft,
  target: string,
  tangent: Value | null,
  isGrown = false,
): string[] {
  const op = tangent === null ? undefined : w.definitions.get(tangent);
  if (op?.kind === 'apply' && (op.fn === '+' || op.fn === '-')) {
    const [left, right] = op.args;
    if (left !== undefined && w.leaves.get(left)?.text.text === target && right !== undefined) {
      const [amount] = renderAll(w, draft, [right]);
      return [`${target} ${op.fn}= ${amount?.text ?? '0'};`];
    }
  }
  const [text] = renderAll(w, draft, tangent === null ? [] : [tangent]);
  if (text?.text === target) return [];
  const given = text?.text ?? '0';
  return [`${target} = ${isGrown ? owned(w, tangent, given) : given};`];
}

/** Lets the tangent use the name of the variable for the value that it has been given. */
function nameRoot(w: Writer, draft: Draft, value: Value, name: string): void {
  draft.named.set(value, name);
  const op = w.definitions.get(value);
  if (op?.kind !== 'if') return;
  for (const arm of [op.then, op.else]) {
    const [result] = arm.yields;
    if (result === undefined || w.leaves.has(result)) continue;
    const inner = w.definitions.get(result);
    if (inner?.kind !== 'literal') nameRoot(w, draft, result, name);
  }
}

function writeReference(w: Writer, draft: Draft, node: ts.Expression, sink: Sink): string[] {
  const tangent = referenceTangent(w, draft, node);
  const primal = w.print(node);
  const text = tangent ?? zerosOf(w, node, sink.name);
  if (sink.kind === 'assign') {
    const lines = [`${sink.tangent} = ${text};`, `${sink.name} = ${primal};`];
    return [...draft.before, ...(tangent === null ? lines.reverse() : lines)];
  }
  const type = sink.tangentType ?? annotationOf(w, node, text);
  return [
    ...draft.before,
    `${sink.keyword} ${sink.name}${sink.type} = ${primal};`,
    `${sink.keyword} ${sink.tangent}${type} = ${text};`,
  ];
}

/** The type that a tangent needs where its expression does not tell it. */
function annotationOf(w: Writer, node: ts.Expression, text: string): string {
  const type = w.source.typeOf(node);
  const needs = (type.kind === 'tuple' && text.startsWith('[')) || text === '[]';
  return needs ? `: ${tangentTypeText(type)}` : '';
}

/** A choice between expressions: `a ? b : c`, `a && b`, `a || b`, `a ?? b`. */
interface Arms {
  readonly condition: ts.Expression;
  readonly test: string;
  readonly then: ts.Expression;
  readonly else: ts.Expression;
}

export function choiceOf(w: Writer, node: ts.Expression): Arms | null {
  if (ts.isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    return { condition, test: '', then: whenTrue, else: whenFalse };
  }
  if (!ts.isBinaryExpression(node)) return null;
  const { left, right } = node;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return { condition: left, test: '', then: right, else: left };
    case ts.SyntaxKind.BarBarToken:
      return { condition: left, test: '', then: left, else: right };
    case ts.SyntaxKind.QuestionQuestionToken:
      return { condition: left, test: w.source.presence(left), then: left, else: right };
    default:
      return null;
  }
}

function armsOf(w: Writer, node: ts.Expression): ts.Expression[] | null {
  const choice = choiceOf(w, node);
  return choice === null ? null : [choice.then, choice.else];
}

/** A choice one of whose arms needs statements. */
function writeChoice(w: Writer, draft: Draft, node: ts.Expression, sink: Sink): string[] {
  const choice = choiceOf(w, node);
  if (choice === null) throw new Error('Not a choice');
  const declared: string[] = [];
  if (sink.kind === 'declare') {
    const type = w.source.checker.typeToString(
      w.source.checker.getBaseTypeOfLiteralType(w.source.checker.getTypeAtLocation(node)),
    );
    declared.push(
      `let ${sink.name}: ${type};`,
      `let ${sink.tangent}: ${tangentTypeText(w.source.typeOf(node))};`,
    );
  }
  const { name, tangent } = sink;
  const arm = (part: ts.Expression): string[] =>
    w.names.scoped(() => writePair(w, part, { kind: 'assign', name, tangent, cell: null }));
  const condition = conditionOf(w, choice.condition, choice.test).text;
  return [
    ...draft.before,
    ...declared,
    `if (${condition}) {`,
    ...arm(choice.then),
    '} else {',
    ...arm(choice.else),
    '}',
  ];
}
