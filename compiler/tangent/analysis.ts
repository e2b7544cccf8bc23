import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { lowerType } from '../frontend/types.js';
import type { Type } from '../ir/ir.js';
import { cutsGradient } from '../rules/scalar.js';
import { Cells } from './cells.js';
import { collectFlows, sharedBy, type Flows } from './flows.js';
import { bare, methodOf, returnedBy, type FunctionNode, type Source } from './source.js';

/** Finds what is known of a function of the project that is called with tangents for some parameters. */
export type Callees = (node: FunctionNode, mask: ReadonlySet<number>) => Analysis;

/**
 * Which variables of a function have tangents, given the parameters that have: activity = varied ∧ useful, found for
 * each variable as a whole.
 */
export class Analysis {
  readonly cells = new Cells();
  readonly flows: Flows;
  /** Whether the result depends on the parameters of the mask. */
  isResultVaried = false;
  private readonly symbols: readonly (ts.Symbol | undefined)[];

  constructor(
    readonly node: FunctionNode,
    readonly mask: ReadonlySet<number>,
    private readonly source: Source,
    private readonly callees: Callees,
  ) {
    this.symbols = node.parameters.map(({ name }) => source.symbolOf(name));
    this.flows = collectFlows(node, source);
    const { cells } = this;
    for (const [a, b] of this.flows.shared) cells.unify(a, b);
    for (const symbol of this.flows.written) cells.mark(cells.of(symbol), 'written');
    node.parameters.forEach(({ name }, i) => {
      for (const symbol of this.namesIn(name)) {
        cells.of(symbol).parameters.add(i);
        if (mask.has(i)) cells.mark(cells.of(symbol), 'varied');
      }
    });
  }

  /** Takes the facts one round further; whether any has changed. */
  step(): boolean {
    const before = [this.cells.changes, this.isResultVaried];
    const { cells, flows } = this;
    for (const { target, sources } of flows.flows) {
      if (!this.isLocal(target)) continue;
      if (sources.some((given) => this.isVaried(given))) cells.mark(cells.of(target), 'varied');
    }
    for (const call of flows.calls) this.followCall(call);
    this.isResultVaried ||= flows.returns.some((given) => this.isVaried(given));
    for (const given of flows.returns) this.markUseful(given);
    this.node.parameters.forEach(({ name }) => {
      for (const symbol of this.namesIn(name)) {
        const cell = cells.of(symbol);
        // What a caller finds in its array afterwards may be useful there.
        if (cell.written && this.source.isReference(symbol)) cells.mark(cell, 'useful');
      }
    });
    for (const { target, sources } of flows.flows) {
      if (cells.of(target).useful) for (const given of sources) this.markUseful(given);
    }
    return before[0] !== cells.changes || before[1] !== this.isResultVaried;
  }

  // Parameters

  /** The names that a parameter binds. */
  private namesIn(name: ts.BindingName): ts.Symbol[] {
    if (ts.isIdentifier(name)) {
      const symbol = this.source.symbolOf(name);
      return symbol === undefined ? [] : [symbol];
    }
    return name.elements.flatMap((element) =>
      ts.isOmittedExpression(element) ? [] : this.namesIn(element.name),
    );
  }

  /** Whether a parameter has a tangent: the result, or what the function writes, depends on it. */
  isActiveParameter(i: number): boolean {
    const parameter = this.node.parameters[i];
    return (
      parameter !== undefined &&
      this.namesIn(parameter.name).some((symbol) => this.isActive(symbol))
    );
  }

  /** A parameter through which a derivative would be lost: the result depends on numbers in it that have no tangents. */
  lostParameter(): ts.ParameterDeclaration | null {
    const lost = this.node.parameters.find(({ name }) =>
      this.namesIn(name).some((symbol) => {
        const { varied, useful } = this.cells.of(symbol);
        return varied && useful && !this.source.canBeActive(symbol);
      }),
    );
    return lost ?? null;
  }

  /** Whether the memory of a parameter is changed. */
  isWrittenParameter(i: number): boolean {
    const symbol = this.symbols[i];
    return symbol !== undefined && this.isWritten(symbol);
  }

  // Variables

  isLocal(symbol: ts.Symbol): boolean {
    const { valueDeclaration } = symbol;
    return valueDeclaration !== undefined && isInside(valueDeclaration, this.node);
  }

