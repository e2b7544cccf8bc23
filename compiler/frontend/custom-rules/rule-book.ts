import { ts, type Project, type SourceFile } from 'ts-morph';
import { diagnostic, Refusal, type Diagnostic, type Span } from '../../diagnostics/diagnostic.js';
import { hostOf, placeOf } from '../annotated-host.js';
import { findMentions, type Mention } from '../mentions.js';
import { readRuleSettings } from './annotation.js';
import { fitRule, type Fit, type Misfit } from './fit.js';
import type { BrokenRule, CustomRule } from './rule.js';
import { findTarget } from './target.js';
import { ruleTemplate } from './template.js';

const tag = '@derivative';

/** The rules of a program, by the functions whose derivatives they give. */
export class RuleBook {
  readonly diagnostics: Diagnostic[] = [];
  private readonly rules = new Map<ts.Node, CustomRule | BrokenRule>();

  /** The rule for what is called; null where there is none. Throws a Refusal where that rule is wrong. */
  ofCallee(checker: ts.TypeChecker, callee: ts.Expression): CustomRule | null {
    const named = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    if (this.rules.size === 0 || !ts.isIdentifier(named)) return null;
    const found = checker.getSymbolAtLocation(named);
    const isAlias = found !== undefined && (found.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(found) : found;
    for (const declaration of symbol?.declarations ?? []) {
      const rule = this.rules.get(declaration);
      if (rule === undefined) continue;
      if (!('isBroken' in rule)) return rule;
      const { name, targetName } = rule;
      throw new Refusal(diagnostic('CR220', spanOf(callee), { rule: name, name: targetName }));
    }
    return null;
  }

  /** The rule for a function by its source: a declaration, or what a constant is. */
  ofSource(source: ts.Node): CustomRule | null {
    const rule = this.rules.get(source) ?? this.rules.get(source.parent);
    return rule === undefined || 'isBroken' in rule ? null : rule;
  }

  /** The rule for a function by its signature. */
  ofTarget(target: ts.Node): CustomRule | null {
    for (const rule of this.rules.values())
      if (!('isBroken' in rule) && rule.target === target) return rule;
    return null;
  }

  /** What is wrong with the rules of a file. */
  diagnosticsIn(file: string): Diagnostic[] {
    return this.diagnostics.filter(({ span }) => span?.file === file);
  }

  /** The files whose rules are wrong, with what is wrong. */
  wrongFiles(): Map<string, Diagnostic[]> {
    const files = new Set(this.diagnostics.flatMap(({ span }) => span?.file ?? []));
    return new Map([...files].map((file) => [file, this.diagnosticsIn(file)]));
  }

  /** Adds the rules of a file; what is wrong with them is reported. */
  read(source: SourceFile): void {
    for (const mention of findMentions(source, tag)) {
      try {
        this.add(source, mention);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.diagnostics.push(error.diagnostic);
      }
    }
  }

  private add(source: SourceFile, mention: Mention): void {
    const place = placeOf(source, mention, tag);
    const { doc, node: host, name } = hostOf(source, mention, tag);
    const settings = readRuleSettings(source, mention.start, doc.end);
    const { of } = settings;
    const target = findTarget(source, settings);
    if (target.kind === 'unused') return;
    if (target.kind === 'missing') {
      const { where, hint } = target;
      throw new Refusal(diagnostic('CR121', place, { name: of, where, hint }));
    }
    const declarations = target.symbol.declarations ?? [];
    const known = declarations.map((each) => this.rules.get(each)).find((each) => each);
    const note = (rule: CustomRule | BrokenRule): void => {
      for (const declaration of declarations) this.rules.set(declaration, rule);
    };
    const broken: BrokenRule = { name, targetName: of, isBroken: true };
    note(broken);
    if (known !== undefined) {
      const first = typeof known.name === 'string' ? known.name : known.name.text;
      throw new Refusal(diagnostic('CR124', place, { name: of, first, second: name }));
    }
    const checker = source.getProject().getTypeChecker().compilerObject;
    const { signature, fit } = fitOf(checker, host.compilerNode, target.symbol, of, place);
    const own = nameNode(host.compilerNode);
    const { declaration } = signature;
    if (own === null || declaration === undefined || ts.isJSDocSignature(declaration)) {
      const problem = 'its declaration cannot be read';
      throw new Refusal(diagnostic('CR126', place, { name: of, problem }));
    }
    note({ node: host.compilerNode, name: own, target: declaration, targetName: of, ...fit });
  }
}

/** The signature of the function that the rule fits. */
function fitOf(
  checker: ts.TypeChecker,
  node: ts.SignatureDeclaration,
  symbol: ts.Symbol,
  name: string,
  place: Span,
): { readonly signature: ts.Signature; readonly fit: Fit } {
  const refuse = (problem: string): never => {
    throw new Refusal(diagnostic('CR126', place, { name, problem }));
  };
  const rule = checker.getSignatureFromDeclaration(node);
  const signatures = checker.getTypeOfSymbolAtLocation(symbol, node).getCallSignatures();
  const [first] = signatures;
  if (rule === undefined || first === undefined) return refuse('it is not a function');
  if (signatures.some(({ typeParameters }) => typeParameters !== undefined))
    return refuse('it is generic');
  if (node.typeParameters !== undefined) return refuse('the rule is generic');
  let misfit: Misfit | null = null;
  for (const signature of signatures) {
    const fit = fitRule(checker, rule, signature, node);
    if (!('problem' in fit)) return { signature, fit };
    misfit ??= fit;
  }
  const template = ruleTemplate(checker, name, first, node);
  const code = misfit?.of === 'result' ? 'CR123' : 'CR122';
  throw new Refusal(diagnostic(code, place, { name, problem: misfit?.problem ?? '', template }));
}

function nameNode(node: ts.SignatureDeclaration): ts.Identifier | null {
  let holder: ts.Node = node;
  while (!ts.isFunctionDeclaration(holder) && !ts.isVariableDeclaration(holder))
    holder = holder.parent;
  const { name } = holder;
  return name !== undefined && ts.isIdentifier(name) ? name : null;
}

function spanOf(node: ts.Node): Span {
  return { file: node.getSourceFile().fileName, start: node.getStart(), end: node.getEnd() };
}

/** Reads the rules in all files of a program but those of packages, and in the files `others`. */
export function findRules(project: Project, others: readonly string[] = []): RuleBook {
  for (const file of others) project.addSourceFileAtPathIfExists(file);
  const imported = project
    .getProgram()
    .compilerObject.getSourceFiles()
    .filter((file) => !file.fileName.includes('/node_modules/') && mayHoldRules(file))
    .map(
      ({ fileName }) => project.getSourceFile(fileName) ?? project.addSourceFileAtPath(fileName),
    );
  const added = project.getSourceFiles().filter((file) => mayHoldRules(file.compilerNode));
  const book = new RuleBook();
  for (const file of new Set([...imported, ...added])) book.read(file);
  return book;
}

const mayHoldRules = (file: ts.SourceFile): boolean =>
  !file.isDeclarationFile && file.text.includes(tag);
