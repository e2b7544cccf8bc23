import { ts } from 'ts-morph';
import { isFunction } from '../../frontend/lower/callees.js';
import type { Argument, Expansion } from '../../frontend/lower/context.js';
import { plainText } from '../../frontend/plain-text.js';
import type { ForwardPrinter } from './printer.js';
import { isStillNamed } from './local-functions.js';
import { printBody } from './statements.js';

/** What stands in front of a statement: the helpers that it calls, and what is saved before it. */
export function linesAhead(printer: ForwardPrinter, node: ts.Node): string[] {
  const { expanded, before } = printer.edits;
  return [
    ...(expanded.get(node) ?? []).flatMap((expansion) => printExpansion(printer, expansion)),
    ...(before.get(node) ?? []),
  ];
}

/** The statements of a helper in place of its call: parameters as constants, its result in a variable. */
function printExpansion(printer: ForwardPrinter, expansion: Expansion): string[] {
  const parameters = [
    ...(printer.edits.before.get(expansion.call) ?? []),
    ...expansion.parameters
      .filter(({ argument }) => !isReplaced(printer, expansion, argument))
      .map((parameter) => printParameter(printer, expansion, parameter)),
  ];
  return printer.within(expansion, () => {
    const { entered, finished } = printer.edits;
    const { body } = expansion.source;
    if (body === undefined) return [];
    if (!ts.isBlock(body)) {
      const before = linesAhead(printer, body);
      const result = `const ${expansion.result} = ${printExpression(printer, body)};`;
      return [...parameters, ...entered, ...before, result, ...finished];
    }
    const lines = printBody(printer, body.statements);
    if (expansion.label === null) return [...parameters, ...entered, ...lines, ...finished];
    const { checker } = printer.lowered.cx;
    const type = checker.typeToString(checker.getTypeAtLocation(expansion.call));
    const declared = type === 'void' ? [] : [`let ${expansion.result}: ${type};`];
    const block = [`${expansion.label}: {`, ...lines, '}'];
    return [...parameters, ...declared, ...entered, ...block, ...finished];
  });
}

/** Whether an argument is a function whose calls all have become statements. */
function isReplaced(printer: ForwardPrinter, { source }: Expansion, argument: Argument): boolean {
  if (argument.kind !== 'given' || !isFunction(argument.node)) return false;
  const { cx } = printer.lowered;
  const parameter = source.parameters.find(({ name }) =>
    printer.lowered.cx.expansions.some(({ call, source: callee }) => {
      const isCall = cx.symbolOf(call.expression) === cx.symbolOf(name);
      return isCall && callee === argument.node;
    }),
  );
  return parameter !== undefined && !isStillNamed(printer, parameter, source);
}

/** A parameter of a helper as a variable of the caller. */
function printParameter(
  printer: ForwardPrinter,
  expansion: Expansion,
  { name, isAssigned, argument }: Expansion['parameters'][number],
): string {
  const keyword = isAssigned ? 'let' : 'const';
  const within = (print: () => string): string => printer.within(expansion, print);
  switch (argument.kind) {
    case 'given': {
      const { type } = argument.parameter;
      // A function in place has its types from the parameter.
      const isTyped = isFunction(argument.node) && type !== undefined;
      const typed = isTyped ? `: ${within(() => printExpression(printer, type))}` : '';
      return `${keyword} ${name}${typed} = ${printExpression(printer, argument.node)};`;
    }
    case 'default': {
      const text = within(() => printExpression(printer, argument.node));
      return `${keyword} ${name} = ${text};`;
    }
    case 'rest': {
      const elements = argument.nodes.map((node) => printExpression(printer, node));
      const { type } = argument.parameter;
      // Without elements the type is that of the parameter.
      const isTyped = elements.length === 0 && type !== undefined;
      const typed = isTyped ? `: ${within(() => printExpression(printer, type))}` : '';
      return `${keyword} ${name}${typed} = [${elements.join(', ')}];`;
    }
    case 'none': {
      const { type } = argument.parameter;
      const written =
        type === undefined
          ? 'undefined'
          : `${within(() => printExpression(printer, type))} | undefined`;
      return `${keyword} ${name}: ${written} = undefined;`;
    }
  }
}

/** The text of a node with the hoisted parts replaced by their names. */
export function printExpression(printer: ForwardPrinter, node: ts.Node): string {
  const known = replacement(printer, node);
  if (known !== null) return known;
  return plainText(node, (part) => replacement(printer, part));
}

/** What stands for a node: the name of a hoisted part or of a helper's result, a helper's variable under its new name. */
function replacement(printer: ForwardPrinter, node: ts.Node): string | null {
  const known = printer.edits.replaced.get(node);
  if (known !== undefined) return known;
  const { at } = printer;
  const { cx } = printer.lowered;
  if (!ts.isIdentifier(node) || isPropertyName(node)) return null;
  if (at === null && !cx.isForeign) return null;
  const symbol = cx.symbolOf(node);
  const renamed =
    symbol === undefined ? undefined : (renameOf(at, symbol) ?? globalName(printer, node));
  if (renamed === undefined) return null;
  const text =
    typeof renamed === 'string'
      ? renamed
      : printer.within(at?.parent ?? null, () => printExpression(printer, renamed));
  return isShorthand(node) ? `${node.text}: ${text}` : text;
}

/** Whether a name stands for the name of a property as well: `{ x }` as a value or as a pattern. */
function isShorthand(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (!ts.isBindingElement(parent) || parent.name !== node) return false;
  const { propertyName, dotDotDotToken } = parent;
  const isWhole = propertyName === undefined && dotDotDotToken === undefined;
  return isWhole && ts.isObjectBindingPattern(parent.parent);
}

/** A function inside of a helper may capture the helper's variables. */
function renameOf(
  expansion: Expansion | null,
  symbol: ts.Symbol,
): string | ts.Expression | undefined {
  if (expansion === null) return undefined;
  return expansion.renames.get(symbol) ?? renameOf(expansion.parent, symbol);
}

/** What a helper refers to at module level goes by another name where its own means something else here. */
function globalName(printer: ForwardPrinter, node: ts.Identifier): string | undefined {
  const name = printer.lowered.cx.globalName(node);
  return name === null || name === node.text ? undefined : name;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) &&
    parent.name === node
  );
}
