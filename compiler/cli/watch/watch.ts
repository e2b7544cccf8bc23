import { relative, sep } from 'node:path';
import { watch as watchFiles, type FSWatcher } from 'chokidar';
import pc from 'picocolors';
import { clearPrettierCache } from '../prettier-options.js';
import { exit, UsageError, type Io } from '../io.js';
import type { Outcome } from '../outcome.js';
import { summary } from '../report/counts.js';
import { reporterFor } from '../report/reporter.js';
import { showFrom } from '../report/show.js';
import type { Settings } from '../settings.js';
import { isConfiguration, isWatched } from './paths.js';
import { Session } from './session.js';

/**
 * How long no file has to change before a build begins, in milliseconds: a save or a change of branch comes as many
 * events. For 50 ms after a change, chokidar tells of no other one to the same file; a build reads it later than that.
 */
const calm = 60;

/** `chainrule watch`: builds, and builds again whenever a file changes. `read` reads the configuration once more. */
export async function watch(
  first: Settings,
  read: () => Promise<Settings>,
  io: Io,
): Promise<number> {
  const { root } = first.place;
  const session = new Session(first, io.cwd);
  const build = async (outcomes: () => Promise<Outcome[]>, isFirst = false): Promise<void> => {
    const started = performance.now();
    try {
      const all = await outcomes();
      const news = isFirst ? all : all.filter(({ isOld }) => !isOld);
      report(news, session, first, performance.now() - started, io);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.err(`error: ${error.message}\n`);
    }
  };
  const rebuild = async (paths: ReadonlySet<string>): Promise<Outcome[]> => {
    if (![...paths].some((path) => isConfiguration(path, session)))
      return session.buildChanges(paths);
    await clearPrettierCache();
    return session.buildAll(await read());
  };

  await build(() => session.buildAll(first), true);
  const changes = new Set<string>();
  const watcher = watchFiles(root, {
    ignoreInitial: true,
    ignored: (path, stats) => !isWatched(relative(root, path), stats?.isFile() ?? false),
  });
  const wake = collect(watcher, changes);
  await new Promise<void>((ready) => watcher.once('ready', ready));
  // What was changed while nobody watched.
  for (const path of await session.missed()) changes.add(path);

  if (!first.quiet && first.format !== 'json') io.out('Watching for changes.\n');
  while (!io.stop?.aborted) {
    watcher.add(session.configFiles);
    await wake(io.stop);
    if (changes.size === 0) continue;
    const paths = new Set(changes);
    changes.clear();
    await build(() => rebuild(paths));
  }
  await watcher.close();
  return exit.fine;
}

/** Collects the paths that change. Returns a function that waits until there are some and no more follow. */
function collect(
  watcher: FSWatcher,
  changes: Set<string>,
): (stop: AbortSignal | undefined) => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let done = (): void => undefined;
  watcher.on('all', (event, path) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    changes.add(path.split(sep).join('/'));
    clearTimeout(timer);
    timer = setTimeout(() => done(), calm);
  });
  return (stop) =>
    new Promise((resolve) => {
      done = resolve;
      stop?.addEventListener('abort', () => resolve(), { once: true });
      // What came while the last build ran.
      if (changes.size > 0) timer = setTimeout(() => done(), calm);
    });
}

/** A line for a build, behind its diagnostics. */
function report(
  outcomes: readonly Outcome[],
  { diagnostics, failures }: Session,
  settings: Settings,
  time: number,
  io: Io,
): void {
  const shown = outcomes.filter(({ status }) => status !== 'nothing');
  const reporter = reporterFor({ ...settings, quiet: true, diff: false }, io);
  reporter.diagnostics([...diagnostics, ...outcomes.flatMap((each) => each.diagnostics)]);
  if (settings.format === 'json') {
    if (shown.length > 0) reporter.end(shown, []);
  } else if (!settings.quiet && shown.length > 0) {
    const { dim } = pc.createColors(io.isColored);
    const [only] = shown;
    const text =
      shown.length === 1 ? `${only.status} ${showFrom(io.cwd)(only.file)}` : summary(shown);
    const left = failures > 0 && shown.every(({ status }) => status !== 'failed');
    const note = left ? `; ${failures} of the sources still in error` : '';
    const clock = new Date().toTimeString().slice(0, 8);
    io.out(`${dim(clock)} ${text}${note} ${dim(`(${Math.round(time)} ms)`)}\n`);
  }
}
