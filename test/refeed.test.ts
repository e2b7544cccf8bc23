import type { SourceFile } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { TangentModule } from '../compiler/tangent/module.js';
import { checkByDifferences, tangentsOf } from './support/check-tangents.js';
import type { Primal } from './support/check-points.js';
import { compileFixture, fixtureProject, signatures } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { loadModule } from './support/load-module.js';
import { detailed, type Point } from './support/points.js';

/**
 * Forward mode takes what reverse mode has written, tapes and all: the tangent of a gradient is the Hessian times a
 * direction.
 */
const names = [
  ...['scalar/kinks', 'control-flow/returns', 'control-flow/while-loops', 'memory/in-place'],
  ...['memory/objects', 'calls/helpers-with-arrays', 'programs/simulation'],
];
/** Where the gradient itself has a kink, or the second derivative is that of an iteration that has stopped. */
const besides = new Set(['fromNestedLoops', 'newtonRoot', 'bisect']);

const files = fixtureFiles.filter(({ name }) => names.includes(name));
const project = fixtureProject([
  ...files.map(({ path }) => path),
  ...[new URL('../runtime/index.ts', import.meta.url).pathname],
]);

/** A generated module with its gradients in forward mode. */
function withTangents(text: string, source: SourceFile): string {
  const path = source.getFilePath().replace(/\.ts$/, '_second.ts');
  const file = project.createSourceFile(path, text, { overwrite: true });
  const { compilerObject: checker } = project.getTypeChecker();
  const taken = new Set(text.match(/\w+/g));
  const module = new TangentModule({
    checker,
    bang: false,
    simplify: true,
    runtimeName: (fn) => fn,
    isRuntimeName: () => false,
    taken,
  });
  const texts = signatures(source).map(({ name, parameters }) => {
    const declaration = file.getFunctionOrThrow(`${name}_grad`);
    const keys = declaration
      .getReturnType()
      .getProperties()
      .map((property) => property.getName());
    return module.print({
      name: `${name}_grad`,
      node: declaration.compilerNode,
      wrt: parameters.flatMap((parameter, i) => (keys.includes(`d${parameter}`) ? [i] : [])),
      summary: '',
      parameterTypes: declaration.getParameters().map((parameter) => parameter.getType().getText()),
      resultType: declaration.getReturnTypeNodeOrThrow().getText(),
    }).text;
  });
  return [text, ...texts, ...module.privateTexts().map((each) => each.text)].join('\n');
}

describe('generated gradients in forward mode', () => {
  it.each(files)('$name', async ({ path }) => {
    const source = project.getSourceFileOrThrow(path);
    const functions = (await import(path)) as Record<string, unknown>;
    const { points } = (await import(path.replace(/\.ts$/, '.points.ts'))) as {
      points: Record<string, readonly Point<readonly unknown[]>[]>;
    };
    const { text } = await compileFixture(source);
    const module = loadModule(withTangents(text ?? '', source), functions);
    const problems = signatures(source).flatMap((signature) => {
      const { name } = signature;
      const gradient = module[`${name}_grad`] as Primal | undefined;
      if (gradient === undefined) return [`${name} has no gradient`];
      if (besides.has(name)) return [];
      const tangent = tangentsOf(module, `${name}_grad`);
      return (points[name] ?? [])
        .filter((point) => detailed(point).kink !== true)
        .flatMap((point) => {
          const keys = Object.keys(gradient(...structuredClone(detailed(point).at)) as object);
          const wrt = signature.parameters.filter((parameter) => keys.includes(`d${parameter}`));
          return checkByDifferences(gradient, tangent, { ...signature, wrt }, point);
        })
        .map((problem) => `${name}: ${problem}`);
    });
    expect(problems, problems.join('\n')).toEqual([]);
  });
});
