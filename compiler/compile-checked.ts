import type { SourceFile } from 'ts-morph';
import { diagnostic } from './diagnostics/diagnostic.js';
import { findAnnotated } from './frontend/annotations.js';
import { findTypeErrors } from './frontend/type-errors.js';
import { compileSource, type CompileOptions, type CompileResult } from './pipeline.js';

export type Compile = (source: SourceFile, options?: CompileOptions) => CompileResult;

/**
 * Type-checks a file and compiles it. A file with type errors is not compiled, but what is wrong with its annotations
 * is reported along with them. An exception is a bug of ours, and one file's bug does not stop the others.
 */
export function compileChecked(
  source: SourceFile,
  options: CompileOptions = {},
  compile: Compile = compileSource,
): CompileResult {
  try {
    const errors = findTypeErrors(source);
    if (errors.length === 0) return compile(source, options);
    return { text: null, diagnostics: [...errors, ...findAnnotated(source).diagnostics], ir: '' };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const span = { file: source.getFilePath(), start: 0, end: 0 };
    return { text: null, diagnostics: [diagnostic('CR901', span, { text })], ir: '' };
  }
}
