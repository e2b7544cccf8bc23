import {
  Node,
  SyntaxKind,
  ts,
  VariableDeclarationKind,
  type FunctionDeclaration,
  type SourceFile,
  type Statement,
  type VariableStatement,
} from 'ts-morph';
import type { Code, Holes } from '../diagnostics/codes.js';
import { diagnostic, Refusal, type Span } from '../diagnostics/diagnostic.js';
import type { AnnotatedFunction } from './annotated.js';
import { exportedName } from './exported-name.js';
import type { Mention, Tag } from './mentions.js';

type FunctionNode = AnnotatedFunction['node'];

/** A function on which an annotation may stand. */
export interface Host {
  readonly name: string;
  readonly node: FunctionNode;
}

/** Finds the exported function to which an annotation belongs; throws a `Refusal` where it is none. */
export function hostOf(source: SourceFile, mention: Mention, tag: Tag): Host & { doc: ts.JSDoc } {
  const place = placeOf(source, mention, tag);
  switch (mention.kind) {
    case 'jsdoc':
      return { ...documented(source, mention.doc, place, tag), doc: mention.doc };
    case 'comment':
      return refuse('CR113', place, { tag });
    case 'decorator':
      return refuse('CR112', place, { tag });
  }
}

/** Where an annotation stands. */
export function placeOf(source: SourceFile, { start }: Mention, tag: Tag): Span {
  return { file: source.getFilePath(), start, end: start + tag.length };
}

function documented(source: SourceFile, doc: ts.JSDoc, place: Span, tag: Tag): Host {
  const statement = source.getStatements().find((each) => each.compilerNode === doc.parent);
  if (!statement) return refuseInner(doc.parent, place, tag);
  const { name, node, isExported } = declared(statement, place, tag);
  checkShape(name, node, place);
  const exported = isExported ? name : exportedName(source, name);
  return { name: exported ?? refuse('CR108', place, { name }), node };
}

interface Declared {
  readonly name: string;
  readonly node: FunctionNode;
  readonly isExported: boolean;
}

function declared(statement: Statement, place: Span, tag: Tag): Declared {
  if (Node.isFunctionDeclaration(statement)) {
    const name = statement.getName() ?? refuse('CR114', place, {});
    return { name, node: statement, isExported: statement.hasExportKeyword() };
  }
  if (Node.isVariableStatement(statement)) return declaredVariable(statement, place, tag);
  if (Node.isExportAssignment(statement) && functionIn(statement.getExpression())) {
    return refuse('CR114', place, {});
  }
  return refuse('CR106', place, { tag, what: describe(statement.compilerNode) });
}

function declaredVariable(statement: VariableStatement, place: Span, tag: Tag): Declared {
  const [declaration, ...others] = statement.getDeclarations();
  if (others.length > 0) return refuse('CR117', place, {});
  const node = functionIn(declaration.getInitializer());
  if (!node) return refuse('CR106', place, { tag, what: 'a variable that is not a function' });
  const name = declaration.getName();
  const keyword = statement.getDeclarationKind();
  if (keyword !== VariableDeclarationKind.Const) return refuse('CR116', place, { name, keyword });
  return { name, node, isExported: statement.hasExportKeyword() };
}

/** The function that an expression is, apart from parentheses around it. */
function functionIn(expression: Node | undefined): FunctionNode | null {
  if (Node.isParenthesizedExpression(expression)) return functionIn(expression.getExpression());
  if (Node.isArrowFunction(expression) || Node.isFunctionExpression(expression)) return expression;
  return null;
}

function checkShape(name: string, node: FunctionNode, place: Span): void {
  if (Node.isFunctionDeclaration(node)) {
    if (hasOverloads(node)) refuse('CR109', place, { name });
    if (!node.hasBody()) refuse('CR118', place, { name });
  }
  if (node.isAsync()) refuse('CR110', place, { name });
  if (!Node.isArrowFunction(node) && node.isGenerator()) refuse('CR111', place, { name });
}

function hasOverloads(node: FunctionDeclaration): boolean {
  return node.hasBody() ? node.getOverloads().length > 0 : node.getImplementation() !== undefined;
}

/** What stands under an annotation that is not on a statement of the module. */
function refuseInner(host: ts.Node, place: Span, tag: Tag): never {
  const isFunctionLike =
    ts.isMethodDeclaration(host) ||
    ts.isMethodSignature(host) ||
    ts.isConstructorDeclaration(host) ||
    ts.isAccessor(host) ||
    ts.isPropertyDeclaration(host) ||
    ts.isPropertyAssignment(host);
  if (isFunctionLike) {
    const name = ts.isConstructorDeclaration(host) ? 'constructor' : host.name.getText();
    return refuse('CR107', place, { name });
  }
  if (ts.isFunctionDeclaration(host) && host.name) {
    return refuse('CR108', place, { name: host.name.text });
  }
  if (ts.isVariableStatement(host)) {
    return refuse('CR108', place, { name: host.declarationList.declarations[0].name.getText() });
  }
  return refuse('CR106', place, { tag, what: describe(host) });
}

function describe(node: ts.Node): string {
  switch (node.kind) {
    case SyntaxKind.ClassDeclaration:
      return 'a class';
    case SyntaxKind.InterfaceDeclaration:
      return 'an interface';
    case SyntaxKind.TypeAliasDeclaration:
      return 'a type';
    case SyntaxKind.Parameter:
      return 'a parameter';
    case SyntaxKind.ImportDeclaration:
      return 'an import';
    case SyntaxKind.ExportDeclaration:
    case SyntaxKind.ExportAssignment:
      return 'an export of something declared elsewhere';
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.FunctionExpression:
      return 'a function inside of an expression';
    case SyntaxKind.EndOfFileToken:
      return 'nothing: no declaration follows';
    default:
      return 'something that is not a function';
  }
}

function refuse<C extends Code>(code: C, place: Span, holes: Holes<C>): never {
  throw new Refusal(diagnostic(code, place, holes));
}
