import { ts } from 'ts-morph';
import { tangentTypeText } from '../emit/shapes.js';
import { isAssignment } from '../frontend/lower/assignments.js';
import { isReference } from '../ir/ir.js';
import { assignmentLines } from './assignments.js';
import { tangentPattern } from './bindings.js';
import { writeForEach } from './callbacks.js';
import { changedWithin } from './effects.js';
import { helperCallText } from './helper-calls.js';
import { hasActiveEffect, printInline, printSequence } from './inline.js';
import { printLoop } from './loops.js';
import { isPairCall } from './pair-calls.js';
import { writePair } from './pairs.js';
import { numberTangent, partTangent, referenceTangent, zerosOf } from './references.js';
import { renderAll } from './render.js';
import { bare, methodOf } from './source.js';
import { differentiateNumber } from './tangent-number.js';
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
      'A function inside of a function',
      'Move it to the top level of the file.',
    );
  }
  return w.source.unsupported(statement, 'This statement');
}

// Declarations

export function printDeclarations(w: Writer, list: ts.VariableDeclarationList): string[] {
  const keyword = list.flags & ts.NodeFlags.Const ? 'const' : 'let';
  if (!list.declarations.some((declaration) => isTouched(w, declaration)))
    return [`${w.print(list)};`];
  return list.declarations.flatMap((declaration) => printDeclaration(w, declaration, keyword));
}

function isTouched(w: Writer, { name, initializer }: ts.VariableDeclaration): boolean {
  if (tangentPattern(w, w.draft('value', false), name) !== null) return true;
  return initializer !== undefined && (hasActiveEffect(w, initializer) || hasFunction(initializer));
}

