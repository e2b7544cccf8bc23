import { outputPath } from '../../emit/output-path.js';
import type { Outcome } from '../outcome.js';
import type { Plan } from '../plan.js';
import { withoutMark } from '../read-text.js';
import type { Settings } from '../settings.js';
import type { Snapshot } from '../snapshot.js';
import { typescriptVersion } from '../typescript-version.js';
import { engine } from './engine.js';
import { hashOf } from './hash.js';
import { manifestsOf, outsideOf, stateOf } from './outside.js';
import type { Keys } from './keys.js';
import type { Fingerprint } from './store.js';

/** A hash of all that a build of the whole project depends on. */
export function fingerprintOf(
  snapshot: Snapshot,
  outside: readonly string[],
  { place, selection, formatter, options }: Settings,
): string {
  const version = typescriptVersion(place.root);
  const beyond = [...new Set([...outsideOf(place.root), ...outside])].sort();
  return hashOf(
    JSON.stringify([engine(), place, selection, formatter, options, version]),
    ...[...snapshot].flat(),
    ...beyond.flatMap((path) => [path, stateOf(path)]),
  );
}

/** A build that is over. */
export interface Finished {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  readonly keys: readonly Keys[];
}

/**
 * The fingerprint of a project after its build; null where another build would not do nothing, or where it cannot be
 * known without one.
 */
export function fingerprintAfter(done: Finished, settings: Settings): Fingerprint | null {
  const { snapshot, plan, outcomes, keys } = done;
  if (outcomes.some(({ status }) => status === 'failed')) return null;
  if (!plan.groups.every(({ config }) => isKnowable(config, snapshot))) return null;

  const outputs = new Set(plan.groups.flatMap(({ sources }) => sources.map(outputPath)));
  const read = keys.flatMap((each) => each.filesRead()).filter(({ path }) => !outputs.has(path));
  const inside = read.filter(({ path }) => snapshot.has(path));
  // What was changed since the start of the build is news to the next one.
  if (inside.some(({ path, text }) => withoutMark(snapshot.get(path) ?? '') !== text)) return null;

  const outside = read.map(({ path }) => path).filter((path) => !snapshot.has(path));
  const configs = plan.groups.flatMap(({ config }) => config.configFiles);
  const all = [...new Set([...outside, ...manifestsOf(outside), ...configs])];
  const after = afterwards(snapshot, outcomes);
  const places = [
    ...after.keys(),
    ...outsideOf(settings.place.root).filter((path) => stateOf(path)),
  ];
  if (places.some(isProgram)) return null;
  return { outside: all, hash: fingerprintOf(after, all, settings) };
}

function isKnowable(
  { diagnostics, options, fileNames }: Plan['groups'][number]['config'],
  snapshot: Snapshot,
): boolean {
  // Which JavaScript belongs to it is not in the snapshot.
  if (diagnostics.length > 0 || options.allowJs === true) return false;
  return fileNames === null || fileNames.every((file) => snapshot.has(file));
}

/** A configuration of Prettier that may say something else each time. */
function isProgram(path: string): boolean {
  return /(\.prettierrc|prettier\.config)\.[cm]?[jt]s$/.test(path);
}

function afterwards(snapshot: Snapshot, outcomes: readonly Outcome[]): Snapshot {
  const texts = new Map(snapshot);
  for (const { file, change } of outcomes) {
    if (change?.after === null) texts.delete(file);
    else if (change !== undefined) texts.set(file, change.after);
  }
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
