import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRaw } from '../read-text.js';
import { writeAtomically } from '../write-file.js';
import { hashOf } from './hash.js';
import type { Entry } from './memory.js';

/** What one build leaves for the next. */
export interface Stored {
  /** What all of the project looked like when nothing was left to do; null where something was. */
  readonly done: Fingerprint | null;
  readonly entries: readonly (readonly [source: string, entry: Entry])[];
}

export interface Fingerprint {
  /** Files outside of the project that the build has read. */
  readonly outside: readonly string[];
  readonly hash: string;
}

/** The cache of a project; null where there is no `node_modules` to keep it in. */
export function cachePath(root: string, name: string): string | null {
  const modules = nearestModules(root);
  const file = `${hashOf(root, name)}.json`;
  return modules === null ? null : join(modules, '.cache', 'chainrule', file);
}

function nearestModules(folder: string): string | null {
  const path = join(folder, 'node_modules');
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? null : nearestModules(parent);
}

/** What is stored; null where there is nothing, or something else than was written. */
export function loadStored(path: string): Stored | null {
  const text = readRaw(path) ?? '';
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && hashOf(body) === text.slice(0, end) ? (JSON.parse(body) as Stored) : null;
}

/** A cache that cannot be written is none. */
export function saveStored(path: string, stored: Stored): void {
  const body = JSON.stringify(stored);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeAtomically(path, `${hashOf(body)}\n${body}`);
  } catch {
    // The next build takes longer; that is all.
  }
}
