import { dirname, join } from 'node:path';
import { sourceInHeader } from '../emit/header.js';
import { outputPath } from '../emit/output-path.js';
import { readText } from './read-text.js';

/**
 * The generated files among `files` whose source is gone or has no annotation left. A file that carries our header under
 * a name that we would not have given is somebody's copy, and no orphan.
 */
export function findOrphans(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, text]) => {
    if (!/_grad\.[cm]?ts$/.test(file)) return [];
    const name = sourceInHeader(text);
    if (name === null) return [];
    const source = join(dirname(file), name);
    if (outputPath(source) !== file) return [];
    return (readText(source) ?? '').includes('@differentiable') ? [] : [file];
  });
}
