import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkGradient,
  checkPoint,
  compareGradients,
  type Gradient,
  type Primal,
} from './support/check-points.js';
import { checkByDifferences, checkTangent, tangentsOf } from './support/check-tangents.js';
import {
  compileFixture,
  fixtureProject,
  forwardText,
  renderDiagnostics,
  signatures,
  type Compiled,
} from './support/compile-fixture.js';
import { fixtureFiles, type FixtureFile } from './support/fixture-files.js';
import { writtenInPlace } from './support/in-place.js';
import { importedModules, loadModule, type GradientModule } from './support/load-module.js';
import type { Point } from './support/points.js';
import { weighted, weightedGradient } from './support/pullbacks.js';
import { typeCheck } from './support/type-check.js';

type Functions = Record<string, Primal>;
type AllPoints = Record<string, readonly Point<readonly unknown[]>[]>;

const project = fixtureProject(fixtureFiles.map(({ path }) => path));
const generated = new Map<string, string>();

/** What forward mode refuses so far: functions inside of functions, overloads and rest parameters. */
const reverseOnly: ReadonlySet<string> = new Set([
  'calls/closures',
  'calls/overloads',
  'calls/parameters',
]);

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function testFixture({ name, path }: FixtureFile): Promise<void> {
  const source = project.getSourceFileOrThrow(path);
  const functions = (await import(path)) as Functions;
  const { points } = (await import(path.replace(/\.ts$/, '.points.ts'))) as { points: AllPoints };
  const annotated = signatures(source);

  const compiled = once(() => compileFixture(source));
  const plainly = once(() => compileFixture(source, { simplify: false }));

  function textOf({ text, diagnostics }: Compiled): string {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors, renderDiagnostics(source, errors)).toEqual([]);
    if (text === null) throw new Error('nothing was generated');
    return text;
  }
  const load = async (result: Promise<Compiled>): Promise<GradientModule> => {
    const text = textOf(await result);
    return loadModule(text, functions, await importedModules(text, dirname(path)));
  };
  const forward = once(() => (reverseOnly.has(name) ? null : forwardText(source)));
  const forwardModule = once(async () => {
    const text = forward();
    return text === null
      ? null
      : loadModule(text, functions, await importedModules(text, dirname(path)));
  });
  const simplifiedModule = once(() => load(compiled()));
  const unsimplifiedModule = once(() => load(plainly()));

  function gradientOf(module: GradientModule, fn: string): Gradient {
    const gradient = module[`${fn}_grad`];
    if (gradient === undefined) throw new Error(`${fn}_grad was not generated`);
    return gradient;
  }

  it('has points for every annotated function', () => {
    expect(Object.keys(points).sort()).toEqual(annotated.map((fn) => fn.name).sort());
    expect(Object.values(points).every((list) => list.length > 0)).toBe(true);
  });

  it('compiles to the expected text', async () => {
    const result = await compiled();
    const text = textOf(result);
    generated.set(path.replace(/\.ts$/, '_grad.ts'), text);
    const tangents = forward();
    if (tangents !== null) generated.set(path.replace(/\.ts$/, '_jvp.ts'), tangents);
    expect(await compileFixture(source)).toEqual(result);
    await expect(text).toMatchFileSnapshot(path.replace(/\.ts$/, '_grad.ts'));
    await expect(result.ir).toMatchFileSnapshot(path.replace(/\.ts$/, '.ir'));
  });

  for (const signature of annotated) {
    const fn = signature.name;
    const primal = functions[fn];
    const list = points[fn] ?? [];
    if (primal === undefined) throw new Error(`${name} does not export ${fn}`);

    const expectNone = (check: (point: Point<readonly unknown[]>) => string[]): void => {
      const problems = list.flatMap((p, i) => check(p).map((text) => `point ${i}: ${text}`));
      expect(problems, problems.join('\n')).toEqual([]);
    };

    it(fn, async () => {
      const forwardFunctions = await forwardModule();
      const tangent = forwardFunctions === null ? null : tangentsOf(forwardFunctions, fn);
      const [simplified, unsimplified] = [await simplifiedModule(), await unsimplifiedModule()];
      const pullback = weightedGradient(simplified, fn);
      const plainPullback = weightedGradient(unsimplified, fn);
      if (pullback !== null && plainPullback !== null) {
        const number = weighted(primal);
        expectNone((point) => checkPoint(number, signature, point));
        expectNone((point) => checkGradient(number, pullback, signature, point));
        expectNone((point) => compareGradients(pullback, plainPullback, point));
      }
      if (tangent !== null && !signature.hasGradient) {
        expectNone((point) => checkByDifferences(primal, tangent, signature, point));
      }
      if (simplified[`${fn}_grad`] === undefined) return;
      expectNone((point) => checkPoint(primal, signature, point));
      const gradient = gradientOf(simplified, fn);
      expectNone((point) => checkGradient(primal, gradient, signature, point));
      const plain = gradientOf(unsimplified, fn);
      expectNone((point) => compareGradients(gradient, plain, point));
      const written = writtenInPlace(simplified, fn, gradient);
      if (written !== null) expectNone((point) => compareGradients(gradient, written, point));
      if (tangent !== null)
        expectNone((point) => checkTangent(primal, tangent, gradient, signature, point));
    });
  }
}

for (const fixture of fixtureFiles) {
  describe(fixture.name, () => testFixture(fixture));
}

describe('all generated files', () => {
  it('type-check in strict projects', { timeout: 60_000 }, () => {
    const problems = typeCheck(generated);
    expect(problems, problems.join('\n')).toEqual([]);
  });
});
