import { ts, type Project } from 'ts-morph';

/** A file of a program as it was read. */
export interface ReadFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Which files the meaning of a source depends on: those that it imports, directly or not, and all that declare globals.
 * Where it imports a generated file, it depends on the source of that.
 */
export class Dependencies {
  private readonly program: ts.Program;
  private readonly globals: ReadonlySet<ts.SourceFile>;
  private readonly imports = new Map<ts.SourceFile, readonly ts.SourceFile[]>();

  /** `sourceOf` is the source of a generated file, if it is one of this run. `always` are files that all depend on. */
  constructor(
    project: Project,
    private readonly sourceOf: (path: string) => string | undefined,
    always: readonly string[],
  ) {
    this.program = project.getProgram().compilerObject;
    const roots = this.program
      .getSourceFiles()
      .filter(
        (file) => declaresGlobals(file) || mayHoldRules(file) || always.includes(file.fileName),
      );
    this.globals = this.reach(roots.filter((file) => !this.isBundled(file)));
  }

  /** Every file that was read, but for those that TypeScript itself brings along. */
  all(): ReadFile[] {
    return this.program
      .getSourceFiles()
      .filter((file) => !this.isBundled(file))
      .map(asRead);
  }

  /** The files that a source depends on, itself among them, in the order of their paths. */
  of(path: string): ReadFile[] {
    const source = this.program.getSourceFile(path);
    const reached = source === undefined ? [] : this.reach([source]);
    return [...new Set([...this.globals, ...reached])]
      .map(asRead)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private reach(roots: readonly ts.SourceFile[]): Set<ts.SourceFile> {
    const reached = new Set(roots);
    for (const file of reached) for (const next of this.importsOf(file)) reached.add(next);
    return reached;
  }

  private importsOf(file: ts.SourceFile): readonly ts.SourceFile[] {
    const known = this.imports.get(file);
    if (known !== undefined) return known;
    const checker = this.program.getTypeChecker();
    const modules = specifiersOf(file).flatMap(
      (specifier) => checker.getSymbolAtLocation(specifier)?.declarations ?? [],
    );
    const referenced = file.referencedFiles.flatMap(({ fileName }) => {
      const path = ts.sys.resolvePath(`${file.fileName}/../${fileName}`);
      return this.program.getSourceFile(path) ?? [];
    });
    const found = [...modules.map((module) => module.getSourceFile()), ...referenced].flatMap(
      (each) => this.originalOf(each) ?? [],
    );
    this.imports.set(file, found);
    return found;
  }

  private originalOf(file: ts.SourceFile): ts.SourceFile | undefined {
    const source = this.sourceOf(file.fileName);
    return source === undefined ? file : this.program.getSourceFile(source);
  }

  private isBundled(file: ts.SourceFile): boolean {
    return this.program.isSourceFileDefaultLibrary(file);
  }
}

/** The specifiers of all imports, type imports and dynamic imports of a file. */
function specifiersOf(file: ts.SourceFile): readonly ts.Expression[] {
  // TypeScript collects them for the program, but does not say so in its types.
  return (file as { imports?: readonly ts.Expression[] }).imports ?? [];
}

/** Whether there may be derivatives in a file that the user gives: they count for the whole program. */
function mayHoldRules({ fileName, text }: ts.SourceFile): boolean {
  return text.includes('@derivative') && !fileName.includes('/node_modules/');
}

function declaresGlobals(file: ts.SourceFile): boolean {
  if (!ts.isExternalModule(file)) return true;
  return file.statements.some(
    (statement) => ts.isModuleDeclaration(statement) && isAugmentation(statement),
  );
}

function isAugmentation({ name, flags }: ts.ModuleDeclaration): boolean {
  return ts.isStringLiteral(name) || (flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

function asRead({ fileName, text }: ts.SourceFile): ReadFile {
  return { path: fileName, text };
}
