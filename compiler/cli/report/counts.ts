import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { exit } from '../io.js';
import type { Outcome, Status } from '../outcome.js';

const words: Partial<Record<Status, string>> = {
  wrote: 'written',
  unchanged: 'unchanged',
  deleted: 'deleted',
  stale: 'stale',
  missing: 'missing',
  orphaned: 'orphaned',
  failed: 'failed',
};

/** The closing line of a build. */
export function summary(outcomes: readonly Outcome[]): string {
  const files = Object.entries(words)
    .map(([status, word]) => [outcomes.filter((each) => each.status === status).length, word])
    .filter(([n]) => n !== 0)
    .map(([n, word]) => `${n} ${word}`);
  const diagnostics = outcomes.flatMap((each) => each.diagnostics);
  const counts = (['error', 'warning'] as const)
    .map((severity) => ({ severity, n: count(diagnostics, severity) }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${severity}${n === 1 ? '' : 's'}`);
  if (files.length === 0) return 'No annotated function was found.';
  return [files.join(', '), ...(counts.length > 0 ? [counts.join(', ')] : [])].join('; ');
}

/** The exit code that diagnostics call for. */
export function exitCode(diagnostics: readonly Diagnostic[], maxWarnings: number): number {
  if (diagnostics.some(({ category }) => category === 'a bug of ours')) return exit.broken;
  if (count(diagnostics, 'error') > 0) return exit.diagnostics;
  return count(diagnostics, 'warning') > maxWarnings ? exit.diagnostics : exit.fine;
}

function count(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((each) => each.severity === severity).length;
}
