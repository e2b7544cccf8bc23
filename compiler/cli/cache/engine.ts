import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../../version.js';
import { hashOf } from './hash.js';

/** Stands for the compiler itself: its version, and its own text, which changes between versions while it is developed. */
export function engine(): string {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file) && !/^(dist|node_modules)[\\/]/.test(file))
    .sort();
  return hashOf(version, ...files.map((file) => readFileSync(join(folder, file), 'utf8')));
}
