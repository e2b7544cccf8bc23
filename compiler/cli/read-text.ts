import { readFileSync } from 'node:fs';

/** The text of a file; null where it cannot be read. */
export function readRaw(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The text of a file as TypeScript sees it, without a byte order mark; null where it cannot be read. */
export function readText(file: string): string | null {
  const text = readRaw(file);
  return text === null ? null : withoutMark(text);
}

export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
