import { rmSync } from 'node:fs';
import type { SourceFile } from 'ts-morph';
import { compileChecked, type Compile } from '../compile-checked.js';
import { diagnostic, type Diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { format } from '../emit/format.js';
import { outputPath } from '../emit/output-path.js';
import type { CompileOptions } from '../pipeline.js';
import { prettierOptions } from './prettier-options.js';
import { isInside } from './project-root.js';
import { standingAt, writeIfChanged } from './write-file.js';

export type Status = 'wrote' | 'unchanged' | 'deleted' | 'failed' | 'nothing';

/** What became of one file. */
export interface Outcome {
  readonly status: Status;
  /** The generated file; the source where it failed. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the building of one file depends on besides its text. */
export interface Surroundings {
  readonly root: string;
  /** Whether the whole project is built, so that what nobody generates any more is deleted. */
  readonly isWhole: boolean;
  /** The source that already is generated to a path in this run. */
  readonly taken: Map<string, string>;
  readonly show: (file: string) => string;
  readonly options: CompileOptions;
  /** Stands in for the compiler in tests. */
  readonly compile: Compile | undefined;
}

/** Generates the file beside a source, or reports why it cannot; then what stood there stays as it is. */
export async function buildFile(
  file: string,
  source: SourceFile,
  around: Surroundings,
): Promise<Outcome> {
  const output = outputPath(file);
  const failed = (...diagnostics: Diagnostic[]): Outcome => ({
    status: 'failed',
    file,
    diagnostics,
  });

  const refusal = checkPlace(file, output, around);
  if (refusal) return failed(refusal);

  const { text, diagnostics } = compileChecked(source, around.options, around.compile);
  if (diagnostics.some(({ severity }) => severity === 'error')) return failed(...diagnostics);
  if (text === null) return { status: removeLeftOver(output, around), file: output, diagnostics };

  const formatted = await formatFor(output, text, source, around);
  if (typeof formatted !== 'string') return failed(...diagnostics, formatted);
  try {
    const status = writeIfChanged(output, formatted) ? 'wrote' : 'unchanged';
    return { status, file: output, diagnostics };
  } catch (error) {
    const holes = { file: around.show(output), text: messageOf(error) };
    return failed(...diagnostics, diagnostic('CR405', wholeOf(file), holes));
  }
}

/** Why a file may not be generated at its place, or null. */
function checkPlace(
  file: string,
  output: string,
  { root, taken, show }: Surroundings,
): Diagnostic | null {
  if (!isInside(root, output)) {
    return diagnostic('CR402', wholeOf(file), { file: show(file), root: show(root) });
  }
  const other = taken.get(output);
  if (other !== undefined) {
    return diagnostic('CR404', wholeOf(file), { output: show(output), other: show(other) });
  }
  taken.set(output, file);
  if (standingAt(output) !== 'foreign') return null;
  return diagnostic('CR401', wholeOf(file), { output: show(output), source: show(file) });
}

/** Deletes what was generated while the source still had an annotation. */
function removeLeftOver(output: string, { isWhole }: Surroundings): Status {
  if (!isWhole || standingAt(output) !== 'generated') return 'nothing';
  rmSync(output);
  return 'deleted';
}

async function formatFor(
  output: string,
  text: string,
  source: SourceFile,
  { show }: Surroundings,
): Promise<string | Diagnostic> {
  const span = wholeOf(source.getFilePath());
  try {
    return await format(text, await prettierOptions(output, source.getFullText()));
  } catch (error) {
    // Prettier can read every module that is well-formed.
    if (error instanceof SyntaxError) return diagnostic('CR901', span, { text: error.message });
    return diagnostic('CR406', span, { output: show(output), text: messageOf(error) });
  }
}

function wholeOf(file: string): Span {
  return { file, start: 0, end: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
