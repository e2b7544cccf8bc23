import type { Init, Key, Op, Region, Value } from './ir.js';

export type Substitution = (value: Value) => Value;

function rewriteInit(init: Init, to: Substitution): Init {
  switch (init.kind) {
    case 'zeros':
      return { ...init, length: to(init.length) };
    case 'fill':
      return { ...init, length: to(init.length), value: to(init.value) };
    case 'elements':
    case 'fields':
      return { ...init, values: init.values.map(to) };
    case 'copy':
      return {
        ...init,
        source: to(init.source),
        start: init.start === null ? null : to(init.start),
        end: init.end === null ? null : to(init.end),
      };
    case 'elementsOf':
      return { ...init, matrix: to(init.matrix) };
    case 'zerosLike':
      return { ...init, source: to(init.source) };
  }
}

const rewriteKey = (key: Key, to: Substitution): Key => (typeof key === 'string' ? key : to(key));

/** An operation with its own operands replaced; inner regions are replaced by `inner`. */
export function rewriteOp(op: Op, to: Substitution, inner: (region: Region) => Region): Op {
  switch (op.kind) {
    case 'literal':
      return op;
    case 'apply':
    case 'opaque':
    case 'call':
      return { ...op, args: op.args.map(to) };
    case 'alloc':
      return { ...op, init: rewriteInit(op.init, to) };
    case 'load':
      return { ...op, object: to(op.object), key: rewriteKey(op.key, to) };
    case 'store':
      return { ...op, object: to(op.object), key: rewriteKey(op.key, to), value: to(op.value) };
    case 'if':
      return { ...op, cond: to(op.cond), then: inner(op.then), else: inner(op.else) };
    case 'loop': {
      const inits = op.inits.map(to);
      const test = inner(op.test);
      const body = inner(op.body);
      return { ...op, inits, test, body, leave: op.leave === null ? null : to(op.leave) };
    }
    case 'push':
      return { ...op, value: to(op.value) };
    case 'pop':
      return { ...op, index: op.index === null ? null : to(op.index) };
  }
}
