import type { Op, Origin, Value } from '../../ir/ir.js';
import { wordOf } from '../../ir/words.js';

/**
 * What an inner result is called when it needs a name of its own: `x_i` for `x[i]`, `r_size` for `r * size`, or else
 * the target of its statement and what is done: `y_sin`.
 */
export function nameOfPart(
  op: Op | undefined,
  origin: Origin | null,
  textOf: (value: Value) => string,
): string {
  if (op?.kind === 'load' && typeof op.key !== 'string') {
    const object = textOf(op.object);
    const key = textOf(op.key);
    if (/^\w+$/.test(object)) return /^\w+$/.test(key) ? `${object}_${key}` : `${object}_k`;
  }
  if (op?.kind === 'load' && typeof op.key === 'string') {
    const object = textOf(op.object);
    if (/^\w+$/.test(object)) return `${object}_${op.key}`;
  }
  const joined = op?.kind === 'apply' ? leafNames(op, textOf) : null;
  if (joined !== null) return joined;
  const base = origin?.target ?? 'value';
  return op?.kind === 'apply' ? `${base}_${wordOf(op.fn)}` : `${base}_part`;
}

/** `r * size + j` is called `r_size_j`, where its operands are few and have short names. */
function leafNames(op: Op & { kind: 'apply' }, textOf: (value: Value) => string): string | null {
  const isRounding = op.fn.startsWith('Math.') && op.args.length === 1;
  if (!isRounding && !['+', '-', '*'].includes(op.fn)) return null;
  const parts = op.args.flatMap((arg) => textOf(arg).match(/[A-Za-z_]\w*(?:\.\w+)*|[[(]/g) ?? []);
  if (!parts.every((part) => /^[A-Za-z_]\w*$/.test(part))) return null;
  const joined = [...parts, ...(isRounding ? [wordOf(op.fn)] : [])].join('_');
  return parts.length > 0 && parts.length <= 3 && joined.length <= 16 ? joined : null;
}
