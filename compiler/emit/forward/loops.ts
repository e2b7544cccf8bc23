import { ts } from 'ts-morph';
import { hasEffects } from '../../frontend/lower/assignments.js';
import { printExpression } from './expansions.js';
import type { ForwardPrinter } from './printer.js';

/** A loop around the lines of its body (a block), with what is saved in every iteration. */
export function printLoop(
  printer: ForwardPrinter,
  statement: ts.IterationStatement,
  [open = '{', ...body]: readonly string[],
): string[] {
  const start = printer.edits.loopStart.get(statement) ?? [];
  const entered = printer.edits.loopEntered.get(statement) ?? [];
  const condition = ts.isForStatement(statement)
    ? statement.condition
    : ts.isWhileStatement(statement)
      ? statement.expression
      : undefined;
  if (condition !== undefined && hasEffects(condition)) {
    // The test is part of the iteration: what it changes is saved ahead of it.
    const stop = `if (!(${printExpression(printer, condition)})) break;`;
    const head = ts.isForStatement(statement)
      ? forHead(printer, statement, undefined)
      : 'while (true)';
    return [`${head} ${open}`, ...start, stop, ...entered, ...body];
  }
  if (ts.isDoStatement(statement)) {
    const test = printExpression(printer, statement.expression);
    return [`do ${open}`, ...start, ...entered, ...body, `while (${test});`];
  }
  return [`${loopHead(printer, statement)} ${open}`, ...start, ...entered, ...body];
}

function loopHead(printer: ForwardPrinter, statement: ts.IterationStatement): string {
  if (ts.isForStatement(statement)) return forHead(printer, statement, statement.condition);
  if (ts.isForOfStatement(statement))
    return `for (${textOf(printer, statement.initializer)} of ${textOf(printer, statement.expression)})`;
  return `while (${textOf(printer, ts.isWhileStatement(statement) ? statement.expression : undefined)})`;
}

/** The head of a `for`; the test is left out where it has moved into the body. */
function forHead(
  printer: ForwardPrinter,
  { initializer, incrementor }: ts.ForStatement,
  condition: ts.Expression | undefined,
): string {
  return `for (${textOf(printer, initializer)}; ${textOf(printer, condition)}; ${textOf(printer, incrementor)})`;
}

function textOf(printer: ForwardPrinter, node: ts.Node | undefined): string {
  return node === undefined ? '' : printExpression(printer, node);
}
