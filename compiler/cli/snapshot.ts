import { resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { readRaw } from './read-text.js';

const sources = '**/*.{ts,tsx,mts,cts}';
const configurations = [
  '**/{.prettierrc,prettier.config}*',
  '**/.editorconfig',
  '**/package.{json,yaml}',
  '**/tsconfig*.json',
];

/** The text of every file of a folder that a build may depend on, in the order of their paths. */
export type Snapshot = ReadonlyMap<string, string>;

export async function takeSnapshot(root: string): Promise<Snapshot> {
  const options = { cwd: root, absolute: true, ignore: ['**/node_modules/**'] };
  const found = await Promise.all([
    glob(sources, options),
    glob(configurations, { ...options, dot: true, ignore: ['**/node_modules/**', '**/.git/**'] }),
  ]);
  const paths = [...new Set(found.flat())].map((path) => resolve(path)).sort();
  return new Map(paths.map((path) => [path, readRaw(path) ?? '']));
}
