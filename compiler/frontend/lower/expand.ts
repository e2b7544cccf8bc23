import { ts } from 'ts-morph';
import { plainText } from '../plain-text.js';
import type { Value } from '../../ir/ir.js';
import { assignedSymbols, hasEffects } from './assignments.js';
import { isCallable, isFunction } from './callees.js';
import {
  calleeName,
  type Argument,
  type Context,
  type EnvKey,
  type Expansion,
  type Flag,
  type Frame,
} from './context.js';
import { lowerExpression } from './expressions.js';
import { argumentsOf, bindParameters, isOptional, lowerArguments } from './parameters.js';
import { hoisting, lowerStatements } from './statements.js';
import { noteTypeArguments } from './type-arguments.js';

type Source = Expansion['source'];

/**
 * Lowers a call as the statements of the called function, which the forward sweep will run in front of the statement
 * that holds the call: their values can be saved like the caller's own.
 */
export function expandCall(
  cx: Context,
  node: ts.CallExpression,
  source: Source,
  statement: ts.Node,
): Value {
  const given = argumentsOf(cx, node, source);
  const expansion = describe(cx, node, source, statement, given);
  const args = lowerArguments(cx, given, source);
  noteTypeArguments(cx, node, source);
  const frame: Frame = {
    returned: { flag: 'returned' },
    value: { flag: expansion.result },
    targets: [],
    declaration: source,
    expansion,
  };
  const outer = {
    env: cx.env,
    origin: cx.builder.origin,
    variables: cx.variables,
    origins: cx.origins,
    hoistable: cx.hoistable,
    inPlace: cx.inPlace,
    functions: cx.functions,
  };
  cx.expansions.push(expansion);
  cx.frames.push(frame);
  cx.env = new Map(outer.env);
  cx.variables = new Map(outer.variables);
  cx.origins = new Map();
  cx.functions = new Map(outer.functions);
  try {
    cx.env.set(frame.value, cx.poison);
    cx.env.set(frame.returned, cx.false);
    source.parameters.forEach((parameter, i) => {
      const argument = args[i] ?? { value: null, isOptional: true };
      const symbol = cx.symbolOf(parameter.name);
      const isSubstituted =
        symbol !== undefined && typeof expansion.renames.get(symbol) === 'object';
      cx.builder.origin = cx.originOf(parameter);
      cx.hoistable = null;
      cx.inPlace = null;
      if (isSubstituted && argument.value !== null) cx.env.set(symbol, argument.value);
      else bindParameters(cx, [parameter], [argument]);
      cx.hoistable = outer.hoistable;
      cx.inPlace = outer.inPlace;
    });
    // The parameters are at hand where the first statement runs.
    for (const [key, value] of cx.env) {
      if (!('flag' in key) && !outer.env.has(key) && !cx.savePoints.has(value)) {
        cx.savePoints.set(value, { kind: 'function-start', expansion });
      }
    }
    lowerBody(cx, source, frame);
    return cx.env.get(frame.value) ?? cx.poison;
  } finally {
    leave(cx, frame, outer.env);
    cx.frames.pop();
    cx.env = outer.env;
    cx.builder.origin = outer.origin;
    cx.variables = outer.variables;
    cx.origins = outer.origins;
    cx.hoistable = outer.hoistable;
    cx.functions = outer.functions;
  }
}

function lowerBody(cx: Context, source: Source, frame: Frame): void {
  const { body } = source;
  if (body === undefined) return;
  if (ts.isBlock(body)) {
    lowerStatements(cx, body.statements);
    return;
  }
  cx.builder.origin = cx.originOf(body, `return ${plainText(body)}`);
  hoisting(cx, body, () => {
    cx.bind(frame.value, lowerExpression(cx, body));
  });
}

/** What the helper changed outside of itself, and its own variables where they stay in scope. */
function leave(cx: Context, frame: Frame, env: Context['env']): void {
  const { expansion } = frame;
  const result = cx.env.get(frame.value);
  for (const [key, value] of cx.env) {
    if (env.has(key)) env.set(key, value);
    else if (!('flag' in key) && expansion?.label === null && isDeclared(expansion, key))
      env.set({ local: cx.variableOf(key).name }, value);
  }
  if (expansion !== null && result !== undefined) {
    env.set({ local: expansion.result }, result);
    if (!cx.savePoints.has(result) || cx.savePoints.get(result)?.kind === 'hoist') {
      cx.savePoints.set(result, { kind: 'result', expansion });
    }
  }
}

