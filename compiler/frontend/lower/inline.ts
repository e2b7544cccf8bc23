import { ts } from 'ts-morph';
import type { Op, Value } from '../../ir/ir.js';
import { runtimeName } from '../runtime-names.js';
import type { Context, Frame } from './context.js';
import { bindPattern, withDefault } from './assignments.js';
import { allOps, regions, results } from '../../ir/walk.js';
import { expandCall } from './expand.js';
import { lowerExpression } from './expressions.js';
import { noteGlobal } from './opaque.js';
import { lowerStatements } from './statements.js';

type Source = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** The function that a call leads to, where its source is part of the project. */
export function sourceOf(cx: Context, callee: ts.Expression): Source | null {
  const source = declaredFunction(cx, callee);
  const local = cx.symbolOf(callee);
  if (source !== null && local !== undefined && ts.isIdentifier(callee)) {
    noteGlobal(cx, local, callee);
  }
  return source;
}

export function declaredFunction(
  cx: Pick<Context, 'checker' | 'symbolOf'>,
  callee: ts.Expression,
): Source | null {
  if (!ts.isIdentifier(callee) || runtimeName(cx.checker, callee) !== null) return null;
  let symbol = cx.symbolOf(callee);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
    symbol = cx.checker.getAliasedSymbol(symbol);
  const declaration = symbol?.declarations?.find(
    (candidate) => !candidate.getSourceFile().isDeclarationFile,
  );
  if (declaration === undefined) return null;
  if (ts.isFunctionDeclaration(declaration)) {
    return declaration.body === undefined ? null : declaration;
  }
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    const { initializer } = declaration;
    if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer;
  }
  return null;
}

/** Lowers a call as the body of the called function; the forward sweep keeps the call. */
export function inlineCall(cx: Context, node: ts.CallExpression, source: Source): Value {
  const name = node.expression.getText();
  const refuse = (reason: string): never => cx.refuse('CR206', node, { name, reason });
  if (source.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword))
    refuse('it is async');
  if (source.asteriskToken !== undefined) refuse('it is a generator');
  if (source.getSourceFile() !== cx.root.getSourceFile()) refuse('it is in another file');
  if (cx.frames.some((frame) => frame.declaration === source)) refuse('it is recursive');
  if (cx.expanded.has(source) && cx.hoistable !== null)
    return expandCall(cx, node, source, cx.hoistable);
  const args = node.arguments.map((arg) => {
    if (ts.isSpreadElement(arg))
      cx.unsupported(arg, 'A spread in a call', 'Pass the arguments one by one.');
    return lowerExpression(cx, arg);
  });
  return inlineBody(cx, source, args);
}

/** Lowers the body of an arrow function that an array method calls. */
export function inlineArrow(cx: Context, arrow: ts.ArrowFunction, args: readonly Value[]): Value {
  return inlineBody(cx, arrow, args);
}

function inlineBody(cx: Context, source: Source, args: readonly Value[]): Value {
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
    source.parameters.forEach((parameter, i) => {
      if (parameter.dotDotDotToken !== undefined) cx.unsupported(parameter, 'A rest parameter');
      const arg = args[i];
      if (arg === undefined) {
        if (parameter.initializer === undefined) return;
        bindPattern(cx, parameter.name, lowerExpression(cx, parameter.initializer));
      } else bindPattern(cx, parameter.name, withDefault(cx, arg, parameter.initializer));
    });
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
