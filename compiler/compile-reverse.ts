import { differentiateAsNeeded } from './compile-pairs.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { printGradient } from './emit/function.js';
import type { ModulePrinter } from './emit/module.js';
import { canBeCleared } from './emit/clear.js';
import { printInto } from './emit/into.js';
import { printPair } from './emit/pair.js';
import { usedNames } from './emit/used-names.js';
import type { AnnotatedFunction, Mode } from './frontend/annotated.js';
import type { Lowered } from './frontend/lower/function.js';
import type { Pair, Pairs } from './frontend/lower/pairs.js';
import { Dump } from './ir/dump.js';
import type { Type, Value } from './ir/ir.js';
import type { Stage, Trace } from './ir/stages.js';
import { canBeActive } from './ir/types.js';

/** Switches of the compiler; each leaves the numbers as they are. */
export interface CompileOptions {
  /** Algebraic clean-up of the generated code. Default: true. */
  readonly simplify?: boolean;
  /** The modes to generate in place of those that the annotations name; of each function, or of all. */
  readonly modes?: readonly Mode[] | ((annotated: AnnotatedFunction) => readonly Mode[]);
  /** The stage after which the IR is printed. Default: `final`. */
  readonly stage?: Stage;
  /** Files with rules for functions whose source is not in the project. */
  readonly rules?: readonly string[];
}

/** What the functions of one generated file share while they are compiled. */
export interface Compilation {
  readonly printer: ModulePrinter;
  readonly pairs: Pairs;
  readonly diagnostics: Diagnostic[];
  readonly options: CompileOptions;
  readonly dumps: string[];
  /** The pairs that the file has already. */
  readonly printed: Set<Pair>;
}

/** A function in reverse mode. */
export interface Reversed {
  readonly lowered: Lowered;
  readonly text: string;
  readonly usesTape: boolean;
}

/** Prints the gradient of an annotated function, or its two halves. Throws a Refusal. */
export function compileReverse(
  { name, node, wrt, summary }: AnnotatedFunction,
  mode: 'grad' | 'into' | 'vjp',
  { printer, pairs, diagnostics, options }: Compilation,
  trace: Trace,
  marksConventions = false,
): Reversed {
  const returned = node.getReturnType();
  const isNumber = (lowered: Lowered): boolean =>
    lowered.result.type.kind === 'number' && !returned.isNullable();
  const isGradient = mode === 'grad' || mode === 'into';
  const { lowered, differentiated, request } = differentiateAsNeeded(
    name,
    node.compilerNode,
    { names: printer.globalNames, pairs },
    (lowered) => {
      const type = returned.getText(node);
      const place = lowered.root.name ?? lowered.root;
      if (isGradient && !isNumber(lowered)) lowered.cx.refuse('CR304', place, { name, type });
      if (!canBeActive(lowered.result.type) || returned.isNullable())
        lowered.cx.refuse('CR306', place, { name, type });
      const seed = isGradient ? null : seedFor(lowered.result.type);
      return { wrt, seed, simplify: options.simplify ?? true };
    },
    trace,
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
    marksConventions,
  };
  const { gradient } = differentiated;
  if (mode === 'into') {
    refuseUncleared(lowered, gradient.wrt);
    return { lowered, ...printInto(lowered, gradient, functionOptions) };
  }
  if (mode === 'grad') return { lowered, ...printGradient(lowered, gradient, functionOptions) };
  const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const names = {
    forward: `${name}_forward`,
    backward: `${name}_backward`,
    saved: printer.globalNames.reserve(`${capital}Saved`),
    isExported: true,
  };
  return { lowered, ...printPair(lowered, gradient, functionOptions, names) };
}

/** A gradient is written in place where all of its places are there. */
function refuseUncleared({ cx, parameters }: Lowered, wrt: readonly Value[]): void {
  for (const { node, name, value } of parameters) {
    if (canBeCleared(value.type) || !wrt.includes(value)) continue;
    cx.unsupported(
      node,
      `A gradient written in place with respect to "${name}", which has optional fields or holds matrices,`,
      'Use emit=grad, or pass the matrices as parameters of their own.',
    );
  }
}

/** Adds the pairs that a text calls, and those that these call. */
export function addPairs(caller: Lowered, text: string, compilation: Compilation): void {
  const { printer, pairs, printed, options } = compilation;
  const used = usedNames(text);
  for (const pair of caller.cx.calledPairs) {
    if (pair.saved === null || printed.has(pair) || !used.has(pair.forward)) continue;
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
    const names = { ...pair, saved: pair.saved, isExported: false };
    const function_ = printPair(lowered, differentiated.gradient, functionOptions, names);
    printer.addPrivate(lowered, function_.text, function_.usesTape);
    addPairs(lowered, function_.text, compilation);
  }
}

/** The derivative that a result is given from outside. */
function seedFor(type: Type): Value {
  return { type, variable: { name: 'dvalue' } };
}
