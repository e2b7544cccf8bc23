import { ts, type SourceFile } from 'ts-morph';
import { lowerType } from '../frontend/types.js';
import { GlobalNames, type Global } from '../frontend/global-names.js';
import { plainText } from '../frontend/plain-text.js';
import { runtimePackage } from '../frontend/runtime-names.js';
import { diagnostic, Refusal } from '../diagnostics/diagnostic.js';
import type { Lowered } from '../frontend/lower/function.js';
import { canBeCopied } from './constants.js';
import { headerFor } from './header.js';
import { importSpecifier } from './import-style.js';
import { Provider } from './provide.js';
import { withOverloads } from './overloads.js';
import { usedNames } from './used-names.js';
import { RuntimeNames } from './runtime-names.js';

/** Collects the generated functions of a source and what they need from elsewhere. */
export class ModulePrinter {
  readonly checker: ts.TypeChecker;
  /** Whether elements are possibly undefined under the user's configuration. */
  readonly bang: boolean;
  /** The name under which the runtime's tape is imported. */
  readonly tapeName: string;
  /** What things at module level are called in the generated module. */
  readonly globalNames: GlobalNames;
  private readonly provider: Provider;
  readonly runtime: RuntimeNames;
  /** The names that the source uses. */
  readonly taken: ReadonlySet<string>;
  private readonly functions: string[] = [];
  /** Halves of pairs that only this file calls. */
  private readonly helpers: string[] = [];
  /** Functions that only others of the module call. */
  private readonly privateFunctions: string[] = [];
  private readonly copied = new Map<ts.Node, string>();
  private readonly imports = new Map<string, Map<string, boolean>>();
  private usesTape = false;

