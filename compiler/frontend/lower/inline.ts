import { ts } from 'ts-morph';
import type { Op, Value } from '../../ir/ir.js';
import type { Context, EnvKey, Frame } from './context.js';
import { allOps, regions, results } from '../../ir/walk.js';
import { capturesAssigned, functionOf, isRecursive, type FunctionSource } from './callees.js';
import { expandCall } from './expand.js';
import { lowerExpression } from './expressions.js';
import { callPair } from './pairs.js';
import {
  argumentsOf,
  bindParameters,
  isOptional,
  lowerArguments,
  type Given,
} from './parameters.js';
import { applyRule } from './rule-calls.js';
import { lowerStatements } from './statements.js';
import { noteTypeArguments } from './type-arguments.js';

/** Lowers a call as the body of the called function; the forward sweep keeps the call. */
export function inlineCall(cx: Context, node: ts.CallExpression, source: FunctionSource): Value {
  checkCallee(cx, node, node.expression.getText(), source);
  const functions = [source, ...node.arguments.flatMap((given) => functionOf(cx, given) ?? [])];
  const isClosure = functions.some((called) => capturesAssigned(cx, called));
  if (isClosure && !isWholeStatement(node)) {
    return cx.unsupported(
      node,
      `Calling "${node.expression.getText()}", which assigns variables from outside of it, inside of an expression`,
      'Give the call a statement of its own.',
    );
  }
  const isUnprinted = cx.choices.paired.has(source) && cx.hoistable === null;
  if (isRecursive(cx, source) || isUnprinted) return callPair(cx, node, source);
  const isOpen = cx.frames.some((frame) => frame.declaration === source);
  if (cx.choices.expanded.has(source) && cx.hoistable !== null && !isOpen)
    return expandCall(cx, node, source, cx.hoistable);
  const args = lowerArguments(cx, argumentsOf(cx, node, source), source);
  noteTypeArguments(cx, node, source);
  const before = new Map(cx.env);
  const value = inlineBody(cx, source, args);
  if (isClosure && !cx.inlined) {
    for (const [key, after] of cx.env)
      if (before.get(key) !== after && !('flag' in key)) cx.bind(key, after);
  }
  return value;
}

/** Refuses a function whose body cannot stand for a call of it. */
export function checkCallee(
  cx: Context,
  node: ts.Node,
  name: string,
  source: FunctionSource,
): void {
  const refuse = (reason: string): never => cx.refuse('CR206', node, { name, reason });
  if (source.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword))
    refuse('it is async');
  if (source.asteriskToken !== undefined) refuse('it is a generator');
  const open = cx.frames.filter((frame) => frame.declaration === source).length;
  if (open >= deepest) refuse('it is recursive');
}

/** How often a function may be inside of itself by way of functions that it is given. */
const deepest = 4;

/** Whether a call is all that a statement does, or the value that it gives to something. */
function isWholeStatement(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isWholeStatement(parent);
  if (ts.isExpressionStatement(parent) || ts.isReturnStatement(parent)) return true;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isVariableDeclaration(parent))
    return ts.isVariableDeclarationList(parent.parent) && parent.parent.declarations.length === 1;
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(parent.left) &&
    ts.isExpressionStatement(parent.parent)
  );
}

/** Lowers the body of an arrow function that an array method calls. */
export function inlineArrow(cx: Context, arrow: FunctionSource, args: readonly Value[]): Value {
  const given = args.map((value, i) => {
    const parameter = arrow.parameters[i];
    return {
      value,
      isOptional: value === cx.poison || (parameter !== undefined && isOptional(cx, parameter)),
    };
  });
  return inlineBody(cx, arrow, given);
}

function inlineBody(cx: Context, source: FunctionSource, args: readonly Given[]): Value {
  const rule = cx.pairs.rules.ofSource(source);
  if (rule !== null) {
    const values = args.slice(0, rule.parameters.length).flatMap(({ value }) => value ?? []);
    return applyRule(cx, source, rule, values);
  }
  const frame: Frame = {
    returned: { flag: 'returned' },
    value: { flag: 'value' },
    targets: [],
    declaration: source,
    expansion: null,
  };
  const start = cx.builder.current().length;
  const outerEnv = cx.env;
  const outerOrigin = cx.builder.origin;
  const outerFunctions = cx.functions;
  const hoistable = cx.hoistable;
  cx.hoistable = null;
  cx.frames.push(frame);
  cx.functions = new Map(outerFunctions);
  cx.env = new Map(outerEnv);
  try {
    cx.env.set(frame.value, cx.poison);
    cx.env.set(frame.returned, cx.false);
    bindParameters(cx, source.parameters, args);
    if (source.body === undefined) return cx.poison;
    if (!ts.isBlock(source.body)) return lowerExpression(cx, source.body);
    lowerStatements(cx, source.body.statements);
    return cx.env.get(frame.value) ?? cx.poison;
  } finally {
    cx.frames.pop();
    for (const op of cx.builder.current().slice(start)) noteInlined(cx, op, source);
    for (const key of outerEnv.keys()) {
      const value = cx.env.get(key);
      // A function that is inside of itself by way of one that it is given has its own variables each time.
      if (value !== undefined && !isDeclaredIn(key, source)) outerEnv.set(key, value);
    }
    cx.functions = outerFunctions;
    cx.env = outerEnv;
    cx.builder.origin = outerOrigin;
    cx.hoistable = hoistable;
  }
}

/** Notes which function a value is computed in whose statements are not printed. */
function noteInlined(cx: Context, op: Op, source: FunctionSource): void {
  const ops = [op, ...regions(op).flatMap((region) => [...allOps(region)])];
  for (const inner of ops) {
    const values = inner.kind === 'loop' ? [...inner.params, ...inner.results] : results(inner);
    for (const value of values) {
      cx.inlinedIn.set(value, [...(cx.inlinedIn.get(value) ?? []), source]);
    }
  }
}

function isDeclaredIn(key: EnvKey, source: ts.Node): boolean {
  if ('flag' in key || 'local' in key) return false;
  const { valueDeclaration } = key;
  return (
    valueDeclaration !== undefined &&
    ts.findAncestor(valueDeclaration, (outer) => outer === source) !== undefined
  );
}
