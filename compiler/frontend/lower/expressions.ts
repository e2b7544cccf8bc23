import { ts } from 'ts-morph';
import {
  booleanType,
  isReference,
  numberType,
  opaqueType,
  type Key,
  type Type,
  type Value,
} from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import { missingAt, missingKinds } from '../types.js';
import { localFunction } from './callees.js';
import type { Context } from './context.js';
import { isAssignment, lowerAssignment, lowerIncrement } from './assignments.js';
import { lowerArrayLiteral, lowerObjectLiteral } from './literals.js';
import { lowerCall, lowerNew } from './calls.js';
import { lowerMatrixPart } from './matrices.js';
import { opaque } from './opaque.js';
import { isPresent, readAgain, whereItExists } from './optional.js';
import { isCertain } from './parameters.js';

/** Lowers an expression and notes where its value can be saved. */
export function lowerExpression(cx: Context, node: ts.Expression): Value {
  const value = dispatch(cx, node);
  if (!cx.nodes.has(value)) cx.nodes.set(value, node);
  if (
    cx.hoistable !== null &&
    value.variable === null &&
    !cx.savePoints.has(value) &&
    isComputed(cx, node, value)
  ) {
    cx.savePoints.set(value, {
      kind: 'hoist',
      statement: cx.hoistable,
      expression: node,
      expansion: cx.expansion,
    });
  }
  return value;
}

function isComputed(cx: Context, node: ts.Expression, value: Value): boolean {
  if (isAssignment(node) || ts.isIdentifier(node)) return false;
  return (
    cx.definitions.get(value)?.kind === 'opaque' ||
    ts.isCallExpression(node) ||
    ts.isBinaryExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node)
  );
}

/** Lowers code that may not run, whose values cannot be computed ahead of the statement. */
function conditionally<T>(cx: Context, node: ts.Node, lower: () => T): T {
  const outer = cx.hoistable;
  const before = [...cx.env];
  cx.hoistable = null;
  try {
    const result = lower();
    if (before.every(([key, value]) => cx.env.get(key) === value)) return result;
  } finally {
    cx.hoistable = outer;
  }
  return cx.unsupported(
    node,
    'An assignment in an operand that may not be evaluated',
    'Write it as a statement of its own, under an `if`.',
  );
}

export function lowerForEffect(cx: Context, node: ts.Expression): void {
  if (isConsoleCall(node)) return;
  lowerExpression(cx, node);
}

function isConsoleCall(node: ts.Expression): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    ts.isIdentifier(node.expression.expression) &&
    node.expression.expression.text === 'console'
  );
}

/** A value that decides a branch, as a boolean. */
export function lowerCondition(cx: Context, node: ts.Expression): Value {
  const value = lowerTested(cx, node);
  return value.type.kind === 'boolean' ? value : cx.builder.apply('Boolean', [value]);
}

function dispatch(cx: Context, node: ts.Expression): Value {
  const { builder } = cx;
  if (ts.isNumericLiteral(node)) return builder.literal(Number(node.text));
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return builder.literal(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return builder.literal(true);
  if (node.kind === ts.SyntaxKind.FalseKeyword) return builder.literal(false);
  if (ts.isIdentifier(node)) return lowerIdentifier(cx, node);
  if (ts.isAsExpression(node)) cx.typeOf(node);
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node)
  ) {
    return lowerExpression(cx, node.expression);
  }
  if (ts.isPrefixUnaryExpression(node)) return lowerPrefix(cx, node);
  if (ts.isPostfixUnaryExpression(node)) return lowerIncrement(cx, node);
  if (isAssignment(node)) return lowerAssignment(cx, node);
  if (ts.isBinaryExpression(node)) return lowerBinary(cx, node);
  if (ts.isConditionalExpression(node)) {
    const cond = lowerCondition(cx, node.condition);
    return lowerChoice(cx, cond, node.whenTrue, node.whenFalse);
  }
  if (ts.isOptionalChain(node)) return lowerOptionalChain(cx, node);
  if (ts.isPropertyAccessExpression(node))
    return whereItExists(
      cx,
      lowerProperty(cx, node),
      missingKinds(cx.checker.getTypeAtLocation(node)),
    );
  if (ts.isElementAccessExpression(node)) return lowerElement(cx, node);
  if (ts.isCallExpression(node)) return lowerCall(cx, node);
  if (ts.isNewExpression(node)) return lowerNew(cx, node);
  if (ts.isArrayLiteralExpression(node)) return lowerArrayLiteral(cx, node);
  if (ts.isObjectLiteralExpression(node)) return lowerObjectLiteral(cx, node);
  if (ts.isTypeOfExpression(node)) return lowerTypeOf(cx, node);
  if (ts.isTemplateExpression(node)) return opaque(cx, node, cx.typeOf(node));
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return cx.unsupported(node, 'A function as a value', 'Write the loop out.');
  }
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node))
    return cx.unsupported(node, 'await or yield');
  if (node.kind === ts.SyntaxKind.NullKeyword) return builder.literal(null);
  if (node.kind === ts.SyntaxKind.ThisKeyword)
    return cx.unsupported(node, '"this"', 'Pass the object as a parameter.');
  if (ts.isDeleteExpression(node)) return cx.unsupported(node, 'delete');
  return cx.unsupported(node, 'This expression');
}

