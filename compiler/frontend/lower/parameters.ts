import { ts } from 'ts-morph';
import type { Value } from '../../ir/ir.js';
import type { Argument, Context } from './context.js';
import { bindPattern, withDefault } from './assignments.js';
import { functionOf, isCallable, type FunctionSource } from './callees.js';
import { lowerExpression } from './expressions.js';
import { lowerElements } from './literals.js';

/** What each parameter of a function receives in a call. */
export function argumentsOf(
  cx: Context,
  call: ts.CallExpression,
  source: ts.SignatureDeclaration,
): Argument[] {
  const rest = source.parameters.findIndex(({ dotDotDotToken }) => dotDotDotToken !== undefined);
  const spread = call.arguments.slice(0, rest < 0 ? undefined : rest).find(ts.isSpreadElement);
  if (spread !== undefined)
    cx.unsupported(spread, 'A spread in a call', 'Pass the arguments one by one.');
  return source.parameters.map((parameter, i): Argument => {
    if (i === rest) return { kind: 'rest', nodes: call.arguments.slice(i), parameter };
    const node = call.arguments[i];
    if (node !== undefined) return { kind: 'given', node, parameter };
    const { initializer } = parameter;
    return initializer === undefined
      ? { kind: 'none', parameter }
      : { kind: 'default', node: initializer };
  });
}

/** What a parameter is bound to; the value is null where the argument is left out. */
export interface Given {
  readonly value: Value | null;
  readonly isOptional: boolean;
  /** The function that is given. */
  readonly source?: FunctionSource;
}

export function lowerArguments(cx: Context, given: readonly Argument[], source: ts.Node): Given[] {
  return given.map((argument) => {
    switch (argument.kind) {
      case 'given': {
        if (isCallable(cx, argument.node)) return givenFunction(cx, argument.node);
        const value = lowerExpression(cx, argument.node);
        return { value, isOptional: isOptional(cx, argument.node) };
      }
      case 'rest': {
        const value = lowerElements(cx, argument.nodes);
        // The array belongs to the function that is called: outside of it there is nothing to save.
        if (value.variable === null) cx.inlinedIn.set(value, [source]);
        return { value, isOptional: false };
      }
      default:
        return { value: null, isOptional: true };
    }
  });
}

function givenFunction(cx: Context, node: ts.Expression): Given {
  const source = functionOf(cx, node);
  if (source === null)
    return cx.unsupported(node, 'This function as a value', 'Write an arrow function in place.');
  return { value: null, isOptional: false, source };
}

/** Whether an expression or a parameter may be undefined or null. */
export function isOptional(cx: Context, node: ts.Expression | ts.ParameterDeclaration): boolean {
  const type = cx.checker.getTypeAtLocation(node);
  return cx.checker.getNonNullableType(type) !== type;
}

/** Gives the parameters of a function their values, from the first to the last: a default may read those before it. */
export function bindParameters(
  cx: Context,
  parameters: readonly ts.ParameterDeclaration[],
  given: readonly Given[],
): void {
  parameters.forEach((parameter, i) => {
    const { name, initializer } = parameter;
    const { value, isOptional, source } = given[i] ?? { value: null, isOptional: true };
    if (source !== undefined || isCallable(cx, parameter)) {
      bindFunction(cx, parameter, source);
      return;
    }
    if (value !== null)
      bindPattern(cx, name, isOptional ? withDefault(cx, value, initializer) : value);
    else if (initializer !== undefined) bindPattern(cx, name, lowerExpression(cx, initializer));
    else bindPattern(cx, name, cx.poison);
    const symbol = cx.symbolOf(name);
    if (symbol === undefined) return;
    const bound = cx.env.get(symbol);
    if (bound !== undefined && !isOptional) cx.certain.set(symbol, bound);
    else cx.certain.delete(symbol);
  });
}

/** A parameter that is a function stands for the one that is given. */
function bindFunction(
  cx: Context,
  { name, initializer }: ts.ParameterDeclaration,
  given: FunctionSource | undefined,
): void {
  const source = given ?? (initializer === undefined ? null : functionOf(cx, initializer));
  const symbol = cx.symbolOf(name);
  if (source === null || symbol === undefined)
    return cx.unsupported(name, 'A function that may be missing');
  cx.functions.set(symbol, source);
}

/** Whether a name stands for an argument that is there, so that its kind is known. */
export function isCertain(cx: Context, node: ts.Expression): boolean {
  if (!cx.inlined || !ts.isIdentifier(node)) return false;
  const symbol = cx.symbolOf(node);
  if (symbol === undefined) return false;
  const value = cx.env.get(symbol);
  return value !== undefined && cx.certain.get(symbol) === value;
}
