import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { sourceInHeader } from '../emit/header.js';

/** What stands at a place where a generated file shall go. */
export type Standing = 'nothing' | 'generated' | 'foreign';

export function standingAt(path: string): Standing {
  if (!existsSync(path)) return 'nothing';
  if (!statSync(path).isFile()) return 'foreign';
  return sourceInHeader(readFileSync(path, 'utf8')) === null ? 'foreign' : 'generated';
}

/** Writes a file in one step: nobody ever reads half of it, whatever ends the process meanwhile. */
export function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
