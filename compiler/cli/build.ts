import { rmSync } from 'node:fs';
import type { Compile } from '../compile-checked.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Stage } from '../ir/stages.js';
import type { Outcome, Surroundings } from './build-file.js';
import type { Io } from './io.js';
import { planBuild, type Plan } from './plan.js';
import { findProject } from './project-root.js';
import { exitCode, printDiagnostics, printLine, showFrom, summary } from './report.js';

export interface BuildOptions {
  /** Files, folders and globs; none stands for the whole project. */
  readonly files: readonly string[];
  readonly project?: string | undefined;
  readonly quiet: boolean;
  readonly maxWarnings: number;
  /** The stage after which the IR is printed instead of writing files, or null. */
  readonly dump: Stage | null;
}

/**
 * `chainrule build`: generates the derivatives of a project beside their sources. Returns the exit code.
 * `compile` stands in for the compiler in tests.
 */
export async function build(options: BuildOptions, io: Io, compile?: Compile): Promise<number> {
  const place = findProject(io.cwd, options.project);
  const plan = await planBuild(place, io.cwd, options.files);
  const around: Surroundings = {
    root: place.root,
    isWhole: options.files.length === 0,
    taken: new Map(),
    show: showFrom(io.cwd),
    options: {},
    compile,
  };
  const diagnostics = plan.groups.flatMap(({ config }) => config.diagnostics);
  printDiagnostics(diagnostics, io);

  const found =
    options.dump === null
      ? await buildAll(plan, around, options.quiet, io)
      : await dumpAll(plan, options.dump, around, io);
  return exitCode([...diagnostics, ...found], options.maxWarnings);
}

async function buildAll(
  plan: Plan,
  around: Surroundings,
  quiet: boolean,
  io: Io,
): Promise<Diagnostic[]> {
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome): void => {
    outcomes.push(outcome);
    if (!quiet) printLine(outcome, io);
    printDiagnostics(outcome.diagnostics, io);
  };

  for (const group of plan.groups) {
    // TypeScript takes a while to load; a project without annotations does not wait for it.
    const { buildGroup } = await import('./build-group.js');
    for await (const outcome of buildGroup(group, around)) report(outcome);
  }
  for (const file of plan.orphans) {
    rmSync(file);
    report({ status: 'deleted', file, diagnostics: [] });
  }
  if (!quiet) io.out(`${[summary(outcomes), ...unlistedNote(plan, around)].join('\n')}\n`);
  return outcomes.flatMap((outcome) => outcome.diagnostics);
}

/** Says what was left out where a build found nothing else: the wrong tsconfig is the likely reason. */
function unlistedNote({ groups, unlisted }: Plan, { show }: Surroundings): string[] {
  if (unlisted.length === 0 || groups.some(({ sources }) => sources.length > 0)) return [];
  return [
    `These are annotated, but do not belong to the tsconfig: ${unlisted.map(show).join(', ')}`,
  ];
}

async function dumpAll(
  plan: Plan,
  stage: Stage,
  around: Surroundings,
  io: Io,
): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const group of plan.groups) {
    const { dumpGroup } = await import('./build-group.js');
    for (const outcome of dumpGroup(group, stage, around)) {
      io.out(`${outcome.ir}\n`);
      printDiagnostics(outcome.diagnostics, io);
      diagnostics.push(...outcome.diagnostics);
    }
  }
  return diagnostics;
}
