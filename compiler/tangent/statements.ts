import { ts } from 'ts-morph';
import { refuseConvention } from './conventions.js';
import { printDeclarations } from './declarations.js';
import { expressionLines } from './expression-statements.js';
import { printInline } from './inline.js';
import { printLoop } from './loops.js';
import type { Writer } from './writer.js';

/** The statements of a block, each with that of its tangents. */
export function printStatements(w: Writer, statements: readonly ts.Statement[]): string[] {
  return statements.flatMap((statement) => printStatement(w, statement));
}

/** A statement as a block of its own. */
export function printBlock(
  w: Writer,
  statement: ts.Statement,
  first: readonly string[] = [],
): string[] {
  const lines = w.names.scoped(() =>
    ts.isBlock(statement) ? printStatements(w, statement.statements) : printStatement(w, statement),
  );
  const isSingle = first.length === 0 && lines.length === 1 && !ts.isBlock(statement);
  if (isSingle && !/^(const|let|if)\b/.test(lines[0] ?? '')) return lines;
  return ['{', ...first, ...lines, '}'];
}

function printStatement(w: Writer, statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return printDeclarations(w, statement.declarationList);
  if (ts.isExpressionStatement(statement)) return expressionLines(w, statement.expression);
  if (ts.isReturnStatement(statement)) return w.ending.write(statement, statement.expression);
  if (ts.isBlock(statement)) return printBlock(w, statement);
  if (ts.isIfStatement(statement)) return printIf(w, statement);
  if (ts.isIterationStatement(statement, false)) return printLoop(w, statement);
  if (ts.isSwitchStatement(statement)) return printSwitch(w, statement);
  if (ts.isLabeledStatement(statement)) {
    const [first, ...rest] = printStatement(w, statement.statement);
    return [`${statement.label.text}: ${first ?? ';'}`, ...rest];
  }
  if (
    ts.isBreakOrContinueStatement(statement) ||
    ts.isThrowStatement(statement) ||
    ts.isEmptyStatement(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  )
    return [w.print(statement)];
  if (ts.isTryStatement(statement)) {
    return w.source.unsupported(
      statement,
      'try',
      'Check the condition beforehand, or let the error pass.',
    );
  }
  if (ts.isFunctionDeclaration(statement)) {
    return w.source.unsupported(
      statement,
      'A function inside of a function in forward mode',
      'Move it to the top level of the file.',
    );
  }
  return w.source.unsupported(statement, 'This statement');
}

// Declarations

function printIf(w: Writer, statement: ts.IfStatement): string[] {
  refuseConvention(w, statement);
  const { expression, thenStatement, elseStatement } = statement;
  const [open, ...then] = printBlock(w, thenStatement);
  const lines = [`if (${printInline(w, expression)}) ${open ?? '{'}`, ...then];
  if (elseStatement === undefined) return lines;
  const [first, ...otherwise] = ts.isIfStatement(elseStatement)
    ? printIf(w, elseStatement)
    : printBlock(w, elseStatement);
  return [...lines, `else ${first ?? ''}`, ...otherwise];
}

function printSwitch(w: Writer, statement: ts.SwitchStatement): string[] {
  const clauses = w.names.scoped(() =>
    statement.caseBlock.clauses.flatMap((clause) => {
      const head = ts.isCaseClause(clause) ? `case ${w.print(clause.expression)}:` : 'default:';
      const print = (): string[] => printStatements(w, clause.statements);
      // What the author declares in a case is in scope of the others.
      if (clause.statements.some((inner) => ts.isVariableStatement(inner)))
        return [head, ...print()];
      const body = w.names.scoped(print);
      return body.some((line) => /^(const|let) /.test(line))
        ? [head, '{', ...body, '}']
        : [head, ...body];
    }),
  );
  return [`switch (${printInline(w, statement.expression)}) {`, ...clauses, '}'];
}
