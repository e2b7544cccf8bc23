import type { Op, Value } from '../../ir/ir.js';
import { applyText, type Text } from '../expression.js';
import { runtimeText } from '../runtime-call.js';
import { emitInPlace, isInPlace } from './matrices.js';
import type { Emitter } from './emitter.js';
import { keepsInline } from './inline.js';

/** Prints `y = f(x)`: added to a variable in place, as part of what uses it, or as a constant. */
export function emitApply(emitter: Emitter, op: Op & { kind: 'apply' }, rest: readonly Op[]): void {
  const { result } = op;
  if (isInPlace(op)) {
    emitInPlace(emitter, op, rest);
    return;
  }
  const increment = incrementOf(emitter, op);
  if (increment !== null) {
    assignInPlace(emitter, op, increment);
    return;
  }
  const reads = emitter.readsOf(op.args);
  if (op.fn === 'softplus' || op.fn === 'Math.hypot')
    op.args.forEach((arg) => {
      emitter.materialise(arg, op.origin);
    });
  const keeps = keepsInline(emitter, op, result, rest);
  const args = op.args.map((arg) => emitter.text(arg));
  const text = calledText(emitter, op, args);
  if (keeps) {
    const [left] = op.args;
    const amount = args[1];
    if ((op.fn === '+' || op.fn === '-') && left !== undefined && amount !== undefined) {
      emitter.sums.set(result, { left, sign: op.fn, amount });
    }
    emitter.putOff(result, text, reads);
    return;
  }
  emitter.define(result, text, op.origin, rest);
}

/** The text of a function of numbers, or of a call of the runtime. */
function calledText({ facts }: Emitter, op: Op & { kind: 'apply' }, args: readonly Text[]): Text {
  const style = {
    bang: facts.bang ? '!' : '',
    runtimeName: (fn: string): string => facts.runtimeName(fn),
  };
  return runtimeText(op, args, style) ?? applyText(op.fn, args);
}

/** `variable = variable + amount`. */
interface Increment {
  readonly left: Value;
  /** The name of the variable. */
  readonly holder: string;
  readonly sign: string;
  readonly amount: Value;
}

/** The parts of `x = x + amount` where the variable x holds the left operand and nobody else reads it. */
function incrementOf(emitter: Emitter, op: Op & { kind: 'apply' }): Increment | null {
  const [left, amount] = op.args;
  if ((op.fn !== '+' && op.fn !== '-') || left === undefined || amount === undefined) return null;
  const holder = emitter.assignableName(op.result);
  if (holder === null || emitter.holders.get(left) !== holder) return null;
  if (emitter.current.get(holder) !== left || emitter.remaining(left) > 1) return null;
  return { left, holder, sign: op.fn, amount };
}

function assignInPlace(
  emitter: Emitter,
  op: Op & { kind: 'apply' },
  { left, holder, sign, amount }: Increment,
): void {
  emitter.use(left);
  const { text } = emitter.text(amount);
  emitter.flushReaders(holder, op.origin);
  emitter.line(
    text === '1' ? `${holder}${sign}${sign};` : `${holder} ${sign}= ${text};`,
    op.origin,
  );
  emitter.hold(op.result, holder);
}
