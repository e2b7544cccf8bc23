import { isAccumulation, isSum as addsToFirst } from '../analysis/accumulation.js';
import { END, type LoopOp, type Op, type Region, type Value } from '../ir/ir.js';
import { allOps, operands, regions } from '../ir/walk.js';

/**
 * Whether the iterations of a backward loop may run in any order: they pop nothing, and all that one hands to another
 * is a sum that each adds to. `memoryOf` tells which references may share memory.
 */
export function isOrderFree(
  loop: LoopOp,
  body: Region,
  memoryOf: (reference: Value) => unknown,
): boolean {
  const ops = [...allOps(body)];
  const ordered = ops.some(
    (op) =>
      op.kind === 'push' ||
      (op.kind === 'pop' && op.tape.form.kind === 'stack') ||
      (op.kind === 'load' && op.key === END) ||
      (op.kind === 'store' && !isAccumulation(op, ops)),
  );
  if (ordered || readsWhatItWrites(ops, memoryOf)) return false;
  return loop.params.every((param, i) => isSum(param, loop.body.yields[i], body));
}

/** Whether nothing is taken back, and nothing stored but sums: the first glance, before values are at hand. */
export function mayBeOrderFree(loop: LoopOp): boolean {
  const ops = [...allOps(loop.body)];
  return !ops.some(
    (op) =>
      op.kind === 'push' ||
      op.kind === 'pop' ||
      (op.kind === 'load' && op.key === END) ||
      (op.kind === 'store' && !isAccumulation(op, ops)),
  );
}

/** Whether memory that is written is read other than to add to it. */
function readsWhatItWrites(ops: readonly Op[], memoryOf: (reference: Value) => unknown): boolean {
  const written = new Set(ops.flatMap((op) => (op.kind === 'store' ? [memoryOf(op.object)] : [])));
  const summed = new Set<Value>();
  for (const op of ops) {
    if (op.kind === 'store') {
      const sum = ops.find((other) => other.kind === 'apply' && other.result === op.value);
      const first = sum?.kind === 'apply' ? sum.args[0] : undefined;
      if (first !== undefined) summed.add(first);
    }
  }
  return ops.some(
    (op) =>
      op.kind === 'load' &&
      op.key !== 'length' &&
      written.has(memoryOf(op.object)) &&
      !summed.has(op.result),
  );
}

/** Whether a state of the loop is only ever added to. */
function isSum(param: Value, next: Value | undefined, body: Region): boolean {
  const chain = new Set<Value>([param]);
  let plain = true;
  const visit = (region: Region): void => {
    for (const op of region.ops) {
      if (op.kind === 'apply' && op.args[0] !== undefined && chain.has(op.args[0])) {
        if (!addsToFirst(op.fn)) plain = false;
        if (op.args.slice(1).some((arg) => chain.has(arg))) plain = false;
        chain.add(op.result);
        continue;
      }
      if (op.kind === 'loop') {
        op.inits.forEach((init, i) => {
          if (!chain.has(init)) return;
          const inner = op.params[i];
          const result = op.results[i];
          if (inner !== undefined) chain.add(inner);
          if (result !== undefined) chain.add(result);
        });
        regions(op).forEach(visit);
        op.inits.forEach((init, i) => {
          const value = op.body.yields[i];
          if (chain.has(init) && (value === undefined || !chain.has(value))) plain = false;
        });
        continue;
      }
      if (op.kind === 'if') {
        regions(op).forEach(visit);
        op.results.forEach((result, i) => {
          if (
            [op.then.yields[i], op.else.yields[i]].every(
              (value) => value !== undefined && chain.has(value),
            )
          )
            chain.add(result);
        });
        continue;
      }
      if (operands(op).some((operand) => chain.has(operand))) plain = false;
    }
  };
  visit(body);
  return plain && next !== undefined && chain.has(next);
}
