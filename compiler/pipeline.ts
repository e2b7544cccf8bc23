import type { SourceFile } from 'ts-morph';
import { differentiateAsNeeded } from './compile-pairs.js';
import { diagnostic, Refusal, type Diagnostic } from './diagnostics/diagnostic.js';
import { printGradient } from './emit/function.js';
import { ModulePrinter } from './emit/module.js';
import { printPair } from './emit/pair.js';
import { usedNames } from './emit/used-names.js';
import { findAnnotated } from './frontend/annotations.js';
import type { AnnotatedFunction, Mode } from './frontend/annotated.js';
import type { Lowered } from './frontend/lower/function.js';
import { Pairs, type Pair } from './frontend/lower/pairs.js';
import { Dump } from './ir/dump.js';
import type { Type, Value } from './ir/ir.js';
import type { Stage } from './ir/stages.js';
import { canBeActive } from './ir/types.js';
import { TangentCompiler } from './compile-tangent.js';

/** Switches of the compiler; each leaves the numbers as they are. */
export interface CompileOptions {
  /** Algebraic clean-up of the generated code. Default: true. */
  readonly simplify?: boolean;
  /** The modes to generate in place of those that the annotations name. */
  readonly modes?: readonly Mode[];
  /** The stage after which the IR is printed. Default: `final`. */
  readonly stage?: Stage;
  /** Files with rules for functions whose source is not in the project. */
  readonly rules?: readonly string[];
}

export interface CompileResult {
  /** The generated module before formatting; null where there is nothing to generate or an error. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The IR of each function that reached the stage, in the order of the source. */
  readonly ir: string;
}

/** What the functions of one generated file share while they are compiled. */
interface Compilation {
  readonly printer: ModulePrinter;
  readonly pairs: Pairs;
  readonly diagnostics: Diagnostic[];
  readonly options: CompileOptions;
  readonly dumps: string[];
  /** The pairs that the file has already. */
  readonly printed: Set<Pair>;
}

/** Compiles the annotated functions of one source file: lower → differentiate → print, function by function. */
export function compileSource(source: SourceFile, options: CompileOptions = {}): CompileResult {
  const { functions, diagnostics: found } = findAnnotated(source);
  const diagnostics: Diagnostic[] = [...found];
  const printer = new ModulePrinter(source);
  const pairs = new Pairs(printer.globalNames);
  const forward = functions.filter((annotated) =>
    modesOf(annotated, printer, options).includes('jvp'),
  );
  const tangents = new TangentCompiler(printer, options.simplify ?? true, forward);
  const dumps: string[] = [];
  const compilation = { printer, pairs, diagnostics, options, dumps, printed: new Set<Pair>() };
  for (const annotated of functions) {
    if (!modesOf(annotated, printer, options).includes('vjp')) continue;
    printer.globalNames.take(`${annotated.name}_forward`);
    printer.globalNames.take(`${annotated.name}_backward`);
  }
  for (const annotated of functions) {
    try {
      const modes = modesOf(annotated, printer, options);
      compileFunction(annotated, modes, compilation);
      if (modes.includes('jvp')) diagnostics.push(...tangents.compile(annotated));
    } catch (error) {
      diagnostics.push(toDiagnostic(error, annotated));
    }
  }
  tangents.finish();
  const failed = functions.length === 0 || diagnostics.some(({ severity }) => severity === 'error');
  return { text: failed ? null : printer.print(), diagnostics, ir: dumps.join('\n') };
}

/** Compiles one annotated function in reverse mode: its gradient, its two halves, or both. */
function compileFunction(
  annotated: AnnotatedFunction,
  modes: readonly Mode[],
  compilation: Compilation,
): void {
  const { name, node, wrt, summary } = annotated;
  const { printer, pairs, diagnostics, options } = compilation;
  const unit = { names: printer.globalNames, pairs };
  const simplify = options.simplify ?? true;
  const returned = node.getReturnType();
  const isNumber = (lowered: Lowered): boolean =>
    lowered.result.type.kind === 'number' && !returned.isNullable();
  const dump = new Dump(options.stage ?? 'final');
  try {
    for (const mode of modes) {
      if (mode === 'jvp') continue;
      const { lowered, differentiated, request } = differentiateAsNeeded(
        name,
        node.compilerNode,
        unit,
        (lowered) => {
          const type = returned.getText(node);
          const place = lowered.root.name ?? lowered.root;
          if (mode !== 'grad' && mode !== 'vjp') lowered.cx.refuse('CR305', place, { mode });
          if (mode === 'grad' && !isNumber(lowered))
            lowered.cx.refuse('CR304', place, { name, type });
          if (!canBeActive(lowered.result.type) || returned.isNullable())
            lowered.cx.refuse('CR306', place, { name, type });
          const seed = mode === 'grad' ? null : seedFor(lowered.result.type);
          return { wrt, seed, simplify };
        },
        dump,
      );
      diagnostics.push(...differentiated.warnings);
      const functionOptions = {
        summary,
        bang: printer.bang,
        tape: printer.tapeName,
        runtimeName: (fn: string) => printer.runtime.local(fn),
        parameterTypes: printer.parameterTypes(lowered),
        resultType: printer.resultType(lowered),
        seed: request.seed,
      };
      const { gradient } = differentiated;
      const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const { text, usesTape } =
        mode === 'grad'
          ? printGradient(lowered, gradient, functionOptions)
          : printPair(lowered, gradient, functionOptions, {
              forward: `${name}_forward`,
              backward: `${name}_backward`,
              saved: printer.globalNames.reserve(`${capital}Saved`),
              isExported: true,
            });
      printer.add(lowered, text, usesTape);
      addPairs(lowered, text, compilation);
    }
  } finally {
    if (dump.text !== null) compilation.dumps.push(dump.text);
  }
}

/** What is generated: where the annotation leaves it open, the gradient of a number, or else the two halves. */
function modesOf(
  { emit, node }: AnnotatedFunction,
  printer: ModulePrinter,
  { modes }: CompileOptions,
): readonly Mode[] {
  return modes ?? emit ?? [printer.givesNumber(node.compilerNode) ? 'grad' : 'vjp'];
}

/** Adds the pairs that a text calls, and those that these call. */
function addPairs(caller: Lowered, text: string, compilation: Compilation): void {
  const { printer, pairs, printed, options } = compilation;
  const used = usedNames(text);
  for (const pair of caller.cx.calledPairs) {
    if (printed.has(pair) || !used.has(pair.forward)) continue;
    printed.add(pair);
    const dump = new Dump(options.stage ?? 'final');
    const { lowered, differentiated, request } = differentiateAsNeeded(
      pair.name,
      pair.source,
      { names: printer.globalNames, pairs },
      ({ result }) => ({
        wrt: null,
        seed: seedFor(result.type),
        simplify: options.simplify ?? true,
      }),
      dump,
    );
    if (dump.text !== null) compilation.dumps.push(dump.text);
    const functionOptions = {
      summary: '',
      bang: printer.bang,
      tape: printer.tapeName,
      runtimeName: (fn: string) => printer.runtime.local(fn),
      ...printer.ownTypes(lowered),
      seed: request.seed,
    };
    const names = { ...pair, isExported: false };
    const function_ = printPair(lowered, differentiated.gradient, functionOptions, names);
    printer.addPrivate(lowered, function_.text, function_.usesTape);
    addPairs(lowered, function_.text, compilation);
  }
}

/** The derivative that a result is given from outside. */
function seedFor(type: Type): Value {
  return { type, variable: { name: 'dvalue' } };
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
