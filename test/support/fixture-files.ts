import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const fixturesFolder = fileURLToPath(new URL('../../fixtures', import.meta.url));

const isSource = (name: string): boolean =>
  name.endsWith('.ts') &&
  !name.endsWith('_grad.ts') &&
  !name.endsWith('.points.ts') &&
  // What fixtures import.
  !name.includes('/shared/');

const paths = readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter(isSource)
  .sort();

const named = (name: string) => ({ name: name.slice(0, -3), path: join(fixturesFolder, name) });

/** A fixture: `name` is its path below `fixtures/` without the extension. */
export type FixtureFile = ReturnType<typeof named>;

/** Sources that must compile. */
export const fixtureFiles: readonly FixtureFile[] = paths
  .filter((name) => !name.startsWith('errors/'))
  .map(named);

/** Sources that must be refused. */
export const errorFiles: readonly FixtureFile[] = paths
  .filter((name) => name.startsWith('errors/'))
  .map(named);
