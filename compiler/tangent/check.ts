import { ts } from 'ts-morph';
import { sourceInHeader } from '../emit/header.js';
import { isAssignment, isIncrement } from '../frontend/lower/assignments.js';
import { mayShareData } from '../ir/matrix-functions.js';
import type { Analysis } from './analysis.js';
import { iterating } from './flows.js';
import { rootOf } from './paths.js';
import { bare, methodOf, type Source } from './source.js';

/** Refuses what tangents could not follow: outer state, functions as values, calls that may change arrays. */
export function checkSupported(analysis: Analysis, source: Source): void {
  for (const parameter of analysis.node.parameters) {
    if (parameter.dotDotDotToken !== undefined)
      source.unsupported(parameter, 'A rest parameter in forward mode', 'Take an array.');
  }
  const visit = (node: ts.Node): void => {
    refuseOthers(source, node);
    refuseLooseData(analysis, source, node);
    if (isAssignment(node)) checkTarget(analysis, source, node.left);
    else if (isIncrement(node)) checkTarget(analysis, source, node.operand);
    else if (ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node)) checkFunction(source, node);
    else if (ts.isCallExpression(node)) checkCall(analysis, source, node);
    ts.forEachChild(node, visit);
  };
  if (analysis.node.body !== undefined) visit(analysis.node.body);
}

/** The data of a matrix is read, as an array of its own or under a name, and never written. */
function refuseLooseData(analysis: Analysis, source: Source, node: ts.Node): void {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'data') return;
  if (!source.isMatrix(node.expression)) return;
  const { parent } = node;
  const isElement = ts.isElementAccessExpression(parent) && parent.expression === node;
  const isLength = ts.isPropertyAccessExpression(parent) && parent.name.text === 'length';
  if (!isElement && !isLength && !isOnlyRead(analysis, source, node))
    source.unsupported(node, 'The data of a matrix as an array', 'Read its elements.');
  const target = parent.parent;
  if (isAssignment(target) && target.left === parent && !isOwnMatrix(source, node.expression))
    source.refuse('CR210', node, { what: `"${node.getText()}"` });
}

/** Whether the data of a matrix is copied, run through, or given a name by which it is not written either. */
function isOnlyRead(
  analysis: Analysis,
  source: Source,
  node: ts.PropertyAccessExpression,
): boolean {
  const { parent } = node;
  if (ts.isSpreadElement(parent)) return true;
  if (ts.isForOfStatement(parent)) return parent.expression === node;
  if (ts.isCallExpression(parent)) return source.matrixCall(parent)?.fn === 'fromData';
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const symbol = source.symbolOf(parent.name);
    return symbol !== undefined && !analysis.isWritten(symbol);
  }
  if (!ts.isPropertyAccessExpression(parent) || !ts.isCallExpression(parent.parent)) return false;
  return parent.name.text === 'slice' || iterating.has(parent.name.text);
}

/** Whether nobody else can have a matrix: it was made here, or it is the shadow of one in a generated gradient. */
function isOwnMatrix(source: Source, given: ts.Expression): boolean {
  if (sourceInHeader(given.getSourceFile().text) !== null) return true;
  const matrix = bare(given);
  const declaration = ts.isIdentifier(matrix) ? source.symbolOf(matrix)?.valueDeclaration : null;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return false;
  const { initializer, parent } = declaration;
  const made = initializer === undefined ? undefined : bare(initializer);
  if (made === undefined || !ts.isCallExpression(made)) return false;
  const call = source.matrixCall(made);
  const isConstant = (parent.flags & ts.NodeFlags.Const) !== 0;
  return isConstant && call !== null && !mayShareData(call.fn);
}

