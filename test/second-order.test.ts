import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../compiler/pipeline.js';
import { checkHessian } from './support/check-hessians.js';
import { fixtureProject, renderDiagnostics, signatures } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { importedModules, loadModule } from './support/load-module.js';
import { detailed, type Point } from './support/points.js';
import { typeCheck } from './support/type-check.js';

/** The folders in which every function that returns a number has a second derivative. */
const folders = ['scalar', 'control-flow', 'memory', 'programs', 'second-order'];
const files = fixtureFiles.filter(({ name }) => folders.includes(dirname(name)));
const project = fixtureProject(files.map(({ path }) => path));
const generated = new Map<string, string>();

/** Functions at whose points the second derivative is known to be something else, and why. */
const besides: ReadonlyMap<string, string> = new Map([]);

describe('Hessian times a direction', () => {
  it.each(files)('$name', async ({ path }) => {
    const source = project.getSourceFileOrThrow(path);
    const { text, diagnostics } = compileSource(source, { modes: ['grad', 'hvp'] });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors, renderDiagnostics(source, errors)).toEqual([]);
    const { text: alone } = compileSource(source, { modes: ['hvp'] });
    generated.set(path.replace(/\.ts$/, '_hvp.ts'), alone ?? '');
    const functions = (await import(path)) as Record<string, unknown>;
    const { points } = (await import(path.replace(/\.ts$/, '.points.ts'))) as {
      points: Record<string, readonly Point<readonly unknown[]>[]>;
    };
    const others = await importedModules(text ?? '', dirname(path));
    const module = loadModule(text ?? '', functions, others);
    const problems = signatures(source).flatMap((signature) => {
      const { name } = signature;
      const [gradient, hessian] = [module[`${name}_grad`], module[`${name}_hvp`]];
      if (gradient === undefined || hessian === undefined) return [`${name} was not generated`];
      if (besides.has(name)) return [];
      return (points[name] ?? [])
        .filter((point) => detailed(point).kink !== true)
        .flatMap((point) => checkHessian(gradient, hessian, signature, point).problems)
        .map((problem) => `${name}: ${problem}`);
    });
    expect(problems, problems.join('\n')).toEqual([]);
  });

  it('type-checks in strict projects', { timeout: 60_000 }, () => {
    const problems = typeCheck(generated);
    expect(problems, problems.join('\n')).toEqual([]);
  });
});
