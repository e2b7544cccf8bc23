import { codeFrameColumns } from '@babel/code-frame';
import type { Diagnostic } from './diagnostic.js';
import { placeOf } from './place.js';

/** What rendering needs from outside: colours, and the files. */
export interface Surroundings {
  /** Functions that colour a text, or return it as it is. */
  readonly colors: Record<'bold' | 'cyan' | 'dim' | 'red' | 'yellow', (text: string) => string>;
  readonly isColored: boolean;
  /** The text of a file, or null where it cannot be read. */
  readonly read: (file: string) => string | null;
  /** A path as the user would write it. */
  readonly show: (file: string) => string;
}

/**
 * A diagnostic as text for a terminal:
 *
 *     src/loss.ts:3:5 error CR108 (your code)
 *     "loss" is annotated but not exported.
 *     …code frame…
 *     Export it: the generated file has to import its types.
 */
export function render(diagnostic: Diagnostic, { colors, ...outside }: Surroundings): string {
  const { code, severity, category, message, advice, span } = diagnostic;
  const severityColor = severity === 'error' ? colors.red : colors.yellow;
  const title = `${severityColor(severity)} ${code} ${colors.dim(`(${category})`)}`;
  if (!span) return [title, colors.bold(message), advice].join('\n');

  const text = outside.read(span.file);
  const start = text === null ? null : placeOf(text, span.start);
  const place = start ? `:${start.line}:${start.column}` : '';
  const lines = [`${colors.cyan(outside.show(span.file) + place)} ${title}`, colors.bold(message)];
  if (start && text !== null) {
    const end = placeOf(text, span.end);
    const location = start.line === end.line ? { start, end } : { start };
    lines.push(codeFrameColumns(text, location, { forceColor: outside.isColored }));
  }
  lines.push(advice);
  return lines.join('\n');
}