/** What no derivative goes through in a way that we know. */
function refuseOthers(source: Source, node: ts.Node): void {
  if (node.kind === ts.SyntaxKind.ThisKeyword)
    source.unsupported(node, '"this"', 'Pass the object as a parameter.');
  if (ts.isIdentifier(node) && node.text === 'arguments')
    source.unsupported(node, '"arguments"', 'Name the parameters.');
  if (ts.isBigIntLiteral(node)) source.unsupported(node, 'bigint', 'Use a number.');
  if (ts.isAsExpression(node)) source.typeOf(node);
  if (ts.isDeleteExpression(node)) source.unsupported(node, 'delete');
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node))
    source.unsupported(node, 'await or yield');
  if (ts.isClassLike(node)) source.unsupported(node, 'A class inside of a function');
}

/** What is assigned has to be the function's own. */
function checkTarget(analysis: Analysis, source: Source, given: ts.Expression): void {
  const target = bare(given);
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)) return;
  if (
    ts.isPropertyAccessExpression(target) &&
    target.name.text === 'length' &&
    source.typeOf(target.expression).kind === 'array'
  ) {
    source.unsupported(
      target,
      'Assigning to the length of an array',
      'Make a new array with slice.',
    );
  }
  const root = rootOf(target);
  const symbol = root === null ? undefined : source.symbolOf(root);
  if (symbol !== undefined && !analysis.isLocal(symbol))
    source.refuse('CR204', target, { what: `"${target.getText()}"` });
}

/** A function inside is the callback of an array method, and nothing else. */
function checkFunction(source: Source, node: ts.SignatureDeclaration): void {
  const call = node.parent;
  if (ts.isArrowFunction(node) && ts.isCallExpression(call)) {
    const isFrom = source.globalCall(call, 'Array') === 'from' && call.arguments[1] === node;
    const isCallback = iterating.has(methodOf(call)?.name ?? '') && call.arguments[0] === node;
    if (isFrom || isCallback) return;
    source.unsupported(node, 'A function as a value in forward mode', 'Write its code in place.');
  }
  source.unsupported(
    node,
    'A function inside of a function in forward mode',
    'Move it to the top level of the file.',
  );
}

const readingGlobals: ReadonlySet<string> = new Set(
  (
    'Array Float64Array Float32Array Math Number Object JSON Boolean String isFinite isNaN ' +
    'parseFloat parseInt structuredClone console'
  ).split(' '),
);

/** A function of which nothing is known may change the arrays that it is given. */
function checkCall(analysis: Analysis, source: Source, node: ts.CallExpression): void {
  const callee = source.calleeOf(node);
  if (callee !== null) {
    checkCallee(analysis, source, node);
    return;
  }
  const { expression } = node;
  if (source.matrixCall(node) !== null) return;
  const root = rootOf(expression);
  if (root !== null && source.isGlobal(root) && readingGlobals.has(root.text)) return;
  const method = methodOf(node);
  const type = method === null ? null : source.typeOf(method.object);
  const isArray = type?.kind === 'array' || type?.kind === 'tuple';
  const isTape =
    method !== null && source.isTapeType(source.checker.getTypeAtLocation(method.object));
  if (isArray || isTape) return;
  for (const argument of node.arguments) {
    if (!analysis.isActiveExpression(argument) || !isArrayLike(source, argument)) continue;
    const what = `Passing "${argument.getText()}" to ${expression.getText()}`;
    source.unsupported(
      argument,
      what,
      'It might be changed there; pass a copy, as in `[...array]`.',
    );
  }
}

function isArrayLike(source: Source, node: ts.Expression): boolean {
  const { kind } = source.typeOf(node);
  const isFresh = ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
  return !isFresh && (kind === 'array' || kind === 'tuple' || kind === 'object');
}

/** A function of the project has to be one that can be printed with tangents. */
function checkCallee(analysis: Analysis, source: Source, node: ts.CallExpression): void {
  const callee = source.calleeOf(node);
  if (callee === null) return;
  if (!analysis.isActiveExpression(node) && !analysis.writesVaried(node)) return;
  const refuse = (reason: string): never =>
    source.refuse('CR206', node, { name: node.expression.getText(), reason });
  if (callee.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true)
    refuse('it is async');
  if (callee.asteriskToken !== undefined) refuse('it is a generator');
}
