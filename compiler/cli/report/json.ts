import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { placeOf } from '../../diagnostics/place.js';
import type { Io } from '../io.js';
import type { Outcome } from '../outcome.js';
import { readText } from '../read-text.js';
import { unifiedDiff } from './diff.js';
import type { Reporter, Style } from './reporter.js';
import { showFrom } from './show.js';

/** For programs: one object on one line at the end of the run, `{ files, diagnostics, notes }`. */
export class JsonReporter implements Reporter {
  private found: Diagnostic[] = [];

  constructor(
    private readonly style: Style,
    private readonly io: Io,
  ) {}

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    this.found.push(...diagnostics);
  }

  outcome({ diagnostics }: Outcome): void {
    this.found.push(...diagnostics);
  }

  end(outcomes: readonly Outcome[], notes: readonly string[]): void {
    const show = showFrom(this.io.cwd);
    const files = outcomes
      .filter(({ status }) => status !== 'nothing')
      .map(({ file, status, change }) => ({
        file: show(file),
        status,
        ...(this.style.diff && change ? { diff: unifiedDiff(show(file), change) } : {}),
      }));
    const diagnostics = this.found.map(({ span, ...rest }) => ({
      ...rest,
      ...(span === null ? {} : this.placed(span, show)),
    }));
    this.found = [];
    this.io.out(`${JSON.stringify({ files, diagnostics, notes })}\n`);
  }

  private placed(
    span: NonNullable<Diagnostic['span']>,
    show: (file: string) => string,
  ): Record<string, unknown> {
    const text = readText(span.file);
    const file = show(span.file);
    if (text === null) return { file };
    return { file, start: placeOf(text, span.start), end: placeOf(text, span.end) };
  }
}
