import { ts, type SourceFile } from 'ts-morph';
import { diagnostic, Refusal } from '../diagnostics/diagnostic.js';
import { declaredIn, type Global, type GlobalNames } from '../frontend/global-names.js';
import { plainText } from '../frontend/plain-text.js';
import { canBeCopied } from './constants.js';
import { importSpecifier, specifierOf } from './import-style.js';
import { withOverloads } from './overloads.js';

/** A line of imports: where from, the name there as it is written, and whether it is a type only. */
export interface Import {
  readonly from: string;
  readonly name: string;
  readonly isType: boolean;
}

/**
 * Gives a generated module what its functions refer to at module level, in whichever file of the project: what can be
 * imported is imported, constants and functions that are not exported are copied.
 */
export class Provider {
  /** By declaration and name: the text of a copy, those that others need first. */
  readonly copies = new Map<string, string>();

  constructor(
    private readonly source: SourceFile,
    private readonly names: GlobalNames,
    private readonly addImport: (added: Import) => void,
  ) {}

  provide(global: Global): void {
    const found = this.importOf(global);
    if (found === null) {
      this.copy(global);
      return;
    }
    const { from, exported } = found;
    const isType = !(global.symbol.flags & ts.SymbolFlags.Value);
    const { name } = global;
    const written =
      exported === '*' ? `* as ${name}` : exported === name ? name : `${exported} as ${name}`;
    this.addImport({ from, name: written, isType });
  }

  private importOf(global: Global): { readonly from: string; readonly exported: string } | null {
    const { declaration, use } = global;
    if (ts.isSourceFile(declaration)) return { from: this.specifierOf(declaration), exported: '*' };
    const { checker, file } = this.names;
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      const exported = this.nameIn(checker.getSymbolAtLocation(statement.moduleSpecifier), global);
      if (exported !== null) return { from, exported };
    }
    const home = declaration.getSourceFile();
    if (home.isDeclarationFile) return packageImport(use, checker);
    const exported = this.nameIn(checker.getSymbolAtLocation(home), global);
    return exported === null ? null : { from: this.specifierOf(home), exported };
  }

  private specifierOf(file: ts.SourceFile): string {
    return file === this.names.file
      ? importSpecifier(this.source)
      : specifierOf(this.source, file.fileName);
  }

  /** The name under which a module exports something. */
  private nameIn(module: ts.Symbol | undefined, { declaration }: Global): string | null {
    if (module === undefined || !(module.flags & ts.SymbolFlags.Module)) return null;
    const { checker } = this.names;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol =
        exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (symbol.declarations?.includes(declaration) === true) return exported.name;
    }
    return null;
  }

  /** Copies a declaration with all that it refers to. */
  private copy({ declaration, name, use }: Global): void {
    const file = declaration.getSourceFile();
    const key = `${file.fileName}:${String(declaration.pos)}:${name}`;
    if (this.copies.has(key)) return;
    if (ts.isVariableDeclaration(declaration) && !canBeCopied(declaration, this.names.checker)) {
      const span = { file: use.getSourceFile().fileName, start: use.getStart(), end: use.getEnd() };
      throw new Refusal(diagnostic('CR205', span, { name: use.text }));
    }
    this.copies.set(key, '');
    const parts = withOverloads(declaration, this.names.checker);
    const own = new Set(parts.map((part) => (part as Partial<ts.NamedDeclaration>).name));
    const declared = declaredIn(declaration);
    const rename = (part: ts.Node): string | null => {
      if (!ts.isIdentifier(part)) return null;
      if (own.has(part)) return name;
      const global = this.names.find(part, (candidate) => declared.has(candidate));
      if (global === null) return null;
      const text = global.declaration === declaration ? name : global.name;
      if (global.declaration !== declaration) this.provide(global);
      if (text === part.text) return null;
      return ts.isShorthandPropertyAssignment(part.parent) ? `${part.text}: ${text}` : text;
    };
    const text = parts.map((part) => plainText(part, rename)).join('\n');
    // What is copied for it comes first.
    this.copies.delete(key);
    this.copies.set(key, ts.isVariableDeclaration(declaration) ? `const ${text};` : text);
  }
}

/** How a file imports something from a package. */
function packageImport(
  use: ts.Identifier,
  checker: ts.TypeChecker,
): { readonly from: string; readonly exported: string } | null {
  const declaration = checker.getSymbolAtLocation(use)?.declarations?.[0];
  if (declaration === undefined) return null;
  let node: ts.Node = declaration;
  while (!ts.isImportDeclaration(node)) {
    if (ts.isSourceFile(node)) return null;
    node = node.parent;
  }
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  if (ts.isNamespaceImport(declaration)) return { from, exported: '*' };
  if (ts.isImportClause(declaration)) return { from, exported: 'default' };
  if (!ts.isImportSpecifier(declaration)) return null;
  return { from, exported: (declaration.propertyName ?? declaration.name).text };
}
