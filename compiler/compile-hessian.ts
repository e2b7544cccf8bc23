import type { SourceFile, ts } from 'ts-morph';
import { addPairs, compileReverse, type Compilation, type Reversed } from './compile-reverse.js';
import { diagnostic, Refusal, type Diagnostic } from './diagnostics/diagnostic.js';
import { ModulePrinter } from './emit/module.js';
import { usedNames } from './emit/used-names.js';
import type { AnnotatedFunction } from './frontend/annotated.js';
import { parameterNames } from './frontend/annotations.js';
import { functionNamed, keysOf } from './frontend/generated.js';
import { readBeside, type Scratch } from './frontend/scratch.js';
import { Dump } from './ir/dump.js';
import { TangentModule, type TangentText } from './tangent/module.js';

/** The gradient that a Hessian is made from. */
interface Prepared extends Reversed {
  readonly warnings: readonly Diagnostic[];
}

/**
 * Second derivatives for the annotated functions of one file, forward over reverse: their gradients are printed into a
 * module that is never written, read again, and printed with tangents.
 */
export class HessianCompiler {
  private readonly gradients: ModulePrinter;
  private readonly prepared = new Map<AnnotatedFunction, Prepared | { readonly error: unknown }>();
  private read: { readonly scratch: Scratch; readonly tangents: TangentModule } | null = null;

  constructor(
    private readonly source: SourceFile,
    private readonly compilation: Compilation,
    functions: readonly AnnotatedFunction[],
  ) {
    const { printer } = compilation;
    this.gradients = new ModulePrinter(source, printer.globalNames);
    const own = { ...compilation, printer: this.gradients, dumps: [], printed: new Set<never>() };
    for (const annotated of functions) {
      const warnings: Diagnostic[] = [];
      try {
        const within = { ...own, diagnostics: warnings };
        const reversed = compileReverse(annotated, 'grad', within, new Dump('final'), true);
        this.gradients.add(reversed.lowered, reversed.text, reversed.usesTape);
        addPairs(reversed.lowered, reversed.text, within);
        this.prepared.set(annotated, { ...reversed, warnings });
      } catch (error) {
        this.prepared.set(annotated, { error });
      }
    }
  }

  /** Adds `f_hvp` to the module and gives the warnings about its gradient. Throws a Refusal. */
  compile(annotated: AnnotatedFunction): readonly Diagnostic[] {
    const prepared = this.prepared.get(annotated);
    if (prepared === undefined) return [];
    if ('error' in prepared) throw prepared.error;
    const { printer } = this.compilation;
    const { text } = this.print(annotated);
    printer.add(prepared.lowered, text, usedNames(text).has(printer.tapeName));
    addPairs(prepared.lowered, text, this.compilation);
    return prepared.warnings;
  }

  private print(annotated: AnnotatedFunction): TangentText {
    const { name, node, summary } = annotated;
    const { scratch, tangents } = (this.read ??= this.readGradients());
    const gradient = functionNamed(scratch.file, `${name}_grad`);
    const keys = keysOf(gradient);
    try {
      return tangents.printHessian({
        name,
        summary,
        node: gradient,
        primal: node.compilerNode,
        wrt: parameterNames(node).flatMap((key, i) => (keys.includes(`d${key}`) ? [i] : [])),
        parameterTypes: gradient.parameters.map(({ type }) => type?.getText() ?? 'number'),
      });
    } catch (error) {
      throw error instanceof Refusal ? refusalOf(annotated, error) : error;
    }
  }

  private readGradients(): { readonly scratch: Scratch; readonly tangents: TangentModule } {
    const { printer, options } = this.compilation;
    const scratch = readBeside(this.source, this.gradients.print());
    printer.runtime.adopt(this.gradients.runtime);
    const tangents = new TangentModule({
      checker: scratch.checker,
      home: scratch.file,
      globalNames: printer.globalNames,
      bang: printer.bang,
      simplify: options.simplify ?? true,
      taken: new Set([...printer.taken, ...usedNames(scratch.file.text)]),
      suffix: 'along',
      runtimeName: (fn) => printer.runtime.local(fn),
      isRuntimeName: (name) => printer.runtime.has(name),
    });
    return { scratch, tangents };
  }

  /** Adds the private functions that the others call. */
  finish(): void {
    for (const { text, node, globals } of this.read?.tangents.privateTexts() ?? [])
      this.compilation.printer.addText(text, node, null, globals);
  }
}

/** What forward mode says about the gradient, said about the function. */
function refusalOf({ name, node }: AnnotatedFunction, { diagnostic: found }: Refusal): Refusal {
  const place: ts.Node = node.compilerNode.name ?? node.compilerNode;
  const file = place.getSourceFile().fileName;
  const span = { file, start: place.getStart(), end: place.getEnd() };
  const reason = found.message.replace(/\.$/, '');
  return new Refusal(diagnostic('CR305', span, { name, reason }));
}
