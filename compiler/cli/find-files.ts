import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { sourceInHeader } from '../emit/header.js';
import { isSourcePath } from '../emit/output-path.js';
import { UsageError } from './io.js';
import { readText } from './read-text.js';

const ignored = ['**/node_modules/**'];

/** All TypeScript files of a folder, in the order of their names, so that every run reports alike. */
export async function allFiles(root: string): Promise<string[]> {
  return sorted(
    await glob('**/*.{ts,tsx,mts,cts}', { cwd: root, absolute: true, ignore: ignored }),
  );
}

/** The files that the arguments of a command name: files, folders and globs. */
export async function namedFiles(cwd: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => filesNamed(cwd, name)));
  return sorted([...new Set(found.flat())]);
}

async function filesNamed(cwd: string, name: string): Promise<string[]> {
  const path = resolve(cwd, name);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory()) return allFiles(path);
  if (entry) {
    if (isSourcePath(path)) return [path];
    throw new UsageError(`${name} is not a TypeScript source.`);
  }
  const found = await glob(name.replaceAll('\\', '/'), { cwd, absolute: true, ignore: ignored });
  if (found.length === 0) throw new UsageError(`No file is called ${name}, nor does one match it.`);
  return found.filter(isSourcePath);
}

function sorted(paths: readonly string[]): string[] {
  return paths.map((path) => resolve(path)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether a file may hold an annotated function: its text says so, and it is not generated itself. */
export function mayBeAnnotated(file: string): boolean {
  const text = isSourcePath(file) ? readText(file) : null;
  return text !== null && text.includes('@differentiable') && sourceInHeader(text) === null;
}
