/** What a command needs of the process; tests give their own. */
export interface Io {
  readonly cwd: string;
  readonly isColored: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes: fine; diagnostics; usage, configuration or a bug of ours. */
export const exit = { fine: 0, diagnostics: 1, broken: 2 } as const;

/** The command line, or the configuration, cannot be followed. */
export class UsageError extends Error {}
