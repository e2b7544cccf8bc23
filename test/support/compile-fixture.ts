import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project, type SourceFile } from 'ts-morph';
import type { Diagnostic, Span } from '../../compiler/diagnostics/diagnostic.js';
import { format } from '../../compiler/emit/format.js';
import { findAnnotated } from '../../compiler/frontend/annotations.js';
import { compileSource, type CompileOptions } from '../../compiler/pipeline.js';

/** What the compiler made of one fixture, formatted. */
export interface Compiled {
  /** null where nothing was generated. */
  readonly text: string | null;
  readonly ir: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Names given by `wrt=`, or null. */
  readonly wrt: readonly string[] | null;
  /** Whether a gradient is generated: no other mode is asked for in its place. */
  readonly hasGradient: boolean;
}

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const prettierOptions = JSON.parse(readFileSync(root('.prettierrc.json'), 'utf8')) as object;

/** A project of the fixtures in `files`; their syntax trees and types are shared by all tests. */
export function fixtureProject(files: readonly string[]): Project {
  const project = new Project({
    tsConfigFilePath: root('tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  });
  project.addSourceFilesAtPaths([...files]);
  return project;
}

export async function compileFixture(
  source: SourceFile,
  options: CompileOptions = {},
): Promise<Compiled> {
  const result = compileSource(source, options);
  const text = result.text === null ? null : await format(result.text, prettierOptions);
  return { ...result, text };
}

/** The file that a diagnostic is about: the source itself, or one that it imports. */
export function fileOf(source: SourceFile, { file }: Span): SourceFile {
  const project = source.getProject();
  return project.getSourceFile(file) ?? project.addSourceFileAtPath(file);
}

/** The functions of a fixture in forward mode, whatever their annotations ask for; not formatted. */
export function forwardText(source: SourceFile): string {
  const { text, diagnostics } = compileSource(source, { modes: ['jvp'] });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (text === null || errors.length > 0) throw new Error(renderDiagnostics(source, errors));
  return text;
}

/** `code line:col message` for each diagnostic, one a line, in the order of the file. */
export function renderDiagnostics(source: SourceFile, diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics]
    .sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
    .map(({ code, message, span }) => {
      if (span === null) return `${code} - ${message}\n`;
      const { line, column } = fileOf(source, span).getLineAndColumnAtPos(span.start);
      const file = span.file === source.getFilePath() ? '' : `${basename(span.file)} `;
      return `${code} ${file}${line}:${column} ${message}\n`;
    })
    .join('');
}

/** The annotated functions of a fixture, in the order of the source. */
export function signatures(source: SourceFile): Signature[] {
  return findAnnotated(source).functions.map(({ name, node, wrt, emit }) => ({
    name,
    wrt,
    hasGradient: emit?.includes('grad') ?? true,
    parameters: node.getParameters().map((parameter, i) => {
      const written = parameter.getNameNode();
      return Node.isIdentifier(written) ? written.getText() : `arg${i}`;
    }),
  }));
}
