import { ts } from 'ts-morph';
import type { Global, GlobalNames } from '../frontend/global-names.js';
import { canBeActive, mayHoldNumbers } from '../ir/types.js';
import { Analysis } from './analysis.js';
import { printFunction } from './function.js';
import { activeParameters } from './helper-calls.js';
import { derivativesOf, printHessian, tangentNames, type HessianText } from './hessian.js';
import { returnedBy, Source, type FunctionNode } from './source.js';
import { Writer, type Surroundings } from './writer.js';

export interface TangentOptions {
  readonly checker: ts.TypeChecker;
  /** The file whose functions are asked for. */
  readonly home: ts.SourceFile;
  /** What things at module level of other files are called in the generated module. */
  readonly globalNames: GlobalNames;
  readonly bang: boolean;
  readonly simplify: boolean;
  /** What the generated module calls a function of the runtime. */
  runtimeName(fn: string): string;
  /** Whether a name of the generated module is that of a function of the runtime. */
  isRuntimeName(name: string): boolean;
  /** Names that the generated module uses otherwise. */
  readonly taken: ReadonlySet<string>;
  /** What the private functions are called: `dot_jvp`. Default: `jvp`. */
  readonly suffix?: string;
}

/** A generated function, and the source that it was made from. */
export interface TangentText {
  readonly text: string;
  readonly node: FunctionNode;
  /** Calls of functions that are constant piece by piece, at which a tangent ends. */
  readonly cuts: readonly ts.CallExpression[];
  /** What it refers to at module level of other files. */
  readonly globals: readonly Global[];
}

export interface TangentRequest {
  readonly name: string;
  readonly node: FunctionNode;
  /** The places of the parameters with tangents; null for all through which the derivative is not zero. */
  readonly wrt: readonly number[] | null;
  readonly summary: string;
  readonly parameterTypes: readonly string[];
  readonly resultType: string;
}

export interface HessianRequest extends HessianText {
  /** The generated gradient. */
  readonly node: FunctionNode;
  /** The function that it is the gradient of. */
  readonly primal: ts.Node;
}

/** What is known of a function ahead of printing it. */
export interface TangentFacts {
  /** The places of the parameters that have tangents. */
  readonly active: readonly number[];
}

/**
 * The functions with tangents of one generated module: those that are asked for, and private ones for the functions of
 * the project that these call.
 */
export class TangentModule {
  readonly source: Source;
  private readonly analyses = new Map<FunctionNode, Map<string, Analysis>>();
  private readonly privates = new Map<FunctionNode, Map<string, Private>>();
  private readonly publics = new Map<FunctionNode, Public>();
  private readonly printed = new Map<Private, Printed>();
  private readonly names = new Set<string>();
  /** Generated gradients, the tangents of whose derivatives alone are asked for. */
  private readonly gradients = new Set<FunctionNode>();

  constructor(private readonly options: TangentOptions) {
    this.source = new Source(options.checker);
  }

  /** Announces a function that will be asked for, so that others can call it. */
  announce(node: FunctionNode, name: string, wrt: readonly number[] | null): void {
    this.publics.set(node, { name: `${name}_jvp`, wrt });
  }

  /** The generated function that others can call in place of a private one: it changes no tangent. */
  private publicFor(node: FunctionNode, mask: readonly number[]): string | null {
    const known = this.publics.get(node);
    if (known === undefined) return null;
    const places = known.wrt ?? this.facts(node, null).active;
    const analysis = this.analyse(node, new Set(places));
    const type = analysis.resultType();
    const isSafe = !node.parameters.some((_, i) => analysis.isWrittenParameter(i));
    return isSafe && type.kind === 'number' && places.join(' ') === mask.join(' ')
      ? known.name
      : null;
  }

  /** The parameters through which the derivative of a function is not zero. */
  facts(node: FunctionNode, wrt: readonly number[] | null): TangentFacts {
    const analysis = this.analyse(node, new Set(wrt ?? this.candidates(node)));
    return { active: canBeActive(analysis.resultType()) ? activeParameters(analysis) : [] };
  }

  /** Whether the result of a function is of a type that has tangents. */
  hasTangent(node: FunctionNode): boolean {
    return canBeActive(this.analyse(node, new Set()).resultType());
  }

  private refuseLost(analysis: Analysis): void {
    const lost = analysis.lostParameter();
    if (lost === null) return;
    const name = lost.name.getText();
    this.source.refuse('CR203', lost, { names: name, what: `"${name}"` });
  }

  /** The parameters that may hold numbers. */
  private candidates(node: FunctionNode): number[] {
    return node.parameters.flatMap(({ name }, i) =>
      mayHoldNumbers(this.source.typeOf(name)) ? [i] : [],
    );
  }

  /** Prints `f_jvp`. */
  print({ name, node, wrt, summary, parameterTypes, resultType }: TangentRequest): TangentText {
    const places = wrt ?? this.facts(node, null).active;
    const about = summary === '' ? '' : `: ${summary}`;
    const analysis = this.analyse(node, new Set(wrt ?? this.candidates(node)));
    this.refuseLost(analysis);
    const writer = new Writer(analysis, this.surroundings());
    const text = printFunction(writer, {
      name: `${name}_jvp`,
      comment: `Value and derivative of \`${name}\` along the tangents of its parameters${about}`,
      isExported: true,
      wrt: places,
      parameterTypes,
      resultType,
    });
    this.printOpen();
    return { text, node, cuts: writer.cuts, globals: [...writer.globals.values()] };
  }

