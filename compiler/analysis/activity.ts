import { hasAdjoint, isReference, type Fn, type OpaqueOp, type Op, type Value } from '../ir/ir.js';
import type { Definitions } from '../ir/build.js';
import { canBeActive } from '../ir/types.js';
import { allOps } from '../ir/walk.js';
import { ruleOf } from '../rules/index.js';
import type { Memory, MemoryClass } from './memory.js';

export interface Activity {
  /** Whether the value depends on a parameter of interest and the result on it. */
  isActive(value: Value): boolean;
  isActiveClass(memory: MemoryClass): boolean;
  isVaried(value: Value): boolean;
  isUseful(value: Value): boolean;
  /** Opaque expressions through which a derivative would be lost. */
  readonly lost: readonly OpaqueOp[];
  /** What is a number on one way and something else on another, so that its derivative would be lost. */
  readonly mixed: readonly Value[];
}

type Mark = Value | MemoryClass;

/** Activity = varied ∧ useful: forward from the parameters of interest, backward from the result. */
export function findActivity(
  fn: Fn,
  wrt: readonly Value[],
  memory: Memory,
  definitions: Definitions,
): Activity {
  const ops = [...allOps(fn.body)];
  const varied = new Set<Mark>();
  for (const param of wrt) {
    varied.add(param);
    if (isReference(param.type)) for (const reached of memory.reachable(param)) varied.add(reached);
  }
  fixpoint(varied, ops, (op, mark) => {
    spreadVaried(op, varied, mark, memory, definitions);
  });
  const useful = new Set<Mark>(fn.body.yields);
  for (const value of fn.body.yields)
    if (isReference(value.type)) for (const reached of memory.reachable(value)) useful.add(reached);
  fixpoint(useful, [...ops].reverse(), (op, mark) => {
    spreadUseful(op, useful, mark, memory, definitions);
  });
  const lost = ops.filter(
    (op): op is OpaqueOp =>
      op.kind === 'opaque' &&
      (hasAdjoint(op.result.type) || isReference(op.result.type)) &&
      varied.has(op.result) &&
      (useful.has(op.result) || isReference(op.result.type)),
  );
  const isVaried = (value: Value): boolean =>
    isReference(value.type) ? varied.has(memory.classOf(value)) : varied.has(value);
  const isUseful = (value: Value): boolean =>
    isReference(value.type) ? useful.has(memory.classOf(value)) : useful.has(value);
  return {
    isActive: (value) => canBeActive(value.type) && isVaried(value) && isUseful(value),
    isActiveClass: (mark) => varied.has(mark) && useful.has(mark),
    isVaried,
    isUseful,
    lost,
    mixed: ops.flatMap((op) => mixedBy(op, varied, memory)),
  };
}

/** The results of branches and loops that something varied reaches, though they are of no single kind. */
function mixedBy(op: Op, varied: ReadonlySet<Mark>, memory: Memory): Value[] {
  if (op.kind !== 'if' && op.kind !== 'loop') return [];
  const isVaried = (value: Value | undefined): boolean => {
    if (value === undefined) return false;
    if (!isReference(value.type)) return hasAdjoint(value.type) && varied.has(value);
    return memory.reachable(value).some((reached) => varied.has(reached));
  };
  return op.results.filter((result, i) => {
    const sources =
      op.kind === 'if' ? [op.then.yields[i], op.else.yields[i]] : [op.inits[i], op.body.yields[i]];
    const kinds = new Set(sources.map((source) => source?.type.kind));
    return (
      (!isVariable(result) || (kinds.has('number') && kinds.has('matrix'))) &&
      sources.some(isVaried)
    );
  });
}

function fixpoint(
  set: Set<Mark>,
  ops: readonly Op[],
  visit: (op: Op, mark: (m: Mark) => void) => void,
): void {
  for (let size = -1; size !== set.size;) {
    size = set.size;
    for (const op of ops) visit(op, (mark) => set.add(mark));
  }
}

const isVariable = ({ type }: Value): boolean => hasAdjoint(type) || isReference(type);

/** Whether a function passes a derivative on from one of its operands. */
function passes(op: Op & { kind: 'apply' }, i: number, definitions: Definitions): boolean {
  const rule = ruleOf(op, definitions);
  const input = rule?.inputs[i];
  if (rule !== null && input !== undefined) return rule.adjoints[input] !== null;
  if (op.fn !== 'stopGradient' && hasAdjoint(op.result.type) && isVariable(op.args[i]))
    throw new Error(`No derivative rule for ${op.fn}`);
  return false;
}

