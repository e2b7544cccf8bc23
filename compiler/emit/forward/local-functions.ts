import { ts } from 'ts-morph';
import { isFunction, type FunctionSource } from '../../frontend/lower/callees.js';
import type { ForwardPrinter } from './printer.js';

/** Whether a statement declares a function all of whose calls have become statements: it is left out. */
export function isReplacedFunction(printer: ForwardPrinter, statement: ts.Statement): boolean {
  const declaration = declaredBy(statement);
  if (declaration === null) return false;
  const { expansions } = printer.lowered.cx;
  const source = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  if (!expansions.some((expansion) => expansion.source === source)) return false;
  return !isStillNamed(printer, declaration, statement.parent);
}

function declaredBy(
  statement: ts.Statement,
): ts.FunctionDeclaration | ts.VariableDeclaration | null {
  if (ts.isFunctionDeclaration(statement)) return statement;
  if (!ts.isVariableStatement(statement)) return null;
  const [declaration, ...others] = statement.declarationList.declarations;
  if (declaration === undefined || others.length > 0) return null;
  return declaration.initializer !== undefined && isFunction(declaration.initializer)
    ? declaration
    : null;
}

/** Whether a function is named somewhere other than in calls that have become statements. */
export function isStillNamed(
  printer: ForwardPrinter,
  declaration: FunctionSource | ts.VariableDeclaration | ts.ParameterDeclaration,
  scope: ts.Node,
): boolean {
  const { cx } = printer.lowered;
  const { name } = declaration;
  const symbol = name === undefined ? undefined : cx.symbolOf(name);
  const replaced = new Set<ts.Node>(cx.expansions.map(({ call }) => call.expression));
  const visit = (node: ts.Node): boolean => {
    if (
      ts.isIdentifier(node) &&
      node !== name &&
      !replaced.has(node) &&
      cx.symbolOf(node) === symbol
    )
      return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(scope);
}
