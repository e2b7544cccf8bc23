import type { SourceFile } from 'ts-morph';
import { compileChecked } from '../compile-checked.js';
import { outputPath } from '../emit/output-path.js';
import { openProject } from '../frontend/project.js';
import type { Stage } from '../ir/stages.js';
import { prepareSources } from '../prepare-sources.js';
import type { CompileOptions } from '../pipeline.js';
import { engine } from './cache/engine.js';
import { hashOf } from './cache/hash.js';
import { Keys } from './cache/keys.js';
import type { Entry, Memory } from './cache/memory.js';
import { generateFile, type Recipe } from './generate-file.js';
import type { Outcome } from './outcome.js';
import type { Group } from './plan.js';
import { readRaw } from './read-text.js';
import type { Settings } from './settings.js';
import { checkPlace, settleFile, type Surroundings } from './settle-file.js';

/** The open sources of one tsconfig, and the options to compile each of them with. */
export interface OpenGroup {
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly options: CompileOptions;
}

/** Opens the sources of one tsconfig, with modules in place of what they import of each other's derivatives. */
export function openGroup({ config, sources }: Group, options: CompileOptions): OpenGroup {
  const opened = openProject(config, sources);
  return { sources: opened, options: prepareSources(opened.values(), options) };
}

type Show = Recipe['show'];

/** What the building of the sources of one tsconfig needs. */
export interface Bench {
  readonly opened: ReadonlyMap<string, SourceFile>;
  readonly keys: Keys;
  /** What is known from before; what is learnt is added. */
  readonly memory: Memory;
  readonly recipe: Recipe;
}

export function benchFor(group: Group, settings: Settings, memory: Memory, show: Show): Bench {
  return benchOf(openGroup(group, settings.options), group, settings, memory, show, engine());
}

/** For sources that are open already; `engine` stands for the compiler. */
export function benchOf(
  { sources, options }: OpenGroup,
  { config }: Group,
  settings: Settings,
  memory: Memory,
  show: Show,
  engine: string,
): Bench {
  const keys = new Keys(sources, config, settings, engine);
  return { opened: sources, keys, memory, recipe: { ...settings, options, show } };
}

/**
 * Builds the sources of one tsconfig, one after the other, or `only` some of them. What has not changed is not compiled
 * again.
 */
export async function* buildGroup(
  bench: Bench,
  around: Surroundings,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<Outcome> {
  for (const [file, diagnostics] of bench.recipe.options.ruleBook?.wrongFiles() ?? [])
    if (!bench.opened.has(file)) yield { status: 'failed', file, diagnostics };
  for (const [file, source] of bench.opened) {
    const isLeft = only !== null && !only.has(file);
    if (isLeft) around.taken.set(outputPath(file), around.taken.get(outputPath(file)) ?? file);
    else yield await buildFile(file, source, bench, around);
  }
}

async function buildFile(
  file: string,
  source: SourceFile,
  { keys, memory, recipe }: Bench,
  around: Surroundings,
): Promise<Outcome> {
  const output = outputPath(file);
  const refusal = checkPlace(file, output, around);
  if (refusal) return { status: 'failed', file, diagnostics: [refusal] };

  const key = await keys.of(source);
  const known = memory.get(file);
  if (known !== undefined && known.key === key) {
    const { diagnostics } = known;
    if (known.output === undefined) return { status: 'failed', file, diagnostics, isOld: true };
    if (known.output !== null && known.output === hashOnDisk(output))
      return { status: 'unchanged', file: output, diagnostics, isOld: true };
  }
  const { text, diagnostics } = await generateFile(source, output, recipe);
  if (key !== null) memory.set(file, entryFor(key, text, diagnostics));
  return settleFile(file, output, { text, diagnostics }, around);
}

function entryFor(
  key: string,
  text: string | null | undefined,
  diagnostics: Entry['diagnostics'],
): Entry {
  if (text === undefined) return { key, diagnostics };
  return { key, output: text === null ? null : hashOf(text), diagnostics };
}

/** Null where there is no such file. */
export function hashOnDisk(file: string): string | null {
  const text = readRaw(file);
  return text === null ? null : hashOf(text);
}

/** Compiles the sources of one tsconfig for their IR after a stage; writes nothing. */
export function* dumpGroup(
  group: Group,
  stage: Stage,
  { options: given, compile, show }: Recipe,
): Generator<Outcome & { readonly ir: string }> {
  const { sources, options } = openGroup(group, given);
  for (const [file, source] of sources) {
    const { ir, diagnostics } = compileChecked(source, { ...options, stage }, compile);
    yield { status: 'nothing', file, diagnostics, ir: `// ${show(file)}\n${ir}` };
  }
}