  constructor(
    private readonly source: SourceFile,
    globalNames?: GlobalNames,
  ) {
    this.runtime = new RuntimeNames(source);
    this.checker = source.getProject().getTypeChecker().compilerObject;
    this.globalNames = globalNames ?? new GlobalNames(this.checker, source.compilerNode);
    this.provider = new Provider(source, this.globalNames, ({ from, name, isType }) => {
      this.import(from, name, isType);
    });
    this.bang = source.getProject().getCompilerOptions().noUncheckedIndexedAccess === true;
    this.taken = new Set(source.getFullText().match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    this.tapeName = /\bTape\b/.test(source.getFullText()) ? 'SavedTape' : 'Tape';
  }

  /** Adds a half of a pair that only this file calls. */
  addPrivate(lowered: Lowered, text: string, usesTape: boolean): void {
    this.usesTape ||= usesTape;
    this.helpers.push(text);
    if (!lowered.cx.isForeign) this.requireRoot(lowered, text);
    this.provideUsed(lowered, text);
  }

  add(lowered: Lowered, text: string, usesTape: boolean): void {
    this.usesTape ||= usesTape;
    this.functions.push(text);
    this.requireRoot(lowered, text);
    this.provideUsed(lowered, text);
    for (const { node } of lowered.parameters) {
      if (node.type !== undefined && this.isReachable(node.type))
        this.require(node.type, lowered.root);
      if (node.initializer !== undefined) this.require(node.initializer, lowered.root);
    }
    const unnamed = lowered.parameters.some(
      ({ node }) => node.type !== undefined && !this.isReachable(node.type),
    );
    const byFunction = usedNames(text).has(lowered.fn.name) && text.includes('ReturnType<typeof');
    if (unnamed || byFunction) this.import(importSpecifier(this.source), lowered.fn.name, true);
    const { type } = lowered.root;
    if (type !== undefined && this.isReachable(type) && lowered.result.type.kind !== 'number')
      this.require(type, lowered.root);
  }

  /** Whether a function returns a number, as far as its type says. */
  givesNumber(node: ts.SignatureDeclaration): boolean {
    const type = this.checker.getSignatureFromDeclaration(node)?.getReturnType();
    return (
      type === undefined ||
      lowerType(type, this.checker)?.kind === 'number' ||
      !(type.flags & ts.TypeFlags.Object)
    );
  }

  /** The type of the result: as written, or by way of the function where a name is not exported. */
  resultType(lowered: Lowered): string {
    if (lowered.result.type.kind === 'number') return 'number';
    const { type } = lowered.root;
    return type !== undefined && this.isReachable(type)
      ? plainText(type)
      : `ReturnType<typeof ${lowered.fn.name}>`;
  }

  /** The types of a function that only this file has: whatever they name is imported or copied. */
  ownTypes({ root, parameters, result, cx }: Lowered): {
    readonly parameterTypes: readonly string[];
    readonly resultType: string;
  } {
    const textOf = (written: ts.TypeNode | undefined, type: ts.Type | undefined): string => {
      if (written !== undefined) return cx.textOf(written);
      if (type === undefined) return 'number';
      return this.checker.typeToString(this.checker.getBaseTypeOfLiteralType(type));
    };
    const signature = this.checker.getSignatureFromDeclaration(root);
    return {
      parameterTypes: parameters.map(({ node }) =>
        textOf(node.type, this.checker.getTypeAtLocation(node)),
      ),
      resultType:
        result.type.kind === 'number' ? 'number' : textOf(root.type, signature?.getReturnType()),
    };
  }

  /** What the author's text names, as far as it is printed: calls may have become something else. */
  private requireRoot({ root }: Lowered, text: string): void {
    this.require(root.body ?? root, root, usedNames(text));
  }

  private provideUsed(lowered: Lowered, text: string): void {
    const { globals } = lowered.cx;
    const used = usedNames(text);
    for (const global of globals.values()) {
      if (!used.has(global.name) || global.declaration === lowered.root) continue;
      this.provideGlobal(global, lowered.root);
    }
  }

  private provideGlobal(global: Global, within: ts.Node): void {
    const isOwn = global.declaration.getSourceFile() === this.source.compilerNode;
    const isSame = isOwn && nameOf(global.declaration) === global.name;
    if (isSame) this.provide(global.declaration, global.name, global.use, within);
    else this.provider.provide(global);
  }

  /**
   * Adds a function of which only the text is known and what it was made from. A private one, which has no name for
   * others, follows behind.
   */
  addText(
    text: string,
    source: ts.SignatureDeclaration,
    name: string | null,
    globals: readonly Global[],
  ): void {
    if (name === null) this.privateFunctions.push(text);
    else this.functions.push(text);
    const code = text.replace(/^\/\*\*[\s\S]*?\*\//, '');
    const used = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    this.usesTape ||= used.has(this.tapeName);
    this.require(source, source, used);
    for (const global of globals) if (used.has(global.name)) this.provideGlobal(global, source);
    if (name !== null && text.includes(`<typeof ${name}>`))
      this.import(importSpecifier(this.source), name, true);
  }

  /** The types of the parameters: as written, or by way of the function where a name is not exported. */
  parameterTypes(lowered: Lowered): string[] {
    return this.typesOf(
      lowered.parameters.map(({ node }) => node),
      lowered.fn.name,
    );
  }

  typesOf(parameters: readonly ts.ParameterDeclaration[], name: string): string[] {
    return parameters.map((node, i) => {
      const { type } = node;
      if (type === undefined) {
        return this.checker.typeToString(
          this.checker.getBaseTypeOfLiteralType(this.checker.getTypeAtLocation(node)),
        );
      }
      if (this.isReachable(type)) return plainText(type);
      return `Parameters<typeof ${name}>[${String(i)}]`;
    });
  }

  /** The type of what a function returns, in the same way. */
  resultTypeOf(node: ts.SignatureDeclaration, name: string): string {
    if (node.type !== undefined)
      return this.isReachable(node.type) ? plainText(node.type) : `ReturnType<typeof ${name}>`;
    const signature = this.checker.getSignatureFromDeclaration(node);
    return signature === undefined
      ? 'void'
      : this.checker.typeToString(this.checker.getReturnTypeOfSignature(signature));
  }

  /** Whether every name in a type can be imported, or is global or the function's own. */
  private isReachable(type: ts.TypeNode): boolean {
    let reachable = true;
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) {
        const declaration = this.declarationOf(node);
        if (
          declaration !== null &&
          this.isModuleLevel(declaration) &&
          !this.isImport(declaration) &&
          !this.isExported(declaration, node.text)
        ) {
          reachable = false;
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(type);
    return reachable;
  }

  private declarationOf(node: ts.Identifier): ts.Declaration | null {
    const { parent } = node;
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? this.checker.getShorthandAssignmentValueSymbol(parent)
      : this.checker.getSymbolAtLocation(node);
    return (
      symbol?.declarations?.find(
        (declaration) => declaration.getSourceFile() === this.source.compilerNode,
      ) ?? null
    );
  }

  private isImport(declaration: ts.Declaration): boolean {
    return (
      ts.isImportSpecifier(declaration) ||
      ts.isImportClause(declaration) ||
      ts.isNamespaceImport(declaration)
    );
  }

  private isModuleLevel(declaration: ts.Declaration): boolean {
    if (this.isImport(declaration)) return true;
    const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return ts.isSourceFile(holder.parent);
  }

  /** Whether a declaration can be imported under its own name. */
  private isExported(declaration: ts.Declaration, name: string): boolean {
    const file = this.checker.getSymbolAtLocation(this.source.compilerNode);
    const exported = file?.exports?.get(ts.escapeLeadingUnderscores(name));
    if (exported === undefined) return false;
    const symbol =
      exported.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported;
    return symbol.declarations?.includes(declaration) ?? false;
  }

  /** Imports or copies everything at module level that a piece of the source refers to. */
  private require(node: ts.Node, within: ts.Node, used: ReadonlySet<string> | null = null): void {
    const visit = (inner: ts.Node): void => {
      if (ts.isIdentifier(inner) && !isPropertyName(inner) && used?.has(inner.text) !== false) {
        const declaration = this.declarationOf(inner);
        if (declaration !== null && this.isModuleLevel(declaration))
          this.provide(declaration, inner.text, inner, within);
      }
      ts.forEachChild(inner, visit);
    };
    visit(node);
  }

  private provide(
    declaration: ts.Declaration,
    name: string,
    use: ts.Identifier,
    within: ts.Node,
  ): void {
    if (declaration === within) return;
    const isType = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
    if (this.isImport(declaration)) {
      this.forwardImport(declaration, name);
      return;
    }
    if (this.isExported(declaration, name)) {
      this.import(importSpecifier(this.source), name, isType);
      return;
    }
    const statement = ts.isVariableDeclaration(declaration)
      ? declaration.parent.parent
      : declaration;
    if (ts.isVariableDeclaration(declaration) && !canBeCopied(declaration, this.checker)) {
      const span = { file: use.getSourceFile().fileName, start: use.getStart(), end: use.getEnd() };
      throw new Refusal(diagnostic('CR205', span, { name }));
    }
    if (this.copied.has(statement)) return;
    const parts = ts.isVariableDeclaration(declaration)
      ? [statement]
      : withOverloads(declaration, this.checker);
    for (const part of parts) this.copied.set(part, textWithDocs(part));
    for (const part of parts) this.require(part, part);
  }

  private forwardImport(declaration: ts.Declaration, name: string): void {
    let node: ts.Node = declaration;
    while (!ts.isImportDeclaration(node)) node = node.parent;
    const from = (node.moduleSpecifier as ts.StringLiteral).text;
    if (ts.isNamespaceImport(declaration)) {
      this.import(from, `* as ${name}`, false);
      return;
    }
    if (ts.isImportClause(declaration)) {
      this.import(from, `default as ${name}`, declaration.isTypeOnly);
      return;
    }
    if (!ts.isImportSpecifier(declaration)) return;
    const original = declaration.propertyName?.text;
    const isType = declaration.isTypeOnly || declaration.parent.parent.isTypeOnly;
    this.import(from, original === undefined ? name : `${original} as ${name}`, isType);
  }

  private import(from: string, name: string, isType: boolean): void {
    const names = this.imports.get(from) ?? new Map<string, boolean>();
    this.imports.set(from, names);
    names.set(name, (names.get(name) ?? true) && isType);
  }

  print(): string {
    if (this.usesTape) {
      this.import(
        runtimePackage,
        this.tapeName === 'Tape' ? 'Tape' : `Tape as ${this.tapeName}`,
        false,
      );
    }
    const used = usedNames(
      [...this.functions, ...this.helpers, ...this.privateFunctions].join('\n'),
    );
    for (const name of this.runtime.specifiers(used)) this.import(runtimePackage, name, false);
    if (used.has('Matrix')) this.import(runtimePackage, 'Matrix', true);
    const head = [
      headerFor(this.source.getBaseName()),
      '/* eslint-disable */',
      ...this.importLines(),
    ];
    const copies = [...this.copied]
      .sort(([a], [b]) => a.getStart() - b.getStart())
      .map(([, text]) => text);
    return `${[head.join('\n'), ...this.provider.copies.values(), ...copies, ...this.helpers, ...this.functions, ...this.privateFunctions].join('\n\n')}\n`;
  }

  private importLines(): string[] {
    return [...this.imports]
      .sort(([a], [b]) => Number(a.startsWith('.')) - Number(b.startsWith('.')) || (a < b ? -1 : 1))
      .flatMap(([from, names]) => {
        const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
        const namespaces = sorted
          .filter(([name]) => name.startsWith('*'))
          .map(([name]) => `import ${name} from '${from}';`);
        const named = sorted.filter(([name]) => !name.startsWith('*'));
        if (named.length === 0) return namespaces;
        const allTypes = named.every(([, isType]) => isType);
        const list = named
          .map(([name, isType]) => (isType && !allTypes ? `type ${name}` : name))
          .join(', ');
        return [...namespaces, `import ${allTypes ? 'type ' : ''}{ ${list} } from '${from}';`];
      });
  }
}

function nameOf(declaration: ts.Declaration): string | undefined {
  const { name } = declaration as Partial<ts.NamedDeclaration>;
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isPropertySignature(parent) && parent.name === node)
  );
}

function textWithDocs(statement: ts.Node): string {
  return plainText(statement);
}
