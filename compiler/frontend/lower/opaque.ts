import { ts } from 'ts-morph';
import { isReference, type Type, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import type { Context } from './context.js';
import { hasEffects } from './assignments.js';
import { localFunction } from './callees.js';
import { refuseMatrixWrite } from './matrices.js';

/**
 * An expression that the backward sweep does not look into. Which values it reads is noted, so that a number that
 * depends on a parameter through it is found and refused.
 */
export function opaque(cx: Context, node: ts.Expression, type: Type): Value {
  if (hasEffects(node))
    cx.unsupported(
      node,
      'An assignment inside of this expression',
      'Give it a statement of its own.',
    );
  refuseChangingCalls(cx, node);
  const args = new Set<Value>();
  const visit = (inner: ts.Node): void => {
    if (ts.isBigIntLiteral(inner)) cx.unsupported(inner, 'bigint', 'Use a number.');
    if (ts.isIdentifier(inner)) {
      const symbol = cx.symbolOf(inner);
      const value = symbol === undefined ? undefined : cx.env.get(symbol);
      if (value !== undefined) args.add(value);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  refuseLocalFunctions(cx, node);
  const result: Value = { type, variable: null };
  cx.builder.append({
    kind: 'opaque',
    text: cx.textOf(node),
    args: [...args],
    result,
    origin: cx.builder.origin,
  });
  return result;
}

/** A function inside of this one could read and change whatever it captures. */
function refuseLocalFunctions(cx: Context, node: ts.Node): void {
  if (ts.isIdentifier(node) && localFunction(cx, node) !== null)
    cx.unsupported(node, 'A function as a value', 'Call it by its name.');
  ts.forEachChild(node, (child) => {
    refuseLocalFunctions(cx, child);
  });
}

/** Whether a name is one of the language's or of a library's: all its declarations are in declaration files. */
export function isGlobal(cx: Context, node: ts.Identifier): boolean {
  const declarations = cx.symbolOf(node)?.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile)
  );
}

/** Methods that leave their array as it is. */
const readingMethods: ReadonlySet<string> = new Set([
  ...[
    'at',
    'entries',
    'every',
    'filter',
    'find',
    'findIndex',
    'findLast',
    'findLastIndex',
    'flat',
    'flatMap',
    'forEach',
  ],
  ...[
    'includes',
    'indexOf',
    'join',
    'keys',
    'lastIndexOf',
    'map',
    'reduce',
    'reduceRight',
    'slice',
    'some',
    'values',
  ],
  ...['toLocaleString', 'toReversed', 'toSorted', 'toSpliced', 'toString', 'with', 'concat'],
]);

/** Functions of the language that leave their arguments as they are. */
const readingGlobals: ReadonlySet<string> = new Set([
  ...[
    'Array.from',
    'Array.isArray',
    'Array.of',
    'Boolean',
    'JSON.stringify',
    'Number',
    'Object.entries',
    'Object.is',
  ],
  ...[
    'Object.keys',
    'Object.values',
    'String',
    'isFinite',
    'isNaN',
    'parseFloat',
    'parseInt',
    'structuredClone',
  ],
]);

/**
 * A function that nothing is known of may change the arrays that it is given, and so the numbers in them behind the
 * back of the backward sweep.
 */
function refuseChangingCalls(cx: Context, node: ts.Node): void {
  if (ts.isCallExpression(node) && !isReading(cx, node)) {
    const { expression } = node;
    const receiver = ts.isPropertyAccessExpression(expression) ? [expression.expression] : [];
    for (const given of [...receiver, ...node.arguments]) {
      if (ts.isArrowFunction(given) || ts.isFunctionExpression(given)) {
        cx.unsupported(given, 'A function as a value', 'Write its code in place.');
      }
      if (!holdsNumbers(cx, given)) continue;
      const what = `Passing "${given.getText()}" to ${expression.getText()}`;
      cx.unsupported(given, what, 'It might be changed there; pass a copy, as in `[...array]`.');
    }
  }
  ts.forEachChild(node, (child) => {
    refuseChangingCalls(cx, child);
  });
}

function isReading(cx: Context, call: ts.CallExpression): boolean {
  const { expression } = call;
  if (ts.isIdentifier(expression))
    return isGlobal(cx, expression) && readingGlobals.has(expression.text);
  if (!ts.isPropertyAccessExpression(expression)) return false;
  const { expression: object, name } = expression;
  if (
    ts.isIdentifier(object) &&
    isGlobal(cx, object) &&
    readingGlobals.has(`${object.text}.${name.text}`)
  )
    return true;
  const type = cx.typeOf(object);
  return (type.kind === 'array' || type.kind === 'tuple') && readingMethods.has(name.text);
}

/** Whether an expression gives out memory with numbers that is in use elsewhere too. */
function holdsNumbers(cx: Context, node: ts.Expression): boolean {
  if (
    ts.isSpreadElement(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node)
  )
    return false;
  const type = cx.typeOf(node);
  return isReference(type) && canBeActive(type);
}

/** Refuses to write to memory that comes from outside of the function other than by a parameter. */
export function refuseOuterState(cx: Context, reference: Value, node: ts.Expression): void {
  refuseMatrixWrite(cx, reference, node);
  let op = cx.definitions.get(reference);
  while (op?.kind === 'load') op = cx.definitions.get(op.object);
  if (op?.kind === 'opaque') cx.refuse('CR204', node, { what: `"${node.getText()}"` });
}
