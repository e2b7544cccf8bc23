import { compileChecked } from '../compile-checked.js';
import { findRules } from '../frontend/custom-rules/rule-book.js';
import { openProject } from '../frontend/project.js';
import type { Stage } from '../ir/stages.js';
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
  const [first] = opened.values();
  if (first === undefined) return;
  const ruleBook = findRules(first.getProject(), around.options.rules);
  for (const [file, diagnostics] of ruleBook.wrongFiles())
    if (!opened.has(file)) yield { status: 'failed', file, diagnostics };
  for (const [file, source] of opened) {
    yield await buildFile(file, source, { ...around, options: { ...around.options, ruleBook } });
  }
}

/** Compiles the sources of one tsconfig for their IR after a stage; writes nothing. */
export function* dumpGroup(
  { config, sources }: Group,
  stage: Stage,
  { compile, show, options }: Surroundings,
): Generator<Outcome & { readonly ir: string }> {
  const opened = openProject(config, sources);
  addStandIns(opened.values());
  for (const [file, source] of opened) {
    const { ir, diagnostics } = compileChecked(source, { ...options, stage }, compile);
    yield { status: 'nothing', file, diagnostics, ir: `// ${show(file)}\n${ir}` };
  }
}
