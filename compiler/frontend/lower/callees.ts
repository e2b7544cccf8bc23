import { ts } from 'ts-morph';
import { ruleTemplate } from '../custom-rules/template.js';
import { isAtModuleLevel } from '../global-names.js';
import { runtimeName } from '../runtime-names.js';
import { assignedSymbols } from './assignments.js';
import type { Context } from './context.js';

/** Where names are looked up; `functions` are those that were given as arguments. */
type Scope = Pick<Context, 'checker' | 'symbolOf'> & Partial<Pick<Context, 'functions'>>;

export type FunctionSource = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/**
 * The function that a call leads to, where its source is part of the project: declared at module level of whichever
 * file, inside of the function itself, or given to a helper as an argument.
 */
export function declaredFunction(cx: Scope, callee: ts.Expression): FunctionSource | null {
  const named = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(named) || runtimeName(cx.checker, callee) !== null) return null;
  const symbol = resolved(cx, named);
  const given = symbol === undefined ? undefined : cx.functions?.get(symbol);
  return given ?? declarationOf(symbol);
}

function declarationOf(symbol: ts.Symbol | undefined): FunctionSource | null {
  for (const declaration of symbol?.declarations ?? []) {
    const { fileName, isDeclarationFile } = declaration.getSourceFile();
    if (isDeclarationFile || fileName.includes('/node_modules/')) continue;
    if (ts.isFunctionDeclaration(declaration) && declaration.body !== undefined) return declaration;
    if (!ts.isVariableDeclaration(declaration) || !isConstant(declaration)) continue;
    const { initializer } = declaration;
    if (initializer !== undefined && isFunction(initializer)) return initializer;
  }
  return null;
}

/** The function that an expression stands for: written in place, or by its name. */
export function functionOf(cx: Context, node: ts.Expression): FunctionSource | null {
  if (ts.isParenthesizedExpression(node)) return functionOf(cx, node.expression);
  return isFunction(node) ? node : declaredFunction(cx, node);
}

export function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Whether an expression has the type of a function. */
export function isCallable(cx: Context, node: ts.Node): boolean {
  const type = cx.checker.getNonNullableType(cx.checker.getTypeAtLocation(node));
  return type.getCallSignatures().length > 0;
}

function resolved(cx: Scope, name: ts.Identifier): ts.Symbol | undefined {
  const symbol = cx.symbolOf(name);
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
    ? cx.checker.getAliasedSymbol(symbol)
    : symbol;
}

/** The function inside of another one that a name stands for. */
export function localFunction(cx: Context, name: ts.Identifier): FunctionSource | null {
  const source = declaredFunction(cx, name);
  if (source === null) return null;
  return isTopLevel(source) ? null : source;
}

/** Whether a function stands at module level. */
export function isTopLevel(source: ts.Node): boolean {
  const holder = ts.isFunctionDeclaration(source) ? source : source.parent;
  return isAtModuleLevel(holder as ts.Declaration);
}

/** Whether a function assigns variables of the function around it, itself or by the functions that it calls. */
export function capturesAssigned(cx: Context, source: FunctionSource): boolean {
  return [...assignedSymbols(cx, source)].some((symbol) => {
    const { valueDeclaration } = symbol;
    if (valueDeclaration === undefined || isAtModuleLevel(valueDeclaration)) return false;
    return ts.findAncestor(valueDeclaration, (outer) => outer === source) === undefined;
  });
}

/** Whether a function calls itself, at once or by way of others. */
export function isRecursive(cx: Context, source: FunctionSource): boolean {
  const seen = new Set<ts.Node>();
  const reaches = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const callee = declarationOf(resolved(cx, node.expression));
      if (callee === source) return true;
      if (callee !== null && !seen.has(callee)) {
        seen.add(callee);
        if (reaches(callee)) return true;
      }
    }
    return ts.forEachChild(node, (child) => reaches(child) || undefined) ?? false;
  };
  return reaches(source);
}

/** A function whose source is not part of the project, with what a rule for it looks like. */
export interface OutsideFunction {
  readonly name: string;
  readonly template: string;
}

/** The function that an expression calls, where that function's source is not part of the project. */
export function outsideFunction(cx: Context, node: ts.Node): OutsideFunction | null {
  if (!ts.isCallExpression(node) || declaredFunction(cx, node.expression) !== null) return null;
  const { expression } = node;
  const named = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(named)) return null;
  const isOutside = resolved(cx, named)?.declarations?.some(
    (declaration) =>
      ts.isFunctionDeclaration(declaration) &&
      declaration.body === undefined &&
      !isOfLanguage(declaration),
  );
  const signature = cx.checker.getResolvedSignature(node);
  if (isOutside !== true || signature === undefined) return null;
  return { name: named.text, template: ruleTemplate(cx.checker, named.text, signature, node) };
}

/** Whether a function comes with the language or with Node. */
function isOfLanguage(declaration: ts.Declaration): boolean {
  return /\/lib\.[\w.]+\.d\.ts$|\/@types\/node\//.test(declaration.getSourceFile().fileName);
}

/** Whether a variable is the same function whenever it is called. */
function isConstant({ parent }: ts.VariableDeclaration): boolean {
  return (parent.flags & ts.NodeFlags.Const) !== 0;
}
