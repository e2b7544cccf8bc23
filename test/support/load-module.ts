import ts from 'typescript';
import * as runtime from '@chainrule/runtime';

export type GradientResult = { readonly value: number } & Record<string, unknown>;
export type GradientModule = Record<string, ((...args: unknown[]) => GradientResult) | undefined>;

/**
 * Evaluates generated text as a module without writing it to disk, so that what is tested is always what was just
 * compiled. `fixture` is the module of the source, which the text may import.
 */
export function loadModule(text: string, fixture: Record<string, unknown>): GradientModule {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const requireModule = (specifier: string): unknown => {
    if (specifier === '@chainrule/runtime') return runtime;
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
