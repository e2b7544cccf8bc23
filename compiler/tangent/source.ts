import { ts } from 'ts-morph';
import type { Code, Holes } from '../diagnostics/codes.js';
import { Refusal, diagnostic } from '../diagnostics/diagnostic.js';
import { declaredFunction } from '../frontend/lower/callees.js';
import { runtimeName } from '../frontend/runtime-names.js';
import { lowerType, missingAt } from '../frontend/types.js';
import { isReference, type Type } from '../ir/ir.js';
import { ofNumbers } from '../ir/matrix-functions.js';
import { hasTangentRule } from '../rules/index.js';
import { canBeActive } from '../ir/types.js';

export type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** A call of a function of matrices. */
export interface MatrixCall {
  readonly fn: string;
  readonly count: number;
  /** Whether it gives the matrix as an array, as `sum(a, 0, false)` does. */
  readonly isArray: boolean;
}

/** The source as the tangent mode reads it: symbols, types and what a call leads to. */
export class Source {
  constructor(readonly checker: ts.TypeChecker) {}

  symbolOf(node: ts.Node): ts.Symbol | undefined {
    if (node.parent !== undefined && ts.isShorthandPropertyAssignment(node.parent))
      return this.checker.getShorthandAssignmentValueSymbol(node.parent);
    return this.checker.getSymbolAtLocation(node);
  }

  /** The type of an expression; an array that only ever stays empty counts as opaque. */
  typeOf(node: ts.Node): Type {
    const type = lowerType(this.checker.getTypeAtLocation(node), this.checker);
    return type ?? this.refuse('CR202', node, { what: `"${node.getText()}"` });
  }

  /** The type of a variable as it was declared, whatever is known of it at some place. */
  declaredType(symbol: ts.Symbol): Type {
    const { valueDeclaration } = symbol;
    if (valueDeclaration === undefined) return { kind: 'opaque' };
    const type = this.checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration);
    return lowerType(type, this.checker) ?? { kind: 'opaque' };
  }

  isTape(symbol: ts.Symbol): boolean {
    const { valueDeclaration } = symbol;
    if (valueDeclaration === undefined) return false;
    return this.isTapeType(this.checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration));
  }

  /** Whether a type is the runtime's tape: a stack of numbers. */
  isTapeType(type: ts.Type): boolean {
    return type.getSymbol()?.name === 'Tape';
  }

  /** Whether a variable can hold numbers that have tangents. */
  canBeActive(symbol: ts.Symbol): boolean {
    return canBeActive(this.declaredType(symbol)) || this.isTape(symbol);
  }

  isReference(symbol: ts.Symbol): boolean {
    return isReference(this.declaredType(symbol)) || this.isTape(symbol);
  }

  /** The function of the project that a call leads to. */
  calleeOf(call: ts.CallExpression): FunctionNode | null {
    return declaredFunction(this, call.expression);
  }

  /** Whether a name is one of the language's or of a library's. */
  isGlobal(node: ts.Expression): node is ts.Identifier {
    if (!ts.isIdentifier(node)) return false;
    const declarations = this.symbolOf(node)?.declarations ?? [];
    return (
      declarations.length > 0 &&
      declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile)
    );
  }

  /** The name after `Math.` that is called, as in `Math.sin(x)`. */
  mathCall(node: ts.CallExpression): string | null {
    return this.globalCall(node, 'Math');
  }

  /** The name after a global object's that is called, as in `Array.from(a)`. */
  globalCall({ expression }: ts.CallExpression, object: string): string | null {
    if (!ts.isPropertyAccessExpression(expression)) return null;
    const { expression: base, name } = expression;
    return this.isGlobal(base) && base.text === object ? name.text : null;
  }

  /** Whether a call is of the runtime's `stopGradient`, under whatever name it is imported. */
  isStopGradient({ expression }: ts.CallExpression): boolean {
    return runtimeName(this.checker, expression) === 'stopGradient';
  }

  /** A function of the runtime's that is called with numbers, as the rules know it: `+` for `add`. */
  runtimeCall(node: ts.CallExpression): string | null {
    const name = runtimeName(this.checker, node.expression);
    const fn = name === null ? undefined : ofNumbers[name];
    const isOfNumbers = node.arguments.every((arg) => this.typeOf(arg).kind === 'number');
    return fn !== undefined && isOfNumbers ? fn : null;
  }

  /**
   * A function of the runtime's that takes or gives matrices, as the rules know it, and how many of its arguments they
   * take; null where there is no rule.
   */
  matrixCall(node: ts.CallExpression): MatrixCall | null {
    const name = runtimeName(this.checker, node.expression);
    const isOfMatrices = [node, ...node.arguments].some((part) => this.isMatrix(part));
    if (name === null || !isOfMatrices) return null;
    const keep = node.arguments[2]?.kind;
    const isReduction = keep === ts.SyntaxKind.TrueKeyword || keep === ts.SyntaxKind.FalseKeyword;
    const count = isReduction ? 2 : node.arguments.length;
    const isArray = keep === ts.SyntaxKind.FalseKeyword;
    if (name === 'copy') return { fn: 'clone', count, isArray };
    return hasTangentRule(name, count) ? { fn: name, count, isArray } : null;
  }

  /** The test whether an expression is neither undefined nor null, to be put behind it. */
  presence(node: ts.Expression): string {
    const { canBeNull, canBeUndefined } = missingAt(this.checker, node);
    if (!canBeNull) return ' !== undefined';
    return canBeUndefined ? ' != null' : ' !== null';
  }

  isMatrix(node: ts.Node): boolean {
    return lowerType(this.checker.getTypeAtLocation(node), this.checker)?.kind === 'matrix';
  }

  refuse<C extends Code>(code: C, node: ts.Node, holes: Holes<C>): never {
    const span = {
      file: node.getSourceFile().fileName,
      start: node.getStart(),
      end: node.getEnd(),
    };
    throw new Refusal(diagnostic(code, span, holes));
  }

  unsupported(
    node: ts.Node,
    what: string,
    advice = 'Write it with the constructs that are supported.',
  ): never {
    return this.refuse('CR201', node, { what, advice });
  }
}

/** An expression without parentheses, assertions and the like around it. */
export function bare(node: ts.Expression): ts.Expression {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node)
  )
    return bare(node.expression);
  return node;
}

/** The method that a call calls, with its object; null where it is no method call. */
export function methodOf({
  expression,
}: ts.CallExpression): { readonly object: ts.Expression; readonly name: string } | null {
  if (!ts.isPropertyAccessExpression(expression)) return null;
  return { object: expression.expression, name: expression.name.text };
}

/** What a function returns, at every `return` of its own. */
export function returnedBy(node: FunctionNode): ts.Expression[] {
  const { body } = node;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isFunctionLike(inner)) return;
    if (ts.isReturnStatement(inner) && inner.expression !== undefined) found.push(inner.expression);
    ts.forEachChild(inner, visit);
  };
  visit(body);
  return found;
}
