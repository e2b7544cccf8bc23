import { Project, ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { compileChecked } from '../../compiler/compile-checked.js';

/** The import lines of what is generated for `src/model.ts` in a project of these files. */
function importsOf(files: Record<string, string>, options: ts.CompilerOptions = {}): string[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: {
      strict: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      ...options,
    },
  });
  for (const [path, text] of Object.entries(files)) project.createSourceFile(path, text);
  const { text, diagnostics } = compileChecked(project.getSourceFileOrThrow('/src/model.ts'));
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return (text ?? '').split('\n').filter((line) => line.startsWith('import '));
}

const drag = `export const density = 1.2;
export function drag(speed: number): number {
  return density * speed * speed;
}
`;
const model = (imports: string): string => `${imports}
/** @differentiable */
export function f(x: number): number {
  return drag(x);
}
`;

describe('what a generated file imports', () => {
  it('comes by the path alias that the source uses', () => {
    const imports = importsOf(
      { '/lib/air.ts': drag, '/src/model.ts': model("import { drag } from '@lib/air';") },
      { baseUrl: '/', ignoreDeprecations: '6.0', paths: { '@lib/*': ['./lib/*'] } },
    );
    expect(imports).toEqual(["import { density, drag } from '@lib/air';"]);
  });

  it.each(['', '.js', '.ts'])('has the ending "%s" where the source writes it', (ending) => {
    const imports = importsOf(
      {
        '/lib/deep/air.ts': drag,
        '/lib/index.ts': "export { drag } from './deep/air';",
        '/src/model.ts': model(`import { drag } from '../lib/index${ending}';`),
      },
      { allowImportingTsExtensions: true, noEmit: true },
    );
    expect(imports).toEqual([
      `import { density } from '../lib/deep/air${ending}';`,
      `import { drag } from '../lib/index${ending}';`,
    ]);
  });

  it('comes from a re-export under its name there', () => {
    const imports = importsOf({
      '/lib/air.ts': drag,
      '/lib/index.ts': "export { drag, density as rho } from './air';",
      '/src/model.ts': model("import { drag } from '../lib/index';"),
    });
    expect(imports).toEqual(["import { drag, rho as density } from '../lib/index';"]);
  });
});
