import {
  END,
  isOnTape,
  isReference,
  type Init,
  type Key,
  type Op,
  type StoreOp,
  type Value,
} from '../../ir/ir.js';
import { initOperands, operands } from '../../ir/walk.js';
import { primary, wrap, PRIMARY, type Text } from '../expression.js';
import { clearLines } from '../clear.js';
import { fieldText, memberText, tangentTypeText, zerosText } from '../shapes.js';
import type { Emitter } from './emitter.js';
import { emitSlotSum } from './matrices.js';
import { isReadOnce, isUsedInLoop, keepsInline } from './inline.js';

/** Prints `a[i]` or `a.pop()`, or puts the slot off until it is used. */
export function emitLoad(emitter: Emitter, op: Op & { kind: 'load' }, rest: readonly Op[]): void {
  const { result, object, key } = op;
  const reads = emitter.readsOf(operands(op));
  const isShadow = emitter.facts.isShadow(object);
  if (key === END) {
    const text = `${wrap(emitter.text(object), PRIMARY)}.pop()`;
    if (emitter.remaining(result) === 0) emitter.line(`${text};`, op.origin);
    else emitter.define(result, primary(`${text}!`), op.origin, rest);
    return;
  }
  const keeps = isReference(result.type)
    ? isReadOnce(emitter, result, rest)
    : keepsInline(emitter, op, result, rest);
  const text = primary(
    slotText(emitter, emitter.text(object), key) + bangText(emitter, object, key),
  );
  const isLength = key === 'length';
  if (keeps || isLength) {
    emitter.putOff(result, text, {
      reads: reads.reads,
      readsShadows: reads.readsShadows || (isShadow && !isLength),
      readsPrimals: reads.readsPrimals || (!isShadow && !isLength),
    });
    return;
  }
  emitter.define(result, text, op.origin, rest);
}

/** Prints `a[i] = v`, or `a[i] += v` where that is what happens. */
export function emitStore(emitter: Emitter, op: StoreOp): void {
  const { object, key, value } = op;
  const isShadow = emitter.facts.isShadow(object);
  const base = emitter.text(object);
  if (emitSlotSum(emitter, op, () => slotText(emitter, base, key) + bangText(emitter, object, key)))
    return;
  const sum = slotIncrement(emitter, op);
  if (sum !== null) {
    const slot = slotText(emitter, base, key);
    emitter.flushMemory(isShadow, op.origin, [sum.load, value]);
    emitter.line(
      `${slot}${bangText(emitter, object, key)} ${sum.sign}= ${sum.amount.text};`,
      op.origin,
    );
    return;
  }
  const text = emitter.text(value).text;
  const slot = slotText(emitter, base, key);
  emitter.flushMemory(isShadow, op.origin, [value]);
  emitter.line(`${slot} = ${text};`, op.origin);
}

/** `object.key` or `object[key]`; counts as a use of the key. */
function slotText(emitter: Emitter, object: Text, key: Key): string {
  const base = wrap(object, PRIMARY);
  if (typeof key === 'string') return memberText(base, key);
  return `${base}[${emitter.text(key).text}]`;
}

/** What assures TypeScript that something is there: an element, or the shadow of an optional field that is. */
function bangText({ facts }: Emitter, object: Value, key: Key): string {
  if (typeof key !== 'string') return facts.bang && object.type.kind === 'array' ? '!' : '';
  if (object.type.kind !== 'object' || !facts.isShadow(object)) return '';
  return object.type.fields.some(({ name, optional }) => name === key && optional) ? '!' : '';
}

/** The amount in `a[i] = a[i] + amount`. */
function slotIncrement(
  emitter: Emitter,
  op: StoreOp,
): { readonly sign: string; readonly amount: Text; readonly load: Value } | null {
  const parts = emitter.sums.get(op.value);
  if (parts === undefined || emitter.remaining(op.value) !== 1) return null;
  const load = emitter.facts.definitions.get(parts.left);
  if (load?.kind !== 'load' || load.object !== op.object || load.key !== op.key) return null;
  if (!emitter.pending.has(op.value)) return null;
  emitter.use(op.value);
  emitter.pending.delete(op.value);
  return { sign: parts.sign, amount: parts.amount, load: parts.left };
}

