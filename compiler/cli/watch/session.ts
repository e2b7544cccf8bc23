import { existsSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { outputPath } from '../../emit/output-path.js';
import type { ProjectConfig } from '../../frontend/project.js';
import { benchOf, buildGroup, type Bench } from '../build-group.js';
import { engine } from '../cache/engine.js';
import type { Memory } from '../cache/memory.js';
import { cachePath, loadStored } from '../cache/store.js';
import type { Outcome } from '../outcome.js';
import { candidatesIn, configsOf, planWith, type Plan } from '../plan.js';
import { readRaw } from '../read-text.js';
import { showFrom } from '../report/show.js';
import { settleOrphan, type Surroundings } from '../settle-file.js';
import type { Settings } from '../settings.js';
import { takeSnapshot } from '../snapshot.js';
import { LiveGroup } from './live-group.js';

/** A project that stays open between builds. */
export class Session {
  /** The tsconfigs as they were read; null where they have to be read again. */
  private configs: readonly ProjectConfig[] | null = null;
  private groups: readonly LiveGroup[] | null = null;
  /** The files as they were last seen. */
  private files = new Map<string, string>();
  private outputs: ReadonlySet<string> = new Set();
  private readonly memory: Memory;
  private readonly engine = engine();
  private readonly failing = new Set<string>();

  constructor(
    private settings: Settings,
    private readonly cwd: string,
  ) {
    const { root, tsconfig } = settings.place;
    const cache = cachePath(root, String(tsconfig));
    this.memory = new Map(cache === null ? [] : loadStored(cache)?.entries);
  }

  /** What could not be read of the tsconfigs. */
  get diagnostics(): Diagnostic[] {
    return (this.configs ?? []).flatMap(({ diagnostics }) => diagnostics);
  }

  /** The tsconfigs and what they extend. */
  get configFiles(): string[] {
    return (this.configs ?? []).flatMap(({ configFiles }) => configFiles);
  }

  /** How many sources cannot be built as they stand. */
  get failures(): number {
    return this.failing.size;
  }

  /** Starts from the files alone, as a new build would. What was generated for the same is not generated again. */
  async buildAll(settings: Settings): Promise<Outcome[]> {
    this.settings = settings;
    this.configs = null;
    this.groups = null;
    this.files = new Map(await takeSnapshot(settings.place.root));
    return this.build(new Set(), true);
  }

  /** Builds what depends on some files. Those that are as they were last seen, as what was just written, count for nothing. */
  async buildChanges(paths: ReadonlySet<string>): Promise<Outcome[]> {
    const changes = new Set([...paths].filter((path) => readRaw(path) !== this.textOf(path)));
    if (changes.size === 0) return [];
    const hasOthers = [...changes].some(
      (path) => existsSync(path) !== this.files.has(path) && !this.outputs.has(path),
    );
    for (const path of changes) this.see(path, readRaw(path));
    if (hasOthers) this.configs = null;
    return this.build(changes, hasOthers);
  }

  /** The files that have changed since they were last seen. */
  async missed(): Promise<string[]> {
    const now = await takeSnapshot(this.settings.place.root);
    const all = new Set([...this.files.keys(), ...now.keys()]);
    return [...all].filter((path) => now.get(path) !== this.files.get(path));
  }

  private textOf(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  private see(path: string, text: string | null): void {
    if (text === null) this.files.delete(path);
    else this.files.set(path, text);
  }

  private async build(changes: ReadonlySet<string>, isAll: boolean): Promise<Outcome[]> {
    const { settings } = this;
    const candidates = await candidatesIn(this.files, settings);
    this.outputs = new Set(candidates.sources.map(outputPath));
    this.configs ??= await configsOf(settings.place);
    const plan = planWith(this.configs, candidates, settings);
    this.follow(changes, isAll, plan);

    const around: Surroundings = {
      root: settings.place.root,
      isWhole: true,
      writes: true,
      taken: new Map(),
      show: showFrom(this.cwd),
    };
    const outcomes: Outcome[] = [];
    for (const [i, group] of plan.groups.entries()) {
      const opened = this.groups?.[i]?.opened;
      if (opened === undefined || opened.sources.size === 0) continue;
      const bench = benchOf(opened, group, settings, this.memory, around.show, this.engine);
      const only = isAll ? null : affected(bench, changes);
      for await (const outcome of buildGroup(bench, around, only)) outcomes.push(outcome);
    }
    for (const file of plan.orphans) outcomes.push(settleOrphan(file, around));
    for (const { file, change } of outcomes) if (change) this.see(file, change.after);
    this.note(outcomes, candidates.sources);
    return outcomes;
  }

  private follow(changes: ReadonlySet<string>, isOtherFiles: boolean, { groups }: Plan): void {
    const old = this.groups;
    const isSame = old?.length === groups.length;
    this.groups = groups.map((group, i) => {
      const live = isSame ? old[i] : undefined;
      return live?.follow(changes, isOtherFiles, group)
        ? live
        : new LiveGroup(group, this.settings.options);
    });
  }

  private note(outcomes: readonly Outcome[], sources: readonly string[]): void {
    for (const { status, file } of outcomes) {
      if (status === 'failed') this.failing.add(file);
      else
        for (const source of sources) if (outputPath(source) === file) this.failing.delete(source);
    }
    for (const file of this.failing) if (!sources.includes(file)) this.failing.delete(file);
  }
}

/** The sources that one of the files means something to. */
function affected({ opened, keys }: Bench, changes: ReadonlySet<string>): Set<string> {
  const isAffected = (source: string): boolean =>
    changes.has(outputPath(source)) || keys.pathsOf(source).some((path) => changes.has(path));
  return new Set([...opened.keys()].filter(isAffected));
}
