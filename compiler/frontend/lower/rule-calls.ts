import { ts } from 'ts-morph';
import type { Value } from '../../ir/ir.js';
import type { CustomRule } from '../custom-rules/rule.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';
import { isCallable } from './callees.js';

/** Lowers a call of a function whose derivative the user gives: the call stays as it is, whatever is inside. */
export function callByRule(cx: Context, node: ts.CallExpression, rule: CustomRule): Value {
  const spread = node.arguments.find(ts.isSpreadElement);
  if (spread !== undefined)
    return cx.unsupported(spread, 'A spread in a call', 'Pass the arguments one by one.');
  const given = node.arguments.find((arg) => isCallable(cx, arg));
  if (given !== undefined)
    return cx.unsupported(given, 'A function given to a function with a rule');
  return applyRule(
    cx,
    node,
    rule,
    node.arguments.map((arg) => lowerExpression(cx, arg)),
  );
}

/** The same for values that are at hand. */
export function applyRule(
  cx: Context,
  node: ts.Node,
  rule: CustomRule,
  args: readonly Value[],
): Value {
  const { targetName: name, keys, parameters } = rule;
  if (args.length < parameters.length) {
    return cx.unsupported(
      node,
      `A call of "${name}" with fewer arguments than its rule has`,
      'Pass all of them.',
    );
  }
  const backward = cx.globalName(rule.name) ?? rule.name.text;
  const result: Value = { type: rule.result, variable: null };
  cx.builder.append({
    kind: 'call',
    callee: { name, backward, keys, ruleParameters: parameters },
    args: args.slice(0, parameters.length),
    result,
    record: null,
    origin: cx.builder.origin,
  });
  cx.nodes.set(result, node);
  return result;
}
