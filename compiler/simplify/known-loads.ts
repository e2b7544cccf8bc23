import type { Memory } from '../analysis/memory.js';
import { isReference, type LoadOp, type Op, type Region, type Value } from '../ir/ir.js';
import { numberOf, type Definitions } from '../ir/build.js';
import { rewriteOp } from '../ir/rewrite.js';

/**
 * Replaces reads of a literal that is never written by what the literal was made of.
 *
 * Before: `p = [x, y]; a = p[0]` — after: `p = [x, y]; a = x`.
 */
export function knowLoads(region: Region, memory: Memory, definitions: Map<Value, Op>): Region {
  const rewrite = (inner: Region): Region => ({
    ...inner,
    ops: inner.ops.map((op): Op => {
      if (op.kind === 'if' || op.kind === 'loop') return rewriteOp(op, (value) => value, rewrite);
      const value = op.kind === 'load' ? known(op, memory, definitions) : null;
      // An array inside of a literal has no name of its own: it is reached through the literal.
      if (
        op.kind !== 'load' ||
        value === null ||
        (isReference(value.type) && value.variable === null)
      )
        return op;
      const made = definitions.get(value);
      const place = { result: op.result, origin: op.origin };
      const copy: Op =
        made?.kind === 'literal'
          ? { ...made, ...place }
          : { kind: 'apply', fn: 'copy', args: [value], ...place };
      definitions.set(op.result, copy);
      return copy;
    }),
  });
  return rewrite(region);
}

function known(op: LoadOp, memory: Memory, definitions: Definitions): Value | null {
  const made = definitions.get(op.object);
  if (made?.kind !== 'alloc' || memory.classOf(op.object).stores.length > 0) return null;
  const { init } = made;
  if (init.kind === 'fields' && typeof op.key === 'string')
    return init.values[init.names.indexOf(op.key)] ?? null;
  if (init.kind !== 'elements' || typeof op.key === 'string') return null;
  const index = numberOf(op.key, definitions);
  return index === null ? null : (init.values[index] ?? null);
}
