import { ts } from 'ts-morph';
import { applyText, conditionalText, numberText, primary, type Text } from '../emit/expression.js';
import { isMatrixPart } from '../ir/matrix-functions.js';
import { runtimeText } from '../emit/runtime-call.js';
import type { Op, Value } from '../ir/ir.js';
import { wordOf } from '../ir/words.js';
import type { Draft, Leaf } from './draft.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

/** How much work an expression must be to be given a name where it is used a second time. */
const dear = 3;

/**
 * Gives names to what the tangents use of the author's expression and what should not be computed twice:
 * `Math.exp(-x)` becomes a constant in front of the statement, which uses it as well.
 */
export function nameParts(w: Writer, draft: Draft, tangents: readonly Value[]): void {
  const used = new Map<Value, number>();
  const visit = (value: Value): void => {
    const count = used.get(value) ?? 0;
    used.set(value, count + 1);
    if (count > 0) return;
    if (draft.places.has(value) && isNameable(w, draft, value)) return;
    if (w.leaves.has(value)) return;
    operandsOf(w.definitions.get(value)).forEach(visit);
  };
  tangents.forEach(visit);
  if (!draft.canPrecede) return;
  for (const [value, places] of draft.places) {
    const [place] = places;
    const count = used.get(value) ?? 0;
    if (place === undefined || count === 0 || draft.named.has(value)) continue;
    const isRepeated = count > 1 && costOf(w, value) >= dear - 1 && !draft.conditional.has(value);
    if (!isRepeated && !isNameable(w, draft, value)) continue;
    const op = w.definitions.get(value);
    const leaf = w.leaves.get(value);
    const word =
      leaf === undefined
        ? op?.kind === 'apply'
          ? wordOf(op.fn)
          : 'part'
        : (/^\w+/.exec(leaf.text.text)?.[0] ?? 'part');
    const name = w.names.declare(`${draft.target}_${word}`);
    draft.before.push(`const ${name} = ${w.print(place)};`);
    draft.named.set(value, name);
    for (const each of places) w.replaced.set(each, name);
  }
}

function isNameable(w: Writer, draft: Draft, value: Value): boolean {
  if (draft.conditional.has(value)) return false;
  if (draft.named.has(value)) return true;
  const leaf = w.leaves.get(value);
  return leaf !== undefined ? leaf.isDear : costOf(w, value) >= dear;
}

const cheap = new Set(
  ['abs', 'max', 'min', 'floor', 'ceil', 'round', 'trunc', 'sign', 'fround'].map(
    (name) => `Math.${name}`,
  ),
);

/** A measure of the work that an expression takes, and of its length. */
function costOf(w: Writer, value: Value): number {
  if (w.leaves.has(value)) return 0;
  const op = w.definitions.get(value);
  if (op?.kind !== 'apply' && op?.kind !== 'if') return 0;
  const inner = operandsOf(op).reduce((sum, operand) => sum + costOf(w, operand), 0);
  if (op.kind === 'if') return inner + 1;
  if (op.fn === 'neg' || op.fn === 'copy' || isMatrixPart(op.fn)) return inner;
  const isFunction = /^Math\.|^\w/.test(op.fn) && !cheap.has(op.fn);
  return inner + (isFunction || op.fn === '**' ? dear : op.fn === '/' || op.fn === '%' ? 2 : 1);
}

function operandsOf(op: Op | undefined): readonly Value[] {
  if (op?.kind === 'apply') return op.args;
  if (op?.kind === 'if') return [op.cond, ...op.then.yields, ...op.else.yields];
  return [];
}

