import type { Stage } from '../ir/stages.js';
import type { Io } from './io.js';
import { candidatesIn, candidatesNamed, planBuild } from './plan.js';
import { Progress } from './progress.js';
import { exitCode } from './report/counts.js';
import { reporterFor } from './report/reporter.js';
import { showFrom } from './report/show.js';
import { run } from './run.js';
import type { Settings } from './settings.js';
import { takeSnapshot } from './snapshot.js';

export interface BuildFlags {
  /** Whether it is only told what would be written. */
  readonly dryRun: boolean;
  readonly diff: boolean;
}

/** `chainrule build`: generates the derivatives of a project beside their sources. Returns the exit code. */
export async function build(
  settings: Settings,
  { dryRun, diff }: BuildFlags,
  io: Io,
): Promise<number> {
  const progress = new Progress(io);
  const reporter = reporterFor({ ...settings, diff }, progress.io);
  const { diagnostics } = await run(settings, !dryRun, { io, reporter, progress });
  return exitCode(diagnostics, settings.maxWarnings);
}

/** `chainrule build --dump`: prints the IR of the functions after a stage instead of writing files. */
export async function dump(settings: Settings, stage: Stage, io: Io): Promise<number> {
  const { files, place } = settings;
  const candidates =
    files.length > 0
      ? await candidatesNamed(io.cwd, files)
      : await candidatesIn(await takeSnapshot(place.root), settings);
  const { groups } = await planBuild(candidates, settings);
  const diagnostics = groups.flatMap(({ config }) => config.diagnostics);
  const reporter = reporterFor({ format: 'pretty', quiet: false, diff: false }, io);
  reporter.diagnostics(diagnostics);

  for (const group of groups.filter(({ sources }) => sources.length > 0)) {
    const { dumpGroup } = await import('./build-group.js');
    for (const outcome of dumpGroup(group, stage, { ...settings, show: showFrom(io.cwd) })) {
      io.out(`${outcome.ir}\n`);
      reporter.diagnostics(outcome.diagnostics);
      diagnostics.push(...outcome.diagnostics);
    }
  }
  return exitCode(diagnostics, settings.maxWarnings);
}
