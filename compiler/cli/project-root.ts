import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from './io.js';

/** Where a project lies and which tsconfig it has. */
export interface Place {
  /** Nothing outside of this folder is written. */
  readonly root: string;
  readonly tsconfig: string | null;
}

/** The tsconfig given by `-p`, a file or a folder, else the nearest one from the working directory upwards. */
export function findProject(cwd: string, given: string | undefined): Place {
  const tsconfig = given === undefined ? nearestConfig(cwd) : givenConfig(resolve(cwd, given));
  const folder = tsconfig === null ? cwd : dirname(tsconfig);
  return { root: isInside(cwd, folder) ? cwd : folder, tsconfig };
}

function givenConfig(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? join(path, 'tsconfig.json') : path;
  if (!existsSync(file)) throw new UsageError(`There is no tsconfig at ${file}.`);
  return file;
}

function nearestConfig(directory: string): string | null {
  const path = join(directory, 'tsconfig.json');
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? null : nearestConfig(parent);
}

/** Whether a path is a folder or lies in it, links followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(realpath(folder), realpath(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The real path of what exists of a path. */
function realpath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realpath(parent), relative(parent, path));
}
