import { ts } from 'ts-morph';
import { tangentTypeText } from '../emit/shapes.js';
import { containsItself } from '../frontend/types.js';
import { plainText } from '../frontend/plain-text.js';
import { isReference, type Type } from '../ir/ir.js';
import { tangentPattern } from './bindings.js';
import { numberTangent, referenceTangent, zerosOf } from './references.js';
import type { Writer } from './writer.js';

/** The parameters of a generated function, and the statements that they need at its beginning. */
export interface Signature {
  readonly parameters: readonly string[];
  readonly lines: readonly string[];
  /** The names of the parameters, and of their tangents where they have any. */
  readonly names: readonly string[];
  readonly tangents: ReadonlyMap<number, string>;
}

/** A tangent has a type of its own, which is written out. */
function refuseRecursive(w: Writer, parameter: ts.ParameterDeclaration): void {
  const { checker } = w.source;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
  if (!containsItself(checker, type, parameter)) return;
  w.source.unsupported(
    parameter.name,
    `"${parameter.name.getText()}", whose type contains itself,`,
    'Use arrays, with the places of the parts as numbers.',
  );
}

/** The primal parameters, then the tangents of those at the places `given`. */
export function printSignature(
  w: Writer,
  given: readonly number[],
  types: readonly string[],
): Signature {
  const { parameters } = w.analysis.node;
  const lines: string[] = [];
  const tangents = new Map<number, string>();
  const names = parameters.map(({ name }, i) =>
    ts.isIdentifier(name) ? name.text : w.names.declare(`arg${String(i)}`),
  );
  const primal = parameters.map((parameter, i) =>
    parameterText(w, parameter, names[i] ?? '', types[i] ?? 'number', given.includes(i)),
  );
  const own = given.map((i) => {
    const parameter = parameters[i];
    const name = names[i] ?? '';
    const symbol =
      parameter !== undefined && ts.isIdentifier(parameter.name)
        ? w.source.symbolOf(parameter.name)
        : undefined;
    const tangent =
      symbol === undefined ? w.names.declare(w.around.nameTangent(name)) : w.tangentName(symbol);
    tangents.set(i, tangent);
    const type = parameter === undefined ? undefined : typeOf(w, parameter);
    if (parameter !== undefined) refuseRecursive(w, parameter);
    const text = type === undefined ? 'number' : tangentTypeText(type);
    if (parameter === undefined || !isOmissible(parameter)) return `${tangent}: ${text}`;
    if (type !== undefined && !isReference(type)) return `${tangent} = 0`;
    if (symbol !== undefined) w.renamed.set(symbol, { text: `${tangent}!`, precedence: 20 });
    return `${tangent}: ${text} | undefined`;
  });
  parameters.forEach((parameter, i) => {
    const tangent = tangents.get(i);
    if (tangent !== undefined && parameter.initializer !== undefined)
      lines.push(...defaultLines(w, parameter, parameter.initializer, tangent));
    if (ts.isIdentifier(parameter.name)) {
      // Written along the way, though the derivative in what it holds on entry is not asked for.
      const symbol = w.source.symbolOf(parameter.name);
      if (tangent === undefined && symbol !== undefined && w.analysis.isActive(symbol)) {
        const zeros = w.zeros(typeOf(w, parameter), names[i] ?? '');
        const keyword = w.analysis.isAssigned(symbol) ? 'let' : 'const';
        lines.push(`${keyword} ${w.tangentName(symbol)} = ${zeros};`);
      }
      return;
    }
    lines.push(`const ${plainText(parameter.name)} = ${names[i] ?? ''};`);
    const pattern = tangentPattern(w, w.draft('value'), parameter.name);
    if (pattern !== null && tangent !== undefined) lines.push(`const ${pattern} = ${tangent};`);
  });
  return { parameters: [...primal, ...own], lines, names, tangents };
}

export function typeOf(w: Writer, parameter: ts.ParameterDeclaration): Type {
  return w.source.typeOf(parameter.name);
}

function isOmissible({ questionToken, initializer }: ts.ParameterDeclaration): boolean {
  return questionToken !== undefined || initializer !== undefined;
}

/** A parameter as the author wrote it, except that those behind it cannot be left out. */
function parameterText(
  w: Writer,
  { questionToken, initializer, type }: ts.ParameterDeclaration,
  name: string,
  typeText: string,
  isActive: boolean,
): string {
  if (initializer !== undefined && !isActive) {
    const annotation = type === undefined ? '' : `: ${typeText}`;
    return `${name}${annotation} = ${w.print(initializer)}`;
  }
  const missing = questionToken !== undefined || initializer !== undefined ? ' | undefined' : '';
  return `${name}: ${typeText}${missing}`;
}

/** A default takes its tangent along. */
function defaultLines(
  w: Writer,
  parameter: ts.ParameterDeclaration,
  initializer: ts.Expression,
  tangent: string,
): string[] {
  const draft = w.draft('value');
  const name = parameter.name.getText();
  const text = isReference(typeOf(w, parameter))
    ? (referenceTangent(w, draft, initializer) ?? zerosOf(w, initializer, null))
    : numberTangent(w, draft, initializer);
  return [
    `if (${name} === undefined) {`,
    ...draft.before,
    `${tangent} = ${text};`,
    `${name} = ${w.print(initializer)};`,
    '}',
  ];
}
