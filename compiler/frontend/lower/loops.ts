import { ts } from 'ts-morph';
import { numberType, type Region, type Type, type Value } from '../../ir/ir.js';
import type { Context, EnvKey, Target } from './context.js';
import { assignedSymbols, bindPattern } from './assignments.js';
import { either, lowerArm, lowerBranch, outerFlags, type Completion } from './exits.js';
import { isEffect } from './effects.js';
import { lowerCondition, lowerExpression, lowerForEffect } from './expressions.js';
import { hoisting, lowerDeclarations, lowerStatement, noteSavePoints } from './statements.js';

interface LoopParts {
  readonly statement: ts.IterationStatement;
  readonly label: string | null;
  /** Computes the test in the region of the test; null where it is always true. */
  readonly test: (() => Value) | null;
  /** Runs at the start of each iteration; true where the loop is to be left. */
  readonly enter: (() => Value) | null;
  readonly update: (() => void) | null;
  /** Whether the update touches nothing but variables of the loop's own header. */
  readonly updateIsLocal: boolean;
  /** Tests behind the body. */
  readonly last: (() => Value) | null;
  readonly carried: readonly EnvKey[];
}

export function lowerLoop(
  cx: Context,
  statement: ts.ForStatement | ts.WhileStatement | ts.DoStatement,
  label: string | null,
): Completion {
  const assigned = assignedSymbols(cx, statement);
  const header = new Set<ts.Symbol>();
  if (ts.isForStatement(statement) && statement.initializer !== undefined) {
    const { initializer } = statement;
    if (ts.isVariableDeclarationList(initializer)) {
      lowerDeclarations(cx, initializer);
      for (const declaration of initializer.declarations) {
        const symbol = cx.symbolOf(declaration.name);
        if (symbol !== undefined) header.add(symbol);
      }
    } else {
      lowerForEffect(cx, initializer);
    }
  }
  const condition = ts.isForStatement(statement) ? statement.condition : statement.expression;
  const isTrue = condition === undefined || condition.kind === ts.SyntaxKind.TrueKeyword;
  const lowerTest = isTrue ? null : () => lowerCondition(cx, condition);
  const lowerLeave = isTrue ? null : () => cx.builder.apply('!', [lowerCondition(cx, condition)]);
  const testHasEffects = condition !== undefined && isEffect(cx, condition);
  const update = ts.isForStatement(statement) ? statement.incrementor : undefined;
  const updated = update === undefined ? [] : [...assignedSymbols(cx, update)];
  const completion = lowerIteration(cx, {
    statement,
    label,
    test: ts.isDoStatement(statement) || testHasEffects ? null : lowerTest,
    enter: testHasEffects && !ts.isDoStatement(statement) ? lowerLeave : null,
    last: ts.isDoStatement(statement) ? lowerLeave : null,
    update:
      update === undefined
        ? null
        : () => {
            lowerForEffect(cx, update);
          },
    updateIsLocal: updated.every((symbol) => header.has(symbol)),
    carried: [...assigned],
  });
  for (const symbol of header) cx.env.delete(symbol);
  return completion;
}

export function lowerForOf(
  cx: Context,
  statement: ts.ForOfStatement,
  label: string | null,
): Completion {
  if (statement.awaitModifier !== undefined) return cx.unsupported(statement, 'for await');
  const { initializer } = statement;
  const name = ts.isVariableDeclarationList(initializer)
    ? initializer.declarations[0]?.name
    : undefined;
  if (name === undefined) return cx.unsupported(initializer, 'for … of with an outer variable');
  const entries = entriesOf(statement.expression);
  let array = cx.poison;
  hoisting(cx, statement, () => {
    array = lowerExpression(cx, entries ?? statement.expression);
  });
  if (array.type.kind !== 'array' && array.type.kind !== 'tuple') {
    return cx.unsupported(statement.expression, 'for … of over something that is not an array');
  }
  const pair = entries === null ? null : entryPattern(cx, name);
  const index: EnvKey = pair?.indexSymbol ?? { flag: 'i' };
  cx.env.set(index, cx.builder.literal(0, cx.variableOf(index)));
  const at = (): Value => cx.env.get(index) ?? cx.poison;
  const elementName = pair === null ? name : pair.element;
  const completion = lowerIteration(cx, {
    statement,
    label,
    test: () => cx.builder.apply('<', [at(), cx.builder.load(numberType, array, 'length')]),
    enter: () => {
      if (elementName !== null) {
        const element = cx.builder.load(cx.typeOf(elementName), array, at());
        bindPattern(cx, elementName, element);
      }
      return cx.false;
    },
    update: () => {
      cx.env.set(index, cx.builder.apply('+', [at(), cx.builder.literal(1)], cx.variableOf(index)));
    },
    updateIsLocal: true,
    last: null,
    carried: [...assignedSymbols(cx, statement), index],
  });
  cx.env.delete(index);
  return completion;
}

