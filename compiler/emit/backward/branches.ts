import type { IfOp, Op, Region, Value } from '../../ir/ir.js';
import { conventionMark } from '../convention-mark.js';
import { allOps, results } from '../../ir/walk.js';
import { hasEffect } from '../../simplify/dead.js';
import { conditionalText, type Text } from '../expression.js';
import { tangentTypeText } from '../shapes.js';
import type { Emitter } from './emitter.js';
import { keepsInline } from './inline.js';
import { branchLines } from './lines.js';
import { literalText } from './literals.js';
import { assignYields, flushFor, keep, linesApart, usesIn } from './regions.js';

/** Prints a branch: `cond ? a : b` where it only chooses between expressions, or else an `if`. */
export function emitBranch(emitter: Emitter, op: IfOp, rest: readonly Op[]): void {
  if (emitConditional(emitter, op, rest)) return;
  const cond = emitter.text(op.cond);
  const isMarked = op.byConvention === true && emitter.facts.marksConventions;
  const targets = op.results.map((result, i) => branchTarget(emitter, op, result, i));
  flushFor(emitter, op);
  keepBehind(emitter, op, targets);
  const then = armLines(emitter, op.then, targets, op.else);
  const otherwise = armLines(emitter, op.else, targets, null);
  if (isMarked) emitter.lines.push(conventionMark);
  emitter.lines.push(...branchLines(cond, then, otherwise));
  op.results.forEach((result, i) => {
    emitter.hold(result, targets[i]);
  });
  emitter.commentAnew();
}

/** A branch without effects that chooses between two short expressions is one itself. */
function emitConditional(emitter: Emitter, op: IfOp, rest: readonly Op[]): boolean {
  const [result] = op.results;
  if (op.results.length !== 1 || result === undefined || hasEffect(op)) return false;
  const isPlain = (arm: Region): boolean =>
    arm.ops.every(
      (inner) =>
        inner.kind === 'literal' ||
        inner.kind === 'load' ||
        (inner.kind === 'apply' && !emitter.isAdjoint(inner.result)) ||
        (inner.kind === 'if' && !callsInside(inner)) ||
        (inner.kind === 'pop' && inner.tape.form.kind !== 'stack'),
    );
  if (!isPlain(op.then) || !isPlain(op.else)) return false;
  if (passesThrough(emitter, op, 0) && emitter.isAdjoint(result)) return false;
  const cond = emitter.text(op.cond);
  const armText = (arm: Region): Text => {
    emitter.block(arm);
    return emitter.text(arm.yields[0]);
  };
  const zero = armText(op.then);
  const isMarked = op.byConvention === true && emitter.facts.marksConventions;
  const then = isMarked ? { ...zero, text: `${conventionMark} ${zero.text}` } : zero;
  const otherwise = armText(op.else);
  const text = conditionalText(cond, then, otherwise);
  const reads = emitter.readsOf([op.cond, ...op.then.yields, ...op.else.yields]);
  if (keepsInline(emitter, op, result, rest) && result.variable === null) {
    emitter.putOff(result, text, reads);
  } else emitter.define(result, text, op.origin, rest);
  return true;
}

/** Whether a branch calls something, which must run only where the branch is taken. */
function callsInside(op: IfOp): boolean {
  return [...allOps(op.then), ...allOps(op.else)].some(({ kind }) => kind === 'call');
}

/** Whether one arm leaves the variable of a result as it was before the branch. */
function passesThrough({ names, current }: Emitter, op: IfOp, i: number): boolean {
  const variable = op.results[i]?.variable ?? null;
  if (variable === null || !names.has(variable)) return false;
  const held = current.get(names.of(variable));
  return held !== undefined && (op.then.yields[i] === held || op.else.yields[i] === held);
}

/** The variable that takes a result of a branch, declared in front of it. */
function branchTarget(emitter: Emitter, op: IfOp, result: Value, i: number): string {
  const known = emitter.assignableName(result);
  if (known !== null) {
    const held = emitter.current.get(known);
    const arms = [op.then.yields[i], op.else.yields[i]];
    const initial = literalArm(emitter, op, i);
    if (initial !== null && (held === undefined || !arms.includes(held))) {
      emitter.overwrite(known, op.origin);
      emitter.lines.push(`${known} = ${initial.text};`);
      emitter.current.delete(known);
      emitter.initials.set(known, initial.text);
    } else emitter.initials.delete(known);
    return known;
  }
  const name = emitter.newName(result, op.origin);
  emitter.mutable.add(name);
  const initial = initialOf(emitter, op, i);
  emitter.initials.delete(name);
  if (initial !== null) {
    emitter.lines.push(`let ${name} = ${initial.text};`);
    emitter.initials.set(name, initial.text);
  } else {
    const type = result.type.kind === 'boolean' ? 'boolean' : tangentTypeText(result.type);
    emitter.lines.push(`let ${name}: ${type};`);
  }
  return name;
}

/** The constant that an arm yields. */
function literalArm(emitter: Emitter, op: IfOp, i: number): Text | null {
  for (const arm of [op.else, op.then]) {
    const value = arm.yields[i];
    const definition = value === undefined ? undefined : emitter.facts.definitions.get(value);
    if (definition?.kind === 'literal') return literalText(definition.value);
  }
  return null;
}

/** What a result is where an arm does not compute it: a constant, or a value from before the branch. */
function initialOf(emitter: Emitter, op: IfOp, i: number): Text | null {
  const constant = literalArm(emitter, op, i);
  if (constant !== null) return constant;
  for (const arm of [op.then, op.else]) {
    const value = arm.yields[i];
    if (value !== undefined && emitter.holders.has(value) && !isDefinedIn(arm, value))
      return emitter.peek(value);
  }
  return null;
}

function isDefinedIn(region: Region, value: Value): boolean {
  return [...allOps(region)].some((op) => results(op).includes(value));
}

/** The lines of one arm. What the other arm will use does not count here: it never runs behind this one. */
function armLines(
  emitter: Emitter,
  region: Region,
  targets: readonly string[],
  other: Region | null,
): string[] {
  const apart = other === null ? new Map<Value, number>() : usesIn(other);
  for (const [value, count] of apart) emitter.use(value, count);
  const lines = linesApart(emitter, () => {
    emitter.block(region);
    assignYields(emitter, region.yields, targets);
  });
  for (const [value, count] of apart) emitter.use(value, -count);
  return lines;
}

/** Keeps the values of variables that a branch assigns and that are read behind it all the same. */
function keepBehind(emitter: Emitter, op: IfOp, targets: readonly string[]): void {
  const inside = [usesIn(op.then), usesIn(op.else)];
  for (const target of targets) {
    const held = emitter.current.get(target);
    if (held === undefined) continue;
    const count = inside.reduce((sum, uses) => sum + (uses.get(held) ?? 0), 0);
    if (emitter.remaining(held) > count) keep(emitter, held, target);
  }
}
