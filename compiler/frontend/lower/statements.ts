import { ts } from 'ts-morph';
import { plainText } from '../plain-text.js';
import type { Value } from '../../ir/ir.js';
import { isFunction } from './callees.js';
import type { Context, Flag, SavePoint, Target } from './context.js';
import { hasInnerEffects } from './effects.js';
import { findTarget, lowerBranch, lowerBreakable, takeExit, type Completion } from './exits.js';
import { lowerCondition, lowerExpression, lowerForEffect } from './expressions.js';
import { bindPattern } from './assignments.js';
import { lowerForOf, lowerLoop } from './loops.js';
import { lowerSwitch } from './switches.js';

/** Lowers a list of statements; what follows a statement that may leave runs only where it did not. */
export function lowerStatements(cx: Context, statements: readonly ts.Statement[]): Completion {
  for (const [i, statement] of statements.entries()) {
    if (ts.isIfStatement(statement)) {
      const rest = statements.slice(i + 1);
      return lowerIf(cx, statement, rest.length === 0 ? null : () => lowerStatements(cx, rest));
    }
    const completion = lowerStatement(cx, statement);
    if (completion === 'next') continue;
    if (completion === 'exit' || completion === 'throw') return completion;
    const rest = statements.slice(i + 1);
    if (rest.length === 0) return completion;
    return lowerBranch(
      cx,
      completion,
      () => 'exit',
      () => lowerStatements(cx, rest),
      null,
    );
  }
  return 'next';
}

/** Lowers one statement and notes where the values that it gives to variables can be saved. */
export function lowerStatement(cx: Context, statement: ts.Statement): Completion {
  const outerOrigin = cx.builder.origin;
  const before = new Map(cx.env);
  cx.builder.origin = cx.originOf(statement, headerText(statement));
  try {
    const completion = dispatch(cx, statement);
    if (completion !== 'exit' && completion !== 'throw') {
      noteSavePoints(cx, before, { kind: 'after', statement });
    }
    return completion;
  } finally {
    cx.builder.origin = outerOrigin;
  }
}

export function noteSavePoints(
  cx: Context,
  before: ReadonlyMap<unknown, Value>,
  point: SavePoint,
): void {
  if (cx.inlined) return;
  for (const [key, value] of cx.env) {
    if ('flag' in key || before.get(key) === value) continue;
    const known = cx.savePoints.get(value);
    // What has received a name needs no other one.
    if (known !== undefined && (known.kind !== 'hoist' || value.variable === null)) continue;
    cx.savePoints.set(value, { ...point, expansion: cx.expansion });
  }
}

/** The text that stands for a statement in comments: a compound one by its header. */
function headerText(statement: ts.Statement): string {
  if (ts.isIfStatement(statement)) return `if (${plainText(statement.expression)})`;
  if (ts.isIterationStatement(statement, false)) {
    return plainText(statement, (part) => (part === statement.statement ? '' : null)).trim();
  }
  if (ts.isSwitchStatement(statement)) return `switch (${plainText(statement.expression)})`;
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations
      .map((declaration) => plainText(declaration))
      .join(', ');
  }
  return plainText(statement);
}

function dispatch(cx: Context, statement: ts.Statement): Completion {
  if (ts.isBlock(statement)) return lowerBlock(cx, statement);
  if (ts.isVariableStatement(statement)) {
    hoisting(cx, statement, () => {
      lowerDeclarations(cx, statement.declarationList);
    });
    return 'next';
  }
  if (ts.isExpressionStatement(statement)) {
    hoisting(cx, statement, () => {
      lowerForEffect(cx, statement.expression);
    });
    return 'next';
  }
  if (ts.isIfStatement(statement)) return lowerIf(cx, statement, null);
  if (ts.isReturnStatement(statement)) return lowerReturn(cx, statement);
  if (
    ts.isForStatement(statement) ||
    ts.isWhileStatement(statement) ||
    ts.isDoStatement(statement)
  ) {
    return lowerLoop(cx, statement, null);
  }
  if (ts.isForOfStatement(statement)) return lowerForOf(cx, statement, null);
  if (ts.isSwitchStatement(statement)) return lowerSwitch(cx, statement, null);
  if (ts.isBreakOrContinueStatement(statement)) {
    const { flag } = findTarget(cx, statement);
    noteJump(cx, statement, flag);
    return takeExit(cx, flag);
  }
  if (ts.isThrowStatement(statement)) return 'throw';
  if (ts.isLabeledStatement(statement)) return lowerLabeled(cx, statement);
  if (ts.isEmptyStatement(statement) || isTypeOnly(statement)) return 'next';
  if (ts.isTryStatement(statement)) {
    return cx.unsupported(
      statement,
      'try',
      'Check the condition beforehand, or let the error pass.',
    );
  }
  // It becomes part of this function where it is called.
  if (ts.isFunctionDeclaration(statement)) return 'next';
  if (ts.isForInStatement(statement)) {
    return cx.unsupported(
      statement,
      'for … in',
      'Name the fields, or keep the numbers in an array.',
    );
  }
  return cx.unsupported(statement, 'This statement');
}

