import { exit, type Io } from './io.js';
import { isStale } from './outcome.js';
import { Progress } from './progress.js';
import { exitCode } from './report/counts.js';
import { reporterFor } from './report/reporter.js';
import { run } from './run.js';
import type { Settings } from './settings.js';

/** `chainrule check`: writes nothing; tells which files are not what a build would leave. Returns the exit code. */
export async function check(settings: Settings, io: Io): Promise<number> {
  const progress = new Progress(io);
  const reporter = reporterFor({ ...settings, diff: true }, progress.io);
  const { outcomes, diagnostics } = await run(settings, false, { io, reporter, progress });
  const code = exitCode(diagnostics, settings.maxWarnings);
  if (!outcomes.some(isStale)) return code;
  if (settings.format === 'pretty' && !settings.quiet)
    io.out(`Run \`${commandFor(settings)}\` and commit the result.\n`);
  return Math.max(code, exit.diagnostics);
}

/** The command that brings up to date what was checked. */
function commandFor({ files, project }: Settings): string {
  const quote = (word: string): string => (/[^\w./@-]/.test(word) ? `'${word}'` : word);
  const flags = project === undefined ? [] : ['-p', quote(project)];
  return ['npx chainrule build', ...flags, ...files.map(quote)].join(' ');
}
