export type Category = 'your code' | 'not supported yet' | 'a bug of ours';

export interface Entry {
  readonly severity: 'error' | 'warning';
  readonly category: Category;
  /** What is wrong; `{name}` marks a hole. */
  readonly message: string;
  /** What to do; `{name}` marks a hole. */
  readonly advice: string;
}

/**
 * Every message of the compiler. CR1xx: source, types and annotation; CR2xx: language; CR3xx: derivatives;
 * CR4xx: files and configuration; CR9xx: bugs of ours.
 */
export const codes = {
  CR101: {
    severity: 'error',
    category: 'your code',
    message: 'TypeScript reports: {text}',
    advice: 'Fix the error; chainrule only differentiates files that type-check.',
  },
  CR900: {
    severity: 'error',
    category: 'a bug of ours',
    message: 'chainrule failed on function "{name}": {text}',
    advice: 'Please report this with the function. Other functions are not affected.',
  },
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof codes;

type HoleNames<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | HoleNames<Rest>
  : never;

/** The holes that the message and the advice of a code leave open. */
export type Holes<C extends Code> = Record<
  HoleNames<(typeof codes)[C]['message']> | HoleNames<(typeof codes)[C]['advice']>,
  string | number
>;
