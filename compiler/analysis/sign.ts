import { numberOf, type Definitions } from '../ir/build.js';
import type { Value } from '../ir/ir.js';

/** Whether a number is known to be greater than zero. */
function isPositive(value: Value, definitions: Definitions): boolean {
  const constant = numberOf(value, definitions);
  if (constant !== null) return constant > 0;
  const op = definitions.get(value);
  if (op?.kind !== 'apply') return false;
  const [a, b] = op.args;
  if (a === undefined) return false;
  switch (op.fn) {
    case 'copy':
    case 'Math.sqrt':
      return isPositive(a, definitions);
    case 'Math.cosh':
      return true;
    case 'Math.max':
      return isPositive(a, definitions) || (b !== undefined && isPositive(b, definitions));
    case 'Math.min':
      return b !== undefined && isPositive(a, definitions) && isPositive(b, definitions);
    case '+':
      if (b === undefined) return false;
      return (
        (isPositive(a, definitions) && isNonNegative(b, definitions)) ||
        (isNonNegative(a, definitions) && isPositive(b, definitions))
      );
    default:
      return false;
  }
}

/** Whether a number is known not to be less than zero. */
function isNonNegative(value: Value, definitions: Definitions): boolean {
  const constant = numberOf(value, definitions);
  if (constant !== null) return constant >= 0;
  const op = definitions.get(value);
  if (op?.kind !== 'apply') return false;
  const [a, b] = op.args;
  if (a === undefined) return false;
  switch (op.fn) {
    case 'Math.exp':
    case 'Math.abs':
    case 'Math.sqrt':
    case 'Math.hypot':
    case 'Math.cosh':
    case 'sigmoid':
    case 'softplus':
      return true;
    case 'copy':
      return isNonNegative(a, definitions);
    case '*':
      return (
        a === b ||
        (b !== undefined && isNonNegative(a, definitions) && isNonNegative(b, definitions))
      );
    case '+':
      return b !== undefined && isNonNegative(a, definitions) && isNonNegative(b, definitions);
    case '**':
      return b !== undefined && (numberOf(b, definitions) ?? 1) % 2 === 0;
    default:
      return isPositive(value, definitions);
  }
}

/** Whether a number is known not to be zero, and not to round to it: products and exponentials may underflow. */
export function isNonZero(value: Value, definitions: Definitions): boolean {
  return isPositive(value, definitions) || (numberOf(value, definitions) ?? 0) < 0;
}