/** Prints a new array or object; one that is only an element of the next becomes part of its literal. */
export function emitAlloc(emitter: Emitter, op: Op & { kind: 'alloc' }, rest: readonly Op[]): void {
  const { result, init, origin } = op;
  const given = emitter.facts.given.get(result);
  if (given !== undefined && init.kind === 'zerosLike') {
    const source = emitter.text(init.source).text;
    emitter.define(result, primary(given), null, rest);
    const bang = emitter.facts.bang ? '!' : '';
    emitter.lines.push(...clearLines(result.type, emitter.peek(result).text, source, bang));
    return;
  }
  const text = initText(emitter, result, init);
  const isPart = rest.some(
    (other) => other.kind === 'alloc' && initOperands(other.init).includes(result),
  );
  if (result.variable === null && isPart && emitter.remaining(result) === 1) {
    emitter.putOff(result, text);
    return;
  }
  const needsType =
    result.type.kind === 'tuple' || (init.kind === 'elements' && init.values.length === 0);
  emitter.define(
    result,
    text,
    init.kind === 'zerosLike' ? null : origin,
    rest,
    needsType ? `: ${tangentTypeText(result.type)}` : '',
  );
}

function initText(emitter: Emitter, result: Value, init: Init): Text {
  const textOf = (value: Value): string => emitter.text(value).text;
  switch (init.kind) {
    case 'zerosLike':
      return zerosText(result.type, textOf(init.source), {
        bang: emitter.facts.bang ? '!' : '',
        runtimeName: (fn) => emitter.facts.runtimeName(fn),
      });
    case 'elements':
      return primary(`[${init.values.map(textOf).join(', ')}]`);
    case 'fields':
      return primary(
        `{ ${init.names.map((name, i) => `${fieldText(name)}: ${textOf(init.values[i])}`).join(', ')} }`,
      );
    case 'copy': {
      const bounds = [init.start, init.end].filter((value) => value !== null).map(textOf);
      return primary(`${wrap(emitter.text(init.source), PRIMARY)}.slice(${bounds.join(', ')})`);
    }
    case 'zeros':
    case 'elementsOf':
    case 'fill':
      throw new Error(`No text for ${init.kind}`);
  }
}

/** Reads what the forward sweep has saved: from its variable, by index, or off the end of a tape. */
export function emitPop(emitter: Emitter, op: Op & { kind: 'pop' }, rest: readonly Op[]): void {
  const { result, tape } = op;
  const name = emitter.names.of(tape.variable);
  const { form } = tape;
  if (form.kind === 'cell') {
    emitter.putOff(result, primary(name));
    return;
  }
  const isFlag = tape.type.kind === 'boolean';
  if (form.kind === 'indexed') {
    const index = op.index === null ? '' : emitter.text(op.index).text;
    const slot = primary(`${name}[${index}]${emitter.facts.bang ? '!' : ''}`);
    const text = isFlag ? flagText(slot) : slot;
    if (emitter.remaining(result) === 1 && !isUsedInLoop(result, rest))
      emitter.putOff(result, text);
    else emitter.define(result, text, null, rest);
    return;
  }
  const call = primary(isOnTape(tape.type) ? `${name}.pop()` : `${name}.pop()!`);
  if (emitter.remaining(result) === 0) {
    emitter.line(`${call.text};`, null);
    return;
  }
  // What is stored back or counted down at once needs no name.
  const [next] = rest;
  const goesOn =
    (next?.kind === 'store' && next.value === result) ||
    (next?.kind === 'loop' && next.inits[0] === result);
  if (goesOn && emitter.remaining(result) === 1) {
    emitter.putOff(result, call);
    return;
  }
  emitter.define(result, isFlag ? flagText(call) : call, null, rest);
}

/** Flags are saved as numbers. */
function flagText(saved: Text): Text {
  return { text: `${saved.text} === 1`, precedence: 8 };
}
