import { isReference, type Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { memberText } from './shapes.js';

/** Statements that fill what `target` names with zeros, and throw where its arrays are not as long as those of `source`. */
export function clearLines(
  type: Type,
  target: string,
  source: string,
  bang: string,
  depth = 0,
): string[] {
  switch (type.kind) {
    case 'array': {
      const check = `if (${target}.length !== ${source}.length) throw new RangeError('${target} and ${source} differ in length');`;
      if (!isReference(type.element)) return [check, `${target}.fill(0);`];
      const i = depth === 0 ? 'i' : `i${String(depth + 1)}`;
      const at = `[${i}]${bang}`;
      const inner = clearLines(type.element, target + at, source + at, bang, depth + 1);
      return [check, `for (let ${i} = 0; ${i} < ${source}.length; ${i}++) {`, ...inner, '}'];
    }
    case 'tuple':
      return type.elements.flatMap((element, i) =>
        clearSlot(element, `${target}[${String(i)}]`, `${source}[${String(i)}]`, bang, depth),
      );
    case 'object':
      return type.fields.flatMap((field) =>
        clearSlot(
          field.type,
          memberText(target, field.name),
          memberText(source, field.name),
          bang,
          depth,
        ),
      );
    default:
      return [];
  }
}

function clearSlot(
  type: Type,
  target: string,
  source: string,
  bang: string,
  depth: number,
): string[] {
  if (!canBeActive(type)) return [];
  return isReference(type) ? clearLines(type, target, source, bang, depth) : [`${target} = 0;`];
}

/** Whether everything in a value can be written in place: whatever is optional may be missing there. */
export function canBeCleared(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return canBeCleared(type.element) && type.element.kind !== 'matrix';
    case 'tuple':
      return type.elements.every((part) => canBeCleared(part) && part.kind !== 'matrix');
    case 'object':
      return type.fields.every(
        (field) => !field.optional && canBeCleared(field.type) && field.type.kind !== 'matrix',
      );
    default:
      return true;
  }
}
