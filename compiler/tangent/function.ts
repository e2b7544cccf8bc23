import { ts } from 'ts-morph';
import { apartLine } from '../emit/apart.js';
import { copyText, tangentTypeText } from '../emit/shapes.js';
import { isReference, type Type } from '../ir/ir.js';
import { typeName } from '../ir/print.js';
import { canBeActive } from '../ir/types.js';
import { conditionOf } from './choices.js';
import { changedWithin } from './effects.js';
import { helperCallText, returnsPair } from './helper-calls.js';
import { isPairCall } from './pair-calls.js';
import { choiceOf, hasPair, writePair } from './pairs.js';
import { numberTangent, referenceTangent, zerosOf } from './references.js';
import { sharedBy } from './shared-memory.js';
import { printSignature, typeOf, type Signature } from './signature.js';
import { bare } from './source.js';
import { printStatements } from './statements.js';
import { withoutUnread } from './unread.js';
import type { Writer } from './writer.js';

export interface FunctionRequest {
  /** The name of the generated function. */
  readonly name: string;
  /** The comment above it; null where it has none. */
  readonly comment: string | null;
  readonly isExported: boolean;
  /** The places of the parameters that have tangents in the signature. */
  readonly wrt: readonly number[];
  /** The types of the parameters and of the result as text. */
  readonly parameterTypes: readonly string[];
  readonly resultType: string;
}

/** Prints a function with tangents. */
export function printFunction(w: Writer, request: FunctionRequest): string {
  const { node } = w.analysis;
  const { name, comment, isExported, wrt, parameterTypes, resultType } = request;
  const signature = printSignature(w, wrt, parameterTypes);
  const type = w.analysis.resultType();
  const isPair = isExported || returnsPair(w, w.analysis);
  w.ending = {
    write: (_, value) => {
      if (value === undefined) return ['return;'];
      if (!isPair) return [`return ${w.print(value)};`];
      return returnLines(w, value, type, isExported);
    },
  };
  const { body } = node;
  const start = isExported
    ? [...apartLines(w, signature), ...ownTangents(w, signature.tangents)]
    : [];
  const lines =
    body === undefined
      ? []
      : ts.isBlock(body)
        ? printStatements(w, body.statements)
        : w.ending.write(body, body);
  const returned = isPair
    ? `{ value: ${resultType}; dvalue: ${tangentTypeText(type)} }`
    : resultType;
  return [
    ...(comment === null ? [] : [`/** ${comment} */`]),
    `${isExported ? 'export ' : ''}function ${name}${genericsText(w)}(${signature.parameters.join(', ')}): ${returned} {`,
    ...signature.lines,
    ...start,
    ...withoutUnread(lines, (name) => w.around.isRuntimeName(name)),
    '}',
  ].join('\n');
}

/** The type parameters of the author's function. */
export function genericsText(w: Writer): string {
  const { typeParameters } = w.analysis.node;
  return typeParameters === undefined
    ? ''
    : `<${typeParameters.map((parameter) => w.print(parameter)).join(', ')}>`;
}

/** Arguments that would share memory are refused. */
function apartLines(w: Writer, { names, tangents }: Signature): string[] {
  const { analysis } = w;
  const { parameters } = analysis.node;
  const arrays = parameters.flatMap((parameter, i) => {
    const type = typeOf(w, parameter);
    return type.kind === 'array' && canBeActive(type) ? [{ parameter, type, i }] : [];
  });
  return arrays.flatMap((a, at) =>
    arrays.slice(at + 1).flatMap((b) => {
      const isWritten = analysis.isWrittenParameter(a.i) || analysis.isWrittenParameter(b.i);
      const isActive = tangents.has(a.i) || tangents.has(b.i);
      if (!isWritten || !isActive || typeName(a.type) !== typeName(b.type)) return [];
      const isOptional = [a, b].some(({ parameter }) => parameter.questionToken !== undefined);
      return [apartLine(names[a.i] ?? '', names[b.i] ?? '', a.type, isOptional)];
    }),
  );
}

