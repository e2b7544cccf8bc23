import { compileChecked } from '../compile-checked.js';
import { openProject } from '../frontend/project.js';
import { addStandIns } from '../stand-ins.js';
import { buildFile, type Outcome, type Surroundings } from './build-file.js';
import type { Group } from './plan.js';

/** Builds the sources of one tsconfig, one after the other. */
export async function* buildGroup(
  { config, sources }: Group,
  around: Surroundings,
): AsyncGenerator<Outcome> {
  const opened = openProject(config, sources);
  addStandIns(opened.values());
  for (const [file, source] of opened) {
    yield await buildFile(file, source, around);
  }
}

/** Compiles the sources of one tsconfig for their IR; writes nothing. */
export function* dumpGroup(
  { config, sources }: Group,
  { compile, show }: Surroundings,
): Generator<Outcome & { readonly ir: string }> {
  const opened = openProject(config, sources);
  addStandIns(opened.values());
  for (const [file, source] of opened) {
    const { ir, diagnostics } = compileChecked(source, {}, compile);
    yield { status: 'nothing', file, diagnostics, ir: `// ${show(file)}\n${ir}` };
  }
}
