import { dirname } from 'node:path';
import type { SourceFile } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { copy, leaves, pathText, read } from '../compiler/checking/trees.js';
import { compileSource } from '../compiler/pipeline.js';
import type { Gradient } from './support/check-points.js';
import { attempt, direction } from './support/check-tangents.js';
import { fixtureProject, renderDiagnostics, signatures } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { importedModules, loadModule, type GradientModule } from './support/load-module.js';
import { detailed, type Point } from './support/points.js';

/**
 * A generated file is a source like any other, tapes and all: where a copy of it asks for the tangents of its gradients,
 * these are the numbers of `emit=hvp`.
 */
const names = [
  ...['arithmetic', 'exponentials', 'kinks', 'powers', 'trigonometry'].map((n) => `scalar/${n}`),
  ...['branches', 'for-loops', 'returns', 'switches', 'while-loops'].map(
    (name) => `control-flow/${name}`,
  ),
  ...['aliases', 'in-place', 'objects', 'swaps', 'tuples', 'parameters-written'].map(
    (name) => `memory/${name}`,
  ),
  ...['helpers-with-arrays', 'helpers-with-loops', 'recursion'].map((name) => `calls/${name}`),
  ...['layers', 'losses', 'products', 'linear-algebra'].map((name) => `matrix/${name}`),
  ...['programs/learning', 'programs/simulation', 'second-order/hessians'],
];

/** Functions whose second derivative is refused: `test/second-order.test.ts` says why. */
const refused = new Set([
  ...['determinantByMinors', 'alternating', 'recursive', 'halvings', 'mirrored', 'power'],
]);

const files = fixtureFiles.filter(({ name }) => names.includes(name));
const project = fixtureProject(files.map(({ path }) => path));

/** A source with the text of a generated file, whose gradients are annotated for the parameters that they are in. */
function annotatedCopy(source: SourceFile, text: string): SourceFile {
  const annotated = text.replace(
    /^\/\*\* (Value and gradient of [^]*?) \*\/\n(export function [^]*?\{ value: number; ([^]*?)\} \{)$/gm,
    (_, about: string, head: string, derivatives: string) => {
      const keys = [...derivatives.matchAll(/(?:^|; )\s*d(\w+):/g)].map(([, key]) => key);
      return `/**\n * ${about}\n * @differentiable wrt=${keys.join(',')} emit=jvp\n */\n${head}`;
    },
  );
  const path = source.getFilePath().replace(/\.ts$/, '_copy.ts');
  return project.createSourceFile(path, annotated, { overwrite: true });
}

function problemsAt(
  { parameters }: { readonly parameters: readonly string[] },
  hessian: Gradient,
  tangent: Gradient,
  point: Point<readonly unknown[]>,
): string[] {
  const args = parameters.map((_, i) => detailed(point).at[i]);
  const given = attempt(() => hessian(...copy(args), ...copy(args)));
  if ('thrown' in given) return [];
  const keys = parameters.filter((name) => `h${name}` in given.returned);
  const along = keys.map((name, i) => direction(args[parameters.indexOf(name)], 101 + 13 * i));
  const wanted = hessian(...copy(args), ...copy(along));
  const { dvalue } = tangent(...copy(args), ...copy(along));
  return keys.flatMap((name) =>
    leaves(wanted[`h${name}`]).flatMap(({ path, value }) => {
      const found = read(dvalue, [`d${name}`, ...path]);
      const isClose =
        typeof found === 'number' &&
        (Object.is(found, value) || Math.abs(found - value) <= 1e-9 * Math.max(1, Math.abs(value)));
      return isClose ? [] : [`${name}${pathText(path)}: ${String(found)}, by hvp ${value}`];
    }),
  );
}

describe('a copy of a generated file, annotated', () => {
  it.each(files)('$name', { timeout: 120_000 }, async ({ name: file, path }) => {
    const source = project.getSourceFileOrThrow(path);
    const functions = (await import(path)) as Record<string, unknown>;
    const load = async (text: string, own: Record<string, unknown>): Promise<GradientModule> =>
      loadModule(text, own, await importedModules(text, dirname(path)));
    const both =
      compileSource(source, {
        modes: ({ name }) => (refused.has(name) ? [] : ['grad', 'hvp']),
      }).text ?? '';
    const hessians = await load(both, functions);
    const { text: gradients } = compileSource(source, {
      modes: ({ name }) => (refused.has(name) ? [] : ['grad']),
    });
    const again = annotatedCopy(source, gradients ?? '');
    const { text, diagnostics } = compileSource(again);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors, renderDiagnostics(again, errors)).toEqual([]);
    const tangents = await load(text ?? '', await load(gradients ?? '', functions));
    const { points } = (await import(path.replace(/\.ts$/, '.points.ts'))) as {
      points: Record<string, readonly Point<readonly unknown[]>[]>;
    };
    const problems = signatures(source)
      .filter(({ name }) => !refused.has(name))
      .flatMap((signature) => {
        const { name } = signature;
        const [hessian, tangent] = [hessians[`${name}_hvp`], tangents[`${name}_grad_jvp`]];
        if (hessian === undefined || tangent === undefined) return [`${name}: not generated`];
        return (points[name] ?? [])
          .filter((point) => detailed(point).kink !== true)
          .flatMap((point) => problemsAt(signature, hessian, tangent, point))
          .map((problem) => `${file} ${name} ${problem}`);
      });
    expect(problems, problems.join('\n')).toEqual([]);
  });
});
