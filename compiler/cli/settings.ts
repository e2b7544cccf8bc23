import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Compile } from '../compile-checked.js';
import type { CompileOptions } from '../pipeline.js';
import type { Config } from './config/config.js';
import { findConfig } from './config/read-config.js';
import { UsageError, type Io } from './io.js';
import { findProject, type Place } from './project-root.js';
import type { Format } from './report/reporter.js';

/** What is said on the command line, alike for all commands that build. */
export interface Flags {
  readonly project?: string;
  readonly quiet: boolean;
  readonly format: Format;
  readonly maxWarnings: number;
}

/** What a run does: the flags, and the configuration where they say nothing. */
export interface Settings extends Flags {
  readonly place: Place;
  /** Files, folders and globs; none stands for the whole project. */
  readonly files: readonly string[];
  /** The sources that the configuration lets in; null for all. */
  readonly selection: Selection | null;
  readonly options: CompileOptions;
  readonly formatter: NonNullable<Config['format']>;
  /** Stands in for the compiler in tests. */
  readonly compile: Compile | undefined;
}

export interface Selection {
  readonly folder: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export async function settingsFor(
  files: readonly string[],
  { project: tsconfig, quiet, format, maxWarnings }: Flags,
  { cwd }: Io,
  compile: Compile | undefined,
): Promise<Settings> {
  const given = tsconfig === undefined ? null : findProject(cwd, tsconfig);
  const start = given === null || given.tsconfig === null ? cwd : dirname(given.tsconfig);
  const { folder, config } = await findConfig(start);
  const project = config.project === undefined ? undefined : resolve(folder, config.project);
  const { include, exclude, rules = [] } = config;
  const selection = { folder, include: include ?? ['**/*'], exclude: exclude ?? [] };
  return {
    ...(tsconfig === undefined ? {} : { project: tsconfig }),
    quiet,
    format,
    maxWarnings,
    files,
    place: given ?? findProject(cwd, project),
    selection: include === undefined && exclude === undefined ? null : selection,
    options: rules.length === 0 ? {} : { rules: rules.map((rule) => ruleFile(folder, rule)) },
    formatter: config.format ?? 'prettier',
    compile,
  };
}

function ruleFile(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}, which "rules" names.`);
  return path;
}
