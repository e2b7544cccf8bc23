import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Compile } from '../compile-checked.js';
import { stages, type Stage } from '../ir/stages.js';
import { version } from '../version.js';
import { exit, UsageError, type Io } from './io.js';

interface BuildFlags {
  readonly project?: string;
  readonly quiet?: true;
  readonly color: boolean;
  readonly maxWarnings: number;
  readonly dump?: Stage;
}

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

  program
    .command('build')
    .description('write the derivatives of all functions annotated with @differentiable')
    .argument('[files...]', 'files, folders or globs; without any, the whole project')
    .option('-p, --project <tsconfig>', 'the tsconfig.json of the project, or its folder')
    .option('-q, --quiet', 'print diagnostics only')
    .option('--max-warnings <n>', 'fail where there are more warnings', wholeNumber, Infinity)
    .addOption(
      new Option('--dump [stage]', `print the IR after a stage and write nothing: ${stageList}`)
        .preset('final')
        .argParser(stageNamed),
    )
    .option('--no-color', 'print without colours, as does the variable NO_COLOR')
    .action(async (files: string[], { quiet, dump, color, ...flags }: BuildFlags) => {
      const { build } = await import('./build.js');
      const options = { ...flags, files, quiet: quiet ?? false, dump: dump ?? null };
      code = await build(options, { ...io, isColored: io.isColored && color }, compile);
    });

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
