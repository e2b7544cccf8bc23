import { relative } from 'node:path';
import pc from 'picocolors';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { render } from '../diagnostics/render.js';
import type { Outcome, Status } from './build-file.js';
import { exit, type Io } from './io.js';
import { readText } from './read-text.js';

/** A path as it is written from the working directory, with forward slashes everywhere. */
export function showFrom(cwd: string): (file: string) => string {
  return (file) => relative(cwd, file).replaceAll('\\', '/') || '.';
}

/** Prints diagnostics in the order of the text, each with its code frame and an empty line. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  { cwd, isColored, err }: Io,
): void {
  const surroundings = {
    colors: pc.createColors(isColored),
    isColored,
    read: readText,
    show: showFrom(cwd),
  };
  const ordered = diagnostics.toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  for (const each of ordered) err(`${render(each, surroundings)}\n\n`);
}

/** The line of one file. */
export function printLine({ status, file }: Outcome, { cwd, isColored, out }: Io): void {
  const { green, dim, red, yellow } = pc.createColors(isColored);
  const color = { wrote: green, unchanged: dim, deleted: yellow, failed: red, nothing: dim }[
    status
  ];
  if (status !== 'nothing') out(`${color(status.padEnd(9))} ${showFrom(cwd)(file)}\n`);
}

/** The closing line of a build. */
export function summary(outcomes: readonly Outcome[]): string {
  const statuses: readonly Status[] = ['wrote', 'unchanged', 'deleted', 'failed'];
  const files = statuses
    .map((status) => ({ status, n: outcomes.filter((each) => each.status === status).length }))
    .filter(({ n }) => n > 0)
    .map(({ status, n }) => `${n} ${status === 'wrote' ? 'written' : status}`);
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

export function count(
  diagnostics: readonly Diagnostic[],
  severity: Diagnostic['severity'],
): number {
  return diagnostics.filter((each) => each.severity === severity).length;
}
