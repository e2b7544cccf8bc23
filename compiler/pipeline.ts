import type { SourceFile } from 'ts-morph';
import { HessianCompiler } from './compile-hessian.js';
import {
  addPairs,
  compileReverse,
  type Compilation,
  type CompileOptions,
} from './compile-reverse.js';
import { TangentCompiler } from './compile-tangent.js';
import { diagnostic, Refusal, type Diagnostic } from './diagnostics/diagnostic.js';
import { ModulePrinter } from './emit/module.js';
import type { AnnotatedFunction, Mode } from './frontend/annotated.js';
import { findAnnotated } from './frontend/annotations.js';
import { Pairs, type Pair } from './frontend/lower/pairs.js';
import { Dump } from './ir/dump.js';

export type { CompileOptions } from './compile-reverse.js';

export interface CompileResult {
  /** The generated module before formatting; null where there is nothing to generate or an error. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The IR of each function that reached the stage, in the order of the source. */
  readonly ir: string;
}

/** Compiles the annotated functions of one source file: lower → differentiate → print, function by function. */
export function compileSource(source: SourceFile, options: CompileOptions = {}): CompileResult {
  const { functions, diagnostics: found } = findAnnotated(source);
  const diagnostics: Diagnostic[] = [...found];
  const printer = new ModulePrinter(source);
  const asked = (mode: Mode): AnnotatedFunction[] =>
    functions.filter((annotated) => modesOf(annotated, printer, options).includes(mode));
  const halved = asked('vjp');
  const complete = halved.filter(({ wrt }) => wrt === null);
  const pairs = new Pairs(
    printer.globalNames,
    new Set(complete.map(({ node }) => node.compilerNode)),
  );
  const dumps: string[] = [];
  const compilation = { printer, pairs, diagnostics, options, dumps, printed: new Set<Pair>() };
  const tangents = new TangentCompiler(printer, options.simplify ?? true, asked('jvp'));
  for (const { name } of halved) {
    printer.globalNames.take(`${name}_forward`);
    printer.globalNames.take(`${name}_backward`);
  }
  const hessians = new HessianCompiler(source, compilation, asked('hvp'));
  for (const annotated of functions) {
    try {
      const modes = modesOf(annotated, printer, options);
      compileFunction(annotated, modes, compilation);
      if (modes.includes('jvp')) diagnostics.push(...tangents.compile(annotated));
      if (modes.includes('hvp')) {
        const warnings = hessians.compile(annotated);
        if (!modes.includes('grad')) diagnostics.push(...warnings);
      }
    } catch (error) {
      diagnostics.push(toDiagnostic(error, annotated));
    }
  }
  tangents.finish();
  hessians.finish();
  const failed = functions.length === 0 || diagnostics.some(({ severity }) => severity === 'error');
  return { text: failed ? null : printer.print(), diagnostics, ir: dumps.join('\n') };
}

/** Compiles one annotated function in reverse mode: its gradient, its two halves, or both. */
function compileFunction(
  annotated: AnnotatedFunction,
  modes: readonly Mode[],
  compilation: Compilation,
): void {
  const dump = new Dump(compilation.options.stage ?? 'final');
  try {
    for (const mode of modes) {
      if (mode === 'jvp' || mode === 'hvp') continue;
      const { lowered, text, usesTape } = compileReverse(annotated, mode, compilation, dump);
      compilation.printer.add(lowered, text, usesTape);
      addPairs(lowered, text, compilation);
    }
  } finally {
    if (dump.text !== null) compilation.dumps.push(dump.text);
  }
}

/** What is generated: where the annotation leaves it open, the gradient of a number, or else the two halves. */
function modesOf(
  annotated: AnnotatedFunction,
  printer: ModulePrinter,
  { modes }: CompileOptions,
): readonly Mode[] {
  const { emit, node } = annotated;
  if (typeof modes === 'function') return modes(annotated);
  return modes ?? emit ?? [printer.givesNumber(node.compilerNode) ? 'grad' : 'vjp'];
}

function toDiagnostic(error: unknown, annotated: AnnotatedFunction): Diagnostic {
  if (error instanceof Refusal) return error.diagnostic;
  const { node, name } = annotated;
  const span = {
    file: node.getSourceFile().getFilePath(),
    start: node.getStart(),
    end: node.getEnd(),
  };
  const text = error instanceof Error ? error.message : String(error);
  return diagnostic('CR900', span, { name, text });
}