/** Tangents that the function would change are copied. */
export function ownTangents(w: Writer, tangents: ReadonlyMap<number, string>): string[] {
  const { analysis } = w;
  return [...tangents].flatMap(([i, tangent]) => {
    const parameter = analysis.node.parameters[i];
    if (parameter === undefined || !analysis.isWrittenParameter(i)) return [];
    if (!analysis.isActiveParameter(i)) return [];
    return [`${tangent} = ${copied(tangentShape(typeOf(w, parameter)), tangent)};`];
  });
}

/** The type without the parts that have no tangents. */
export function tangentShape(type: Type): Type {
  if (type.kind === 'array') return { ...type, element: tangentShape(type.element) };
  if (type.kind === 'tuple') return { ...type, elements: type.elements.map(tangentShape) };
  if (type.kind !== 'object') return type;
  const fields = type.fields.filter((field) => canBeActive(field.type));
  return { ...type, fields: fields.map((field) => ({ ...field, type: tangentShape(field.type) })) };
}

/** `return { value, dvalue }` */
function returnLines(w: Writer, given: ts.Expression, type: Type, isExported: boolean): string[] {
  const node = bare(given);
  const draft = w.draft('value');
  if (ts.isCallExpression(node) && isPairCall(w, node) && w.source.calleeOf(node) !== null) {
    const callee = w.analysis.calleeAt(node);
    if (callee !== null && returnsPair(w, callee) && (!isReference(type) || !isExported)) {
      const text = helperCallText(w, draft, node);
      return [...draft.before, `return ${text};`];
    }
  }
  if (isReference(type)) {
    const tangent = referenceTangent(w, draft, given) ?? zerosOf(w, given, null);
    if (!isExported || !mayBeInput(w, given))
      return [...draft.before, resultLine(w.print(given), tangent)];
    if (ts.isIdentifier(node)) {
      const own = copied(tangentShape(type), tangent);
      return [...draft.before, resultLine(copied(type, w.print(node)), own)];
    }
    const [name, tangentName] = [w.names.declare('result'), w.names.declare('dresult')];
    return [
      ...draft.before,
      `const ${name} = ${w.print(given)};`,
      `const ${tangentName} = ${tangent};`,
      resultLine(copied(type, name), copied(tangentShape(type), tangentName)),
    ];
  }
  const choice = choiceOf(w, node);
  if (choice !== null && [choice.then, choice.else].some((arm) => hasPair(w, arm))) {
    const arm = (part: ts.Expression): string[] =>
      w.names.scoped(() => returnLines(w, part, type, isExported));
    const { text } = conditionOf(w, choice.condition, choice.test);
    return [`if (${text}) {`, ...arm(choice.then), '}', ...arm(choice.else)];
  }
  if (isPlain(node)) {
    return [...draft.before, resultLine(w.print(given), numberTangent(w, draft, given))];
  }
  const value = w.names.declare('value');
  const tangent = w.names.declare('dvalue');
  const sink = { kind: 'declare', keyword: 'const', name: value, tangent, type: '' } as const;
  const lines = writePair(w, given, { ...sink, tangentType: null }, changedWithin(w, [given]));
  return [...lines, resultLine(value, tangent)];
}

/** Whether an expression is too short to be given a name. */
export function isPlain(node: ts.Expression): boolean {
  return (
    ts.isIdentifier(node) ||
    ts.isNumericLiteral(node) ||
    (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) ||
    ((ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) &&
      isPlain(bare(node.expression)) &&
      (ts.isPropertyAccessExpression(node) || isPlain(bare(node.argumentExpression))))
  );
}

/** Whether the result may share memory with an argument. */
export function mayBeInput(w: Writer, given: ts.Expression): boolean {
  return sharedBy(w.source, given).some(
    (symbol) => w.analysis.cells.of(symbol).parameters.size > 0,
  );
}

/** A copy at every depth of what a text names. */
export function copied(type: Type, text: string): string {
  return copyText(type, text).replace(/ as const$/, '');
}

function resultLine(value: string, tangent: string): string {
  const entry = (key: string, text: string): string => (key === text ? key : `${key}: ${text}`);
  return `return { ${entry('value', value)}, ${entry('dvalue', tangent)} };`;
}
