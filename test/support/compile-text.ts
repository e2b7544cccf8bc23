import ts from 'typescript';
import { format } from '../../compiler/emit/format.js';
import { openText } from '../../compiler/frontend/project.js';
import { compileSource, type CompileOptions } from '../../compiler/pipeline.js';
import { loadModule, type GradientResult } from './load-module.js';

type Callable = (...args: unknown[]) => unknown;

export interface Loaded {
  readonly text: string;
  /** The functions of the source itself. */
  readonly primal: (name: string) => (...args: unknown[]) => unknown;
  readonly gradient: (name: string) => (...args: unknown[]) => GradientResult;
}

/** The generated module of a source, formatted. */
export async function generate(source: string, options: CompileOptions = {}): Promise<string> {
  const { text, diagnostics } = compileSource(openText('source.ts', source), options);
  if (text === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return format(text, { singleQuote: true, printWidth: 100 });
}

/** Compiles a source and loads it together with what is generated. */
export async function load(source: string, options: CompileOptions = {}): Promise<Loaded> {
  const text = await generate(source, options);
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: Record<string, Callable> = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('exports', outputText) as (exports: object) => void;
  run(exports);
  const generated = loadModule(text, exports);
  const named = <T>(fn: T | undefined, name: string): T => {
    if (fn === undefined) throw new Error(`no ${name}`);
    return fn;
  };
  return {
    text,
    primal: (name) => named(exports[name], name),
    gradient: (name) => named(generated[`${name}_grad`], `${name}_grad`),
  };
}

/** An annotated function `f` of numbers that returns an expression. */
export function functionText(parameters: string, expression: string, name = 'f'): string {
  const list = parameters
    .split(' ')
    .map((parameter) => `${parameter}: number`)
    .join(', ');
  return `/** @differentiable */\nexport function ${name}(${list}): number {\n  return ${expression};\n}\n`;
}
