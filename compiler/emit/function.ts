import { ts } from 'ts-morph';
import { plainText } from '../frontend/plain-text.js';
import type { Gradient, Sweep } from '../differentiate/gradient.js';
import type { Value } from '../ir/ir.js';
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
}

/** Whether there are matrices in a function, so that its gradient may call any function of the runtime. */
function usesMatrices({ cx, fn }: Lowered): boolean {
  const isMatrix = ({ type }: Value): boolean => type.kind === 'matrix';
  return fn.params.some(isMatrix) || [...cx.definitions.keys()].some(isMatrix);
}

/** The names that the author's function uses, at any depth. */
function identifiersOf(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) names.add(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}

/** Prints `f_grad`. */
export function printGradient(
  lowered: Lowered,
  gradient: Gradient,
  options: FunctionOptions,
): FunctionText {
  return new GradientPrinter(lowered, gradient, options).print();
}

class GradientPrinter {
  private readonly names: Names;
  private readonly forward: ForwardPrinter;
  private readonly label: string;
  private readonly isLabelled: boolean;

  constructor(
    private readonly lowered: Lowered,
    private readonly gradient: Gradient,
    private readonly options: FunctionOptions,
  ) {
    const taken = usesMatrices(lowered) ? runtimeFunctions : [];
    this.names = new Names(
      new Set([...identifiersOf(lowered.root), ...lowered.cx.ownNames, ...taken]),
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
    const last = body.statements.at(-1);
    if (returns.length === 1 && returns[0] === last) return false;
    const [only] = this.gradient.sweeps;
    return !(
      only !== undefined &&
      this.lowered.cx.returnSites.get(only.value)?.node === last &&
      returns.every((node) => isInLoop(node, last))
    );
  }

  print(): FunctionText {
    const { lowered, gradient, options } = this;
    const { name } = lowered.fn;
    const parameters = lowered.parameters.map((parameter, i) =>
      this.parameterText(parameter.node, parameter.name, options.parameterTypes[i] ?? 'number'),
    );
    const keys = gradient.wrt.map(
      (param) => `d${this.parameterName(param)}: ${tangentTypeText(param.type)}`,
    );
    const type = `{ ${['value: number', ...keys].join('; ')} }`;
    const about = options.summary === '' ? '' : `: ${options.summary}`;
    const lines = [
      `/** Value and gradient of \`${name}\`${about} */`,
      `export function ${name}_grad${this.typeParameters()}(${parameters.join(', ')}): ${type} {`,
      ...this.bodyLines(),
      '}',
    ];
    return { text: lines.join('\n'), usesTape: this.forward.usesTape };
  }

  private typeParameters(): string {
    const { typeParameters } = this.lowered.root;
    return typeParameters === undefined
      ? ''
      : `<${typeParameters.map((parameter) => plainText(parameter)).join(', ')}>`;
  }

  private parameterName(value: Value): string {
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

  private bodyLines(): string[] {
    const { body } = this;
    const patterns = [...this.patternLines(), ...this.apartLines()];
    const value = this.names.of(this.lowered.cx.valueVariable);
    if (!ts.isBlock(body)) {
      const [sweep] = this.gradient.sweeps;
      const text = this.forward.expressionText(body);
      return [
        '// Forward',
        ...patterns,
        ...this.forward.declarations,
        ...this.forward.linesBefore(body),
        `const ${value} = ${text};`,
        ...(sweep === undefined ? [] : this.backwardLines(sweep)),
      ];
    }
    if (this.gradient.isSplit) {
      const [guards, rest] = splitGuards(body.statements);
      const guardLines = this.forward.printBody(guards);
      const restLines = this.forward.printBody(rest);
      const declarations = this.forward.declarations;
      if (guardLines.length === 0)
        return ['// Forward', ...patterns, ...declarations, ...restLines];
      return [...patterns, ...guardLines, '', '// Forward', ...declarations, ...restLines];
    }
    const lines = this.forward.printBody(body.statements);
    const [sweep] = this.gradient.sweeps;
    const backward = sweep === undefined ? [] : this.backwardLines(sweep);
    const declarations = this.forward.declarations;
    if (this.isLabelled) {
      return [
        '// Forward',
        ...patterns,
        ...declarations,
        `let ${value} = 0;`,
        `${this.label}: {`,
        ...lines,
        '}',
        ...backward,
      ];
    }
    const isSingle =
      returnsOf(body).length === 1 && ts.isReturnStatement(body.statements.at(-1) as ts.Node);
    const declared = isSingle ? [] : [`let ${value}: number;`];
    return ['// Forward', ...patterns, ...declarations, ...declared, ...lines, ...backward];
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
          return [`return ${this.resultText(text, backward.derivatives)};`];
        return [
          `const ${value} = ${text};`,
          '',
          ...(backward.lines.length === 0 ? [] : ['// Backward', ...backward.lines, '']),
          `return ${this.resultText(value, backward.derivatives)};`,
        ];
      });
    }
    const { body } = this;
    if (ts.isBlock(body) && !this.isLabelled && statement === body.statements.at(-1))
      return [`const ${value} = ${text};`];
    return null;
  }

  private backwardLines(sweep: Sweep): string[] {
    const { lines, derivatives } = this.sweepLines(sweep);
    const value = this.names.of(this.lowered.cx.valueVariable);
    const backward = lines.length === 0 ? [] : ['', '// Backward', ...lines];
    return [...backward, '', `return ${this.resultText(value, derivatives)};`];
  }

  private resultText(value: string, derivatives: readonly string[]): string {
    const entries = [
      value === 'value' ? 'value' : `value: ${value}`,
      ...this.gradient.wrt.map((param, i) => {
        const key = `d${this.parameterName(param)}`;
        const text = derivatives[i] ?? '0';
        return text === key ? key : `${key}: ${text}`;
      }),
    ];
    return `{ ${entries.join(', ')} }`;
  }

  private sweepLines(sweep: Sweep): { readonly lines: string[]; readonly derivatives: string[] } {
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
          if (candidate === sweep.value) return value;
          return visible.get(candidate) ?? null;
        },
        hints: sweep.hints,
        isShadow: (candidate) => sweep.shadows.has(candidate),
        bang: this.options.bang,
        runtimeName: (fn) => this.options.runtimeName(fn),
        adjointVariables: sweep.adjointVariables,
      },
      this.names,
    );
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
