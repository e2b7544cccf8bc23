import type { SourceFile } from 'ts-morph';
import type { Diagnostic } from './diagnostics/diagnostic.js';

/** Switches of the compiler; each leaves the numbers as they are. */
export interface CompileOptions {
  /** Algebraic clean-up of the generated code. Default: true. */
  readonly simplify?: boolean;
}

export interface CompileResult {
  /** The generated module before formatting; null where there is nothing to generate or an error. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The IR of each function, in the order of the source. */
  readonly ir: string;
}

/** Compiles the annotated functions of one source file. */
export function compileSource(source: SourceFile, options: CompileOptions = {}): CompileResult {
  void source;
  void options;
  return { text: null, diagnostics: [], ir: '' };
}
