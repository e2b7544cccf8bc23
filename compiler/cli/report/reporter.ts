import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Io } from '../io.js';
import type { Outcome } from '../outcome.js';
import { GithubReporter } from './github.js';
import { JsonReporter } from './json.js';
import { PrettyReporter } from './pretty.js';

export const formats = ['pretty', 'json', 'github'] as const;
export type Format = (typeof formats)[number];

/** Tells what happens in a run, as it happens or at its end. */
export interface Reporter {
  readonly diagnostics: (diagnostics: readonly Diagnostic[]) => void;
  readonly outcome: (outcome: Outcome) => void;
  /** The run is over; the notes say what else is worth knowing. */
  readonly end: (outcomes: readonly Outcome[], notes: readonly string[]) => void;
}

export interface Style {
  readonly format: Format;
  /** Whether only diagnostics are told. */
  readonly quiet: boolean;
  /** Whether the changes of files are shown. */
  readonly diff: boolean;
}

export function reporterFor(style: Style, io: Io): Reporter {
  switch (style.format) {
    case 'pretty':
      return new PrettyReporter(style, io);
    case 'json':
      return new JsonReporter(style, io);
    case 'github':
      return new GithubReporter(style, io);
  }
}