/** Whether a variable of the helper's stands in the caller: a parameter may be just what was passed for it. */
function isDeclared({ renames }: Expansion, key: Exclude<EnvKey, Flag>): boolean {
  if ('local' in key) return true;
  const rename = renames.get(key);
  return rename === undefined || typeof rename === 'string';
}

function describe(
  cx: Context,
  node: ts.CallExpression,
  source: Source,
  statement: ts.Node,
  given: readonly Argument[],
): Expansion {
  const { body } = source;
  const name = ts.isIdentifier(node.expression) ? node.expression.text : 'helper';
  const assigned = body === undefined ? new Set<ts.Symbol>() : assignedSymbols(cx, body);
  const expansion: Expansion = {
    call: node,
    source,
    parent: cx.expansion,
    statement,
    renames: new Map(),
    parameters: [],
    result: cx.uniqueName(`${name}_value`),
    label:
      body !== undefined && ts.isBlock(body) && !endsWithOnlyReturn(body)
        ? cx.uniqueName(name)
        : null,
  };
  noteGlobals(cx, source);
  refuseHidden(cx, expansion);
  source.parameters.forEach((parameter, i) => {
    const argument = given[i];
    const refuse = (reason: string): never => cx.refuse('CR206', node, { name, reason });
    const why = 'values inside of it must be saved, and';
    if (!ts.isIdentifier(parameter.name)) return refuse(`${why} it takes a parameter apart`);
    const symbol = cx.symbolOf(parameter.name);
    if (symbol === undefined || argument === undefined) return;
    if (argument.kind === 'given') {
      if (isFunction(argument.node) && parameter.type === undefined)
        return refuse(`${why} the type of "${parameter.name.text}" is not written`);
      if (
        !isCallable(cx, argument.node) &&
        cx.typeOf(parameter.name).kind === 'opaque' &&
        cx.typeOf(argument.node).kind !== 'opaque'
      )
        return refuse(`${why} it takes arguments of more than one kind`);
      if (parameter.initializer !== undefined && isOptional(cx, argument.node))
        return refuse(`${why} it is not known whether "${parameter.name.text}" has its default`);
      if (isSimple(argument.node) && !assigned.has(symbol)) {
        expansion.renames.set(symbol, argument.node);
        return;
      }
    }
    const effect = nodesOf(argument).find((given) => !isFunction(given) && hasEffects(given));
    if (effect !== undefined)
      cx.unsupported(effect, 'An assignment in an argument', 'Give it a statement of its own.');
    const own = cx.uniqueName(`${name}_${parameter.name.text}`);
    expansion.renames.set(symbol, own);
    expansion.parameters.push({ name: own, isAssigned: assigned.has(symbol), argument });
  });
  return expansion;
}

function isSimple(argument: ts.Expression): boolean {
  return ts.isIdentifier(argument) || ts.isNumericLiteral(argument);
}

function nodesOf(argument: Argument): readonly ts.Expression[] {
  if (argument.kind === 'none') return [];
  return argument.kind === 'rest' ? argument.nodes : [argument.node];
}

/** A closure cannot run where a name that it captures means something else. */
function refuseHidden(cx: Context, expansion: Expansion): void {
  const { source, call } = expansion;
  let outermost = expansion;
  while (outermost.parent !== null) outermost = outermost.parent;
  let inScope: ReadonlySet<ts.Symbol> | null = null;
  const visit = (node: ts.Node): void => {
    const symbol = ts.isIdentifier(node) ? cx.symbolOf(node) : undefined;
    if (
      symbol !== undefined &&
      cx.env.has(symbol) &&
      isIn(symbol, cx.root) &&
      !isIn(symbol, source)
    ) {
      inScope ??= new Set(
        cx.checker.getSymbolsInScope(outermost.statement, ts.SymbolFlags.Variable),
      );
      if (!inScope.has(symbol)) {
        const reason = `values inside of it must be saved, and "${symbol.name}" means something else here`;
        cx.refuse('CR206', call, { name: calleeName(expansion), reason });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function isIn({ valueDeclaration }: ts.Symbol, node: ts.Node): boolean {
  return ts.findAncestor(valueDeclaration, (outer) => outer === node) !== undefined;
}

/** The names of what the helper refers to at module level are taken from now on. */
function noteGlobals(cx: Context, source: ts.Node): void {
  if (ts.isIdentifier(source)) cx.globalName(source);
  ts.forEachChild(source, (child) => {
    noteGlobals(cx, child);
  });
}

function endsWithOnlyReturn(body: ts.Block): boolean {
  const returns: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) returns.push(node);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return returns.length === 0 || (returns.length === 1 && returns[0] === body.statements.at(-1));
}
