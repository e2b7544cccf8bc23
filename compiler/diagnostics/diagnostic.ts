import { codes, type Category, type Code, type Holes } from './codes.js';

/** Where a message points: offsets into the text of one file. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly category: Category;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  readonly span: Span | null;
}

/** A diagnostic of the table `codes` with its holes filled. */
export function diagnostic<C extends Code>(
  code: C,
  span: Span | null,
  holes: Holes<C>,
): Diagnostic {
  const entry = codes[code];
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) =>
      String((holes as Record<string, unknown>)[name]),
    );
  return {
    code,
    severity: entry.severity,
    category: entry.category,
    message: fill(entry.message),
    advice: fill(entry.advice),
    span,
  };
}

/** Thrown where a construct cannot be accepted; caught once per function, so that one run reports all. */
export class Refusal extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
  }
}
