import type { Options } from 'prettier';
import { compileChecked } from './compile-checked.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { format, optionsLike } from './emit/format.js';
import { openText } from './frontend/project.js';
import { prepareSources } from './prepare-sources.js';
import type { CompileOptions } from './pipeline.js';

export type { Config } from './cli/config/config.js';
export type { Category, Code } from './diagnostics/codes.js';
export type { Diagnostic, Span } from './diagnostics/diagnostic.js';
export { version } from './version.js';

export interface Settings extends Pick<CompileOptions, 'simplify' | 'modes'> {
  /** The name of the source; its ending counts. Default: `source.ts`. */
  readonly fileName?: string;
  /** How to format the result. Default: Prettier's defaults with the indentation and quotes of the source. */
  readonly prettier?: Options;
}

export interface Compiled {
  /** The generated module; null where there is nothing to generate or an error. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the annotated functions of a text that stands alone: imports are not followed, no file is touched. */
export async function compile(text: string, settings: Settings = {}): Promise<Compiled> {
  const { fileName = 'source.ts', prettier = optionsLike(text), ...options } = settings;
  const source = openText(fileName, text);
  const result = compileChecked(source, prepareSources([source], options));
  return {
    text: result.text === null ? null : await format(result.text, prettier),
    diagnostics: result.diagnostics,
  };
}