function lowerIdentifier(cx: Context, node: ts.Identifier): Value {
  if (node.text === 'undefined') return cx.builder.literal(undefined);
  if (node.text === 'NaN') return cx.builder.literal(NaN);
  if (node.text === 'Infinity') return cx.builder.literal(Infinity);
  if (node.text === 'arguments') return cx.unsupported(node, '"arguments"', 'Name the parameters.');
  const symbol = cx.symbolOf(node);
  const value = symbol === undefined ? undefined : cx.env.get(symbol);
  if (value !== undefined) {
    const isNarrowed =
      value.type.kind === 'opaque' &&
      value.type.holdsNumbers === true &&
      canBeActive(cx.typeOf(node));
    if (!isNarrowed) return value;
    return cx.unsupported(
      node,
      `"${node.text}", which may be a number or something else,`,
      'Take a parameter for each.',
    );
  }
  if (symbol === undefined) return cx.unsupported(node, `"${node.text}"`);
  if (localFunction(cx, node) !== null)
    return cx.unsupported(node, 'A function as a value', 'Call it by its name.');
  return opaque(cx, node, cx.typeOf(node));
}

function lowerPrefix(cx: Context, node: ts.PrefixUnaryExpression): Value {
  switch (node.operator) {
    case ts.SyntaxKind.PlusPlusToken:
    case ts.SyntaxKind.MinusMinusToken:
      return lowerIncrement(cx, node);
    case ts.SyntaxKind.MinusToken:
      if (ts.isNumericLiteral(node.operand)) return cx.builder.literal(-Number(node.operand.text));
      return cx.builder.apply('neg', [lowerNumber(cx, node.operand)]);
    case ts.SyntaxKind.PlusToken:
      return isNumeric(cx, node.operand)
        ? lowerExpression(cx, node.operand)
        : opaque(cx, node, numberType);
    case ts.SyntaxKind.ExclamationToken:
      return cx.builder.apply('!', [lowerCondition(cx, node.operand)]);
    case ts.SyntaxKind.TildeToken:
      return cx.builder.apply('~', [lowerNumber(cx, node.operand)]);
  }
}

/** An operand of arithmetic. */
export function lowerNumber(cx: Context, node: ts.Expression): Value {
  return isNumeric(cx, node) ? lowerExpression(cx, node) : opaque(cx, node, numberType);
}

/** Whether an expression is a number, or a member of an enum. */
function isNumeric(cx: Context, node: ts.Expression): boolean {
  const type = cx.checker.getTypeAtLocation(node);
  const members = type.isUnion() ? type.types : [type];
  const isEnum = members.every(({ flags }) => (flags & ts.TypeFlags.EnumLike) !== 0);
  return isEnum || cx.typeOf(node).kind === 'number';
}

const arithmetic: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, '+'],
  [ts.SyntaxKind.MinusToken, '-'],
  [ts.SyntaxKind.AsteriskToken, '*'],
  [ts.SyntaxKind.SlashToken, '/'],
  [ts.SyntaxKind.PercentToken, '%'],
  [ts.SyntaxKind.AsteriskAsteriskToken, '**'],
  [ts.SyntaxKind.AmpersandToken, '&'],
  [ts.SyntaxKind.BarToken, '|'],
  [ts.SyntaxKind.CaretToken, '^'],
  [ts.SyntaxKind.LessThanLessThanToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '>>>'],
]);

const comparisons: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '<'],
  [ts.SyntaxKind.LessThanEqualsToken, '<='],
  [ts.SyntaxKind.GreaterThanToken, '>'],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>='],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '==='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.EqualsEqualsToken, '=='],
  [ts.SyntaxKind.ExclamationEqualsToken, '!='],
]);

