import { ts } from 'ts-morph';
import type { Expansion } from '../../frontend/lower/context.js';
import { plainText } from '../../frontend/plain-text.js';
import type { ForwardPrinter } from './printer.js';
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
    ...expansion.parameters.map(
      ({ name, isAssigned, argument }) =>
        `${isAssigned ? 'let' : 'const'} ${name} = ${printExpression(printer, argument)};`,
    ),
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
  if (at === null || !ts.isIdentifier(node) || isPropertyName(node)) return null;
  const symbol = printer.lowered.cx.symbolOf(node);
  const renamed = symbol === undefined ? undefined : at.renames.get(symbol);
  if (renamed === undefined) return null;
  const text =
    typeof renamed === 'string'
      ? renamed
      : printer.within(at.parent, () => printExpression(printer, renamed));
  return ts.isShorthandPropertyAssignment(node.parent) ? `${node.text}: ${text}` : text;
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) &&
    parent.name === node
  );
}
