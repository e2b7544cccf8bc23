import { ts } from 'ts-morph';

/** A declaration with the others of the same function, in the order of the source: overloads stand ahead of their body. */
export function withOverloads(
  declaration: ts.Declaration,
  checker: ts.TypeChecker,
): readonly ts.Declaration[] {
  if (!ts.isFunctionDeclaration(declaration) || declaration.name === undefined)
    return [declaration];
  const symbol = checker.getSymbolAtLocation(declaration.name);
  return symbol?.declarations?.filter(ts.isFunctionDeclaration) ?? [declaration];
}
