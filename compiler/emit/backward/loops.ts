import type { LoopOp, Op, Region, Value } from '../../ir/ir.js';
import type { Emitter } from './emitter.js';
import { isInPlace } from './matrices.js';
import { assignYields, flushFor, linesApart } from './regions.js';

/** Prints a loop: `for` where one of its states only counts, or else `while`. */
export function emitLoop(emitter: Emitter, op: LoopOp, rest: readonly Op[]): void {
  const counterAt = counterOf(emitter, op);
  const counter = op.params[counterAt];
  const targets = op.params.map((param, i) =>
    i === counterAt ? undefined : loopTarget(emitter, op, param, i, rest),
  );
  flushFor(emitter, op);
  let header = '';
  const lines = linesApart(emitter, () => {
    header =
      counter === undefined ? whileHead(emitter, op) : forHead(emitter, op, counterAt, counter);
    emitter.names.block(() => {
      holdAll(emitter, op.params, targets);
      emitter.block(counter === undefined ? op.body : withoutStep(op.body, counterAt));
      assignYields(emitter, op.body.yields, targets);
    });
  });
  if (lines.length === 1) emitter.lines.push(`${header} ${lines[0] ?? ''}`);
  else if (lines.length > 0) emitter.lines.push(`${header} {`, ...lines, '}');
  holdAll(emitter, op.results, targets);
  emitter.commentAnew();
}

/** Notes that each state is now in the variable that carries it. */
function holdAll(
  emitter: Emitter,
  states: readonly Value[],
  targets: readonly (string | undefined)[],
): void {
  states.forEach((state, i) => {
    const target = targets[i];
    if (target !== undefined) emitter.hold(state, target);
  });
}

/** The state that the test compares and the body steps by a constant. */
function counterOf(emitter: Emitter, op: LoopOp): number {
  const { definitions } = emitter.facts;
  return op.params.findIndex((param, i) => {
    const next = op.body.yields[i];
    const step = next === undefined ? undefined : definitions.get(next);
    const [cond] = op.test.yields;
    const test = cond === undefined ? undefined : definitions.get(cond);
    return (
      step?.kind === 'apply' &&
      (step.fn === '+' || step.fn === '-') &&
      step.args[0] === param &&
      test?.kind === 'apply' &&
      test.args[0] === param &&
      emitter.remaining(op.results[i]) === 0
    );
  });
}

/** `for (let i = 0; i < n; i++)`; without a declaration where the counter goes on from a variable of its name. */
function forHead(emitter: Emitter, op: LoopOp, at: number, counter: Value): string {
  const { names, facts } = emitter;
  const init = emitter.text(op.inits[at]);
  const next = facts.definitions.get(op.body.yields[at]);
  const { variable } = counter;
  const wanted = variable === null ? 'i' : names.has(variable) ? names.of(variable) : variable.name;
  // The count of the forward sweep is counted down itself.
  const continues = init.text === wanted && facts.definitions.get(op.inits[at])?.kind === 'pop';
  const name = continues ? wanted : names.declare(wanted, true);
  emitter.hold(counter, name);
  emitter.block(op.test);
  const test = emitter.text(op.test.yields[0]).text;
  const amount = next?.kind === 'apply' ? facts.definitions.get(next.args[1]) : undefined;
  const size = amount?.kind === 'literal' ? Number(amount.value) : 1;
  const sign = next?.kind === 'apply' ? next.fn : '+';
  const step = size === 1 ? `${name}${sign}${sign}` : `${name} ${sign}= ${String(size)}`;
  return `for (${continues ? '' : `let ${name} = ${init.text}`}; ${test}; ${step})`;
}

function whileHead(emitter: Emitter, op: LoopOp): string {
  emitter.block(op.test);
  return `while (${emitter.text(op.test.yields[0]).text})`;
}

/** The body without the operation that steps the counter. */
function withoutStep(body: Region, at: number): Region {
  const next = body.yields[at];
  return { ...body, ops: body.ops.filter((op: Op) => !('result' in op && op.result === next)) };
}

/** Whether a value is the matrix of a state, to which an iteration has at most added in place. */
function staysInPlace(emitter: Emitter, value: Value, param: Value): boolean {
  if (value.type.kind !== 'matrix') return false;
  if (value === param) return true;
  const op = emitter.facts.definitions.get(value);
  if (op?.kind === 'loop') {
    const at = op.results.indexOf(value);
    const [init, inner, next] = [op.inits[at], op.params[at], op.body.yields[at]];
    return staysInPlace(emitter, init, param) && staysInPlace(emitter, next, inner);
  }
  if (op?.kind === 'if') {
    const at = op.results.indexOf(value);
    return [op.then.yields[at], op.else.yields[at]].every((arm) =>
      staysInPlace(emitter, arm, param),
    );
  }
  return op?.kind === 'apply' && isInPlace(op) && staysInPlace(emitter, op.args[0], param);
}

/** The variable that carries a state through a loop, holding its first value. */
function loopTarget(
  emitter: Emitter,
  op: LoopOp,
  param: Value,
  i: number,
  rest: readonly Op[],
): string {
  const init = op.inits[i];
  const known = emitter.assignableName(param);
  if (known !== null) {
    if (emitter.holders.get(init) === known && emitter.current.get(known) === init) {
      emitter.use(init);
      if (emitter.remaining(init) > 0) emitter.overwrite(known, null);
      return known;
    }
    const { text } = emitter.text(init);
    emitter.overwrite(known, null);
    emitter.line(`${known} = ${text};`, null);
    return known;
  }
  const { text } = emitter.text(init);
  const name = emitter.newName(param, op.origin);
  emitter.mutable.add(name);
  const keeps =
    staysInPlace(emitter, op.body.yields[i], param) && !emitter.isAssignedAgain(param, rest);
  emitter.line(`${keeps ? 'const' : 'let'} ${name} = ${text};`, null);
  return name;
}
