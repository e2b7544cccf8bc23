import pc from 'picocolors';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { render } from '../../diagnostics/render.js';
import type { Io } from '../io.js';
import type { Outcome } from '../outcome.js';
import { readText } from '../read-text.js';
import { summary } from './counts.js';
import { colorDiff, unifiedDiff } from './diff.js';
import type { Reporter, Style } from './reporter.js';
import { showFrom } from './show.js';

/** For people: a line a file, diagnostics with their code frames, a summary. */
export class PrettyReporter implements Reporter {
  constructor(
    private readonly style: Style,
    private readonly io: Io,
  ) {}

  /** In the order of the text, each with an empty line. */
  diagnostics(diagnostics: readonly Diagnostic[]): void {
    const { cwd, isColored, err } = this.io;
    const surroundings = {
      colors: pc.createColors(isColored),
      isColored,
      read: readText,
      show: showFrom(cwd),
    };
    const ordered = diagnostics.toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    for (const each of ordered) err(`${render(each, surroundings)}\n\n`);
  }

  outcome({ status, file, change, diagnostics }: Outcome): void {
    const { cwd, isColored, out } = this.io;
    const name = showFrom(cwd)(file);
    if (!this.style.quiet && status !== 'nothing') {
      out(`${colorOf(status, isColored)(status.padEnd(9))} ${name}\n`);
      if (this.style.diff && change) out(colorDiff(unifiedDiff(name, change), isColored));
    }
    this.diagnostics(diagnostics);
  }

  end(outcomes: readonly Outcome[], notes: readonly string[]): void {
    if (!this.style.quiet) this.io.out(`${[summary(outcomes), ...notes].join('\n')}\n`);
  }
}

function colorOf(status: Outcome['status'], isColored: boolean): (text: string) => string {
  const { green, dim, red, yellow } = pc.createColors(isColored);
  switch (status) {
    case 'wrote':
      return green;
    case 'deleted':
    case 'stale':
    case 'missing':
    case 'orphaned':
      return yellow;
    case 'failed':
      return red;
    case 'unchanged':
    case 'nothing':
      return dim;
  }
}
