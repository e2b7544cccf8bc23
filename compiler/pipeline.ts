import type { SourceFile, ts } from 'ts-morph';
import { differentiateFunction, MustExpand, type Differentiated } from './compile-function.js';
import { diagnostic, Refusal, type Diagnostic } from './diagnostics/diagnostic.js';
import { printGradient } from './emit/function.js';
import { ModulePrinter } from './emit/module.js';
import { findAnnotated } from './frontend/annotations.js';
import type { AnnotatedFunction, Mode } from './frontend/annotated.js';
import { lowerFunction, type Lowered } from './frontend/lower/function.js';
import { Dump } from './ir/dump.js';
import type { Stage, Trace } from './ir/stages.js';
import { TangentCompiler } from './compile-tangent.js';

/** Switches of the compiler; each leaves the numbers as they are. */
export interface CompileOptions {
  /** Algebraic clean-up of the generated code. Default: true. */
  readonly simplify?: boolean;
  /** The modes to generate in place of those that the annotations name. */
  readonly modes?: readonly Mode[];
  /** The stage after which the IR is printed. Default: `final`. */
  readonly stage?: Stage;
}

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
  const modesOf = ({ emit }: AnnotatedFunction): readonly Mode[] =>
    options.modes ?? emit ?? ['grad'];
  const forward = functions.filter((annotated) => modesOf(annotated).includes('jvp'));
  const tangents = new TangentCompiler(printer, options.simplify ?? true, forward);
  const dumps: string[] = [];
  for (const annotated of functions) {
    const dump = new Dump(options.stage ?? 'final');
    try {
      const modes = modesOf(annotated);
      const refused = modes.find((mode) => mode !== 'grad' && mode !== 'jvp');
      if (refused !== undefined) refuseMode(annotated, refused);
      if (modes.includes('grad')) compileFunction(annotated, printer, diagnostics, options, dump);
      if (modes.includes('jvp')) diagnostics.push(...tangents.compile(annotated));
    } catch (error) {
      diagnostics.push(toDiagnostic(error, annotated));
    }
    if (dump.text !== null) dumps.push(dump.text);
  }
  tangents.finish();
  const failed = functions.length === 0 || diagnostics.some(({ severity }) => severity === 'error');
  return { text: failed ? null : printer.print(), diagnostics, ir: dumps.join('\n') };
}

function compileFunction(
  annotated: AnnotatedFunction,
  printer: ModulePrinter,
  diagnostics: Diagnostic[],
  options: CompileOptions,
  trace: Trace,
): void {
  const { summary } = annotated;
  const { lowered, differentiated } = expandAsNeeded(annotated, printer, options, trace);
  const { gradient, warnings } = differentiated;
  diagnostics.push(...warnings);
  const { text, usesTape } = printGradient(lowered, gradient, {
    summary,
    bang: printer.bang,
    tape: printer.tapeName,
    runtimeName: (fn) => printer.runtime.local(fn),
    parameterTypes: printer.parameterTypes(lowered),
  });
  printer.add(lowered, text, usesTape);
}

/** Lowers and differentiates a function; helpers whose inner values must be saved are expanded in place. */
function expandAsNeeded(
  annotated: AnnotatedFunction,
  printer: ModulePrinter,
  options: CompileOptions,
  trace: Trace,
): { readonly lowered: Lowered; readonly differentiated: Differentiated } {
  const { name, node, wrt } = annotated;
  const expanded = new Set<ts.Node>();
  for (;;) {
    const lowered = lowerFunction(name, node.compilerNode, printer.checker, expanded);
    trace.forward('lowered', lowered.fn);
    const returned = node.getReturnType();
    if (lowered.result.type.kind !== 'number' || returned.isNullable()) {
      const type = returned.getText(node);
      lowered.cx.refuse('CR304', lowered.root.name ?? lowered.root, { name, type });
    }
    try {
      return {
        lowered,
        differentiated: differentiateFunction(lowered, wrt, options.simplify ?? true, trace),
      };
    } catch (error) {
      if (!(error instanceof MustExpand)) throw error;
      expanded.add(error.helper);
    }
  }
}

function refuseMode({ node }: AnnotatedFunction, mode: Mode): never {
  const file = node.getSourceFile().getFilePath();
  const span = { file, start: node.getStart(), end: node.getEnd() };
  throw new Refusal(diagnostic('CR305', span, { mode }));
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
