import type { SourceFile } from 'ts-morph';
import { compileChecked, type Compile } from '../compile-checked.js';
import { diagnostic, type Diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { format } from '../emit/format.js';
import type { CompileOptions } from '../pipeline.js';
import { prettierOptions } from './prettier-options.js';

/** The text that belongs beside a source: null where nothing is to be generated. Without it, the source is in error. */
export interface Generated {
  readonly text?: string | null | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the generated text depends on besides the program. */
export interface Recipe {
  readonly options: CompileOptions;
  readonly formatter: 'prettier' | 'none';
  readonly show: (file: string) => string;
  /** Stands in for the compiler in tests. */
  readonly compile: Compile | undefined;
}

/** Compiles and formats what belongs at `output`. */
export async function generateFile(
  source: SourceFile,
  output: string,
  recipe: Recipe,
): Promise<Generated> {
  const { text, diagnostics } = compileChecked(source, recipe.options, recipe.compile);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  if (text === null) return { text, diagnostics };

  const formatted = await formatFor(output, text, source, recipe);
  if (typeof formatted !== 'string') return { diagnostics: [...diagnostics, formatted] };
  return { text: formatted, diagnostics };
}

async function formatFor(
  output: string,
  text: string,
  source: SourceFile,
  recipe: Recipe,
): Promise<string | Diagnostic> {
  const original = source.getFullText();
  if (recipe.formatter === 'none') return withLineEndsOf(original, text);
  const span = wholeOf(source.getFilePath());
  try {
    return await format(text, await prettierOptions(output, original));
  } catch (error) {
    // Prettier can read every module that is well-formed.
    if (error instanceof SyntaxError) return diagnostic('CR901', span, { text: error.message });
    return diagnostic('CR406', span, { output: recipe.show(output), text: messageOf(error) });
  }
}

function withLineEndsOf(source: string, text: string): string {
  return source.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text;
}

export function wholeOf(file: string): Span {
  return { file, start: 0, end: 0 };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
