import { ts } from 'ts-morph';
import type { Value } from '../../ir/ir.js';
import type { Context, Target } from './context.js';
import { either, lowerBranch, lowerBreakable, type Completion } from './exits.js';
import { lowerExpression } from './expressions.js';
import { lowerStatements } from './statements.js';

interface Clause {
  /** The cases that lead here; null is `default`. */
  readonly tests: readonly (ts.Expression | null)[];
  readonly statements: readonly ts.Statement[];
  readonly fallsThrough: boolean;
}

export function lowerSwitch(
  cx: Context,
  statement: ts.SwitchStatement,
  label: string | null,
): Completion {
  const subject = lowerExpression(cx, statement.expression);
  const clauses = groupClauses(statement.caseBlock.clauses);
  const target: Target = { label, breakFlag: { flag: 'broken' }, continueFlag: null, statement };
  const matches = (tests: Clause['tests']): Value =>
    either(
      cx,
      tests
        .filter((test) => test !== null)
        .map((test) => cx.builder.apply('===', [subject, lowerExpression(cx, test)])),
    );
  return lowerBreakable(cx, target, () =>
    clauses.some((clause) => clause.fallsThrough)
      ? lowerFallThrough(cx, clauses, matches)
      : lowerChain(cx, clauses, matches),
  );
}

/** Cases without statements of their own join the next one. */
function groupClauses(clauses: readonly ts.CaseOrDefaultClause[]): Clause[] {
  const grouped: Clause[] = [];
  let tests: (ts.Expression | null)[] = [];
  for (const [i, clause] of clauses.entries()) {
    tests.push(ts.isCaseClause(clause) ? clause.expression : null);
    const last = i === clauses.length - 1;
    if (clause.statements.length === 0 && !last) continue;
    const ended = clause.statements.some(alwaysLeaves);
    grouped.push({
      tests,
      statements: withoutBreak(clause.statements),
      fallsThrough: !ended && !last,
    });
    tests = [];
  }
  return grouped;
}

function alwaysLeaves(statement: ts.Statement): boolean {
  if (ts.isBlock(statement)) return statement.statements.some(alwaysLeaves);
  if (ts.isIfStatement(statement)) {
    const { thenStatement, elseStatement } = statement;
    return (
      elseStatement !== undefined && alwaysLeaves(thenStatement) && alwaysLeaves(elseStatement)
    );
  }
  return (
    ts.isBreakOrContinueStatement(statement) ||
    ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement)
  );
}

/** Leaves out the `break` that ends a clause. */
function withoutBreak(statements: readonly ts.Statement[]): readonly ts.Statement[] {
  const last = statements.at(-1);
  if (last === undefined) return statements;
  if (ts.isBreakStatement(last) && last.label === undefined) return statements.slice(0, -1);
  if (ts.isBlock(last)) return [...statements.slice(0, -1), ...withoutBreak(last.statements)];
  return statements;
}

function lowerChain(
  cx: Context,
  clauses: readonly Clause[],
  matches: (tests: Clause['tests']) => Value,
): Completion {
  const fallback = clauses.find((clause) => clause.tests.includes(null));
  const tested = clauses.filter((clause) => clause !== fallback);
  const lowerFrom = (i: number): Completion => {
    const clause = tested[i];
    if (clause === undefined)
      return fallback === undefined ? 'next' : lowerStatements(cx, fallback.statements);
    return lowerBranch(
      cx,
      matches(clause.tests),
      () => lowerStatements(cx, clause.statements),
      () => lowerFrom(i + 1),
      null,
    );
  };
  return lowerFrom(0);
}

/** Each clause runs if its case matches or the clause before has run through. */
function lowerFallThrough(
  cx: Context,
  clauses: readonly Clause[],
  matches: (tests: Clause['tests']) => Value,
): Completion {
  const entered = clauses.map((clause) =>
    clause.tests.includes(null) ? null : matches(clause.tests),
  );
  const anyOther = either(
    cx,
    entered.filter((value) => value !== null),
  );
  const fallbackTests = clauses.find((clause) => clause.tests.includes(null))?.tests ?? [];
  const fallback = (): Value =>
    either(cx, [cx.builder.apply('!', [anyOther]), matches(fallbackTests)]);
  const lowerFrom = (i: number, running: Value): Completion => {
    const clause = clauses[i];
    if (clause === undefined) return 'next';
    const run = either(cx, [running, entered[i] ?? fallback()]);
    return lowerBranch(
      cx,
      run,
      () => lowerStatements(cx, clause.statements),
      () => 'next',
      () => lowerFrom(i + 1, clause.fallsThrough ? run : cx.false),
    );
  };
  return lowerFrom(0, cx.false);
}