function lowerBinary(cx: Context, node: ts.BinaryExpression): Value {
  const { left, right } = node;
  const kind = node.operatorToken.kind;
  const { builder } = cx;
  const operator = arithmetic.get(kind);
  if (operator !== undefined) {
    const type = cx.typeOf(node);
    if (type.kind !== 'number') return opaque(cx, node, type);
    const a = lowerNumber(cx, left);
    return builder.apply(operator, [a, lowerNumber(cx, right)]);
  }
  const comparison = comparisons.get(kind);
  if (comparison !== undefined) {
    const a = lowerTested(cx, left);
    const b = lowerTested(cx, right);
    // A text that is computed, as by typeof, cannot be saved as a number can; what is found out of it can.
    if ([a, b].some((value) => isComputedText(cx, value))) return opaque(cx, node, booleanType);
    const known = knownComparison(cx, comparison, node, a, b);
    if (known !== null) return builder.literal(known);
    return builder.apply(comparison, [a, b]);
  }
  switch (kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return lowerLogical(cx, node, (a) => a, false);
    case ts.SyntaxKind.BarBarToken:
      return lowerLogical(cx, node, (a) => a, true);
    case ts.SyntaxKind.QuestionQuestionToken: {
      const a = lowerTested(cx, left);
      if (isCertain(cx, left)) return a;
      if (cx.inlined && isNullish(cx, a)) return lowerExpression(cx, right);
      const present = isPresent(cx, a, missingAt(cx.checker, left));
      return conditionally(cx, node, () =>
        builder.select(
          present,
          () => readAgain(cx, a),
          () => lowerExpression(cx, right),
        ),
      );
    }
    case ts.SyntaxKind.CommaToken:
      lowerForEffect(cx, left);
      return lowerExpression(cx, right);
    default:
      return cx.unsupported(node.operatorToken, `The operator ${node.operatorToken.getText()}`);
  }
}

/** What a comparison of two constants gives, as of the kind of an argument or of one that is left out. */
function knownComparison(
  cx: Context,
  fn: string,
  { left }: ts.BinaryExpression,
  a: Value,
  b: Value,
): boolean | null {
  if (!cx.inlined || !isEquality(fn)) return null;
  const asksForEqual = fn === '===' || fn === '==';
  if (isNullish(cx, b) && isCertain(cx, left)) return !asksForEqual;
  const [x, y] = [a, b].map((value) => cx.definitions.get(value));
  if (x?.kind !== 'literal' || y?.kind !== 'literal') return null;
  const isLoose = fn === '==' || fn === '!=';
  const areEqual = x.value === y.value || (isLoose && isNullish(cx, a) && isNullish(cx, b));
  return areEqual === asksForEqual;
}

const isEquality = (fn: string): boolean => /^[!=]==?$/.test(fn);

function isNullish(cx: Context, value: Value): boolean {
  const op = cx.definitions.get(value);
  return op?.kind === 'literal' && (op.value === undefined || op.value === null);
}

/** `typeof` of an argument whose kind the call tells. */
function lowerTypeOf(cx: Context, node: ts.TypeOfExpression): Value {
  if (!isCertain(cx, node.expression)) return opaque(cx, node, opaqueType);
  const { type } = lowerExpression(cx, node.expression);
  if (type.kind === 'opaque') return opaque(cx, node, opaqueType);
  return cx.builder.literal(isReference(type) ? 'object' : type.kind);
}

function isComputedText(cx: Context, value: Value): boolean {
  const op = cx.definitions.get(value);
  return op?.kind === 'opaque' && op.args.length > 0 && value.type.kind === 'opaque';
}

/** `a && b` and `a || b`: the right operand is only evaluated where it decides. */
function lowerLogical(
  cx: Context,
  node: ts.BinaryExpression,
  pass: (a: Value) => Value,
  stopsAt: boolean,
): Value {
  const { builder } = cx;
  const a = pass(lowerExpression(cx, node.left));
  const right = conditionally(cx, node.right, () =>
    builder.region(() => [lowerExpression(cx, node.right)]),
  );
  const b = right.yields[0] ?? a;
  const plain = right.ops.every((op) => op.kind === 'literal' || op.kind === 'apply');
  if (plain && a.type.kind === 'boolean' && b.type.kind === 'boolean') {
    builder.current().push(...right.ops);
    return builder.apply(stopsAt ? '||' : '&&', [a, b]);
  }
  const cond = a.type.kind === 'boolean' ? a : builder.apply('Boolean', [a]);
  const kept = { ops: [], yields: [a] };
  const result: Value = { type: cx.typeOf(node), variable: null };
  builder.append({
    kind: 'if',
    cond,
    then: stopsAt ? kept : right,
    else: stopsAt ? right : kept,
    results: [result],
    origin: builder.origin,
  });
  return result;
}

