import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Compile } from '../compile-checked.js';
import { version } from '../version.js';
import { exit, UsageError, type Io } from './io.js';

interface BuildFlags {
  readonly project?: string;
  readonly quiet?: true;
  readonly color: boolean;
  readonly maxWarnings: number;
  readonly dump?: true;
}

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
    .option('--dump', 'print the intermediate representation and write nothing')
    .option('--no-color', 'print without colours, as does the variable NO_COLOR')
    .action(async (files: string[], { quiet, dump, color, ...flags }: BuildFlags) => {
      const { build } = await import('./build.js');
      const options = { ...flags, files, quiet: quiet ?? false, dump: dump ?? false };
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

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}
