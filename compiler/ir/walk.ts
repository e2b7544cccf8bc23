import type { Init, Op, Region, Value } from './ir.js';

/** The values that an initialiser reads. */
export function initOperands(init: Init): readonly Value[] {
  switch (init.kind) {
    case 'zeros':
      return [init.length];
    case 'fill':
      return [init.length, init.value];
    case 'elements':
    case 'fields':
      return init.values;
    case 'copy':
      return [init.source, init.start, init.end].filter((value) => value !== null);
    case 'elementsOf':
      return [init.matrix];
    case 'zerosLike':
      return [init.source];
  }
}

/** The values that an operation reads itself, its inner regions left aside. */
export function operands(op: Op): readonly Value[] {
  switch (op.kind) {
    case 'literal':
      return [];
    case 'apply':
    case 'opaque':
    case 'call':
      return op.args;
    case 'alloc':
      return initOperands(op.init);
    case 'load':
      return typeof op.key === 'string' ? [op.object] : [op.object, op.key];
    case 'store':
      return typeof op.key === 'string' ? [op.object, op.value] : [op.object, op.key, op.value];
    case 'if':
      return [op.cond];
    case 'loop':
      return op.inits;
    case 'push':
      return [op.value];
    case 'pop':
      return op.index === null ? [] : [op.index];
  }
}

/** The values that an operation defines for its region. */
export function results(op: Op): readonly Value[] {
  switch (op.kind) {
    case 'store':
    case 'push':
      return [];
    case 'if':
    case 'loop':
      return op.results;
    case 'call':
      return op.record === null ? [op.result] : [op.result, op.record];
    default:
      return [op.result];
  }
}

/** The inner regions of an operation, in the order in which they run. */
export function regions(op: Op): readonly Region[] {
  switch (op.kind) {
    case 'if':
      return [op.then, op.else];
    case 'loop':
      return [op.test, op.body];
    default:
      return [];
  }
}

/** Every operation of a region and of the regions inside, outer before inner. */
export function* allOps(region: Region): Generator<Op> {
  for (const op of region.ops) {
    yield op;
    for (const inner of regions(op)) yield* allOps(inner);
  }
}

/** Every value that a region reads, at any depth: operands, yields and leave conditions. */
export function* allUses(region: Region): Generator<Value> {
  for (const op of region.ops) yield* usesOf(op);
  yield* region.yields;
}

/** Every value that an operation reads, its inner regions included. */
export function* usesOf(op: Op): Generator<Value> {
  yield* operands(op);
  for (const inner of regions(op)) yield* allUses(inner);
  if (op.kind === 'loop' && op.leave !== null) yield op.leave;
}
