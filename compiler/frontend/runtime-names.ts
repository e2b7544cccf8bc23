import { ts } from 'ts-morph';

export const runtimePackage = '@chainrule/runtime';

/**
 * The name under which the runtime exports what an expression refers to, however it is imported; null where it is
 * something else.
 */
export function runtimeName(checker: ts.TypeChecker, callee: ts.Expression): string | null {
  if (ts.isPropertyAccessExpression(callee)) {
    const namespace = importOf(checker, callee.expression, ts.isNamespaceImport);
    return namespace !== null && isRuntimeImport(namespace) ? callee.name.text : null;
  }
  const specifier = importOf(checker, callee, ts.isImportSpecifier);
  if (specifier === null || !isRuntimeImport(specifier)) return null;
  return (specifier.propertyName ?? specifier.name).text;
}

function importOf<T extends ts.Declaration>(
  checker: ts.TypeChecker,
  node: ts.Expression,
  is: (declaration: ts.Declaration) => declaration is T,
): T | null {
  if (!ts.isIdentifier(node)) return null;
  return checker.getSymbolAtLocation(node)?.declarations?.find(is) ?? null;
}

function isRuntimeImport(declaration: ts.ImportSpecifier | ts.NamespaceImport): boolean {
  let node: ts.Node = declaration;
  while (!ts.isImportDeclaration(node)) node = node.parent;
  return ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text === runtimePackage;
}

/** Whether a type is the runtime's `Matrix`: the interface of that name in the file of that name. */
export function isRuntimeMatrix(type: ts.Type): boolean {
  if (type.aliasSymbol?.name === 'Readonly')
    return (type.aliasTypeArguments ?? []).some(isRuntimeMatrix);
  const symbol = type.getSymbol();
  if (symbol?.name !== 'Matrix') return false;
  return (symbol.declarations ?? []).some(
    (declaration) =>
      ts.isInterfaceDeclaration(declaration) &&
      /runtime\/(dist\/\w+\/)?matrix\/matrix\.(d\.)?[cm]?ts$/.test(
        declaration.getSourceFile().fileName,
      ),
  );
}
