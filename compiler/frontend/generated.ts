import { ts } from 'ts-morph';

/** A function of a generated module. */
export function functionNamed(file: ts.SourceFile, name: string): ts.FunctionDeclaration {
  const found = file.statements.find(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  if (found === undefined) throw new Error(`${name} was not generated`);
  return found;
}

/** The keys of what a generated function returns. */
export function keysOf({ type }: ts.FunctionDeclaration): string[] {
  if (type === undefined || !ts.isTypeLiteralNode(type)) return [];
  return type.members.flatMap(({ name }) =>
    name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
  );
}
