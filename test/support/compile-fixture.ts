import { Project, SyntaxKind, type Node, type SourceFile } from 'ts-morph';
import { compileSource, type CompileOptions } from '../../compiler/pipeline.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { formatGenerated } from './format-generated.js';

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
}

/** A project of the fixtures in `files`; their syntax trees and types are shared by all tests. */
export function fixtureProject(files: readonly string[]): Project {
  const project = new Project({
    tsConfigFilePath: new URL('../../tsconfig.json', import.meta.url).pathname,
    skipAddingFilesFromTsConfig: true,
  });
  project.addSourceFilesAtPaths([...files]);
  return project;
}

export async function compileFixture(
  source: SourceFile,
  options: CompileOptions = {},
): Promise<Compiled> {
  const { text, ir, diagnostics } = compileSource(source, options);
  const formatted = text === null ? null : await formatGenerated(text, source.getFilePath());
  return { text: formatted, ir, diagnostics };
}

/** `code line:col message` for each diagnostic, one a line, in the order of the file. */
export function renderDiagnostics(source: SourceFile, diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics]
    .sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
    .map(({ code, message, span }) => {
      if (span === null) return `${code} - ${message}`;
      const { line, column } = source.getLineAndColumnAtPos(span.start);
      return `${code} ${line}:${column} ${message}`;
    })
    .map((line) => `${line}\n`)
    .join('');
}

function signature(name: string, node: Node): Signature | null {
  const fn = node.isKind(SyntaxKind.VariableDeclaration) ? node.getInitializer() : node;
  if (!fn?.isKind(SyntaxKind.FunctionDeclaration) && !fn?.isKind(SyntaxKind.ArrowFunction)) {
    return null;
  }
  const statement = fn.isKind(SyntaxKind.FunctionDeclaration)
    ? fn
    : node.getFirstAncestorByKind(SyntaxKind.VariableStatement);
  const doc = statement?.getJsDocs().at(-1)?.getText() ?? '';
  if (!doc.includes('@differentiable')) return null;
  return {
    name,
    parameters: fn.getParameters().map((parameter, i) => {
      const nameNode = parameter.getNameNode();
      return nameNode.isKind(SyntaxKind.Identifier) ? nameNode.getText() : `arg${i}`;
    }),
    wrt: /@differentiable.*\bwrt=(\S+)/.exec(doc)?.[1]?.split(',') ?? null,
  };
}

/** The annotated functions of a fixture, in the order of the source. */
export function signatures(source: SourceFile): Signature[] {
  return [...source.getExportedDeclarations()].flatMap(([name, [node]]) => {
    const found = node === undefined ? null : signature(name, node);
    return found === null ? [] : [found];
  });
}
