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
import { findRules, type RuleBook } from './frontend/custom-rules/rule-book.js';
import type { AnnotatedFunction, Mode } from './frontend/annotated.js';
import { findAnnotated } from './frontend/annotations.js';
import { Pairs, type Pair } from './frontend/lower/pairs.js';
import { Dump } from './ir/dump.js';

export type { CompileOptions, GeneratedUse } from './compile-reverse.js';

export interface CompileResult {
  /** The generated module before formatting; null where there is nothing to generate or an error. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The IR of each function that reached the stage, in the order of the source. */
  readonly ir: string;
}

/** Compiles the annotated functions of one source file: lower → differentiate → print, function by function. */
export function compileSource(source: SourceFile, options: CompileOptions = {}): CompileResult {
  // It may add files to the program, which is another one from then on.
  const rules = options.ruleBook ?? findRules(source.getProject(), options.rules);
  const { functions: all, diagnostics: found } = findAnnotated(source);
  const functions = all.filter(({ name }) => options.only?.has(name) !== false);
  const diagnostics: Diagnostic[] = [...found];
  const printer = new ModulePrinter(source);
  diagnostics.push(...rules.diagnosticsIn(source.getFilePath()), ...replaced(functions, rules));
  const asked = (mode: Mode): AnnotatedFunction[] =>
    functions.filter((annotated) => modesOf(annotated, printer, options).includes(mode));
  const halved = asked('vjp');
  const complete = halved.filter(({ wrt }) => wrt === null);
  const pairs = new Pairs(
    printer.globalNames,
    rules,
    new Set(complete.map(({ node }) => node.compilerNode)),
  );
  const dumps: string[] = [];
  const compilation = { printer, pairs, diagnostics, options, dumps, printed: new Set<Pair>() };
  const tangents = new TangentCompiler(printer, rules, options.simplify ?? true, asked('jvp'));
  for (const { name } of halved) {
    printer.globalNames.take(`${name}_forward`);
    printer.globalNames.take(`${name}_backward`);
  }
  const hessians = new HessianCompiler(source, compilation, asked('hvp'));
  for (const annotated of functions) {
    try {
      const refused = options.refused?.get(refusalKey(source, annotated.name));
      if (refused !== undefined) throw new Refusal(refused);
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
  const placed = diagnostics.map((each) => placedInSource(each, source, options));
  const failed = functions.length === 0 || diagnostics.some(({ severity }) => severity === 'error');
  return { text: failed ? null : printer.print(), diagnostics: placed, ir: dumps.join('\n') };
}

/** What a function of a source, or a generated module that it calls, is looked up by. */
export function refusalKey(source: SourceFile, name: string): string {
  return `${source.getFilePath()}#${name}`;
}

/** What is wrong inside of a generated module, which nobody has before him, is told where it is called. */
function placedInSource(
  found: Diagnostic,
  source: SourceFile,
  { uses }: CompileOptions,
): Diagnostic {
  const use = uses?.get(refusalKey(source, found.span?.file ?? ''));
  if (use === undefined || found.severity === 'warning') return found;
  const reason = found.message.replace(/\.$/, '');
  return diagnostic('CR225', use.span, { name: use.name, reason });
}

/** Refuses annotated functions whose derivative a rule replaces: what is generated would be another one. */
function replaced(functions: readonly AnnotatedFunction[], rules: RuleBook): Diagnostic[] {
  return functions.flatMap(({ name, node }) => {
    const rule = rules.ofSource(node.compilerNode);
    if (rule === null) return [];
    const span = {
      file: node.getSourceFile().getFilePath(),
      start: node.getStart(),
      end: node.getEnd(),
    };
    return [diagnostic('CR125', span, { name, rule: rule.name.text })];
  });
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
