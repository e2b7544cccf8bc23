import type { Op, Region, Value } from '../../ir/ir.js';
import { allOps, allUses, operands, regions, results } from '../../ir/walk.js';
import { PRIMARY } from '../expression.js';
import type { Emitter } from './emitter.js';

/** The lines that `print` makes in a block of their own; what they declare or hold ends with it. */
export function linesApart(emitter: Emitter, print: () => void): string[] {
  const outer = emitter.lines.splice(0);
  const state = [emitter.current, emitter.holders, emitter.pending] as const;
  const before = state.map((map) => new Map<unknown, unknown>(map));
  emitter.commentAnew();
  emitter.names.block(print);
  state.forEach((map: Map<unknown, unknown>, i) => {
    map.clear();
    for (const [key, value] of before[i] ?? []) map.set(key, value);
  });
  emitter.commentAnew();
  const lines = emitter.lines.splice(0);
  emitter.lines.push(...outer);
  return lines;
}

/** Brings the yields of a region into the variables that carry them on, as if all at once. */
export function assignYields(
  emitter: Emitter,
  yields: readonly Value[],
  targets: readonly (string | undefined)[],
): void {
  const open = yields.flatMap((value, i) => {
    const target = targets[i];
    if (target === undefined) return [];
    if (isAlreadyIn(emitter, value, target)) {
      emitter.use(value);
      return [];
    }
    return [{ value, target }];
  });
  for (const [at, { value, target }] of open.entries()) {
    // A variable that another assignment still reads is kept until then.
    for (const later of open.slice(at + 1)) {
      const held = emitter.current.get(target);
      const reads = emitter.pending.get(later.value)?.reads.has(target) ?? false;
      if (later.value === held || reads) keep(emitter, later.value, target);
    }
    const { text } = emitter.text(value);
    emitter.line(`${target} = ${text};`, null);
    emitter.current.set(target, value);
  }
}

/** Whether a variable holds a value here, or was set to the same constant in front of the branch. */
function isAlreadyIn(emitter: Emitter, value: Value, target: string): boolean {
  const held = emitter.current.get(target);
  if (emitter.holders.get(value) === target && held === value) return true;
  const initial = emitter.initials.get(target);
  return initial !== undefined && held === undefined && emitter.peek(value).text === initial;
}

/** Keeps a value that the assignment of a variable is about to change. */
export function keep(emitter: Emitter, value: Value, target: string): void {
  if (emitter.pending.has(value)) emitter.materialise(value, null);
  else emitter.keepBefore(value, target);
}

/** Prints what is pending and read inside of an operation's regions, where it would be computed again and again. */
export function flushFor(emitter: Emitter, op: Op): void {
  const inner = regions(op).flatMap((region) => [...allOps(region)]);
  const inside = new Set([
    ...inner.flatMap(operandsWithLeave),
    ...regions(op).flatMap((region) => region.yields),
  ]);
  const written = new Set(inner.flatMap((part) => namesWritten(emitter, part)));
  const stored = inner.flatMap((part) => (part.kind === 'store' ? [part.object] : []));
  const storesShadows = stored.some((object) => emitter.facts.isShadow(object));
  const storesPrimals = stored.some((object) => !emitter.facts.isShadow(object));
  for (const [value, pending] of emitter.pending) {
    // Where a loop begins is read once, ahead of its first iteration.
    const isStart = op.kind === 'loop' && op.inits.includes(value) && !inside.has(value);
    if (emitter.remaining(value) <= 0 || isStart) continue;
    const isStale =
      [...pending.reads].some((name) => written.has(name)) ||
      (pending.readsShadows && storesShadows) ||
      (pending.readsPrimals && storesPrimals);
    const isRepeated =
      op.kind === 'loop' && inside.has(value) && pending.text.precedence < PRIMARY - 6;
    if (isStale || isRepeated) emitter.materialise(value, op.origin);
  }
}

/** The variables in scope that an operation assigns. */
function namesWritten({ names }: Emitter, op: Op): string[] {
  return results(op).flatMap(({ variable }) =>
    variable !== null && names.has(variable) ? [names.of(variable)] : [],
  );
}

/** What an operation reads, with the value by which a loop is left. */
export function operandsWithLeave(op: Op): readonly Value[] {
  return op.kind === 'loop' && op.leave !== null ? [...operands(op), op.leave] : operands(op);
}

/** How often a region reads each value. */
export function usesIn(region: Region): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of allUses(region)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
