import type { ts } from 'ts-morph';
import { diagnostic, Refusal, type Diagnostic, type Span } from './diagnostics/diagnostic.js';
import type { ModulePrinter } from './emit/module.js';
import type { AnnotatedFunction } from './frontend/annotated.js';
import { parameterNames } from './frontend/annotations.js';
import { TangentModule } from './tangent/module.js';

/** Forward mode for the annotated functions of one file: each is printed with its tangents (`tangent/`). */
export class TangentCompiler {
  private readonly tangents: TangentModule;

  constructor(
    private readonly printer: ModulePrinter,
    simplify: boolean,
    /** The functions for which forward mode is asked for. */
    functions: readonly AnnotatedFunction[],
  ) {
    const { checker, bang } = printer;
    const taken = new Set([...printer.taken, ...functions.map(({ name }) => `${name}_jvp`)]);
    this.tangents = new TangentModule({
      checker,
      home: printer.globalNames.file,
      globalNames: printer.globalNames,
      bang,
      simplify,
      taken,
      runtimeName: (fn) => printer.runtime.local(fn),
      isRuntimeName: (name) => printer.runtime.has(name),
    });
    for (const annotated of functions) {
      const node = annotated.node.compilerNode;
      this.tangents.announce(node, annotated.name, placesOf(annotated));
    }
  }

  /** Adds `f_jvp` to the module and gives the warnings about it. Throws a Refusal. */
  compile(annotated: AnnotatedFunction): Diagnostic[] {
    const { name, wrt: names, summary } = annotated;
    const node = annotated.node.compilerNode;
    const places = placesOf(annotated);
    const { active } = this.tangents.facts(node, places);
    const warnings: Diagnostic[] = [];
    for (const i of places ?? []) {
      const parameter = node.parameters[i];
      if (parameter === undefined || active.includes(i)) continue;
      const span = spanOf(parameter);
      const about = { name, parameter: parameterNames(annotated.node)[i] ?? '' };
      warnings.push(diagnostic('CR302', span, about));
    }
    const { text, cuts, globals } = this.tangents.print({
      name,
      node,
      wrt: places,
      summary,
      parameterTypes: this.printer.typesOf(node.parameters, name),
      resultType: this.printer.resultTypeOf(node, name),
    });
    if (active.length === 0 && (names === null || !this.tangents.hasTangent(node)))
      throw new Refusal(diagnostic('CR301', spanOf(node.name ?? node), { name }));
    this.printer.addText(text, node, name, globals);
    if (annotated.emit?.includes('grad') !== true)
      for (const cut of cuts)
        warnings.push(diagnostic('CR303', spanOf(cut), { fn: cut.expression.getText() }));
    return warnings;
  }

  /** Adds the private functions that the others call. */
  finish(): void {
    for (const { text, node, globals } of this.tangents.privateTexts())
      this.printer.addText(text, node, null, globals);
  }
}

/** The places of the parameters that `wrt=` names. */
function placesOf({ wrt, node }: AnnotatedFunction): number[] | null {
  if (wrt === null) return null;
  const names = parameterNames(node);
  return names.flatMap((name, i) => (wrt.includes(name) ? [i] : []));
}

function spanOf(node: ts.Node): Span {
  return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() };
}
