import type { Diagnostic } from '../diagnostics/diagnostic.js';

/**
 * What became of a file. `stale`, `missing` and `orphaned` are what `wrote` and `deleted` would have been where nothing
 * may be written.
 */
export type Status =
  'wrote' | 'unchanged' | 'deleted' | 'stale' | 'missing' | 'orphaned' | 'failed' | 'nothing';

export interface Outcome {
  readonly status: Status;
  /** The generated file; the source where it failed. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The text before and after; null where there is no file. */
  readonly change?: Change;
  /** Whether it was known already and not compiled again. */
  readonly isOld?: true;
}

export interface Change {
  readonly before: string | null;
  readonly after: string | null;
}

/** Whether a file is not what it would be after a build. */
export function isStale({ status }: Outcome): boolean {
  return status === 'stale' || status === 'missing' || status === 'orphaned';
}