/** The variables of a block end with it. */
function lowerBlock(cx: Context, block: ts.Block): Completion {
  const outer = new Set(cx.env.keys());
  const completion = lowerStatements(cx, block.statements);
  for (const key of [...cx.env.keys()]) if (!outer.has(key)) cx.env.delete(key);
  return completion;
}

function isTypeOnly(statement: ts.Statement): boolean {
  return ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
}

/** Lets expressions of the statement be saved under a name of their own. */
export function hoisting(cx: Context, statement: ts.Node, lower: () => void): void {
  const outer = cx.hoistable;
  const outerPlace = cx.inPlace;
  cx.hoistable = cx.inlined || hasInnerEffects(cx, statement) ? null : statement;
  cx.inPlace = cx.inlined ? null : statement;
  try {
    lower();
  } finally {
    cx.hoistable = outer;
    cx.inPlace = outerPlace;
  }
}

export function lowerDeclarations(cx: Context, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) {
    if (declaration.initializer !== undefined && isFunction(declaration.initializer)) {
      if (list.flags & ts.NodeFlags.Const) continue;
      cx.unsupported(declaration, 'A variable that holds functions', 'Declare it with `const`.');
    }
    if (declaration.initializer === undefined) {
      const symbol = cx.symbolOf(declaration.name);
      if (symbol !== undefined) cx.env.set(symbol, cx.poison);
      continue;
    }
    bindPattern(cx, declaration.name, lowerExpression(cx, declaration.initializer));
  }
}

function lowerIf(
  cx: Context,
  statement: ts.IfStatement,
  rest: (() => Completion) | null,
): Completion {
  const outerOrigin = cx.builder.origin;
  const before = new Map(cx.env);
  cx.builder.origin = cx.originOf(statement, headerText(statement));
  try {
    let cond: Value | undefined;
    hoisting(cx, statement, () => {
      cond = lowerCondition(cx, statement.expression);
    });
    const { thenStatement, elseStatement } = statement;
    const completion = lowerBranch(
      cx,
      cond ?? cx.true,
      () => lowerStatement(cx, thenStatement),
      () => (elseStatement === undefined ? 'next' : lowerStatement(cx, elseStatement)),
      rest === null
        ? null
        : () => {
            noteSavePoints(cx, before, { kind: 'after', statement });
            return rest();
          },
    );
    if (rest === null && completion === 'next') {
      noteSavePoints(cx, before, { kind: 'after', statement });
    }
    return completion;
  } finally {
    cx.builder.origin = outerOrigin;
  }
}

function lowerReturn(cx: Context, statement: ts.ReturnStatement): Completion {
  const { frame } = cx;
  if (statement.expression !== undefined) {
    const { expression } = statement;
    let value = cx.poison;
    hoisting(cx, statement, () => {
      value = lowerExpression(cx, expression);
    });
    cx.bind(frame.value, value);
    noteReturn(cx, statement);
  }
  if (cx.frames.length === 1) cx.returnCount++;
  noteJump(cx, statement, frame.returned);
  return takeExit(cx, frame.returned);
}

function noteJump(cx: Context, jump: ts.Node, flag: Flag): void {
  if (cx.inlined) return;
  const flags = cx.jumpFlags.get(cx.expansion) ?? new Map<ts.Node, Flag>();
  flags.set(jump, flag);
  cx.jumpFlags.set(cx.expansion, flags);
}

/** Notes what the code behind a `return` can read by name, for a backward sweep of its own. */
function noteReturn(cx: Context, statement: ts.ReturnStatement): void {
  const value = cx.env.get(cx.frame.value);
  if (value === undefined || cx.frames.length > 1) return;
  const visible = cx.visible();
  visible.set(value, 'value');
  cx.returnSites.set(value, { node: statement, visible });
}

function lowerLabeled(cx: Context, labeled: ts.LabeledStatement): Completion {
  const { statement } = labeled;
  const label = labeled.label.text;
  if (
    ts.isForStatement(statement) ||
    ts.isWhileStatement(statement) ||
    ts.isDoStatement(statement)
  ) {
    return lowerLoop(cx, statement, label);
  }
  if (ts.isForOfStatement(statement)) return lowerForOf(cx, statement, label);
  if (ts.isSwitchStatement(statement)) return lowerSwitch(cx, statement, label);
  const target: Target = {
    label,
    breakFlag: { flag: `left_${label}` },
    continueFlag: null,
    statement: labeled,
  };
  return lowerBreakable(cx, target, () => lowerStatement(cx, statement));
}
