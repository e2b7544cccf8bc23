import type { CallOp, Op } from '../../ir/ir.js';
import { isReference } from '../../ir/ir.js';
import { primary } from '../expression.js';
import type { Emitter } from './emitter.js';
import { isUsedInLoop } from './inline.js';

/** Prints a call of the backward half of a pair; where one derivative is all that is read of it, in place. */
export function emitCall(emitter: Emitter, op: CallOp, rest: readonly Op[]): void {
  const { args, callee, result } = op;
  const reads = emitter.readsOf(args);
  const text = primary(`${callee.name}(${args.map((arg) => emitter.text(arg).text).join(', ')})`);
  if (emitter.remaining(result) === 1 && !isUsedInLoop(result, rest)) {
    const readsShadows = reads.readsShadows || args.some(({ type }) => isReference(type));
    emitter.putOff(result, text, { ...reads, readsShadows, readsPrimals: true });
    return;
  }
  emitter.define(result, text, op.origin, rest);
}
