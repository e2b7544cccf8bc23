import { ts, type SourceFile } from 'ts-morph';
import { nearest } from '../../diagnostics/nearest.js';
import type { RuleSettings } from './annotation.js';

/** The function that a rule is for, or why there is none. */
export type Target =
  | { readonly kind: 'found'; readonly symbol: ts.Symbol }
  /** The module is there, but nothing of the program imports it. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'missing'; readonly where: string; readonly hint: string };

/** Finds the function by the name that the file of the rule has for it, or among what a module exports. */
export function findTarget(source: SourceFile, { of, from }: RuleSettings): Target {
  const { compilerObject: checker } = source.getProject().getTypeChecker();
  if (from === null) {
    const known = checker.getSymbolsInScope(
      source.compilerNode,
      ts.SymbolFlags.Value | ts.SymbolFlags.Alias,
    );
    const own = known.filter(({ declarations = [] }) =>
      declarations.some((declaration) => declaration.getSourceFile() === source.compilerNode),
    );
    const advice = `Import "${of}" here, or write \`from=\` and the module that exports it.`;
    return among(checker, known, of, 'that this file knows', hintFor(of, own, advice));
  }
  const module = moduleOf(source, checker, from);
  if (module === 'unused') return { kind: 'unused' };
  if (module === null) {
    const hint = 'Check the name of the module, and that it has type declarations.';
    return { kind: 'missing', where: `from "${from}", which cannot be found`, hint };
  }
  const all = checker.getExportsOfModule(module);
  const where = `among the exports of "${from}"`;
  return among(checker, all, of, where, hintFor(of, all, 'Check the name.'));
}

function among(
  checker: ts.TypeChecker,
  symbols: readonly ts.Symbol[],
  name: string,
  where: string,
  hint: string,
): Target {
  const found = symbols.find((symbol) => symbol.name === name);
  if (found === undefined) return { kind: 'missing', where, hint };
  const isAlias = (found.flags & ts.SymbolFlags.Alias) !== 0;
  return { kind: 'found', symbol: isAlias ? checker.getAliasedSymbol(found) : found };
}

function hintFor(name: string, symbols: readonly ts.Symbol[], otherwise: string): string {
  const meant = nearest(
    name,
    symbols.map((symbol) => symbol.name),
  );
  return meant === undefined ? otherwise : `Did you mean "${meant}"?`;
}

function moduleOf(
  source: SourceFile,
  checker: ts.TypeChecker,
  from: string,
): ts.Symbol | 'unused' | null {
  const ambient = checker.getAmbientModules().find(({ name }) => name === `"${from}"`);
  if (ambient !== undefined) return ambient;
  const project = source.getProject();
  const { resolvedModule } = ts.resolveModuleName(
    from,
    source.getFilePath(),
    project.getCompilerOptions(),
    project.getModuleResolutionHost(),
  );
  if (resolvedModule === undefined) return null;
  const { resolvedFileName } = resolvedModule;
  const file = project.getProgram().compilerObject.getSourceFile(resolvedFileName);
  if (file === undefined) return /\.[cm]?jsx?$/.test(resolvedFileName) ? null : 'unused';
  return checker.getSymbolAtLocation(file) ?? null;
}