/** The array of `array.entries()`. */
function entriesOf(expression: ts.Expression): ts.Expression | null {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression))
    return null;
  return expression.expression.name.text === 'entries' ? expression.expression.expression : null;
}

function entryPattern(
  cx: Context,
  name: ts.BindingName,
): { readonly indexSymbol: ts.Symbol | null; readonly element: ts.BindingName | null } {
  if (!ts.isArrayBindingPattern(name))
    return cx.unsupported(name, 'entries() without a pattern [i, x]');
  const [first, second] = name.elements;
  const indexSymbol =
    first !== undefined && ts.isBindingElement(first) ? cx.symbolOf(first.name) : undefined;
  return {
    indexSymbol: indexSymbol ?? null,
    element: second !== undefined && ts.isBindingElement(second) ? second.name : null,
  };
}

/** Whether a loop's body can return, or break or continue something outside of the loop. */
function leavesFurther(statement: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (
      ts.isReturnStatement(node) ||
      (ts.isBreakOrContinueStatement(node) && node.label !== undefined)
    )
      found = true;
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** Whether the body of a loop declares a name that its header uses. */
function hidesHeader(statement: ts.IterationStatement): boolean {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node, names: Set<string>, isHeader: boolean): void => {
    if (ts.isIdentifier(node) && (isHeader || isDeclared(node))) names.add(node.text);
    ts.forEachChild(node, (child) => {
      if (child !== statement.statement) visit(child, names, isHeader);
    });
  };
  visit(statement, used, true);
  visit(statement.statement, declared, false);
  return [...declared].some((name) => used.has(name));
}

function isDeclared({ parent, text }: ts.Identifier): boolean {
  const { name } = parent as Partial<ts.NamedDeclaration>;
  return ts.isBindingElement(parent) || ts.isVariableDeclaration(parent) || ts.isParameter(parent)
    ? name !== undefined && ts.isIdentifier(name) && name.text === text
    : ts.isFunctionDeclaration(parent);
}

