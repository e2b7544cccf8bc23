import type { Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { primary, type Text } from './expression.js';

/** Zeros in the shape of what `source` names. */
export function zerosText(type: Type, source: string, bang: string, depth = 0): Text {
  switch (type.kind) {
    case 'number':
      return primary('0');
    case 'array': {
      if (type.container !== 'Array') return primary(`new ${type.container}(${source}.length)`);
      if (type.element.kind === 'number') return primary(`new Array<number>(${source}.length).fill(0)`);
      const row = depth === 0 ? 'row' : `row${String(depth + 1)}`;
      const inner = zerosText(type.element, row, bang, depth + 1).text;
      return primary(`${source}.map((${row}) => ${inner.startsWith('{') ? `(${inner})` : inner})`);
    }
    case 'tuple': {
      const elements = type.elements.map((element, i) =>
        canBeActive(element) ? zerosText(element, `${source}[${String(i)}]`, bang, depth).text : 'undefined',
      );
      return primary(`[${elements.join(', ')}]`);
    }
    case 'object': {
      const fields = type.fields
        .filter((field) => canBeActive(field.type))
        .map((field) => {
          const place = `${source}.${field.name}`;
          const inner = `${field.name}: ${zerosText(field.type, place, bang, depth).text}`;
          return field.optional ? `...(${place} !== undefined && { ${inner} })` : inner;
        });
      return primary(`{ ${fields.join(', ')} }`);
    }
    default:
      return primary('undefined');
  }
}

/** The tangent type of a type, as it is written. */
export function tangentTypeText(type: Type): string {
  switch (type.kind) {
    case 'number':
      return 'number';
    case 'array': {
      if (type.container !== 'Array') return type.container;
      const element = tangentTypeText(type.element);
      return /^[\w.]+(\[\])*$/.test(element) ? `${element}[]` : `Array<${element}>`;
    }
    case 'tuple':
      return `[${type.elements.map((element) => (canBeActive(element) ? tangentTypeText(element) : 'undefined')).join(', ')}]`;
    case 'object': {
      const fields = type.fields
        .filter((field) => canBeActive(field.type))
        .map((field) => `${field.name}${field.optional ? '?' : ''}: ${tangentTypeText(field.type)}`);
      return `{ ${fields.join('; ')} }`;
    }
    default:
      return 'undefined';
  }
}