function spreadVaried(
  op: Op,
  varied: ReadonlySet<Mark>,
  mark: (m: Mark) => void,
  memory: Memory,
  definitions: Definitions,
): void {
  const carries = (value: Value): boolean =>
    isReference(value.type)
      ? memory.reachable(value).some((m) => varied.has(m))
      : varied.has(value);
  const isFloat = (value: Value): boolean => hasAdjoint(value.type) || value.type.kind === 'opaque';
  switch (op.kind) {
    case 'apply':
      if (op.args.some((arg, i) => carries(arg) && passes(op, i, definitions))) mark(op.result);
      break;
    case 'call': {
      if (!op.args.some((arg, i) => op.callee.keys.has(i) && carries(arg))) return;
      mark(op.result);
      if (isReference(op.result.type))
        for (const reached of memory.reachable(op.result)) mark(reached);
      break;
    }
    case 'opaque':
      if (op.result.type.kind !== 'boolean' && op.args.some(carries)) {
        mark(op.result);
        if (isReference(op.result.type)) mark(memory.classOf(op.result));
      }
      break;
    case 'load':
      if (op.key !== 'length' && isFloat(op.result) && varied.has(memory.classOf(op.object)))
        mark(op.result);
      break;
    case 'store':
      if (varied.has(op.value)) mark(memory.classOf(op.object));
      break;
    case 'alloc': {
      const { init } = op;
      const values =
        init.kind === 'elements' || init.kind === 'fields'
          ? init.values
          : init.kind === 'fill'
            ? [init.value]
            : init.kind === 'elementsOf'
              ? [init.matrix]
              : [];
      if (values.some((value) => varied.has(value))) mark(memory.classOf(op.result));
      if (init.kind === 'copy' && varied.has(memory.classOf(init.source)))
        mark(memory.classOf(op.result));
      break;
    }
    case 'if':
      op.results.forEach((result, i) => {
        const arms = [op.then.yields[i], op.else.yields[i]];
        if (isFloat(result) && arms.some((arm) => arm !== undefined && varied.has(arm)))
          mark(result);
      });
      break;
    case 'loop':
      op.results.forEach((result, i) => {
        const sources = [op.inits[i], op.body.yields[i]];
        const param = op.params[i];
        if (
          !isFloat(result) ||
          !sources.some((source) => source !== undefined && varied.has(source))
        )
          return;
        mark(result);
        if (param !== undefined) mark(param);
      });
      break;
    default:
  }
}

function spreadUseful(
  op: Op,
  useful: ReadonlySet<Mark>,
  mark: (m: Mark) => void,
  memory: Memory,
  definitions: Definitions,
): void {
  switch (op.kind) {
    case 'apply':
      if (!useful.has(op.result)) return;
      op.args.forEach((arg, i) => {
        if (!passes(op, i, definitions)) return;
        mark(arg);
        if (isReference(arg.type)) for (const reached of memory.reachable(arg)) mark(reached);
      });
      break;
    case 'call': {
      const reached = isReference(op.result.type) ? memory.reachable(op.result) : [op.result];
      if (![op.result, ...reached].some((result) => useful.has(result))) return;
      op.args.forEach((arg, i) => {
        if (!op.callee.keys.has(i)) return;
        mark(arg);
        if (isReference(arg.type)) for (const inner of memory.reachable(arg)) mark(inner);
      });
      break;
    }
    case 'opaque':
      if (useful.has(op.result)) {
        for (const arg of op.args) {
          mark(arg);
          if (isReference(arg.type)) for (const reached of memory.reachable(arg)) mark(reached);
        }
      }
      break;
    case 'load':
      if (useful.has(op.result)) mark(memory.classOf(op.object));
      break;
    case 'store':
      if (useful.has(memory.classOf(op.object))) mark(op.value);
      break;
    case 'alloc': {
      if (!useful.has(memory.classOf(op.result))) return;
      const { init } = op;
      if (init.kind === 'elements' || init.kind === 'fields') init.values.forEach(mark);
      if (init.kind === 'fill') mark(init.value);
      if (init.kind === 'elementsOf') mark(init.matrix);
      if (init.kind === 'copy') mark(memory.classOf(init.source));
      break;
    }
    case 'if':
      op.results.forEach((result, i) => {
        if (!useful.has(result)) return;
        for (const arm of [op.then.yields[i], op.else.yields[i]]) if (arm !== undefined) mark(arm);
      });
      break;
    case 'loop':
      op.results.forEach((result, i) => {
        const param = op.params[i];
        if (!useful.has(result) && !(param !== undefined && useful.has(param))) return;
        for (const value of [op.inits[i], op.body.yields[i], param])
          if (value !== undefined) mark(value);
      });
      break;
    default:
  }
}