function lowerIteration(cx: Context, parts: LoopParts): Completion {
  const { builder, frame } = cx;
  const target: Target = {
    label: parts.label,
    breakFlag: { flag: 'left' },
    continueFlag: { flag: 'continued' },
    statement: parts.statement,
  };
  const further = leavesFurther(parts.statement.statement)
    ? outerFlags(cx, frame.targets.length)
    : [];
  const exitKeys: EnvKey[] = further.length === 0 ? [] : [...further, frame.value];
  const keys = [...new Set([...parts.carried, ...exitKeys])].filter((key) => cx.env.has(key));
  const inits = keys.map((key) => cx.env.get(key) ?? cx.poison);
  const params = keys.map((key, i): Value => {
    const init = inits[i] ?? cx.poison;
    // What is undefined or null at first has no type of its own.
    return { type: carriedType(cx, key, init), variable: cx.inlined ? null : cx.variableOf(key) };
  });
  const outer = cx.env;
  cx.env = new Map(outer);
  const before = new Map<EnvKey, Value>();
  keys.forEach((key, i) => {
    // An exit ends the loop: inside, none has been taken yet, and nothing has been returned.
    const exits = exitKeys.includes(key);
    const value = exits ? (key === frame.value ? cx.poison : cx.false) : (params[i] ?? cx.poison);
    cx.env.set(key, value);
    if (exits) before.set(key, value);
  });
  noteSavePoints(cx, before, {
    kind: 'loop-start',
    statement: parts.statement,
    isBehindTest: false,
  });
  const isHeaded = ts.isForStatement(parts.statement) || ts.isForOfStatement(parts.statement);
  if (isHeaded && cx.frames.length === 1 && !hidesHeader(parts.statement)) {
    const changed = assignedSymbols(cx, parts.statement.statement);
    const isAtTop = parts.statement.parent.parent === frame.declaration;
    keys.forEach((key, i) => {
      if (params[i] === undefined || changed.has(key as ts.Symbol)) return;
      cx.steadyCounters.add(params[i]);
      if (isAtTop) cx.topCounters.add(params[i]);
    });
  }
  const test = builder.region(() => [parts.test === null ? builder.literal(true) : parts.test()]);

  let leave: Value = cx.false;
  let yields: Value[] = [];
  const bodyOps = lowerArm(cx, () => {
    cx.env.set(target.breakFlag, cx.false);
    if (target.continueFlag !== null) cx.env.set(target.continueFlag, cx.false);
    frame.targets.push(target);
    const lowerBody = (): Completion => {
      const startEnv = new Map(cx.env);
      const left = parts.enter === null ? cx.false : parts.enter();
      noteSavePoints(cx, startEnv, {
        kind: 'loop-start',
        statement: parts.statement,
        isBehindTest: true,
      });
      if (left === cx.false) return lowerStatement(cx, parts.statement.statement);
      return lowerBranch(
        cx,
        left,
        () => {
          cx.env.set(target.breakFlag, cx.true);
          return 'exit';
        },
        () => lowerStatement(cx, parts.statement.statement),
        null,
      );
    };
    lowerBody();
    frame.targets.pop();
    const taken = (): Value[] =>
      [target.breakFlag, ...further].map((key) => cx.env.get(key) ?? cx.false);
    leave = either(cx, taken());
    const behind = (): Completion => {
      if (parts.update !== null) parts.update();
      if (parts.last !== null) cx.env.set(target.breakFlag, parts.last());
      return 'next';
    };
    if (parts.update !== null || parts.last !== null) {
      if (leave === cx.false || (parts.updateIsLocal && parts.last === null)) behind();
      else if (leave !== cx.true) lowerBranch(cx, leave, () => 'exit', behind, null);
      leave = either(cx, taken());
    }
    yields = keys.map((key) => cx.env.get(key) ?? cx.poison);
    return 'next';
  });
  const body: Region = { ops: bodyOps.ops, yields };
  const broken = bodyOps.env.get(target.breakFlag) ?? cx.false;
  cx.env = outer;
  const results = params.map((param): Value => ({ type: param.type, variable: param.variable }));
  yields.forEach((value, i) => {
    const result = results[i];
    if (result !== undefined && params[i]?.type.kind === 'opaque' && value !== cx.poison) {
      (result as { type: Value['type'] }).type = value.type;
    }
  });
  builder.append({
    kind: 'loop',
    inits,
    params,
    test,
    body,
    leave: leave === cx.false ? null : leave,
    results,
    origin: cx.originOf(parts.statement),
  });
  keys.forEach((key, i) => {
    const result = results[i];
    if (result === undefined) return;
    // A loop that returns nothing leaves no value behind.
    if (key === frame.value && yields[i] === cx.poison) {
      cx.env.set(key, cx.poison);
      return;
    }
    cx.env.set(key, result);
    if (cx.inlined) return;
    if ('flag' in key && exitKeys.includes(key)) {
      cx.savePoints.set(result, {
        kind: 'after',
        statement: parts.statement,
        flag: key,
        expansion: cx.expansion,
      });
    }
    if (key === frame.value && cx.frames.length === 1) {
      const visible = cx.visible();
      visible.set(result, 'value');
      cx.returnSites.set(result, { node: parts.statement, visible });
    }
  });
  if (further.length === 0) return 'next';
  const open = further.filter((key) => {
    const at = keys.indexOf(key);
    return at >= 0 && yields[at] !== cx.false;
  });
  const endsOtherwise =
    parts.test !== null || parts.enter !== null || parts.last !== null || broken !== cx.false;
  for (const key of further) if (!open.includes(key)) cx.env.set(key, cx.false);
  if (open.length === 0) return 'next';
  if (!endsOtherwise && open.length === 1 && open[0] !== undefined) {
    cx.env.set(open[0], cx.true);
    return 'exit';
  }
  return either(
    cx,
    open.map((key) => cx.env.get(key) ?? cx.false),
  );
}

/** The type of what a loop carries on: that of the variable where it begins as undefined or null, or may become so. */
function carriedType(cx: Context, key: EnvKey, { type }: Value): Type {
  if ('flag' in key || 'local' in key || key.valueDeclaration === undefined) return type;
  if (type.kind !== 'opaque' && type.kind !== 'number') return type;
  const declared = cx.lowered(cx.checker.getTypeAtLocation(key.valueDeclaration)) ?? type;
  return type.kind === 'opaque' || declared.kind === 'number' ? declared : type;
}
