import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of the `typescript` package that a project in `directory` uses; null where it has none. */
export function typescriptVersion(directory: string): string | null {
  try {
    const path = join(directory, 'node_modules', 'typescript', 'package.json');
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown };
    if (typeof version === 'string') return version;
  } catch {
    // Not installed here; it may be further up.
  }
  const parent = dirname(directory);
  return parent === directory ? null : typescriptVersion(parent);
}
