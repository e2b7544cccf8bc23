import { ts } from 'ts-morph';

/** Something at module level, in whichever file, that the generated module refers to. */
export interface Global {
  /** The declaration that all imports and re-exports lead to. */
  readonly declaration: ts.Declaration;
  readonly symbol: ts.Symbol;
  /** What it is called in the generated module. */
  readonly name: string;
  /** An identifier in the source that stands for it. */
  readonly use: ts.Identifier;
}

/**
 * What things at module level are called in the module that is generated beside a source: by the name that the source
 * itself has for them, or else by their own, with a suffix where that means something else in the source.
 */
export class GlobalNames {
  private readonly own: ReadonlySet<string>;
  private readonly given = new Set<string>();
  private readonly known = new Map<ts.Declaration, string[]>();

  constructor(
    readonly checker: ts.TypeChecker,
    readonly file: ts.SourceFile,
  ) {
    const imported = importedNames(file);
    this.own = new Set([...imported.map(({ text }) => text), ...declaredAtTop(file)]);
    for (const specifier of imported) {
      const declaration = declarationOf(this.resolved(specifier));
      if (declaration !== null) this.note(declaration, specifier.text);
    }
  }

  /**
   * What an identifier refers to at module level; null for what belongs to a function, and for what the language
   * declares. `isHidden` tells the names that mean something else where the identifier will be printed.
   */
  find(use: ts.Identifier, isHidden: (name: string) => boolean): Global | null {
    const symbol = this.resolved(use);
    const declaration = declarationOf(symbol);
    if (symbol === undefined || declaration === null) return null;
    const isOutside = declaration.getSourceFile().isDeclarationFile;
    if (isOutside ? !this.isImported(use) : !isAtModuleLevel(declaration)) return null;
    if (declaration.getSourceFile() === this.file) this.note(declaration, nameOf(declaration, use));
    const known = this.known.get(declaration)?.find((name) => !isHidden(name));
    if (known !== undefined) return { declaration, symbol, name: known, use };
    const name = this.unique(nameOf(declaration, use), isHidden);
    this.note(declaration, name);
    return { declaration, symbol, name, use };
  }

  /** Whether the source has a name at module level. */
  isOwn(name: string): boolean {
    return this.own.has(name);
  }

  /** Takes a name for something that is generated. */
  take(name: string): void {
    this.given.add(name);
  }

  /** A name that means nothing in the source yet. */
  reserve(wanted: string): string {
    const mentioned = identifiersIn(this.file);
    return this.unique(wanted, (name) => mentioned.has(name));
  }

  private note(declaration: ts.Declaration, name: string): void {
    const names = this.known.get(declaration) ?? [];
    if (!names.includes(name)) this.known.set(declaration, [...names, name]);
  }

  private unique(wanted: string, isHidden: (name: string) => boolean): string {
    let name = wanted;
    const isTaken = (): boolean => this.own.has(name) || this.given.has(name) || isHidden(name);
    for (let i = 2; isTaken(); i++) name = `${wanted}_${String(i)}`;
    this.given.add(name);
    return name;
  }

  /** The symbol behind all imports and re-exports. */
  resolved(node: ts.Identifier): ts.Symbol | undefined {
    const symbol = symbolAt(this.checker, node);
    return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
      ? this.checker.getAliasedSymbol(symbol)
      : symbol;
  }

  private isImported(node: ts.Identifier): boolean {
    const symbol = symbolAt(this.checker, node);
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  }
}

function symbolAt(checker: ts.TypeChecker, node: ts.Identifier): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
}

function declarationOf(symbol: ts.Symbol | undefined): ts.Declaration | null {
  const declarations = symbol?.declarations ?? [];
  return declarations.find(hasBody) ?? symbol?.valueDeclaration ?? declarations[0] ?? null;
}

/** The declaration that implements a function with overloads. */
function hasBody(declaration: ts.Declaration): boolean {
  return ts.isFunctionDeclaration(declaration) && declaration.body !== undefined;
}

function nameOf(declaration: ts.Declaration, use: ts.Identifier): string {
  const { name } = declaration as Partial<ts.NamedDeclaration>;
  return name !== undefined && ts.isIdentifier(name) ? name.text : use.text;
}

export function isAtModuleLevel(declaration: ts.Declaration): boolean {
  if (ts.isSourceFile(declaration)) return true;
  if (ts.isVariableDeclaration(declaration)) {
    const holder = declaration.parent.parent;
    return ts.isVariableStatement(holder) && ts.isSourceFile(holder.parent);
  }
  return ts.isStatement(declaration) && ts.isSourceFile(declaration.parent);
}

/** The names that a file gives to what it imports. */
function importedNames(file: ts.SourceFile): ts.Identifier[] {
  return file.statements.flatMap((statement): ts.Identifier[] => {
    if (!ts.isImportDeclaration(statement)) return [];
    const { name, namedBindings } = statement.importClause ?? {};
    const own = name === undefined ? [] : [name];
    if (namedBindings === undefined) return own;
    if (ts.isNamespaceImport(namedBindings)) return [...own, namedBindings.name];
    return [...own, ...namedBindings.elements.map((element) => element.name)];
  });
}

function declaredAtTop(file: ts.SourceFile): string[] {
  const declarations = file.statements.flatMap((statement): ts.Node[] =>
    ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [statement],
  );
  return declarations.flatMap((declaration) => {
    const { name } = declaration as Partial<ts.NamedDeclaration>;
    return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
  });
}

/** Every name that occurs in a piece of source. */
export function identifiersIn(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) names.add(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}

/** The names that a piece of source declares, at any depth. */
export function declaredIn(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (inner: ts.Node): void => {
    const { name } = inner as Partial<ts.NamedDeclaration>;
    const declares =
      ts.isVariableDeclaration(inner) ||
      ts.isParameter(inner) ||
      ts.isBindingElement(inner) ||
      ts.isFunctionDeclaration(inner);
    if (declares && inner !== node && name !== undefined && ts.isIdentifier(name))
      names.add(name.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}
