import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import * as runtime from '@chainrule/runtime';

export type GradientResult = { readonly value: number } & Record<string, unknown>;
export type GradientModule = Record<string, ((...args: unknown[]) => GradientResult) | undefined>;

export type Modules = ReadonlyMap<string, Record<string, unknown>>;

/** The modules that a text imports by a relative path, from the folder that it would stand in. */
export async function importedModules(text: string, folder: string): Promise<Modules> {
  const specifiers = [...text.matchAll(/from '(\.[^']*)'/g)].flatMap(
    ([, specifier]) => specifier ?? [],
  );
  const modules = specifiers.map(async (specifier) => {
    const path = new URL(specifier.replace(/\.js$/, '.ts'), pathToFileURL(`${folder}/`)).pathname;
    return [specifier, (await import(path)) as Record<string, unknown>] as const;
  });
  return new Map(await Promise.all(modules));
}

/**
 * Evaluates generated text as a module without writing it to disk, so that what is tested is always what was just
 * compiled. `fixture` is the module of the source, which the text may import, `others` are what else
 * it may import.
 */
export function loadModule(
  text: string,
  fixture: Record<string, unknown>,
  others: Modules = new Map(),
): GradientModule {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: false,
    },
  });
  const requireModule = (specifier: string): unknown => {
    if (specifier === '@chainrule/runtime') return runtime;
    const other = others.get(specifier);
    if (other !== undefined) return other;
    if (specifier.startsWith('./')) return fixture;
    throw new Error(`generated code imports ${specifier}`);
  };
  const exports: GradientModule = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('exports', 'require', outputText) as (
    exports: GradientModule,
    require: (specifier: string) => unknown,
  ) => void;
  run(exports, requireModule);
  return exports;
}
