import { ts, type SourceFile } from 'ts-morph';

const ending = /_grad(\.[cm]?[jt]sx?)?$/;

/**
 * Some sources, and those from which the modules are generated that they and the files around them import, by whatever
 * way these are found: `./cost_grad.js` belongs to what `./cost.js` stands for. They join the project.
 */
export function withImported(
  sources: readonly SourceFile[],
  isSource: (path: string, text: string) => boolean,
): SourceFile[] {
  const [first] = sources;
  if (first === undefined) return [];
  const project = first.getProject();
  const found = new Set(sources);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const path of namedBeside(project)) {
      const text = project.getModuleResolutionHost().readFile(path);
      if (text === undefined || !isSource(path, text)) continue;
      found.add(project.getSourceFile(path) ?? project.addSourceFileAtPath(path));
    }
  }
  return [...found];
}

/** The paths of the sources that the imports of generated modules name. */
function namedBeside(project: ReturnType<SourceFile['getProject']>): Set<string> {
  const host = project.getModuleResolutionHost();
  const options = project.getCompilerOptions();
  const paths = new Set<string>();
  for (const file of project.getProgram().compilerObject.getSourceFiles()) {
    if (file.isDeclarationFile || file.fileName.includes('/node_modules/')) continue;
    for (const specifier of specifiersIn(file)) {
      if (!ending.test(specifier)) continue;
      const name = specifier.replace(ending, '$1');
      const { resolvedModule } = ts.resolveModuleName(name, file.fileName, options, host);
      if (resolvedModule !== undefined) paths.add(resolvedModule.resolvedFileName);
    }
  }
  return paths;
}

function specifiersIn(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
      ? [moduleSpecifier.text]
      : [];
  });
}
