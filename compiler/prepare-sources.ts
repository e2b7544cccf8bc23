import type { SourceFile } from 'ts-morph';
import { diagnostic, type Diagnostic, type Span } from './diagnostics/diagnostic.js';
import { sourceInHeader } from './emit/header.js';
import { isSourcePath, outputPath } from './emit/output-path.js';
import type { AnnotatedFunction } from './frontend/annotated.js';
import { findAnnotated } from './frontend/annotations.js';
import { findRules } from './frontend/custom-rules/rule-book.js';
import { withImported } from './frontend/nested/imported-sources.js';
import { needsOf, type Need } from './frontend/nested/needs.js';
import { compileChecked } from './compile-checked.js';
import { refusalKey, type CompileOptions, type GeneratedUse } from './pipeline.js';
import { exportsFunction, generatedNames, putStandIn } from './stand-ins.js';

/**
 * Makes a program ready for its sources to be compiled: there are modules, in memory only, in place of those that will be
 * generated, whatever is on disk; the rules are known; and where a function calls generated ones, as in a gradient
 * descent that is differentiated itself, these have been generated first, from the innermost outwards. Gives the options
 * for compiling each of the sources.
 */
export function prepareSources(
  given: Iterable<SourceFile>,
  options: CompileOptions = {},
): CompileOptions {
  const sources = withImported([...given], mayBeSource);
  const [first] = sources;
  if (first === undefined) return options;
  const generated = sources.filter((source) => putStandIn(source));
  const ruleBook = findRules(first.getProject(), options.rules);
  const { refused, uses } = new Nesting(generated, { ...options, ruleBook });
  return { ...options, ruleBook, refused, uses };
}

function mayBeSource(path: string, text: string): boolean {
  return isSourcePath(path) && text.includes('@differentiable') && sourceInHeader(text) === null;
}

/** An annotated function. */
interface Annotated {
  readonly source: SourceFile;
  readonly name: string;
  readonly node: AnnotatedFunction['node'];
}

/** Generates the functions that other annotated functions call. */
class Nesting {
  /** By function: why it cannot be compiled. */
  readonly refused = new Map<string, Diagnostic>();
  /** Where the functions of a source, or what they call, call a generated module first. */
  readonly uses = new Map<string, GeneratedUse>();
  private readonly byModule = new Map<string, SourceFile>();
  private readonly visited = new Set<string>();
  /** The functions whose needs are being looked at, from the outermost inwards. */
  private readonly open: Annotated[] = [];
  /** By source: what has been generated of it. */
  private readonly generated = new Map<SourceFile, { names: Set<string>; text: string | null }>();

  constructor(
    sources: readonly SourceFile[],
    private readonly options: CompileOptions,
  ) {
    for (const source of sources) this.byModule.set(outputPath(source.getFilePath()), source);
    for (const source of sources)
      for (const { name, node } of findAnnotated(source).functions)
        this.visit({ source, name, node });
  }

  /** Generates what a function needs, unless it needs itself. */
  private visit(annotated: Annotated): void {
    const { source, name, node } = annotated;
    const key = refusalKey(source, name);
    if (this.visited.has(key)) return;
    this.visited.add(key);
    this.open.push(annotated);
    const checker = source.getProject().getTypeChecker().compilerObject;
    for (const need of needsOf(checker, node.compilerNode, (path) => this.byModule.has(path))) {
      const place = refusalKey(source, need.module);
      if (!this.uses.has(place)) this.uses.set(place, { name: need.name, span: spanOf(need.use) });
      const why = this.provide(need);
      if (why !== null && !this.refused.has(key)) this.refused.set(key, why);
    }
    this.open.pop();
  }

  /** Generates a function that another one needs, or says why it cannot. */
  private provide(need: Need): Diagnostic | null {
    const { name, use } = need;
    const owner = this.ownerOf(need);
    if (owner === null) return diagnostic('CR223', spanOf(use), { name });
    const outer = this.open.findIndex((each) => each.node === owner.node);
    if (outer >= 0) {
      const circle = [...this.open.slice(outer).map((each) => each.name), name].join(' → ');
      return diagnostic('CR222', spanOf(use), { name: owner.name, circle });
    }
    this.visit(owner);
    const text = this.textWith(owner);
    if (text === null)
      return diagnostic('CR224', spanOf(use), { name, source: owner.source.getBaseName() });
    return exportsFunction(text, name) ? null : diagnostic('CR223', spanOf(use), { name });
  }

  /** The annotated function from which another one is generated. */
  private ownerOf({ module, name }: Need): Annotated | null {
    const source = this.byModule.get(module);
    if (source === undefined) return null;
    const found = findAnnotated(source).functions.find((annotated) =>
      generatedNames(annotated.name).includes(name),
    );
    return found === undefined ? null : { source, name: found.name, node: found.node };
  }

  /** The module of a function with what is generated of it; null where it has errors. */
  private textWith({ source, name }: Annotated): string | null {
    const known = this.generated.get(source);
    if (known?.names.has(name) === true) return known.text;
    const names = new Set([...(known?.names ?? []), name]);
    const options = { ...this.options, refused: this.refused, uses: this.uses, only: names };
    const { text } = compileChecked(source, options);
    this.generated.set(source, { names, text });
    if (text !== null) putStandIn(source, text);
    return text;
  }
}

function spanOf(node: Need['use']): Span {
  return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() };
}
