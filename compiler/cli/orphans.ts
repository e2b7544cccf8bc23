import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceInHeader } from '../emit/header.js';
import { outputPath } from '../emit/output-path.js';
import { readText } from './read-text.js';

/**
 * The generated files among `files` whose source is gone or has no annotation left. A file that carries our header under
 * a name that we would not have given is somebody's copy, and no orphan.
 */
export function findOrphans(files: readonly string[]): string[] {
  return files.filter((file) => {
    if (!/_grad\.[cm]?ts$/.test(file)) return false;
    const name = sourceInHeader(readText(file) ?? '');
    if (name === null) return false;
    const source = join(dirname(file), name);
    if (outputPath(source) !== file) return false;
    return !existsSync(source) || readText(source)?.includes('@differentiable') === false;
  });
}
