import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRaw } from '../read-text.js';

const locks = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml', '.yarn-integrity'];
const configs = [
  'package.json',
  'package.yaml',
  '.editorconfig',
  '.prettierrc',
  ...['json', 'json5', 'yaml', 'yml', 'toml'].map((ending) => `.prettierrc.${ending}`),
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].flatMap((ending) => [
    `.prettierrc.${ending}`,
    `prettier.config.${ending}`,
  ]),
];

/**
 * What can change a build though it lies outside of the project's own files: the packages that are installed, and
 * configurations in the folders above.
 */
export function outsideOf(root: string): string[] {
  return foldersUp(root).flatMap((folder) => {
    const modules = join(folder, 'node_modules');
    const above = folder === root ? [] : configs.map((name) => join(folder, name));
    if (!existsSync(modules)) return [modules, ...above];
    const scopes = readdirSync(modules).filter((name) => name.startsWith('@'));
    return [...above, ...['', ...locks, ...scopes].map((name) => join(modules, name))];
  });
}

/** The package.json that belongs to each of the files that lie in packages. */
export function manifestsOf(files: readonly string[]): string[] {
  const folders = files.map((file) =>
    /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(file),
  );
  return [...new Set(folders.flatMap((found) => found?.[0] ?? []))].map((folder) =>
    join(folder, 'package.json'),
  );
}

/** The content of a file, or the names in a folder but for hidden ones; empty where there is nothing. */
export function stateOf(path: string): string {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory()) return visibleIn(path).sort().join('\n');
  return entry === undefined ? '' : (readRaw(path) ?? '');
}

function visibleIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.'));
}

function foldersUp(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUp(parent)];
}
