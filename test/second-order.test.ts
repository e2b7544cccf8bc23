import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../compiler/pipeline.js';
import { checkHessian } from './support/check-hessians.js';
import { fixtureProject, renderDiagnostics, signatures } from './support/compile-fixture.js';
import { fixtureFiles, type FixtureFile } from './support/fixture-files.js';
import { importedModules, loadModule, type GradientModule } from './support/load-module.js';
import { detailed, type Point } from './support/points.js';
import { typeCheck } from './support/type-check.js';

const project = fixtureProject(fixtureFiles.map(({ path }) => path));
const generated = new Map<string, string>();

/** Functions that have a gradient and no second derivative yet, and what stands in the way. */
const refused: ReadonlyMap<string, string> = new Map([
  ...['captured', 'changing', 'adding', 'higher', 'nested', 'handedOn', 'iterated'].map(
    (name) => [`calls/closures ${name}`, 'a function inside of the function'] as const,
  ),
  ['calls/pairs inArms', 'a pair in an arm of a choice'],
  ['calls/pairs inLoop', 'a pair in an arm of a choice'],
  ['calls/pairs overArray', 'a pair in an arm of a choice'],
  ['matrix/pullbacks relaxed', 'a pair in an arm of a choice'],
  ...['recursive', 'halvings', 'mirrored', 'power'].map(
    (name) => [`calls/recursion ${name}`, 'a record that holds one of its own kind'] as const,
  ),
  ...['walks', 'stacked'].map(
    (name) => [`matrix/pullbacks ${name}`, 'a record that holds one of its own kind'] as const,
  ),
  ...['overwritten', 'madeAnew', 'spiral'].map(
    (name) =>
      [`calls/custom-derivatives-of-arrays ${name}`, 'a rule for what gives no number'] as const,
  ),
  ['nested/saddle highest', 'an optimiser whose state is handed to a generated function'],
  ['calls/overloads sizes', 'a parameter that is a number or an array'],
  ['calls/parameters overloads', 'a parameter that is a number or an array'],
  ['calls/parameters generic', 'a parameter of a type that the caller chooses'],
  ['calls/recursion determinantByMinors', 'a tape that is read again'],
  ['calls/recursion alternating', 'records of pairs that are kept in an array'],
]);

/** Functions of which differences of the gradient do not tell the second derivative, and why. */
const incomparable: ReadonlyMap<string, string> = new Map([
  ['memory/typed-arrays singlePrecision', 'the gradient is rounded to 24 bits'],
  ['programs/numerics newtonSqrt', 'the number of iterations depends on the argument'],
  ['control-flow/while-loops newtonRoot', 'the number of iterations depends on the argument'],
  ['calls/helpers-with-loops roots', 'the number of iterations depends on the argument'],
  ['calls/helpers guarded', 'it is a square of an absolute value, whose derivative is 0 at 0'],
]);

/** The functions of a fixture that have a gradient, as the file beside it says. */
function withGradient(path: string): ReadonlySet<string> {
  const output = path.replace(/\.ts$/, '_grad.ts');
  const text = existsSync(output) ? readFileSync(output, 'utf8') : '';
  return new Set(
    [...text.matchAll(/^export function (\w+)_grad\b/gm)].map(([, name = '']) => name),
  );
}

function testFixture({ name: file, path }: FixtureFile): void {
  const source = project.getSourceFileOrThrow(path);
  const has = withGradient(path);
  const all = signatures(source).filter(({ name }) => has.has(name));
  const accepted = new Set(
    all.map(({ name }) => name).filter((name) => !refused.has(`${file} ${name}`)),
  );
  let module: Promise<GradientModule> | undefined;

  async function load(): Promise<GradientModule> {
    const { text, diagnostics } = compileSource(source, {
      modes: ({ name }) => (accepted.has(name) ? ['grad', 'hvp'] : []),
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors, renderDiagnostics(source, errors)).toEqual([]);
    const { text: alone } = compileSource(source, {
      modes: ({ name }) => (accepted.has(name) ? ['hvp'] : []),
    });
    generated.set(path.replace(/\.ts$/, '_hvp.ts'), alone ?? '');
    const functions = (await import(path)) as Record<string, unknown>;
    return loadModule(text ?? '', functions, await importedModules(text ?? '', dirname(path)));
  }

  for (const signature of all) {
    const { name } = signature;
    if (!accepted.has(name)) {
      it(`${name} is refused`, () => {
        const { diagnostics } = compileSource(source, {
          modes: (annotated) => (annotated.name === name ? ['hvp'] : []),
        });
        expect(diagnostics.map(({ code }) => code)).toContain('CR305');
      });
      continue;
    }
    it(name, async () => {
      const { points } = (await import(path.replace(/\.ts$/, '.points.ts'))) as {
        points: Record<string, readonly Point<readonly unknown[]>[]>;
      };
      const loaded = await (module ??= load());
      const [gradient, hessian] = [loaded[`${name}_grad`], loaded[`${name}_hvp`]];
      if (gradient === undefined || hessian === undefined)
        throw new Error(`${name} was not generated`);
      const isComparable = !incomparable.has(`${file} ${name}`);
      const problems = (points[name] ?? [])
        .filter((point) => detailed(point).kink !== true)
        .flatMap(
          (point) => checkHessian(gradient, hessian, signature, point, isComparable).problems,
        );
      expect(problems, problems.join('\n')).toEqual([]);
    });
  }
}

for (const fixture of fixtureFiles.filter(({ path }) => withGradient(path).size > 0)) {
  describe(`Hessian times a direction: ${fixture.name}`, () => {
    testFixture(fixture);
  });
}

describe('all second derivatives', () => {
  it('type-check in strict projects', { timeout: 60_000 }, () => {
    const problems = typeCheck(generated);
    expect(problems, problems.join('\n')).toEqual([]);
  });
});
