import { Node, type SourceFile } from 'ts-morph';

/**
 * The name under which a module exports its variable or function `local`, or null where it does not.
 * A default export keeps its own name: the generated functions are named after it.
 */
export function exportedName(source: SourceFile, local: string): string | null {
  for (const statement of source.getStatements()) {
    if (Node.isExportAssignment(statement)) {
      const isDefault = !statement.isExportEquals();
      if (isDefault && statement.getExpression().getText() === local) return local;
    }
    if (!Node.isExportDeclaration(statement)) continue;
    if (statement.isTypeOnly() || statement.hasModuleSpecifier()) continue;
    for (const specifier of statement.getNamedExports()) {
      if (specifier.getName() !== local || specifier.isTypeOnly()) continue;
      const alias = specifier.getAliasNode()?.getText();
      return alias === undefined || alias === 'default' ? local : alias;
    }
  }
  return null;
}
