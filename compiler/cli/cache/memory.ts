import type { Diagnostic } from '../../diagnostics/diagnostic.js';

/** What was generated for a source, and what for: as long as the key is the same, so is the result. */
export interface Entry {
  readonly key: string;
  /** The hash of the generated text; null where there was nothing to generate. Without it, the source was in error. */
  readonly output?: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is known of each source, by its path. */
export type Memory = Map<string, Entry>;
