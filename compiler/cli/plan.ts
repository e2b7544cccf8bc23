import type { ProjectConfig } from '../frontend/project.js';
import { allFiles, mayBeAnnotated, namedFiles } from './find-files.js';
import { findOrphans } from './orphans.js';
import type { Place } from './project-root.js';
import { typescriptVersion } from './typescript-version.js';

/** What a build has to do. */
export interface Plan {
  readonly groups: readonly Group[];
  /** Generated files that have lost their source. */
  readonly orphans: readonly string[];
  /** Annotated files that no tsconfig of the project lists: they are not built. */
  readonly unlisted: readonly string[];
}

/** Sources that are compiled in one project. */
export interface Group {
  readonly config: ProjectConfig;
  readonly sources: readonly string[];
}

/**
 * Finds out what to build. TypeScript takes a while to load: a project without annotations is left before that. Orphans
 * are looked for only where the whole project is built.
 */
export async function planBuild(
  place: Place,
  cwd: string,
  names: readonly string[],
): Promise<Plan> {
  const isWhole = names.length === 0;
  const files = isWhole ? await allFiles(place.root) : await namedFiles(cwd, names);
  const sources = files.filter(mayBeAnnotated);
  const orphans = isWhole ? findOrphans(files) : [];
  if (sources.length === 0 && orphans.length === 0) return { groups: [], orphans, unlisted: [] };

  const configs = await configsOf(place);
  const groups = configs.map((config, i) => ({
    config,
    sources: sources.filter((source) => {
      const owner = configs.findIndex((each) => lists(each, source));
      return owner === i || (owner < 0 && !isWhole && i === 0);
    }),
  }));
  const isListed = (file: string): boolean => configs.some((config) => lists(config, file));
  return {
    groups,
    orphans: orphans.filter(isListed),
    unlisted: isWhole ? sources.filter((source) => !isListed(source)) : [],
  };
}

async function configsOf({ root, tsconfig }: Place): Promise<ProjectConfig[]> {
  const { readConfigs, withoutConfig } = await import('../frontend/project.js');
  return tsconfig === null ? [withoutConfig] : readConfigs(tsconfig, typescriptVersion(root));
}

function lists({ fileNames }: ProjectConfig, file: string): boolean {
  return fileNames === null || fileNames.includes(file);
}
