import type { Container, Type } from './ir.js';

const floatContainers: ReadonlySet<Container> = new Set<Container>([
  'Array',
  'Float64Array',
  'Float32Array',
]);

/** Whether a value of the type holds numbers that a derivative can flow through. */
export function canBeActive(type: Type): boolean {
  switch (type.kind) {
    case 'number':
    case 'matrix':
      return true;
    case 'array':
      return floatContainers.has(type.container) && canBeActive(type.element);
    case 'tuple':
      return type.elements.some(canBeActive);
    case 'object':
      return type.fields.some((field) => canBeActive(field.type));
    default:
      return false;
  }
}

/** Whether there may be numbers in a value, be it in a form that no derivative flows through. */
export function mayHoldNumbers(type: Type): boolean {
  return canBeActive(type) || (type.kind === 'opaque' && type.holdsNumbers === true);
}
