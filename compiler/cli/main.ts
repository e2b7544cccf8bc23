import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Compile } from '../compile-checked.js';
import { stages, type Stage } from '../ir/stages.js';
import { version } from '../version.js';
import { exit, UsageError, type Io } from './io.js';
import { formats } from './report/reporter.js';
import { settingsFor, type Flags, type Settings } from './settings.js';

/** The flags as commander reads them; only `build` has all of them. */
interface AllFlags extends Flags {
  readonly color: boolean;
  readonly dryRun?: true;
  readonly diff?: true;
  readonly watch?: true;
  readonly dump?: Stage;
}

type Run = (read: () => Promise<Settings>, io: Io, flags: AllFlags) => Promise<number>;

const stageList = stages.join(', ');

/** Runs the command that the arguments name. Returns the exit code. */
export async function main(argv: readonly string[], io: Io, compile?: Compile): Promise<number> {
  let code: number = exit.fine;
  const program = new Command('chainrule')
    .description('Writes the derivatives of TypeScript functions as TypeScript.')
    .version(version, '-v, --version')
    .showHelpAfterError('(chainrule --help lists the commands and their options)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();

  /** A command that builds, in one way or another. */
  const command = (name: string, description: string, run: Run): Command =>
    program
      .command(name)
      .description(description)
      .argument('[files...]', 'files, folders or globs; without any, the whole project')
      .option('-p, --project <tsconfig>', 'the tsconfig.json of the project, or its folder')
      .option('-q, --quiet', 'print diagnostics only', false)
      .addOption(
        new Option('--format <format>', 'how to print: for people, programs or GitHub')
          .choices(formats)
          .default(io.isGithub ? 'github' : 'pretty'),
      )
      .option('--max-warnings <n>', 'fail where there are more warnings', wholeNumber, Infinity)
      .option('--no-color', 'print without colours, as does the variable NO_COLOR')
      .action(async (files: string[], flags: AllFlags) => {
        const own = { ...io, isColored: io.isColored && flags.color };
        code = await run(() => settingsFor(files, flags, own, compile), own, flags);
      });

  command(
    'build',
    'write the derivatives of all functions annotated with @differentiable',
    async (read, own, flags) => {
      const { dryRun = false, diff = false } = flags;
      const settings = await read();
      if (flags.watch) return watchWith(settings, read, own);
      const { build, dump } = await import('./build.js');
      if (flags.dump !== undefined) return dump(settings, flags.dump, own);
      return build(settings, { dryRun, diff }, own);
    },
  )
    .addOption(new Option('-w, --watch', 'build again whenever a file changes').conflicts('dryRun'))
    .option('--dry-run', 'tell what would be written and write nothing')
    .option('--diff', 'show how files change')
    .addOption(
      new Option('--dump [stage]', `print the IR after a stage and write nothing: ${stageList}`)
        .preset('final')
        .argParser(stageNamed),
    );
  command('check', 'write nothing, and fail where a build would change a file', async (read, own) =>
    (await import('./check.js')).check(await read(), own),
  );
  command('watch', 'build, and build again whenever a file changes', async (read, own) =>
    watchWith(await read(), read, own),
  );

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.fine : exit.broken;
    if (!(error instanceof UsageError)) throw error;
    io.err(`error: ${error.message}\n`);
    return exit.broken;
  }
}

async function watchWith(settings: Settings, read: () => Promise<Settings>, io: Io) {
  if (settings.files.length > 0) throw new UsageError('Whole projects are watched, not files.');
  return (await import('./watch/watch.js')).watch(settings, read, io);
}

function stageNamed(text: string): Stage {
  const found = stages.find((stage) => stage === text);
  if (found === undefined) {
    throw new InvalidArgumentError(`The stages are ${stageList}; files go ahead of --dump.`);
  }
  return found;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}
