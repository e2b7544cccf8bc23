import { ts } from 'ts-morph';
import { identifiersIn } from '../frontend/global-names.js';
import { plainText } from '../frontend/plain-text.js';
import type { Gradient, Sweep } from '../differentiate/gradient.js';
import type { Value, Variable } from '../ir/ir.js';
import { runtimeFunctions } from '../rules/index.js';
import { allUses } from '../ir/walk.js';
import type { Lowered } from '../frontend/lower/function.js';
import { Emitter } from './backward/emitter.js';
import { ForwardPrinter } from './forward/printer.js';
import { apartLine } from './apart.js';
import { Names } from './names.js';
import { copyText, putBackLines, tangentTypeText } from './shapes.js';

export interface FunctionText {
  readonly text: string;
  readonly usesTape: boolean;
}

export interface FunctionOptions {
  readonly summary: string;
  /** Whether the user's configuration makes elements possibly undefined. */
  readonly bang: boolean;
  /** The name of the runtime's tape. */
  readonly tape: string;
  /** The name under which the file imports a function of the runtime. */
  runtimeName(fn: string): string;
  /** The types of the parameters as text. */
  readonly parameterTypes: readonly string[];
  /** The type of the result as text. */
  readonly resultType: string;
  /** What the derivative of the result is called that the function is given; null where it is 1. */
  readonly seed: Value | null;
  /** Whether zeros that stand in by convention are marked as such, for a text that is differentiated again. */
  readonly marksConventions?: boolean;
}

/** Whether there are matrices in a function, so that its gradient may call any function of the runtime. */
function usesMatrices({ cx, fn }: Lowered): boolean {
  const isMatrix = ({ type }: Value): boolean => type.kind === 'matrix';
  return fn.params.some(isMatrix) || [...cx.definitions.keys()].some(isMatrix);
}

/** Prints `f_grad`. */
export function printGradient(
  lowered: Lowered,
  gradient: Gradient,
  options: FunctionOptions,
): FunctionText {
  return new GradientPrinter(lowered, gradient, options).print();
}

/** Prints what all kinds of generated functions with a backward sweep consist of. */
export class SweepPrinter {
  protected readonly names: Names;
  protected readonly forward: ForwardPrinter;
  /** By name: the values of the forward sweep that the backward sweep reads. */
  protected readonly read = new Map<string, Value>();
  private readonly label: string;
  private readonly isLabelled: boolean;

  constructor(
    protected readonly lowered: Lowered,
    protected readonly gradient: Gradient,
    protected readonly options: FunctionOptions,
  ) {
    const taken = usesMatrices(lowered) ? runtimeFunctions : [];
    this.names = new Names(
      new Set([
        ...identifiersIn(lowered.root),
        ...lowered.cx.ownNames,
        ...lowered.cx.globals.keys(),
        ...taken,
      ]),
    );
    this.names.assign(lowered.cx.valueVariable, this.names.declare('value'));
    this.label = this.names.declare('forward');
    this.isLabelled = this.needsLabel();
    const returns = {
      print: (statement: ts.ReturnStatement): readonly string[] | null =>
        this.printReturn(statement),
      around: (statement: ts.Statement): { before: string[]; after: string[] } | null => {
        const sweep = gradient.isSplit ? this.sweepBehind(statement) : undefined;
        if (sweep === undefined) return null;
        const value = this.names.of(lowered.cx.valueVariable);
        return { before: [`let ${value}: number;`], after: this.backwardLines(sweep) };
      },
      landing: (statement: ts.ReturnStatement): ts.Node | null => {
        for (let at: ts.Node = statement.parent; !ts.isFunctionLike(at); at = at.parent) {
          const isTarget = gradient.isSplit
            ? this.sweepBehind(at) !== undefined
            : !this.isLabelled && at.parent === lowered.root.body;
          if (isTarget && ts.isIterationStatement(at, true)) return at;
        }
        return null;
      },
    };
    this.forward = new ForwardPrinter(
      lowered,
      gradient.saves,
      this.names,
      returns,
      this.isLabelled,
      this.label,
      options.tape,
      options.bang ? '!' : '',
    );
  }

  /** The backward sweep that stands behind a loop from which the function returns. */
  private sweepBehind(node: ts.Node): Sweep | undefined {
    if (ts.isReturnStatement(node)) return undefined;
    return this.gradient.sweeps.find(
      (sweep) => this.lowered.cx.returnSites.get(sweep.value)?.node === node,
    );
  }

  private get body(): ts.Block | ts.Expression {
    return this.lowered.root.body ?? ts.factory.createBlock([]);
  }

  /** Whether returns jump to a common backward sweep that more of the function stands before. */
  private needsLabel(): boolean {
    if (this.gradient.isSplit) return false;
    const { body } = this;
    if (!ts.isBlock(body)) return false;
    const returns = returnsOf(body);
    const last = lastOf(body);
    if (returns.length === 1 && returns[0] === last) return false;
    const [only] = this.gradient.sweeps;
    return !(
      only !== undefined &&
      this.lowered.cx.returnSites.get(only.value)?.node === last &&
      returns.every((node) => isInLoop(node, last))
    );
  }