function hasFunction(node: ts.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function printDeclaration(
  w: Writer,
  declaration: ts.VariableDeclaration,
  keyword: 'const' | 'let',
): string[] {
  const { name, initializer, type } = declaration;
  const draft = w.draft('value');
  const tangent = tangentPattern(w, draft, name);
  const annotation = type === undefined ? '' : `: ${w.print(type)}`;
  if (initializer === undefined) {
    const mark = declaration.exclamationToken === undefined ? '' : '!';
    const own = `${keyword} ${w.print(declaration)};`;
    if (tangent === null) return [own];
    return [own, `${keyword} ${tangent}${mark}: ${tangentTypeText(w.source.typeOf(name))};`];
  }
  if (hasFunction(initializer)) {
    return w.source.unsupported(
      declaration,
      'A function inside of a function',
      'Move it to the top level of the file.',
    );
  }
  if (tangent === null)
    return [`${keyword} ${w.print(name)}${annotation} = ${printInline(w, initializer)};`];
  const chained = bare(initializer);
  const moving = changedWithin(w, [initializer]);
  const own = w.print(name);
  if (ts.isIdentifier(name) || isPairSource(w, chained)) {
    const isTyped = type !== undefined && isReference(w.source.typeOf(name));
    const tangentType = isTyped ? `: ${tangentTypeText(w.source.typeOf(name))}` : null;
    const lines = writePair(
      w,
      initializer,
      { kind: 'declare', keyword, name: own, tangent, type: annotation, tangentType },
      moving,
    );
    return [...draft.before, ...lines];
  }
  return [
    ...draft.before,
    ...destructured(
      w,
      name,
      initializer,
      `${keyword} ${own}${annotation}`,
      `${keyword} ${tangent}`,
    ),
  ];
}

function isPairSource(w: Writer, node: ts.Expression): boolean {
  return ts.isCallExpression(node) && isPairCall(w, node) && w.source.calleeOf(node) !== null;
}

/** `const [c, s] = [Math.cos(a), Math.sin(a)]`, `const { x, y } = p`. */
function destructured(
  w: Writer,
  name: ts.BindingPattern,
  initializer: ts.Expression,
  head: string,
  tangentHead: string,
): string[] {
  const draft = w.draft('value');
  const literal = bare(initializer);
  if (
    ts.isArrayBindingPattern(name) &&
    ts.isArrayLiteralExpression(literal) &&
    name.elements.every(
      (element) =>
        !ts.isOmittedExpression(element) &&
        ts.isIdentifier(element.name) &&
        element.dotDotDotToken === undefined,
    ) &&
    !literal.elements.some(ts.isSpreadElement)
  ) {
    const pairs = name.elements.flatMap((element, i): [string, string][] => {
      const part = literal.elements[i];
      if (ts.isOmittedExpression(element) || part === undefined) return [];
      const own = tangentPattern(w, draft, element.name);
      if (own === null) return [];
      return [[own, elementTangent(w, draft, part, element.name.getText())]];
    });
    const keyword = tangentHead.split(' ')[0] ?? 'const';
    const [first] = pairs;
    const line =
      pairs.length === 1 && first !== undefined
        ? `${keyword} ${first[0]} = ${first[1]};`
        : `${keyword} [${pairs.map(([own]) => own).join(', ')}] = [${pairs.map(([, text]) => text).join(', ')}];`;
    return [...draft.before, `${head} = ${w.print(initializer)};`, line];
  }
  const tangent = referenceTangent(w, draft, initializer);
  const text = tangent ?? zerosOf(w, initializer, null);
  return [...draft.before, `${head} = ${w.print(initializer)};`, `${tangentHead} = ${text};`];
}

/** The tangent of an element that has just been given a name. */
function elementTangent(
  w: Writer,
  draft: ReturnType<Writer['draft']>,
  part: ts.Expression,
  name: string,
): string {
  if (isReference(w.source.typeOf(part))) return partTangent(w, draft, part);
  draft.target = name;
  const { value, tangent } = differentiateNumber(w, draft, part);
  if (!w.leaves.has(value) && w.definitions.get(value)?.kind === 'apply')
    draft.named.set(value, name);
  return renderAll(w, draft, tangent === null ? [] : [tangent])[0]?.text ?? '0';
}

// Expressions as statements

export function expressionLines(w: Writer, given: ts.Expression): string[] {
  const node = bare(given);
  if (!hasActiveEffect(w, node)) return [`${w.print(given)};`];
  if (isAssignment(node)) return assignmentLines(w, node);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return [...expressionLines(w, node.left), ...expressionLines(w, node.right)];
  if (ts.isCallExpression(node)) return callLines(w, node);
  return w.source.unsupported(
    node,
    'An assignment in an operand that may not be evaluated',
    'Write it as a statement of its own, under an `if`.',
  );
}

function callLines(w: Writer, node: ts.CallExpression): string[] {
  const draft = w.draft('value');
  if (w.source.calleeOf(node) !== null) {
    if (!isPairCall(w, node)) return [`${printSequence(w, node)};`];
    const text = helperCallText(w, draft, node);
    return [...draft.before, `${text};`];
  }
  const method = methodOf(node);
  if (method === null) return [`${printSequence(w, node)};`];
  const { object, name } = method;
  if (name === 'forEach') {
    const lines = writeForEach(w, draft, node);
    return [...draft.before, ...lines];
  }
  if (!w.analysis.isActiveExpression(object)) return [`${printSequence(w, node)};`];
  const tangent = referenceTangent(w, draft, object) ?? zerosOf(w, object, null);
  switch (name) {
    case 'push':
    case 'unshift': {
      const parts = node.arguments.map((arg) => partTangent(w, draft, arg));
      return [...draft.before, `${tangent}.${name}(${parts.join(', ')});`, `${w.print(node)};`];
    }
    case 'pop':
    case 'shift':
      return [`${tangent}.${name}();`, `${w.print(node)};`];
    case 'fill': {
      const [value, ...bounds] = node.arguments;
      if (value === undefined) break;
      const parts = [numberTangent(w, draft, value), ...bounds.map((bound) => w.print(bound))];
      return [...draft.before, `${tangent}.fill(${parts.join(', ')});`, `${w.print(node)};`];
    }
    case 'set': {
      const [source, ...offset] = node.arguments;
      if (source === undefined) break;
      const given = referenceTangent(w, draft, source) ?? zerosOf(w, source, null);
      const parts = [given, ...offset.map((part) => w.print(part))];
      return [...draft.before, `${tangent}.set(${parts.join(', ')});`, `${w.print(node)};`];
    }
    default:
  }
  return w.source.unsupported(node, `The method ${name}`, 'Write the loop out.');
}

// Branches

function printIf(w: Writer, statement: ts.IfStatement): string[] {
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