  isActive(symbol: ts.Symbol): boolean {
    const { varied, useful } = this.cells.of(symbol);
    return varied && useful && this.isLocal(symbol) && this.source.canBeActive(symbol);
  }

  isWritten(symbol: ts.Symbol): boolean {
    return this.source.isReference(symbol) && this.cells.of(symbol).written;
  }

  isAssigned(symbol: ts.Symbol): boolean {
    return this.flows.assigned.has(symbol);
  }

  resultType(): Type {
    const signature = this.source.checker.getSignatureFromDeclaration(this.node);
    if (signature === undefined) return { kind: 'opaque' };
    const type = this.source.checker.getReturnTypeOfSignature(signature);
    return lowerType(type, this.source.checker) ?? { kind: 'opaque' };
  }

  // Calls

  /** What is known of the function that is called here, given which arguments depend on the parameters. */
  calleeAt(call: ts.CallExpression): Analysis | null {
    const callee = this.source.calleeOf(call);
    if (callee === null) return null;
    const mask = callee.parameters.flatMap((parameter, i) => {
      const argument = call.arguments[i];
      const given = argument ?? null;
      return given !== null && this.isVaried(given) && parameter.dotDotDotToken === undefined
        ? [i]
        : [];
    });
    return this.callees(callee, new Set(mask));
  }

  /** Whether a call does more than give a value: it writes what depends on the parameters into an argument. */
  writesVaried(call: ts.CallExpression): boolean {
    const callee = this.calleeAt(call);
    return callee !== null && call.arguments.some((_, i) => this.isWrittenArgument(callee, i));
  }

  private isWrittenArgument(callee: Analysis, i: number): boolean {
    return callee.isWrittenParameter(i) && callee.isActiveParameter(i);
  }

  /** What a call writes into its arguments. */
  private followCall(call: ts.CallExpression): void {
    const callee = this.calleeAt(call);
    if (callee === null) return;
    const { cells } = this;
    call.arguments.forEach((argument, i) => {
      if (!callee.isWrittenParameter(i)) return;
      for (const symbol of sharedBy(this.source, argument)) {
        const cell = cells.of(symbol);
        cells.mark(cell, 'written');
        const parameter = callee.symbols[i];
        if (parameter !== undefined && callee.cells.of(parameter).varied)
          cells.mark(cell, 'varied');
      }
    });
    if (!call.arguments.some((_, i) => this.isWrittenArgument(callee, i))) return;
    call.arguments.forEach((argument, i) => {
      if (callee.isActiveParameter(i)) this.markUseful(argument);
    });
  }

  // Expressions

  /** Whether numbers in the value of an expression depend on the parameters in a differentiable way. */
  isVaried(given: ts.Expression): boolean {
    return this.parts(given, (symbol) => this.cells.of(symbol).varied);
  }

  /** Whether the result depends on the parameters by way of an expression. */
  matters(given: ts.Expression): boolean {
    return this.parts(given, (symbol) => {
      const { varied, useful } = this.cells.of(symbol);
      return varied && useful;
    });
  }

  /** The variables by which an expression depends on the parameters. */
  variedNames(given: ts.Expression): string[] {
    const names = new Set<string>();
    this.parts(given, (symbol) => {
      if (this.cells.of(symbol).varied) names.add(symbol.name);
      return false;
    });
    return [...names];
  }

  /** Whether an expression has a tangent that is not zero by nature. */
  isActiveExpression(given: ts.Expression): boolean {
    return this.parts(given, (symbol) => this.isActive(symbol));
  }

  private markUseful(given: ts.Expression): void {
    this.parts(given, (symbol) => {
      this.cells.mark(this.cells.of(symbol), 'useful');
      return false;
    });
  }