  /** The parameters of the author's function as they are declared. */
  protected parameterList(): string {
    const parameters = this.lowered.parameters.map(({ node, name }, i) =>
      this.parameterText(node, name, this.options.parameterTypes[i] ?? 'number'),
    );
    return parameters.join(', ');
  }

  /** The derivatives of the parameters as fields of a type. */
  protected keyTypes(): string[] {
    return this.gradient.wrt.map(
      (param) => `d${this.parameterName(param)}: ${tangentTypeText(param.type)}`,
    );
  }

  protected typeParameters(): string {
    const { typeParameters } = this.lowered.root;
    return typeParameters === undefined
      ? ''
      : `<${typeParameters.map((parameter) => plainText(parameter)).join(', ')}>`;
  }

  protected parameterName(value: Value): string {
    return this.lowered.parameters.find((parameter) => parameter.value === value)?.name ?? '';
  }

  private parameterText(node: ts.ParameterDeclaration, name: string, type: string): string {
    const optional = node.questionToken === undefined ? '' : '?';
    const initializer = node.initializer === undefined ? '' : ` = ${plainText(node.initializer)}`;
    const annotation = initializer !== '' && node.type === undefined ? '' : `: ${type}`;
    return `${name}${optional}${annotation}${initializer}`;
  }

  /** Destructured parameters take their names in the body. */
  private patternLines(): string[] {
    return this.lowered.parameters
      .filter(({ node }) => !ts.isIdentifier(node.name))
      .map(({ node, name }) => `const ${plainText(node.name)} = ${name};`);
  }

  /** Parameters that share memory would share an adjoint too: they are refused where one of them is written. */
  private apartLines(): string[] {
    return this.gradient.apart.map(([a, b]) => {
      const isOptional = this.lowered.parameters.some(
        ({ value, node }) => (value === a || value === b) && node.questionToken !== undefined,
      );
      return apartLine(this.parameterName(a), this.parameterName(b), a.type, isOptional);
    });
  }

  protected bodyLines(): string[] {
    const patterns = this.firstLines();
    const { body } = this;
    if (ts.isBlock(body) && this.gradient.isSplit) {
      const [guards, rest] = splitGuards(body.statements);
      const guardLines = this.forward.printBody(guards);
      const restLines = this.forward.printBody(rest);
      const declarations = this.forward.declarations;
      if (guardLines.length === 0)
        return ['// Forward', ...patterns, ...declarations, ...restLines];
      return [...patterns, ...guardLines, '', '// Forward', ...declarations, ...restLines];
    }
    const lines = this.forwardLines();
    const [sweep] = this.gradient.sweeps;
    const backward = sweep === undefined ? [] : this.backwardLines(sweep);
    return ['// Forward', ...patterns, ...this.forward.declarations, ...lines, ...backward];
  }

  /** The type of the result, where it would not be inferred. */
  private get typed(): string {
    const { resultType } = this.options;
    return resultType === 'number' ? '' : `: ${resultType}`;
  }

  /** What stands before everything else. */
  protected firstLines(): string[] {
    return [...this.patternLines(), ...this.apartLines()];
  }

  /** The forward sweep, behind the declarations of what is saved, where one backward sweep follows it. */
  protected forwardLines(): string[] {
    const { body } = this;
    const value = this.names.of(this.lowered.cx.valueVariable);
    if (!ts.isBlock(body)) {
      const text = this.forward.expressionText(body);
      return [...this.forward.linesBefore(body), `const ${value}${this.typed} = ${text};`];
    }
    const lines = this.forward.printBody(body.statements);
    const { resultType } = this.options;
    if (this.isLabelled) {
      const declared =
        resultType === 'number' ? `let ${value} = 0;` : `let ${value}!: ${resultType};`;
      return [declared, `${this.label}: {`, ...lines, '}'];
    }
    const isSingle = returnsOf(body).length === 1 && ts.isReturnStatement(lastOf(body) as ts.Node);
    return isSingle ? lines : [`let ${value}: ${resultType};`, ...lines];
  }

  /** What a `return` of the author's becomes: the whole result on its own path, or the end of the forward sweep. */
  private printReturn(statement: ts.ReturnStatement): readonly string[] | null {
    const value = this.names.of(this.lowered.cx.valueVariable);
    const text = this.forward.returnText(statement);
    if (this.gradient.isSplit) {
      const sweep = this.gradient.sweeps.find(
        (candidate) => this.lowered.cx.returnSites.get(candidate.value)?.node === statement,
      );
      if (sweep === undefined) return null;
      const isConstant = /^-?[\d.]+$|^(NaN|-?Infinity)$/.test(text);
      return this.names.scoped(() => {
        const backward = this.sweepLines(sweep);
        if (backward.lines.length === 0 && isConstant)
          return this.resultLines(text, backward.derivatives, sweep);
        return [
          `const ${value} = ${text};`,
          '',
          ...(backward.lines.length === 0 ? [] : ['// Backward', ...backward.lines, '']),
          ...this.resultLines(value, backward.derivatives, sweep),
        ];
      });
    }
    const { body } = this;
    if (ts.isBlock(body) && !this.isLabelled && statement === lastOf(body))
      return [`const ${value}${this.typed} = ${text};`];
    return null;
  }

