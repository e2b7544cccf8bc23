import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { sourceInHeader } from '../emit/header.js';
import { isSourcePath } from '../emit/output-path.js';
import { UsageError } from './io.js';
import type { Selection } from './settings.js';

const ignore = ['**/node_modules/**'];

/** Keeps the files that a configuration lets in. */
export async function selectFiles(
  files: readonly string[],
  { folder, include, exclude }: Selection,
): Promise<string[]> {
  const options = { cwd: folder, absolute: true, ignore: [...ignore, ...exclude] };
  const selected = new Set((await glob([...include], options)).map((path) => resolve(path)));
  return files.filter((file) => selected.has(file));
}

/** The files that the arguments of a command name, files, folders and globs, in the order of their paths. */
export async function namedFiles(cwd: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => filesNamed(cwd, name)));
  return [...new Set(found.flat().map((path) => resolve(path)))].sort();
}

async function filesNamed(cwd: string, name: string): Promise<string[]> {
  const path = resolve(cwd, name);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory())
    return glob('**/*.{ts,tsx,mts,cts}', { cwd: path, absolute: true, ignore });
  if (entry) {
    if (isSourcePath(path)) return [path];
    throw new UsageError(`${name} is not a TypeScript source.`);
  }
  const found = await glob(name.replaceAll('\\', '/'), { cwd, absolute: true, ignore });
  if (found.length === 0) throw new UsageError(`No file is called ${name}, nor does one match it.`);
  return found.filter(isSourcePath);
}

/** Whether a file may hold an annotated function: its text says so, and it is not generated itself. */
export function mayBeAnnotated(file: string, text: string): boolean {
  return isSourcePath(file) && text.includes('@differentiable') && sourceInHeader(text) === null;
}
