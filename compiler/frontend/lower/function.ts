import { ts } from 'ts-morph';
import { plainText } from '../plain-text.js';
import type { Fn, Origin, Value } from '../../ir/ir.js';
import type { Mode } from '../annotated.js';
import type { GlobalNames } from '../global-names.js';
import { Context, type Choices, type EnvKey, type Frame } from './context.js';
import type { Pairs } from './pairs.js';
import { bindPattern } from './assignments.js';
import { hoisting, lowerStatements, noteSavePoints } from './statements.js';
import { lowerExpression } from './expressions.js';

export interface LoweredParameter {
  readonly name: string;
  readonly value: Value;
  readonly node: ts.ParameterDeclaration;
}

/** A function in IR, with what printing its forward sweep needs to know of its source. */
export interface Lowered {
  readonly fn: Fn;
  readonly parameters: readonly LoweredParameter[];
  readonly result: Value;
  readonly cx: Context;
  /** The values that the code behind the function's last statement can read by name. */
  readonly visible: ReadonlyMap<Value, string>;
  readonly root: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;
}

export type { Mode, Origin };

export function lowerFunction(
  name: string,
  node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction,
  choices: Choices,
  globalNames: GlobalNames,
  pairs: Pairs,
): Lowered {
  const cx = new Context(globalNames.checker, node, choices, globalNames, pairs);
  const frame: Frame = {
    returned: { flag: 'returned' },
    value: { flag: 'value' },
    targets: [],
    declaration: node,
    expansion: null,
  };
  cx.frames.push(frame);
  const { body } = node;
  if (body === undefined) return cx.unsupported(node, 'A function without a body');
  const parameters: LoweredParameter[] = [];
  const ops = cx.builder.current();
  const startEnv = new Map<EnvKey, Value>();
  cx.env.set(frame.returned, cx.false);
  cx.env.set(frame.value, cx.poison);
  node.parameters.forEach((parameter, i) => {
    if (parameter.dotDotDotToken !== undefined)
      cx.unsupported(parameter, 'A rest parameter', 'Take an array.');
    const symbol = ts.isIdentifier(parameter.name) ? cx.symbolOf(parameter.name) : undefined;
    const parameterName = symbol === undefined ? `arg${String(i)}` : symbol.name;
    if (parameter.initializer !== undefined && !isLiteral(parameter.initializer)) {
      cx.unsupported(
        parameter.initializer,
        'A default that is computed',
        'Use a constant, or set the default in the body.',
      );
    }
    const variable = symbol === undefined ? { name: parameterName } : cx.variableOf(symbol);
    const value: Value = { type: cx.typeOf(parameter.name), variable };
    parameters.push({ name: parameterName, value, node: parameter });
    if (symbol !== undefined) cx.env.set(symbol, value);
    else {
      cx.builder.origin = cx.originOf(parameter);
      bindPattern(cx, parameter.name, value);
      cx.parameterNames.set(value, parameterName);
    }
  });
  noteSavePoints(cx, startEnv, { kind: 'function-start' });
  if (ts.isBlock(body)) lowerStatements(cx, body.statements);
  else {
    cx.builder.origin = cx.originOf(body, `return ${plainText(body)}`);
    hoisting(cx, body, () => {
      cx.bind(frame.value, lowerExpression(cx, body));
    });
  }
  const result = cx.env.get(frame.value) ?? cx.poison;
  const visible = cx.visible();
  return {
    fn: { name, params: parameters.map(({ value }) => value), body: { ops, yields: [result] } },
    parameters,
    result,
    cx,
    visible,
    root: node,
  };
}

function isLiteral(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node)) return isLiteral(node.operand);
  return (
    ts.isLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}
