import {
  END,
  hasAdjoint,
  isReference,
  type IfOp,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import { allOps, allUses, regions } from '../ir/walk.js';
import { hasEffect } from '../simplify/dead.js';
import type { Backward } from './backward.js';
import { isActiveReference, reverseAlloc, reverseSlotStore } from './reverse-memory.js';
import { reverseCall } from './reverse-call.js';
import { findExchange, reverseExchange } from './reverse-exchange.js';
import { restore } from './restore.js';
import { reverseStatement } from './reverse-statement.js';
import { isZero } from '../simplify/matrix-algebra.js';
import { zerosFor } from './fit.js';
import { shadowOf, UnfollowedReference } from './shadow.js';

/** Appends the adjoint of a list of forward operations, from the last to the first. */
export function reverseOps(b: Backward, ops: readonly Op[]): void {
  for (let end = ops.length; end > 0;) {
    const exchange = findExchange(b, ops, end);
    if (exchange !== null) {
      const [store] = exchange.stores;
      reverseExchange(b, ops, exchange, store !== undefined && isActiveReference(b, store.value));
      end = exchange.start;
      continue;
    }
    const start = statementStart(ops, end);
    if (start < end - 1 || isSimple(ops[end - 1])) reverseStatement(b, ops.slice(start, end));
    else reverseOp(b, ops[end - 1]);
    end = Math.min(start, end - 1);
  }
}

/** Operations that are reversed together where they stem from one statement. */
function isSimple(op: Op | undefined): boolean {
  if (op === undefined) return false;
  if (op.kind === 'load') return op.key !== END;
  if (op.kind === 'store') return op.key !== END && !isReference(op.value.type);
  return op.kind === 'literal' || op.kind === 'apply' || op.kind === 'opaque';
}

/** Where the simple operations of the statement that ends at `end` begin. */
function statementStart(ops: readonly Op[], end: number): number {
  const last = ops[end - 1];
  if (last === undefined || !isSimple(last)) return end - 1;
  let start = end - 1;
  let stores = last.kind === 'store' ? 1 : 0;
  while (start > 0) {
    const op = ops[start - 1];
    if (op === undefined || !isSimple(op) || op.origin !== last.origin) break;
    // Two stores of one statement are reversed one after the other.
    if (op.kind === 'store' && ++stores > 1) break;
    if (op.kind === 'store' && last.kind !== 'store') break;
    start--;
  }
  return start;
}

function reverseOp(b: Backward, op: Op): void {
  b.builder.origin = op.origin;
  switch (op.kind) {
    case 'alloc':
      reverseAlloc(b, op);
      break;
    case 'store':
      reverseStore(b, op);
      break;
    case 'if':
      reverseIf(b, op);
      break;
    case 'loop':
      reverseLoop(b, op);
      break;
    case 'call':
      reverseCall(b, op);
      break;
    case 'push':
    case 'pop':
      throw new Error(`No reverse of ${op.kind}`);
    default:
  }
}

function reverseStore(b: Backward, op: StoreOp): void {
  // The shadow of an array that grew has its length: it is made before the last element is taken off.
  const grew =
    op.key === END && b.forward.activity.isActiveClass(b.forward.memory.classOf(op.object));
  if (grew) shadowOf(b, op.object);
  restore(b, op);
  b.builder.origin = op.origin;
  reverseSlotStore(b, op);
}

/** The values from outside of some regions whose adjoints may grow inside. */
function touchedBy(b: Backward, inner: readonly Region[]): Value[] {
  const own = new Set<Value>();
  const note = (region: Region): void => {
    for (const op of region.ops) {
      if (op.kind === 'loop') op.params.forEach((param) => own.add(param));
      if ('result' in op) own.add(op.result);
      if ('results' in op) op.results.forEach((result) => own.add(result));
      regions(op).forEach(note);
    }
  };
  inner.forEach(note);
  const touched = new Set<Value>();
  for (const region of inner) {
    for (const value of allUses(region)) {
      if (!own.has(value) && hasAdjoint(value.type) && b.isActive(value)) touched.add(value);
    }
  }
  return [...touched];
}

/** A branch runs backwards as it was taken. */
function reverseIf(b: Backward, op: IfOp): void {
  const { builder } = b;
  const { origin } = op;
  const incoming = op.results.map((result) => b.adjoints.get(result) ?? null);
  const works =
    op.results.some((_, i) => incoming[i] !== null) || hasEffect(op) || hasActiveLoads(b, op);
  if (!works) return;
  const touched = touchedBy(b, [op.then, op.else]);
  const before = b.adjoints;
  const reverseArm = (arm: Region): Region =>
    b.mirror(arm, () => {
      b.adjoints = new Map(before);
      builder.origin = origin;
      arm.yields.forEach((value, i) => {
        const adjoint = incoming[i];
        if (adjoint !== null && adjoint !== undefined && b.isActive(value))
          b.accumulate(value, adjoint);
      });
      reverseOps(b, arm.ops);
      return touched.map((value) => b.adjoints.get(value) ?? zerosFor(b, value));
    });
  const then = reverseArm(op.then);
  const otherwise = reverseArm(op.else);
  b.adjoints = before;
  const results = touched.map((value): Value => ({
    type: value.type,
    variable: b.adjointVariable(value.variable),
  }));
  builder.origin = origin;
  builder.append({ kind: 'if', cond: op.cond, then, else: otherwise, results, origin });
  touched.forEach((value, i) => {
    const result = results[i];
    const none =
      isZero(then.yields[i], b.definitions) && isZero(otherwise.yields[i], b.definitions);
    if (result !== undefined && !(none && !before.has(value))) b.adjoints.set(value, result);
  });
}

function hasActiveLoads(b: Backward, op: Op): boolean {
  return regions(op).some((region) =>
    [...allOps(region)].some((inner) => inner.kind === 'load' && b.isActive(inner.result)),
  );
}

/** The iterations in reverse order; how they are counted is decided later. */
function reverseLoop(b: Backward, op: LoopOp): void {
  const { builder } = b;
  const { origin } = op;
  const states = op.params.flatMap((param, i) => {
    const [init, next, result] = [op.inits[i], op.body.yields[i], op.results[i]];
    return init === undefined || next === undefined || result === undefined
      ? []
      : [{ param, init, next, result }];
  });
  const carried = states.filter(
    ({ param, result }) => b.isActive(param) || (hasAdjoint(result.type) && b.isActive(result)),
  );
  const values = carried.filter(({ result }) => hasAdjoint(result.type));
  const references = states.filter(
    ({ result }) => isReference(result.type) && isActiveReference(b, result),
  );
  const own = new Set(op.params);
  const touched = touchedBy(b, [op.body]).filter((value) => !own.has(value));
  const isIdle = values.length === 0 && references.length === 0 && touched.length === 0;
  if (isIdle && !hasEffect(op) && !hasActiveLoads(b, op)) return;
  const before = b.adjoints;
  const adjointOf = (value: Value): Value => before.get(value) ?? zerosFor(b, value);
  const inits = [
    ...references.map(({ result }) => shadowOf(b, result)),
    ...values.map(({ result }) => adjointOf(result)),
    ...touched.map(adjointOf),
  ];
  const params = [
    ...references.map(({ result, param }): Value => ({
      type: result.type,
      variable: b.adjointVariable(param.variable),
    })),
    ...[...values.map(({ param }) => param), ...touched].map((value): Value => ({
      type: value.type,
      variable: b.adjointVariable(value.variable),
    })),
  ];
  const shadowsOfNext = params.slice(0, references.length);
  const adjointsOfNext = params.slice(references.length, references.length + values.length);
  const sums = params.slice(references.length + values.length);
  const body = b.mirror(op.body, () => {
    b.adjoints = new Map(before);
    touched.forEach((value, i) => {
      const sum = sums[i];
      if (sum !== undefined) b.adjoints.set(value, sum);
    });
    builder.origin = origin;
    references.forEach(({ next }, i) => {
      const shadow = shadowsOfNext[i];
      if (shadow !== undefined) takeShadow(b, next, shadow, op.body);
    });
    values.forEach(({ next }, i) => {
      const adjoint = adjointsOfNext[i];
      if (adjoint === undefined || !b.isActive(next)) return;
      if (b.adjoints.has(next)) b.accumulate(next, adjoint);
      else b.adjoints.set(next, adjoint);
    });
    reverseOps(b, op.body.ops);
    return [
      ...references.map(({ param }) => shadowOf(b, param)),
      ...[...values.map(({ param }) => param), ...touched].map(
        (value) => b.adjoints.get(value) ?? zerosFor(b, value),
      ),
    ];
  });
  b.adjoints = before;
  const results = params.map((param): Value => ({ type: param.type, variable: param.variable }));
  builder.origin = origin;
  const test: Region = builder.region(() => [builder.literal(true)]);
  builder.append({ kind: 'loop', inits, params, test, body, leave: null, results, origin });
  touched.forEach((value, i) => {
    const result = results[references.length + values.length + i];
    if (result !== undefined) b.adjoints.set(value, result);
  });
  values.forEach(({ init }, i) => {
    const result = results[references.length + i];
    if (result !== undefined && b.isActive(init)) b.accumulate(init, result);
  });
  references.forEach(({ init }, i) => {
    const result = results[i];
    if (result !== undefined) takeShadow(b, init, result, null);
  });
}

/**
 * Makes memory the shadow of a reference that has had none so far: of an array that an iteration hands to the next one,
 * or of the one that the first iteration begins with.
 */
function takeShadow(b: Backward, reference: Value, shadow: Value, body: Region | null): void {
  const mirror = b.mirrors.at(-1);
  const isHere = mirror !== undefined && b.mirrorOf(reference) === mirror;
  const made = b.definitions.get(reference)?.kind;
  const isOwn = made === 'alloc' || made === undefined || (made === 'loop' && body === null);
  if (!isHere || mirror.shadows.has(reference) || !isOwn) {
    throw new UnfollowedReference(
      reference,
      'Copy the numbers into one array instead of changing from one array to another.',
    );
  }
  mirror.shadows.set(reference, shadow);
  b.shadows.set(shadow, reference);
}