  private backwardLines(sweep: Sweep): string[] {
    const { lines, derivatives } = this.sweepLines(sweep);
    const value = this.names.of(this.lowered.cx.valueVariable);
    const backward = lines.length === 0 ? [] : ['', '// Backward', ...lines];
    return [...backward, '', ...this.resultLines(value, derivatives, sweep)];
  }

  /** What a `return` of the author's ends in. */
  protected resultLines(
    value: string,
    derivatives: readonly string[],
    _sweep: Sweep,
  ): readonly string[] {
    return [`return ${objectText([['value', value], ...this.derivativeEntries(derivatives)])};`];
  }

  /** The shadows that the caller provides, and the text that names each. */
  protected givenShadows(_sweep: Sweep): ReadonlyMap<Value, string> {
    return new Map();
  }

  protected derivativeEntries(derivatives: readonly string[]): [string, string][] {
    return this.gradient.wrt.map((param, i) => [
      `d${this.parameterName(param)}`,
      derivatives[i] ?? '0',
    ]);
  }

  protected sweepLines(sweep: Sweep): { readonly lines: string[]; readonly derivatives: string[] } {
    const value = this.names.of(this.lowered.cx.valueVariable);
    const visible = sweep.visible;
    for (const used of allUses(sweep.backward)) {
      const name = visible.get(used);
      if (name !== undefined) this.names.hold(name);
    }
    const emitter = new Emitter(
      {
        definitions: this.gradient.definitions,
        nameOf: (candidate) => {
          const name = candidate === sweep.value ? value : (visible.get(candidate) ?? null);
          if (name !== null) this.read.set(name, candidate);
          return name;
        },
        hints: sweep.hints,
        given: this.givenShadows(sweep),
        isShadow: (candidate) => sweep.shadows.has(candidate),
        bang: this.options.bang,
        marksConventions: this.options.marksConventions ?? false,
        runtimeName: (fn) => this.options.runtimeName(fn),
        adjointVariables: sweep.adjointVariables,
      },
      this.names,
    );
    const { seed } = this.options;
    if (seed !== null) {
      const name = this.names.of(seedVariable(seed));
      emitter.mutable.add(name);
      emitter.hold(seed, name);
    }
    const bang = this.options.bang ? '!' : '';
    const left = sweep.restored.map((param) => {
      const name = this.parameterName(param);
      return { type: param.type, name, copy: this.names.declare(`${name}_left`) };
    });
    emitter.run(sweep.backward);
    if (left.length > 0) emitter.settle();
    const derivatives = sweep.backward.yields.map((derivative) => emitter.text(derivative).text);
    const lines = [
      ...left.map(
        ({ type, name, copy }) =>
          `const ${copy} = ${copyText(type, name)}; // ${name} as the function leaves it`,
      ),
      ...emitter.lines,
      ...left.flatMap(({ type, name, copy }) => putBackLines(type, name, copy, bang)),
    ];
    return { lines, derivatives };
  }
}

/** The last statement; functions that stand behind it are declared before everything. */
function lastOf(body: ts.Block): ts.Statement | undefined {
  return body.statements.findLast((statement) => !ts.isFunctionDeclaration(statement));
}

function seedVariable({ variable }: Value): Variable {
  return variable ?? { name: 'dvalue' };
}

/** An object literal; a field that is called like its value is written once. */
export function objectText(entries: readonly (readonly [string, string])[]): string {
  const fields = entries.map(([key, text]) => (key === text ? key : `${key}: ${text}`));
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

class GradientPrinter extends SweepPrinter {
  print(): FunctionText {
    const { lowered, options } = this;
    const { name } = lowered.fn;
    const type = `{ ${['value: number', ...this.keyTypes()].join('; ')} }`;
    const about = options.summary === '' ? '' : `: ${options.summary}`;
    const lines = [
      `/** Value and gradient of \`${name}\`${about} */`,
      `export function ${name}_grad${this.typeParameters()}(${this.parameterList()}): ${type} {`,
      ...this.bodyLines(),
      '}',
    ];
    return { text: lines.join('\n'), usesTape: this.forward.usesTape };
  }
}

function returnsOf(body: ts.Block): ts.ReturnStatement[] {
  const found: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function isInLoop(node: ts.Node, loop: ts.Node | undefined): boolean {
  for (
    let at = node.parent;
    ts.isIterationStatement(at, false) || !ts.isFunctionLike(at);
    at = at.parent
  )
    if (at === loop) return true;
  return false;
}

/** The early returns that a function begins with, and the rest. */
function splitGuards(statements: readonly ts.Statement[]): [ts.Statement[], ts.Statement[]] {
  const end = statements.findIndex(
    (statement) => !ts.isIfStatement(statement) || statement.elseStatement !== undefined,
  );
  const at = end < 0 ? statements.length : end;
  return [statements.slice(0, at), statements.slice(at)];
}
