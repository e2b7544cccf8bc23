import { ts } from 'ts-morph';
import type { Op, Value } from '../../ir/ir.js';
import type { Context, Frame } from './context.js';
import { allOps, regions, results } from '../../ir/walk.js';
import { expandCall } from './expand.js';
import { lowerExpression } from './expressions.js';
import { argumentsOf, bindParameters, lowerArguments, type Given } from './parameters.js';
import { lowerStatements } from './statements.js';
import { noteTypeArguments } from './type-arguments.js';

type Source = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** The function that a call leads to, where its source is part of the project. */
export function declaredFunction(cx: Context, callee: ts.Expression): Source | null {
  const named = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(named)) return null;
  let symbol = cx.symbolOf(named);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
    symbol = cx.checker.getAliasedSymbol(symbol);
  for (const declaration of symbol?.declarations ?? []) {
    const { fileName, isDeclarationFile } = declaration.getSourceFile();
    if (isDeclarationFile || fileName.includes('/node_modules/')) continue;
    if (ts.isFunctionDeclaration(declaration) && declaration.body !== undefined) return declaration;
    if (!ts.isVariableDeclaration(declaration) || !isConstant(declaration)) continue;
    const { initializer } = declaration;
    if (initializer === undefined) continue;
    if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer;
  }
  return null;
}

/** The name of the function that an expression calls, where that function's source is not part of the project. */
export function outsideFunction(cx: Context, node: ts.Node): string | null {
  if (!ts.isCallExpression(node) || declaredFunction(cx, node.expression) !== null) return null;
  const { expression } = node;
  const named = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(named)) return null;
  let symbol = cx.symbolOf(named);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
    symbol = cx.checker.getAliasedSymbol(symbol);
  const isFunction = symbol?.declarations?.some(
    (declaration) =>
      ts.isFunctionDeclaration(declaration) &&
      declaration.body === undefined &&
      !isOfLanguage(declaration),
  );
  return isFunction === true ? named.text : null;
}

/** Whether a function comes with the language or with Node. */
function isOfLanguage(declaration: ts.Declaration): boolean {
  return /\/lib\.[\w.]+\.d\.ts$|\/@types\/node\//.test(declaration.getSourceFile().fileName);
}

/** Whether a variable is the same function whenever it is called. */
function isConstant({ parent }: ts.VariableDeclaration): boolean {
  return (parent.flags & ts.NodeFlags.Const) !== 0;
}

/** Lowers a call as the body of the called function; the forward sweep keeps the call. */
export function inlineCall(cx: Context, node: ts.CallExpression, source: Source): Value {
  const name = node.expression.getText();
  const refuse = (reason: string): never => cx.refuse('CR206', node, { name, reason });
  if (source.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword))
    refuse('it is async');
  if (source.asteriskToken !== undefined) refuse('it is a generator');
  if (cx.frames.some((frame) => frame.declaration === source)) refuse('it is recursive');
  if (cx.expanded.has(source) && cx.hoistable !== null)
    return expandCall(cx, node, source, cx.hoistable);
  const args = lowerArguments(cx, argumentsOf(cx, node, source), source);
  noteTypeArguments(cx, node, source);
  return inlineBody(cx, source, args);
}

/** Lowers the body of an arrow function that an array method calls. */
export function inlineArrow(cx: Context, arrow: ts.ArrowFunction, args: readonly Value[]): Value {
  return inlineBody(
    cx,
    arrow,
    args.map((value) => ({ value, isOptional: value === cx.poison })),
  );
}

function inlineBody(cx: Context, source: Source, args: readonly Given[]): Value {
  const frame: Frame = {
    returned: { flag: 'returned' },
    value: { flag: 'value' },
    targets: [],
    declaration: source,
    expansion: null,
  };
  const start = cx.builder.current().length;
  const outerEnv = cx.env;
  const outerOrigin = cx.builder.origin;
  const hoistable = cx.hoistable;
  cx.hoistable = null;
  cx.frames.push(frame);
  cx.env = new Map(outerEnv);
  try {
    cx.env.set(frame.value, cx.poison);
    cx.env.set(frame.returned, cx.false);
    bindParameters(cx, source.parameters, args);
    if (source.body === undefined) return cx.poison;
    if (!ts.isBlock(source.body)) return lowerExpression(cx, source.body);
    lowerStatements(cx, source.body.statements);
    return cx.env.get(frame.value) ?? cx.poison;
  } finally {
    cx.frames.pop();
    for (const op of cx.builder.current().slice(start)) noteInlined(cx, op, source);
    for (const key of outerEnv.keys()) {
      const value = cx.env.get(key);
      if (value !== undefined) outerEnv.set(key, value);
    }
    cx.env = outerEnv;
    cx.builder.origin = outerOrigin;
    cx.hoistable = hoistable;
  }
}

/** Notes which function a value is computed in whose statements are not printed. */
function noteInlined(cx: Context, op: Op, source: Source): void {
  const ops = [op, ...regions(op).flatMap((region) => [...allOps(region)])];
  for (const inner of ops) {
    const values = inner.kind === 'loop' ? [...inner.params, ...inner.results] : results(inner);
    for (const value of values) {
      cx.inlinedIn.set(value, [...(cx.inlinedIn.get(value) ?? []), source]);
    }
  }
}
