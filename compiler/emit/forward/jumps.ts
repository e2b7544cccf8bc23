import { ts } from 'ts-morph';
import type { Expansion } from '../../frontend/lower/context.js';
import { printExpression } from './expansions.js';
import type { ForwardPrinter } from './printer.js';

/** A `return`: what the generated function does there, or a jump to where its backward sweep begins. */
export function printReturn(printer: ForwardPrinter, statement: ts.ReturnStatement): string[] {
  if (printer.at !== null) return leaveHelper(printer, statement, printer.at);
  const printed = printer.returns.print(statement);
  if (printed !== null) return [...printed];
  const text = resultText(printer, statement);
  const landing = printer.returns.landing(statement);
  const isBare = landing !== null && innermostBreakable(statement) === landing;
  if (!isBare && landing !== null) printer.labelled.add(landing);
  const jump = isBare ? 'break;' : `break ${printer.label};`;
  const value = printer.names.of(printer.lowered.cx.valueVariable);
  return [`${value} = ${text};`, ...jumpSaves(printer, statement), jump];
}

function leaveHelper(
  printer: ForwardPrinter,
  statement: ts.ReturnStatement,
  { label, result }: Expansion,
): string[] {
  const text = resultText(printer, statement);
  if (label === null) return text === '' ? [] : [`const ${result} = ${text};`];
  const assigned = text === '' ? [] : [`${result} = ${text};`];
  return [...assigned, ...jumpSaves(printer, statement), `break ${label};`];
}

function resultText(printer: ForwardPrinter, { expression }: ts.ReturnStatement): string {
  return expression === undefined ? '' : printExpression(printer, expression);
}

/** The saves behind the statements that a jump leaves early. */
export function jumpSaves(printer: ForwardPrinter, jump: ts.Statement): string[] {
  const { at: helper, edits, lowered, returns } = printer;
  const lines: string[] = [];
  const loop = ts.isReturnStatement(jump) && helper === null ? returns.landing(jump) : null;
  const root = helper?.source ?? lowered.root;
  const landing = loop ?? landingOf(jump, root);
  for (let at: ts.Node = jump.parent; at !== landing && at !== root; at = at.parent)
    lines.push(...edits.linesAfter(at, jump));
  return lines;
}

/** The statement behind which a jump lands; the function for `return`. */
function landingOf(jump: ts.Statement, root: ts.Node): ts.Node {
  if (!ts.isBreakOrContinueStatement(jump)) return root;
  for (let at: ts.Node = jump.parent; at !== root; at = at.parent) {
    if (jump.label !== undefined) {
      if (ts.isLabeledStatement(at) && at.label.text === jump.label.text) return at.statement;
    } else if (
      ts.isIterationStatement(at, false) ||
      (ts.isBreakStatement(jump) && ts.isSwitchStatement(at))
    )
      return at;
  }
  return root;
}

/** What an unlabelled `break` would leave. */
function innermostBreakable(statement: ts.Node): ts.Node | null {
  for (let at = statement.parent; !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isIterationStatement(at, false) || ts.isSwitchStatement(at)) return at;
  }
  return null;
}
