import type { ProjectConfig } from '../frontend/project.js';
import { mayBeAnnotated, namedFiles, selectFiles } from './find-files.js';
import { findOrphans } from './orphans.js';
import type { Place } from './project-root.js';
import { readText } from './read-text.js';
import type { Settings } from './settings.js';
import type { Snapshot } from './snapshot.js';
import { typescriptVersion } from './typescript-version.js';

/** The files that a build is about, before it is known to which tsconfig they belong. */
export interface Candidates {
  readonly sources: readonly string[];
  /** Generated files that have lost their source. */
  readonly orphans: readonly string[];
}

/** Sources that are compiled in one project. */
export interface Group {
  readonly config: ProjectConfig;
  readonly sources: readonly string[];
}

/** What a build has to do. */
export interface Plan {
  readonly groups: readonly Group[];
  readonly orphans: readonly string[];
  /** Annotated files that no tsconfig of the project lists: they are not built. */
  readonly unlisted: readonly string[];
}

/** What may have to be built of a whole project. */
export async function candidatesIn(
  snapshot: Snapshot,
  { selection }: Settings,
): Promise<Candidates> {
  const all = [...snapshot.keys()];
  const files = selection === null ? all : await selectFiles(all, selection);
  const texts = new Map(files.map((file) => [file, snapshot.get(file) ?? '']));
  return {
    sources: files.filter((file) => mayBeAnnotated(file, texts.get(file) ?? '')),
    orphans: findOrphans(texts),
  };
}

/** What may have to be built of the files that are named: their derivatives, and no orphans. */
export async function candidatesNamed(cwd: string, names: readonly string[]): Promise<Candidates> {
  const files = await namedFiles(cwd, names);
  return {
    sources: files.filter((file) => mayBeAnnotated(file, readText(file) ?? '')),
    orphans: [],
  };
}

/** TypeScript takes a while to load: a project without annotations is left before that. */
export async function planBuild(candidates: Candidates, settings: Settings): Promise<Plan> {
  const { sources, orphans } = candidates;
  if (sources.length === 0 && orphans.length === 0) return { groups: [], orphans, unlisted: [] };
  return planWith(await configsOf(settings.place), candidates, settings);
}

export function planWith(
  configs: readonly ProjectConfig[],
  { sources, orphans }: Candidates,
  { files }: Settings,
): Plan {
  const isWhole = files.length === 0;
  const listed = configs.map(({ fileNames }) => fileNames && new Set(fileNames));
  const ownerOf = (file: string): number =>
    listed.findIndex((names) => names === null || names.has(file));
  const owners = new Map(sources.map((source) => [source, ownerOf(source)]));
  const groups = configs.map((config, i) => ({
    config,
    sources: sources.filter((source) => {
      const owner = owners.get(source);
      return owner === i || (owner === -1 && !isWhole && i === 0);
    }),
  }));
  return {
    groups,
    orphans: orphans.filter((file) => ownerOf(file) >= 0),
    unlisted: isWhole ? sources.filter((source) => owners.get(source) === -1) : [],
  };
}

export async function configsOf({ root, tsconfig }: Place): Promise<ProjectConfig[]> {
  const { readConfigs, withoutConfig } = await import('../frontend/project.js');
  return tsconfig === null ? [withoutConfig] : readConfigs(tsconfig, typescriptVersion(root));
}