/** The texts of tangents; what several places use is given a name in front of the statement. */
export function renderAll(w: Writer, draft: Draft, tangents: readonly Value[]): Text[] {
  nameParts(w, draft, tangents);
  const counts = new Map<Value, number>();
  const count = (value: Value): void => {
    const known = counts.get(value) ?? 0;
    counts.set(value, known + 1);
    if (known > 0 || draft.named.has(value) || w.leaves.has(value)) return;
    operandsOf(w.definitions.get(value)).forEach(count);
  };
  tangents.forEach(count);
  const named = new Map<Value, string>();
  const textOf = (value: Value): Text => {
    const name = draft.named.get(value) ?? named.get(value);
    if (name !== undefined) return primary(name);
    const leaf = w.leaves.get(value);
    if (leaf !== undefined) return leaf.text;
    const op = w.definitions.get(value);
    if (op?.kind === 'literal')
      return typeof op.value === 'number' ? numberText(op.value) : primary(String(op.value));
    if (op?.kind === 'if') {
      const [place] = draft.places.get(value) ?? [];
      if (place !== undefined) return { text: w.print(bare(place)), precedence: 1 };
      const [then] = op.then.yields;
      const [otherwise] = op.else.yields;
      if (then === undefined || otherwise === undefined) return primary('0');
      return conditionalText(textOf(op.cond), textOf(then), textOf(otherwise));
    }
    if (op?.kind !== 'apply') throw new Error('A value without a text');
    const call = (draft.places.get(value) ?? []).map(bare).find(ts.isCallExpression);
    // A function of the runtime's goes by the name under which it is imported.
    const isRuntime =
      call !== undefined &&
      (w.source.runtimeCall(call) !== null || w.source.matrixCall(call) !== null);
    if (isRuntime && op.fn !== 'addTo') return primary(w.print(call));
    const isRepeated = op.fn === 'softplus' || (counts.get(value) ?? 0) > 1;
    const args = op.args.map(textOf);
    // The sum in place has been made, or will be.
    const fn = op.fn === 'addTo' ? 'add' : op.fn;
    const text = runtimeText({ ...op, fn }, args, w.style) ?? applyText(fn, args);
    const isShort = op.fn === 'softplus' || isMatrixPart(op.fn) || costOf(w, value) < 2;
    if (!isRepeated || !draft.canPrecede || isShort) return text;
    const isTangent = !draft.places.has(value);
    const wanted = `${draft.target}_${wordOf(op.fn)}`;
    const own = w.names.declare(isTangent ? w.around.nameTangent(wanted) : wanted);
    const line = `const ${own} = ${text.text};`;
    draft.before.push(line);
    draft.sharing.add(line);
    named.set(value, own);
    return primary(own);
  };
  return tangents.map(textOf);
}

/** Whether the tangents read something whose cell is asked for. */
export function readsLeaf(
  w: Writer,
  draft: Draft,
  tangents: readonly Value[],
  isAsked: (leaf: Leaf) => boolean,
  besides: Value | null = null,
): boolean {
  const seen = new Set<Value>(besides === null ? [] : [besides]);
  const visit = (value: Value): boolean => {
    if (seen.has(value) || draft.named.has(value)) return false;
    seen.add(value);
    const leaf = w.leaves.get(value);
    if (leaf !== undefined) return isAsked(leaf);
    return operandsOf(w.definitions.get(value)).some(visit);
  };
  return tangents.some(visit);
}

/** Whether the tangents use a part that is worth a name. */
export function usesPart(
  w: Writer,
  draft: Draft,
  tangents: readonly Value[],
  part: Value,
): boolean {
  if (w.leaves.has(part) || costOf(w, part) < dear) return false;
  const seen = new Set<Value>();
  const visit = (value: Value): boolean => {
    if (value === part) return true;
    if (seen.has(value) || draft.named.has(value) || w.leaves.has(value)) return false;
    seen.add(value);
    return operandsOf(w.definitions.get(value)).some(visit);
  };
  return tangents.some(visit);
}

/** Whether the tangents use a part of the author's expression that should get a name ahead of it. */
export function needsNames(w: Writer, draft: Draft, tangents: readonly Value[]): boolean {
  const seen = new Set<Value>();
  const visit = (value: Value): boolean => {
    if (seen.has(value)) return false;
    seen.add(value);
    if (draft.places.has(value) && !draft.named.has(value) && isNameable(w, draft, value))
      return true;
    return !w.leaves.has(value) && operandsOf(w.definitions.get(value)).some(visit);
  };
  return tangents.some(visit);
}
