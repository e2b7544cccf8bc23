import { compileChecked } from '../compile-checked.js';
import { openProject } from '../frontend/project.js';
import type { Stage } from '../ir/stages.js';
import { prepareSources } from '../prepare-sources.js';
import { buildFile, type Outcome, type Surroundings } from './build-file.js';
import type { Group } from './plan.js';

/** Builds the sources of one tsconfig, one after the other. */
export async function* buildGroup(
  { config, sources }: Group,
  around: Surroundings,
): AsyncGenerator<Outcome> {
  const opened = openProject(config, sources);
  const options = prepareSources(opened.values(), around.options);
  for (const [file, diagnostics] of options.ruleBook?.wrongFiles() ?? [])
    if (!opened.has(file)) yield { status: 'failed', file, diagnostics };
  for (const [file, source] of opened) yield await buildFile(file, source, { ...around, options });
}

/** Compiles the sources of one tsconfig for their IR after a stage; writes nothing. */
export function* dumpGroup(
  { config, sources }: Group,
  stage: Stage,
  { compile, show, options }: Surroundings,
): Generator<Outcome & { readonly ir: string }> {
  const opened = openProject(config, sources);
  const prepared = prepareSources(opened.values(), options);
  for (const [file, source] of opened) {
    const { ir, diagnostics } = compileChecked(source, { ...prepared, stage }, compile);
    yield { status: 'nothing', file, diagnostics, ir: `// ${show(file)}\n${ir}` };
  }
}
