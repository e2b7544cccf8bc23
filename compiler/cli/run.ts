import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { outputPath } from '../emit/output-path.js';
import { fingerprintAfter, fingerprintOf } from './cache/fingerprint.js';
import type { Keys } from './cache/keys.js';
import type { Entry, Memory } from './cache/memory.js';
import { cachePath, loadStored, saveStored, type Stored } from './cache/store.js';
import type { Io } from './io.js';
import type { Outcome } from './outcome.js';
import { candidatesIn, candidatesNamed, planBuild, type Candidates, type Plan } from './plan.js';
import { clearPrettierCache } from './prettier-options.js';
import type { Progress } from './progress.js';
import type { Reporter } from './report/reporter.js';
import { showFrom } from './report/show.js';
import { settleOrphan, type Surroundings } from './settle-file.js';
import type { Settings } from './settings.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';

/** What a run has found. */
export interface Result {
  readonly outcomes: readonly Outcome[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a run tells what it does. */
export interface Audience {
  readonly io: Io;
  readonly reporter: Reporter;
  readonly progress: Progress;
}

/** Brings a project up to date, or, where it `writes` nothing, tells what is out of date. */
export async function run(
  settings: Settings,
  writes: boolean,
  audience: Audience,
): Promise<Result> {
  const { files, place } = settings;
  if (files.length > 0) {
    const candidates = await candidatesNamed(audience.io.cwd, files);
    return runOn(candidates, null, settings, writes, new Map(), audience);
  }
  const snapshot = await takeSnapshot(place.root);
  const candidates = await candidatesIn(snapshot, settings);
  const cache = cachePath(place.root, String(place.tsconfig));
  const stored = cache === null ? null : loadStored(cache);
  const isNews = stored === null || !isDone(stored, candidates, snapshot, settings);
  if (!isNews) return repeat(stored.entries, audience);

  const memory: Memory = new Map(stored?.entries);
  const keep = (fingerprint: Stored['done']): void => {
    const entries = [...memory].filter(
      ([file, { output }]) => output !== undefined && candidates.sources.includes(file),
    );
    if (cache !== null && writes) saveStored(cache, { done: fingerprint, entries });
  };
  return runOn(candidates, { snapshot, keep }, settings, writes, memory, audience);
}

function isDone(
  { done, entries }: Stored,
  { sources, orphans }: Candidates,
  snapshot: Snapshot,
  settings: Settings,
): boolean {
  if (done === null || orphans.length > 0 || sources.length !== entries.length) return false;
  return done.hash === fingerprintOf(snapshot, done.outside, settings);
}

/** Tells once more what the last build has found: nothing has changed since. */
function repeat(entries: readonly (readonly [string, Entry])[], { reporter }: Audience): Result {
  const outcomes = entries.map(([file, { output, diagnostics }]): Outcome => {
    const status = output === null ? 'nothing' : 'unchanged';
    return { status, file: outputPath(file), diagnostics, isOld: true };
  });
  for (const outcome of outcomes) reporter.outcome(outcome);
  reporter.end(outcomes, []);
  return { outcomes, diagnostics: outcomes.flatMap(({ diagnostics }) => diagnostics) };
}

/** What a build of the whole project keeps for the next one. */
interface Keeping {
  readonly snapshot: Snapshot;
  readonly keep: (fingerprint: Stored['done']) => void;
}

async function runOn(
  candidates: Candidates,
  keeping: Keeping | null,
  settings: Settings,
  writes: boolean,
  memory: Memory,
  { io, reporter, progress }: Audience,
): Promise<Result> {
  const plan = await planBuild(candidates, settings);
  const around: Surroundings = {
    root: settings.place.root,
    isWhole: keeping !== null,
    writes,
    taken: new Map(),
    show: showFrom(io.cwd),
  };
  const diagnostics = plan.groups.flatMap(({ config }) => config.diagnostics);
  reporter.diagnostics(diagnostics);

  const outcomes: Outcome[] = [];
  const all = plan.groups.reduce((sum, { sources }) => sum + sources.length, 0);
  const report = (outcome: Outcome): void => {
    outcomes.push(outcome);
    reporter.outcome(outcome);
    progress.step(outcomes.length, all);
  };
  const keys: Keys[] = [];
  for (const group of plan.groups.filter(({ sources }) => sources.length > 0)) {
    // TypeScript takes a while to load; a project without annotations does not wait for it.
    const { benchFor, buildGroup } = await import('./build-group.js');
    // An earlier run of this process may have seen other configurations.
    await clearPrettierCache();
    const bench = benchFor(group, settings, memory, around.show);
    keys.push(bench.keys);
    for await (const outcome of buildGroup(bench, around)) report(outcome);
  }
  for (const file of plan.orphans) report(settleOrphan(file, around));

  reporter.end(outcomes, unlistedNote(plan, around));
  if (keeping !== null) {
    const finished = { snapshot: keeping.snapshot, plan, outcomes, keys };
    keeping.keep(writes ? fingerprintAfter(finished, settings) : null);
  }
  return {
    outcomes,
    diagnostics: [...diagnostics, ...outcomes.flatMap((each) => each.diagnostics)],
  };
}

/** Says what was left out where a build found nothing else: the wrong tsconfig is the likely reason. */
function unlistedNote({ groups, unlisted }: Plan, { show }: Surroundings): string[] {
  if (unlisted.length === 0 || groups.some(({ sources }) => sources.length > 0)) return [];
  return [
    `These are annotated, but do not belong to the tsconfig: ${unlisted.map(show).join(', ')}`,
  ];
}
