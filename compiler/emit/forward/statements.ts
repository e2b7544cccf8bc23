import { ts } from 'ts-morph';
import { plainText } from '../../frontend/plain-text.js';
import { linesAhead, printExpression } from './expansions.js';
import { jumpSaves, printReturn } from './jumps.js';
import { isReplacedFunction } from './local-functions.js';
import { printLoop } from './loops.js';
import type { ForwardPrinter } from './printer.js';

/** The statements of a block, each with what is saved before and behind it. */
export function printBody(printer: ForwardPrinter, statements: readonly ts.Statement[]): string[] {
  return statements.flatMap((statement) => printStatement(printer, statement));
}

function printStatement(printer: ForwardPrinter, statement: ts.Statement): string[] {
  const before = linesAhead(printer, statement);
  const around = printer.at === null ? printer.returns.around(statement) : null;
  const lines = printPlain(printer, statement);
  if (printer.labelled.has(statement)) lines[0] = `${printer.label}: ${lines[0] ?? ''}`;
  return [
    ...before,
    ...(around?.before ?? []),
    ...lines,
    ...printer.edits.linesAfter(statement, null),
    ...(around?.after ?? []),
  ];
}

/** Whether anything in a statement is not printed as the author wrote it. */
function isTouched(printer: ForwardPrinter, node: ts.Node): boolean {
  if (printer.at !== null || printer.lowered.cx.isForeign || printer.edits.has(node)) return true;
  if (ts.isStatement(node) && isReplacedFunction(printer, node)) return true;
  if (ts.isReturnStatement(node)) return true;
  if (ts.isBreakOrContinueStatement(node) && jumpSaves(printer, node).length > 0) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => isTouched(printer, child) || undefined) ?? false;
}

/** A statement without what stands before and behind it. */
function printPlain(printer: ForwardPrinter, statement: ts.Statement): string[] {
  const { edits } = printer;
  if (isReplacedFunction(printer, statement)) return [];
  if (!isTouched(printer, statement)) return [plainText(statement)];
  if (ts.isBlock(statement)) return ['{', ...printBody(printer, statement.statements), '}'];
  if (ts.isReturnStatement(statement)) return printReturn(printer, statement);
  if (ts.isIfStatement(statement)) return printIf(printer, statement);
  if (ts.isIterationStatement(statement, false))
    return printLoop(printer, statement, printNested(printer, statement.statement));
  if (ts.isSwitchStatement(statement)) return printSwitch(printer, statement);
  if (ts.isLabeledStatement(statement)) {
    const { statement: inner, label } = statement;
    const before = edits.before.get(inner) ?? [];
    const [first, ...rest] = printPlain(printer, inner);
    const after = edits.linesAfter(inner, null);
    return [...before, `${label.text}: ${first ?? ';'}`, ...rest, ...after];
  }
  if (ts.isBreakOrContinueStatement(statement))
    return [...jumpSaves(printer, statement), statement.getText()];
  // The call of a helper has become the statements in front of this one.
  if (ts.isExpressionStatement(statement) && edits.replaced.has(statement.expression)) return [];
  return [printExpression(printer, statement)];
}

/** A statement as a block, into which something can be put. */
function printNested(printer: ForwardPrinter, statement: ts.Statement): string[] {
  const lines = ts.isBlock(statement)
    ? printBody(printer, statement.statements)
    : printStatement(printer, statement);
  return ['{', ...lines, '}'];
}

function printIf(printer: ForwardPrinter, statement: ts.IfStatement): string[] {
  const [open, ...then] = printNested(printer, statement.thenStatement);
  const condition = printExpression(printer, statement.expression);
  const lines = [`if (${condition}) ${open ?? '{'}`, ...then];
  const { elseStatement } = statement;
  if (elseStatement === undefined) return lines;
  const [first, ...otherwise] =
    ts.isIfStatement(elseStatement) && !printer.edits.before.has(elseStatement)
      ? printStatement(printer, elseStatement)
      : printNested(printer, elseStatement);
  return [...lines, `else ${first ?? ''}`, ...otherwise];
}

function printSwitch(printer: ForwardPrinter, statement: ts.SwitchStatement): string[] {
  const lines = [`switch (${printExpression(printer, statement.expression)}) {`];
  for (const clause of statement.caseBlock.clauses) {
    const head = ts.isCaseClause(clause)
      ? `case ${printExpression(printer, clause.expression)}:`
      : 'default:';
    const body = printBody(printer, clause.statements);
    const declares =
      body.some((line) => /^(const|let) /.test(line)) &&
      clause.statements.some((inner) => ts.isReturnStatement(inner));
    lines.push(head, ...(declares ? ['{', ...body, '}'] : body));
  }
  return [...lines, '}'];
}
