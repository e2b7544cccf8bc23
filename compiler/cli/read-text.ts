import { readFileSync } from 'node:fs';

/** The text of a file as TypeScript sees it, without a byte order mark; null where it cannot be read. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
