import { ts } from 'ts-morph';
import { lowerType } from '../frontend/types.js';
import type { Type } from '../ir/ir.js';
import { Cells } from './cells.js';
import { collectFlows, type Flows } from './flows.js';
import { anyPart } from './parts.js';
import { sharedBy } from './shared-memory.js';
import { returnedBy, type FunctionNode, type Source } from './source.js';

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
    /** The parts of the result that have tangents. */
    private readonly returns: readonly ts.Expression[] = returnedBy(node),
  ) {
    this.symbols = node.parameters.map(({ name }) => source.symbolOf(name));
    this.flows = collectFlows(node, source);
    const { cells } = this;
    for (const [a, b] of this.flows.shared) cells.unify(a, b);
    for (const symbol of this.flows.written) cells.mark(cells.of(symbol), 'written');
    for (const symbol of this.flows.grown) cells.mark(cells.of(symbol), 'grown');
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
    this.isResultVaried ||= this.returns.some((given) => this.isVaried(given));
    for (const given of this.returns) this.markUseful(given);
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

  /** Whether the result depends on what is given at a place of the mask, be it by numbers that cannot have tangents. */
  isReadParameter(i: number): boolean {
    const { parameters } = this.node;
    const last = parameters.at(-1);
    const parameter = parameters[i] ?? (last?.dotDotDotToken === undefined ? undefined : last);
    if (parameter === undefined) return false;
    return this.namesIn(parameter.name).some((symbol) => {
      const { varied, useful } = this.cells.of(symbol);
      return varied && useful;
    });
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

  /** Whether matrices that are parts of something are added to in place. */
  get growsParts(): boolean {
    return this.flows.grown.some((symbol) => this.source.isReference(symbol));
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
      const isRest = parameter.dotDotDotToken !== undefined;
      const given = isRest ? call.arguments.slice(i) : call.arguments.slice(i, i + 1);
      return given.some((argument) => this.isVaried(argument)) ? [i] : [];
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
    return anyPart(this, this.source, given, (symbol) => this.cells.of(symbol).varied);
  }

  /** Whether the result depends on the parameters by way of an expression. */
  matters(given: ts.Expression): boolean {
    return anyPart(this, this.source, given, (symbol) => {
      const { varied, useful } = this.cells.of(symbol);
      return varied && useful;
    });
  }

  /** The variables by which an expression depends on the parameters. */
  variedNames(given: ts.Expression): string[] {
    const names = new Set<string>();
    anyPart(this, this.source, given, (symbol) => {
      if (this.cells.of(symbol).varied) names.add(symbol.name);
      return false;
    });
    return [...names];
  }

  /** Whether an expression has a tangent that is not zero by nature. */
  isActiveExpression(given: ts.Expression): boolean {
    return anyPart(this, this.source, given, (symbol) => this.isActive(symbol));
  }

  private markUseful(given: ts.Expression): void {
    anyPart(this, this.source, given, (symbol) => {
      this.cells.mark(this.cells.of(symbol), 'useful');
      return false;
    });
  }
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (at === outer) return true;
  return false;
}
