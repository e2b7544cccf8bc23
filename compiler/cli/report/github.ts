import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { placeOf } from '../../diagnostics/place.js';
import type { Io } from '../io.js';
import { isStale, type Outcome } from '../outcome.js';
import { readText } from '../read-text.js';
import { PrettyReporter } from './pretty.js';
import type { Reporter, Style } from './reporter.js';
import { showFrom } from './show.js';

/** For GitHub workflows: as for people, but that diagnostics and stale files become annotations of the change. */
export class GithubReporter implements Reporter {
  private readonly pretty: PrettyReporter;

  constructor(
    style: Style,
    private readonly io: Io,
  ) {
    this.pretty = new PrettyReporter(style, io);
  }

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    for (const { severity, code, message, advice, span } of diagnostics) {
      const place = span === null ? {} : { file: showFrom(this.io.cwd)(span.file) };
      const text = span === null ? null : readText(span.file);
      const range = span === null || text === null ? {} : rangeOf(text, span);
      this.command(severity, { ...place, ...range, title: code }, `${message}\n${advice}`);
    }
  }

  outcome(outcome: Outcome): void {
    this.pretty.outcome({ ...outcome, diagnostics: [] });
    this.diagnostics(outcome.diagnostics);
    if (!isStale(outcome)) return;
    const file = showFrom(this.io.cwd)(outcome.file);
    const text = `${file} is ${outcome.status}: run \`npx chainrule build\`.`;
    this.command('error', { file, title: outcome.status }, text);
  }

  end(outcomes: readonly Outcome[], notes: readonly string[]): void {
    this.pretty.end(outcomes, notes);
  }

  /** A workflow command; GitHub takes it off standard output. */
  private command(name: string, properties: Record<string, string | number>, text: string): void {
    const list = Object.entries(properties).map(
      ([key, value]) =>
        `${key}=${escapeData(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C')}`,
    );
    this.io.out(`::${name} ${list.join(',')}::${escapeData(text)}\n`);
  }
}

function rangeOf(text: string, span: { start: number; end: number }): Record<string, number> {
  const start = placeOf(text, span.start);
  const end = placeOf(text, span.end);
  // A range of columns is understood within one line only.
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, col: start.column, endColumn: end.column };
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