  /** Prints `f_hvp`, given the gradient of `f`. */
  printHessian({ node, wrt, ...request }: HessianRequest): TangentText {
    this.gradients.add(node);
    const analysis = this.analyse(node, new Set(wrt));
    this.refuseLost(analysis);
    const writer = new Writer(analysis, this.surroundings(tangentNames(request.primal)));
    const text = printHessian(writer, { ...request, wrt });
    this.printOpen();
    return { text, node, cuts: writer.cuts, globals: [...writer.globals.values()] };
  }

  /** The private functions that the others call, in the order of the source. */
  privateTexts(): TangentText[] {
    return [...this.printed]
      .sort(([a], [b]) => a.node.getStart() - b.node.getStart() || (a.name < b.name ? -1 : 1))
      .map(([{ node }, printed]) => ({ node, ...printed }));
  }

  /** Prints the private functions that have been called. Throws the Refusal of one that cannot be printed. */
  private printOpen(): void {
    for (let open = this.open(); open.length > 0; open = this.open()) {
      for (const each of open) {
        try {
          this.printed.set(each, this.printOne(each));
        } catch (error) {
          for (const other of this.open()) this.privates.get(other.node)?.delete(keyOf(other.mask));
          throw error;
        }
      }
    }
  }

  private open(): Private[] {
    return [...this.privates.values()]
      .flatMap((byMask) => [...byMask.values()])
      .filter((each) => !this.printed.has(each));
  }

  private printOne({ node, name, mask }: Private): Printed {
    const writer = new Writer(this.analyse(node, new Set(mask)), this.surroundings());
    const { checker } = this.options;
    const signature = checker.getSignatureFromDeclaration(node);
    const result =
      signature === undefined ? undefined : checker.getReturnTypeOfSignature(signature);
    const text = printFunction(writer, {
      name,
      comment: null,
      isExported: false,
      wrt: mask,
      parameterTypes: node.parameters.map(
        ({ type, name: parameter }) =>
          (type === undefined ? null : writer.print(type)) ??
          checker.typeToString(checker.getTypeAtLocation(parameter)),
      ),
      resultType:
        (node.type === undefined ? null : writer.print(node.type)) ??
        (result === undefined ? 'void' : checker.typeToString(result)),
    });
    return { text, cuts: writer.cuts, globals: [...writer.globals.values()] };
  }

  private surroundings(nameTangent = (name: string): string => `d${name}`): Surroundings {
    const { bang, simplify, home, globalNames } = this.options;
    const { source } = this;
    const runtimeName = (fn: string): string => this.options.runtimeName(fn);
    const isRuntimeName = (name: string): boolean => this.options.isRuntimeName(name);
    return {
      source,
      home,
      globalNames,
      bang,
      simplify,
      runtimeName,
      isRuntimeName,
      nameTangent,
      nameOf: (callee) => this.nameOf(callee),
    };
  }

  /** What is known of a function that is called with tangents for some parameters. */
  private analyse(node: FunctionNode, mask: ReadonlySet<number>): Analysis {
    const found = this.known(node, mask);
    const all = (): Analysis[] =>
      [...this.analyses.values()].flatMap((byMask) => [...byMask.values()]);
    // Functions may call each other: their facts grow together until nothing changes.
    for (let count = -1, isChanged = true; isChanged || count !== all().length;) {
      count = all().length;
      isChanged = all().filter((analysis) => analysis.step()).length > 0;
    }
    return found;
  }

  private known(node: FunctionNode, mask: ReadonlySet<number>): Analysis {
    const byMask = this.analyses.get(node) ?? new Map<string, Analysis>();
    this.analyses.set(node, byMask);
    const key = [...mask].sort((a, b) => a - b).join(' ');
    const known = byMask.get(key);
    if (known !== undefined) return known;
    const made = new Analysis(
      node,
      mask,
      this.source,
      (callee, given) => this.known(callee, given),
      this.gradients.has(node) ? derivativesOf(node) : returnedBy(node),
    );
    byMask.set(key, made);
    return made;
  }

  /** The private function for a callee with these tangents: `dot_jvp`, or `dot_jvp_a` where only some have any. */
  private nameOf(callee: Analysis): string {
    const { node } = callee;
    this.refuseLost(callee);
    const mask = activeParameters(callee);
    const own = this.publicFor(node, mask);
    if (own !== null) return own;
    const byMask = this.privates.get(node) ?? new Map<string, Private>();
    this.privates.set(node, byMask);
    const key = keyOf(mask);
    const known = byMask.get(key);
    if (known !== undefined) return known.name;
    const most = activeParameters(this.analyse(node, new Set(this.candidates(node))));
    const base = `${nameOfFunction(node)}_${this.options.suffix ?? 'jvp'}`;
    const some = mask.map((i) => node.parameters[i]?.name.getText().replace(/\W+/g, '_') ?? '');
    const name = this.unique(keyOf(most) === key ? base : [base, ...some].join('_'));
    byMask.set(key, { node, mask, name });
    return name;
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.names.has(name) || this.options.taken.has(name); i++)
      name = `${wanted}_${String(i)}`;
    this.names.add(name);
    return name;
  }
}

interface Public {
  readonly name: string;
  readonly wrt: readonly number[] | null;
}

type Printed = Omit<TangentText, 'node'>;

interface Private {
  readonly node: FunctionNode;
  readonly mask: readonly number[];
  readonly name: string;
}

const keyOf = (mask: readonly number[]): string => mask.join(' ');

function nameOfFunction(node: FunctionNode): string {
  if (node.name !== undefined) return node.name.text;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : 'f';
}
