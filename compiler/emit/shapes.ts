import { hasAdjoint, isReference, type Field, type Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { primary, type Text } from './expression.js';

/** The name of a field as it is written in a literal or a type. */
export const fieldText = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);

/** A field of what `object` names. */
export const memberText = (object: string, name: string): string =>
  fieldText(name) === name ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`;

/** How the generated file writes elements, and what it calls the functions of the runtime. */
export interface Style {
  readonly bang: string;
  runtimeName(fn: string): string;
}

/** Whether a field that may be absent is there. */
function presenceText({ missing }: Field, place: string): string {
  if (missing === undefined) return `${place} !== undefined`;
  return missing === 'null' ? `${place} !== null` : `${place} != null`;
}

/** Zeros in the shape of what `source` names. */
export function zerosText(type: Type, source: string, style: Style, depth = 0): Text {
  switch (type.kind) {
    case 'number':
      return primary('0');
    case 'matrix':
      return primary(`${style.runtimeName('zerosLike')}(${source})`);
    case 'array': {
      if (type.container !== 'Array') return primary(`new ${type.container}(${source}.length)`);
      if (type.element.kind === 'number')
        return primary(`new Array<number>(${source}.length).fill(0)`);
      const row = depth === 0 ? 'row' : `row${String(depth + 1)}`;
      const inner = zerosText(type.element, row, style, depth + 1).text;
      const parameter = inner.includes(row) ? row : '';
      const returned = type.element.kind === 'tuple' ? `: ${tangentTypeText(type.element)}` : '';
      const [called] = inner.split(`(${row})`);
      if (called !== undefined && inner === `${called}(${row})`)
        return primary(`${source}.map(${called})`);
      return primary(
        `${source}.map((${parameter})${returned} => ${inner.startsWith('{') ? `(${inner})` : inner})`,
      );
    }
    case 'tuple': {
      const elements = type.elements.map((element, i) =>
        canBeActive(element)
          ? zerosText(element, `${source}[${String(i)}]`, style, depth).text
          : 'undefined',
      );
      return primary(`[${elements.join(', ')}]`);
    }
    case 'object': {
      const fields = type.fields
        .filter((field) => canBeActive(field.type))
        .map((field) => {
          const place = memberText(source, field.name);
          const inner = `${fieldText(field.name)}: ${zerosText(field.type, place, style, depth).text}`;
          const exists =
            field.partial === true
              ? `${JSON.stringify(field.name)} in ${source}`
              : presenceText(field, place);
          return field.optional ? `...(${exists} && { ${inner} })` : inner;
        });
      return primary(`{ ${fields.join(', ')} }`);
    }
    default:
      return primary('undefined');
  }
}

/** A copy of what `source` names, at every depth. */
export function copyText(type: Type, source: string, depth = 0): string {
  switch (type.kind) {
    case 'array': {
      if (type.container !== 'Array' || !isReference(type.element)) return `${source}.slice()`;
      const row = depth === 0 ? 'row' : `row${String(depth + 1)}`;
      const inner = copyText(type.element, row, depth + 1);
      return `${source}.map((${row}) => ${inner.startsWith('{') ? `(${inner})` : inner})`;
    }
    case 'tuple':
      return `[${type.elements.map((element, i) => copyText(element, `${source}[${String(i)}]`, depth)).join(', ')}] as const`;
    case 'object':
      return `{ ${type.fields.map((field) => `${fieldText(field.name)}: ${copyText(field.type, memberText(source, field.name), depth)}`).join(', ')} }`;
    default:
      return source;
  }
}

/** Statements that write a copy back into what it was made of. */
export function putBackLines(
  type: Type,
  target: string,
  copy: string,
  bang: string,
  depth = 0,
): string[] {
  switch (type.kind) {
    case 'array': {
      if (type.container !== 'Array') return [`${target}.set(${copy});`];
      const i = depth === 0 ? 'i' : `i${String(depth + 1)}`;
      const at = `[${i}]`;
      const inner = isReference(type.element)
        ? putBackLines(
            type.element,
            `${target}${at}${bang}`,
            `${copy}${at}${bang}`,
            bang,
            depth + 1,
          )
        : [`${target}${at} = ${copy}${at}${bang};`];
      return [`for (let ${i} = 0; ${i} < ${copy}.length; ${i}++) {`, ...inner, '}'];
    }
    case 'tuple':
      return type.elements.flatMap((element, i) =>
        putBackSlot(element, `${target}[${String(i)}]`, `${copy}[${String(i)}]`, bang, depth),
      );
    case 'object':
      return type.fields.flatMap((field) =>
        putBackSlot(
          field.type,
          memberText(target, field.name),
          memberText(copy, field.name),
          bang,
          depth,
        ),
      );
    default:
      return [];
  }
}

function putBackSlot(
  type: Type,
  target: string,
  copy: string,
  bang: string,
  depth: number,
): string[] {
  if (isReference(type)) return putBackLines(type, target, copy, bang, depth);
  return hasAdjoint(type) ? [`${target} = ${copy};`] : [];
}

/** The type of a saved value, as it is written. */
export function savedText(type: Type): string {
  const canBeMissing = type.kind === 'number' && type.canBeMissing === true;
  return canBeMissing ? 'number | null | undefined' : tangentTypeText(type);
}

/** The type of an array of such elements. */
export function listText(element: string): string {
  return /^[\w.]+(\[\])*$/.test(element) ? `${element}[]` : `Array<${element}>`;
}

/** The tangent type of a type, as it is written. */
export function tangentTypeText(type: Type): string {
  switch (type.kind) {
    case 'number':
      return 'number';
    case 'record':
      return type.text;
    case 'matrix':
      return 'Matrix';
    case 'array': {
      if (type.container !== 'Array') return type.container;
      const element = tangentTypeText(type.element);
      return listText(element);
    }
    case 'tuple':
      return `[${type.elements.map((element) => (canBeActive(element) ? tangentTypeText(element) : 'undefined')).join(', ')}]`;
    case 'object': {
      const fields = type.fields
        .filter((field) => canBeActive(field.type))
        .map(
          (field) =>
            `${fieldText(field.name)}${field.optional ? '?' : ''}: ${tangentTypeText(field.type)}`,
        );
      return `{ ${fields.join('; ')} }`;
    }
    default:
      return 'undefined';
  }
}
