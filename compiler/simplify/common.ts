import type { Memory, MemoryClass } from '../analysis/memory.js';
import { END, type Op, type Region, type Value } from '../ir/ir.js';
import { rewriteOp } from '../ir/rewrite.js';
import { allOps, regions } from '../ir/walk.js';

/**
 * Computes an unnamed inner result once where it is written several times.
 *
 * Before: `a = x[i]; b = x[i]; y = a * b` — after: `a = x[i]; y = a * a`.
 *
 * With `memory`, within each statement of the author's, reads of memory included where nothing is stored in between.
 * Without it, across statements, arithmetic only. `onRewrite` is told which operations were replaced.
 */
export function shareCommon(
  region: Region,
  memory: Memory | null,
  onRewrite: (before: Op, after: Op) => void = () => undefined,
): Region {
  const replaced = new Map<Value, Value>();
  const to = (value: Value): Value => {
    let current = value;
    for (let next = replaced.get(current); next !== undefined; next = replaced.get(current))
      current = next;
    return current;
  };
  const ids = new Map<unknown, number>();
  const id = (part: unknown): number => {
    const known = ids.get(part);
    if (known !== undefined) return known;
    ids.set(part, ids.size);
    return ids.size - 1;
  };
  const rewrite = (inner: Region, outer: ReadonlyMap<string, Value>): Region => {
    const seen = new Map(outer);
    const literals = new Map<Value, string>();
    const keyOf = (value: Value): string => literals.get(value) ?? String(id(to(value)));
    const ops: Op[] = [];
    for (const op of inner.ops) {
      if (op.kind === 'literal') literals.set(op.result, `=${typeof op.value} ${String(op.value)}`);
      if (memory !== null) forgetStored(op, memory, seen);
      const scope = memory === null ? '' : `${String(id(op.origin))} `;
      const key =
        op.kind === 'apply' && !isOwnZeros(op.fn)
          ? `${scope}${op.fn} ${op.args.map(keyOf).join(' ')}`
          : op.kind === 'load' && memory !== null && op.key !== END && !isOwnSlot(op, inner.ops)
            ? `${scope}load ${keyOf(op.object)} ${typeof op.key === 'string' ? op.key : keyOf(op.key)} @${String(id(memory.classOf(op.object)))}@`
            : null;
      if (key !== null && 'result' in op && op.result.variable === null) {
        const known = seen.get(key);
        if (known !== undefined) {
          replaced.set(op.result, known);
          continue;
        }
        seen.set(key, op.result);
      }
      const rewritten = rewriteCompound(op, to, (arm) =>
        rewrite(arm, memory === null ? seen : new Map()),
      );
      if (rewritten !== op) onRewrite(op, rewritten);
      ops.push(rewritten);
    }
    return { ...inner, ops, yields: inner.yields.map(to) };
  };
  const forgetStored = (op: Op, own: Memory, seen: Map<string, Value>): void => {
    const stored = new Set<MemoryClass>();
    for (const inner of [op, ...regions(op).flatMap((region) => [...allOps(region)])]) {
      if (inner.kind === 'store') stored.add(own.classOf(inner.object));
      if (inner.kind === 'load' && inner.key === END) stored.add(own.classOf(inner.object));
    }
    if (stored.size === 0) return;
    for (const key of [...seen.keys()]) {
      if ([...stored].some((memoryClass) => key.endsWith(`@${String(id(memoryClass))}@`)))
        seen.delete(key);
    }
  };
  return rewrite(region, new Map());
}

/** Zeros that sums begin with are made for each of them. */
function isOwnZeros(fn: string): boolean {
  return fn === 'zerosLike' || fn === 'zeros';
}

/** Leaves an operation as it is, to its identity, where nothing in it changes. */
function rewriteCompound(
  op: Op,
  to: (value: Value) => Value,
  rewrite: (region: Region) => Region,
): Op {
  if (op.kind === 'if' || op.kind === 'loop') return rewriteOp(op, to, rewrite);
  let changes = false;
  const rewritten = rewriteOp(
    op,
    (value) => {
      changes ||= to(value) !== value;
      return to(value);
    },
    rewrite,
  );
  return changes ? rewritten : op;
}

/** The read of `a[i] += x`, whose adjoint stays in its slot. */
function isOwnSlot(load: Op & { kind: 'load' }, ops: readonly Op[]): boolean {
  return ops.some(
    (op) =>
      op.kind === 'store' &&
      op.origin === load.origin &&
      op.object === load.object &&
      op.key === load.key,
  );
}
