import { ts } from 'ts-morph';
import { isAtModuleLevel } from '../global-names.js';

/** A generated function that a function calls, itself or by way of others. */
export interface Need {
  /** The generated module. */
  readonly module: string;
  readonly name: string;
  readonly use: ts.Node;
}

/**
 * The generated functions that a function needs: those that its text names, or that of a function of the project that
 * it names. `isGenerated` tells the paths of generated modules.
 */
export function needsOf(
  checker: ts.TypeChecker,
  root: ts.Node,
  isGenerated: (path: string) => boolean,
): Need[] {
  const needs = new Map<string, Need>();
  const seen = new Set<ts.Node>([root]);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) follow(node);
    ts.forEachChild(node, visit);
  };
  const follow = (use: ts.Identifier): void => {
    const symbol = ts.isShorthandPropertyAssignment(use.parent)
      ? checker.getShorthandAssignmentValueSymbol(use.parent)
      : checker.getSymbolAtLocation(use);
    if (symbol === undefined) return;
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const { declarations = [], name } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    for (const declaration of declarations) {
      const { fileName: module } = declaration.getSourceFile();
      if (isGenerated(module)) {
        if (isAtModuleLevel(declaration)) note({ module, name, use });
      } else if (isFunction(declaration) && !seen.has(declaration)) {
        seen.add(declaration);
        visit(declaration);
      }
    }
    const missing = declarations.length === 0 ? missingImport(checker, symbol) : null;
    if (missing !== null && isGenerated(missing.module)) note({ ...missing, use });
  };
  const note = (need: Need): void => {
    const key = `${need.module}#${need.name}`;
    if (!needs.has(key)) needs.set(key, need);
  };
  visit(root);
  return [...needs.values()];
}

/** Whether a declaration is a function of a file of the project. */
function isFunction(declaration: ts.Declaration): boolean {
  if (declaration.getSourceFile().isDeclarationFile) return false;
  if (ts.isFunctionDeclaration(declaration)) return true;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  return (
    ts.isArrowFunction(declaration.initializer) || ts.isFunctionExpression(declaration.initializer)
  );
}

/** What is imported under a name that the module does not export. */
function missingImport(
  checker: ts.TypeChecker,
  { declarations = [] }: ts.Symbol,
): { readonly module: string; readonly name: string } | null {
  const specifier = declarations.find(ts.isImportSpecifier);
  if (specifier === undefined) return null;
  const { moduleSpecifier } = specifier.parent.parent.parent;
  const module = checker.getSymbolAtLocation(moduleSpecifier)?.valueDeclaration;
  if (module === undefined || !ts.isSourceFile(module)) return null;
  return { module: module.fileName, name: (specifier.propertyName ?? specifier.name).text };
}
