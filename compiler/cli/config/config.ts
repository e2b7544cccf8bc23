/** The content of `chainrule.config.{js,mjs,ts,json}`, or of the key `chainrule` in package.json. */
export interface Config {
  /** Globs of the sources to build, from the folder of the configuration. Default: all of the tsconfig. */
  readonly include?: readonly string[];
  /** Globs of sources to leave out. */
  readonly exclude?: readonly string[];
  /** Files with `@derivative of=… from=…`: the derivatives of functions whose source is not in the project. */
  readonly rules?: readonly string[];
  /** Whether generated files are formatted with Prettier. Default: `prettier`. */
  readonly format?: 'prettier' | 'none';
  /** The tsconfig of the project, or its folder. */
  readonly project?: string;
}