function lowerChoice(
  cx: Context,
  cond: Value,
  whenTrue: ts.Expression,
  whenFalse: ts.Expression,
): Value {
  const known = cx.inlined ? cx.definitions.get(cond) : undefined;
  if (known?.kind === 'literal') return lowerExpression(cx, known.value ? whenTrue : whenFalse);
  return conditionally(cx, whenTrue.parent, () =>
    cx.builder.select(
      cond,
      () => lowerExpression(cx, whenTrue),
      () => lowerExpression(cx, whenFalse),
    ),
  );
}

function lowerProperty(cx: Context, node: ts.PropertyAccessExpression): Value {
  if (cx.checker.getTypeAtLocation(node).getCallSignatures().length > 0) {
    return cx.unsupported(node, 'A function as a value', 'Call it by its name.');
  }
  if (isGlobalConstant(cx, node)) return opaque(cx, node, cx.typeOf(node));
  return loadProperty(cx, node, lowerExpression(cx, node.expression));
}

function loadProperty(cx: Context, node: ts.PropertyAccessExpression, object: Value): Value {
  const name = node.name.text;
  if (object.type.kind === 'matrix') return lowerMatrixPart(cx, node, object, name);
  if (!isReference(object.type)) return opaque(cx, node, cx.typeOf(node));
  if (name === 'length') {
    return object.type.kind === 'tuple'
      ? cx.builder.literal(object.type.elements.length)
      : cx.builder.load(numberType, object, 'length');
  }
  if (object.type.kind !== 'object') return cx.unsupported(node, `The property ${name}`);
  return cx.builder.load(cx.typeOf(node), object, name);
}

/** `Math.PI`, `Number.EPSILON`, `Mode.Fast`: a property of something that is not a variable of the function. */
function isGlobalConstant(cx: Context, node: ts.PropertyAccessExpression): boolean {
  if (!ts.isIdentifier(node.expression)) return false;
  const symbol = cx.symbolOf(node.expression);
  return symbol !== undefined && !cx.env.has(symbol) && !isReference(cx.typeOf(node.expression));
}

function lowerElement(cx: Context, node: ts.ElementAccessExpression): Value {
  return loadElement(cx, node, lowerExpression(cx, node.expression));
}

function loadElement(cx: Context, node: ts.ElementAccessExpression, object: Value): Value {
  if (!isReference(object.type)) return opaque(cx, node, cx.typeOf(node));
  const key = lowerKey(cx, object, node.argumentExpression);
  return cx.builder.load(elementType(cx, node, object.type), object, key);
}

function elementType(cx: Context, node: ts.Expression, object: Type): Type {
  return object.kind === 'array' ? object.element : cx.typeOf(node);
}

export function lowerKey(cx: Context, object: Value, node: ts.Expression): Key {
  if (object.type.kind === 'object') {
    if (ts.isStringLiteral(node)) return node.text;
    return cx.unsupported(node, 'A computed property name', 'Name the field, or use an array.');
  }
  if (!isNumeric(cx, node))
    return cx.unsupported(node, 'A key that is not a number', 'Use an index.');
  return lowerExpression(cx, node);
}

/** An operand of which only the value counts, as in a comparison. */
function lowerTested(cx: Context, node: ts.Expression): Value {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return lowerTested(cx, node.expression);
  const isPlain = ts.isPropertyAccessExpression(node) && !ts.isOptionalChain(node);
  return isPlain ? lowerProperty(cx, node) : lowerExpression(cx, node);
}

/** `a?.b.c`: undefined where `a` is, and otherwise the whole rest of the chain. */
function lowerOptionalChain(cx: Context, node: ts.OptionalChain): Value {
  const links: ts.OptionalChain[] = [];
  let base: ts.Expression = node;
  while (ts.isOptionalChain(base)) {
    links.unshift(base);
    base = base.expression;
  }
  const { builder } = cx;
  const follow = (object: Value, at: number): Value => {
    const link = links[at];
    if (link === undefined) return object;
    const step = (): Value => {
      if (ts.isPropertyAccessExpression(link))
        return follow(loadProperty(cx, link, object), at + 1);
      if (ts.isElementAccessExpression(link)) return follow(loadElement(cx, link, object), at + 1);
      if (ts.isNonNullExpression(link)) return follow(object, at + 1);
      return cx.unsupported(link, 'An optional call', 'Test for undefined first.');
    };
    if (ts.isNonNullExpression(link) || link.questionDotToken === undefined) return step();
    const present = isPresent(cx, object, missingAt(cx.checker, link.expression));
    return conditionally(cx, link, () =>
      builder.select(present, step, () => builder.literal(undefined)),
    );
  };
  return follow(lowerExpression(cx, base), 0);
}
