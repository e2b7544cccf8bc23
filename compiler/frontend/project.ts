import { Project, ts, type SourceFile } from 'ts-morph';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { defaultsOf } from './compiler-defaults.js';

/** A tsconfig, or the lack of one, as far as chainrule needs it. */
export interface ProjectConfig {
  /** The files that belong to it; null where there is no tsconfig and every file does. */
  readonly fileNames: readonly string[] | null;
  readonly options: ts.CompilerOptions;
  /** The tsconfig and what it extends. */
  readonly configFiles: readonly string[];
  /** Warnings about what could not be read of it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What holds where a project has no tsconfig: the defaults, and every `@types` package that is installed. */
export const withoutConfig: ProjectConfig = {
  fileNames: null,
  options: { types: ['*'], allowImportingTsExtensions: true, noEmit: true },
  configFiles: [],
  diagnostics: [],
};

/**
 * Reads a tsconfig with everything it extends; `version` is that of the project's own TypeScript, or null.
 *
 * A tsconfig without files that only refers to others, as templates of bundlers have it, stands for these.
 */
export function readConfigs(path: string, version: string | null): ProjectConfig[] {
  return readAll(path, version, new Set());
}

function readAll(path: string, version: string | null, seen: Set<string>): ProjectConfig[] {
  if (seen.has(path)) return [];
  seen.add(path);

  const problems: ts.Diagnostic[] = [];
  const configFiles: string[] = [];
  const parsed = ts.getParsedCommandLineOfConfigFile(path, undefined, {
    ...ts.sys,
    readFile: (file) => {
      configFiles.push(file);
      return ts.sys.readFile(file);
    },
    onUnRecoverableConfigFileDiagnostic: (problem) => problems.push(problem),
  });
  problems.push(...(parsed?.errors ?? []));
  const { fileNames = [], options = {}, projectReferences = [] } = parsed ?? {};

  const config: ProjectConfig = {
    fileNames,
    options: { ...defaultsOf(version, options), ...options },
    configFiles,
    diagnostics: problems.filter(isUnreadable).map(({ messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, ' ');
      return diagnostic('CR403', null, { file: path, text });
    }),
  };
  if (fileNames.length > 0) return [config];
  const others = projectReferences.flatMap((reference) =>
    readAll(ts.resolveProjectReferencePath(reference), version, seen),
  );
  return [config, ...others];
}

/**
 * Syntax errors and files that are not there. What this TypeScript thinks of the options themselves, which may be
 * newer or older than it, is no concern of ours.
 */
function isUnreadable({ code }: ts.Diagnostic): boolean {
  const cannotRead = 5083;
  const fileNotFound = 6053;
  return (code >= 1000 && code < 2000) || code === cannotRead || code === fileNotFound;
}

/**
 * Opens the annotated files of a project, and with them all others that belong to it: these may declare globals and give
 * derivatives. Only files that are asked about will be checked.
 */
export function openProject(
  config: ProjectConfig,
  annotated: readonly string[],
): Map<string, SourceFile> {
  const project = new Project({
    compilerOptions: config.options,
    skipFileDependencyResolution: true,
  });
  for (const file of config.fileNames ?? []) project.addSourceFileAtPathIfExists(file);
  return new Map(annotated.map((file) => [file, project.addSourceFileAtPath(file)]));
}

/** A project of one file that exists only in memory. */
export function openText(fileName: string, text: string): SourceFile {
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  return project.createSourceFile(fileName, text);
}
