/** What a command needs of the process; tests give their own. */
export interface Io {
  readonly cwd: string;
  readonly isColored: boolean;
  /** Whether somebody watches the error output, so that progress is worth showing. */
  readonly isWatched: boolean;
  /** Whether a GitHub workflow reads what is printed. */
  readonly isGithub: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends a command that would go on for ever. */
  readonly stop?: AbortSignal;
}

/** Exit codes: fine; diagnostics or stale files; usage, configuration or a bug of ours. */
export const exit = { fine: 0, diagnostics: 1, broken: 2 } as const;

/** The command line, or the configuration, cannot be followed. */
export class UsageError extends Error {}