  /** Asks of the variables through which a derivative can flow into an expression, until one answers yes. */
  private parts(given: ts.Expression, ask: (symbol: ts.Symbol) => boolean): boolean {
    const node = bare(given);
    const any = (parts: readonly (ts.Expression | undefined)[]): boolean =>
      parts.some((part) => part !== undefined && this.parts(part, ask));
    if (ts.isIdentifier(node)) {
      const symbol = this.source.symbolOf(node);
      return symbol !== undefined && this.isLocal(symbol) && ask(symbol);
    }
    if (ts.isPropertyAccessExpression(node))
      return node.name.text !== 'length' && any([node.expression]);
    if (ts.isElementAccessExpression(node)) return any([node.expression]);
    if (ts.isPrefixUnaryExpression(node))
      return (
        node.operator !== ts.SyntaxKind.ExclamationToken &&
        node.operator !== ts.SyntaxKind.TildeToken &&
        any([node.operand])
      );
    if (ts.isPostfixUnaryExpression(node)) return any([node.operand]);
    if (ts.isConditionalExpression(node)) return any([node.whenTrue, node.whenFalse]);
    if (isAssignment(node)) {
      const isPlain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      return any(isPlain ? [node.right] : [node.left, node.right]);
    }
    if (ts.isBinaryExpression(node)) return this.binaryParts(node, any);
    if (ts.isSpreadElement(node)) return any([node.expression]);
    if (ts.isArrayLiteralExpression(node)) return any([...node.elements]);
    if (ts.isObjectLiteralExpression(node)) {
      return any(
        node.properties.map((property) =>
          ts.isPropertyAssignment(property)
            ? property.initializer
            : ts.isShorthandPropertyAssignment(property)
              ? property.name
              : ts.isSpreadAssignment(property)
                ? property.expression
                : undefined,
        ),
      );
    }
    if (ts.isTemplateExpression(node))
      return any(node.templateSpans.map((span) => span.expression));
    if (ts.isNewExpression(node)) return this.newParts(node, any);
    if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node)) return false;
    if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return any([node.expression]);
    return ts.isCallExpression(node) && this.callParts(node, any);
  }

  private binaryParts(
    node: ts.BinaryExpression,
    any: (parts: readonly ts.Expression[]) => boolean,
  ): boolean {
    const { left, right, operatorToken } = node;
    switch (operatorToken.kind) {
      case ts.SyntaxKind.PlusToken:
      case ts.SyntaxKind.MinusToken:
      case ts.SyntaxKind.AsteriskToken:
      case ts.SyntaxKind.SlashToken:
      case ts.SyntaxKind.PercentToken:
      case ts.SyntaxKind.AsteriskAsteriskToken:
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.QuestionQuestionToken:
        return any([left, right]);
      case ts.SyntaxKind.CommaToken:
        return any([right]);
      default:
        return false;
    }
  }

  /** The length of a new array passes nothing on; all else may. */
  private newParts(
    node: ts.NewExpression,
    any: (parts: readonly (ts.Expression | undefined)[]) => boolean,
  ): boolean {
    const given = [...(node.arguments ?? [])];
    const [first] = given;
    const isLength =
      first !== undefined &&
      given.length === 1 &&
      this.source.typeOf(node).kind === 'array' &&
      this.source.typeOf(first).kind === 'number';
    return !isLength && any(given);
  }

  private callParts(
    node: ts.CallExpression,
    any: (parts: readonly (ts.Expression | undefined)[]) => boolean,
  ): boolean {
    const { source } = this;
    const math = source.mathCall(node);
    if (math !== null) return !cutsGradient(`Math.${math}`) && any([...node.arguments]);
    if (source.isStopGradient(node)) return false;
    const callee = this.calleeAt(node);
    if (callee !== null) {
      if (!callee.isResultVaried) return false;
      return any(node.arguments.filter((_, i) => callee.isActiveParameter(i)));
    }
    const [first, second] = node.arguments;
    if (source.globalCall(node, 'Array') === 'from' && second !== undefined)
      return ts.isArrowFunction(second) ? any(returnedBy(second)) : any([first]);
    const method = methodOf(node);
    if (method === null || source.isGlobal(method.object)) {
      return !isTest(source, node) && any([...node.arguments]);
    }
    const arrow = first !== undefined && ts.isArrowFunction(first) ? first : null;
    switch (method.name) {
      case 'map':
        return arrow === null ? any([method.object]) : any(returnedBy(arrow));
      case 'reduce':
        return any([second ?? method.object, ...(arrow === null ? [] : returnedBy(arrow))]);
      case 'some':
      case 'every':
      case 'includes':
      case 'indexOf':
      case 'findIndex':
      case 'keys':
        return false;
      case 'filter':
      case 'slice':
      case 'subarray':
        return any([method.object]);
      default:
        return !isTest(source, node) && any([method.object, ...node.arguments]);
    }
  }
}

/** Whether a call only answers yes or no. */
function isTest(source: Source, node: ts.Expression): boolean {
  const { flags } = source.checker.getTypeAtLocation(node);
  return (flags & (ts.TypeFlags.BooleanLike | ts.TypeFlags.Void)) !== 0;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (at === outer) return true;
  return false;
}
