import { ts } from 'ts-morph';
import { joinedType } from '../../ir/build.js';
import type { Region, Value } from '../../ir/ir.js';
import type { Context, Env, EnvKey, Flag, Target } from './context.js';

/**
 * How code ends: it goes on, it always leaves (by return, break or continue), it throws, or it leaves exactly where
 * a boolean value is true.
 */
export type Completion = 'next' | 'exit' | 'throw' | Value;

/** Code lowered apart: its region under construction, and what the variables are behind it. */
export interface Arm {
  readonly ops: Region['ops'][number][];
  env: Env;
  completion: Completion;
}

export function lowerArm(cx: Context, lower: () => Completion): Arm {
  const outer = cx.env;
  cx.env = new Map(outer);
  const arm: Arm = { ops: [], env: cx.env, completion: 'next' };
  try {
    arm.completion = cx.builder.within(arm.ops, lower);
    arm.env = cx.env;
  } finally {
    cx.env = outer;
  }
  return arm;
}

/** Goes on in an arm that has completed normally. */
export function resumeArm(cx: Context, arm: Arm, lower: () => Completion): void {
  const outer = cx.env;
  cx.env = arm.env;
  try {
    arm.completion = cx.builder.within(arm.ops, lower);
    arm.env = cx.env;
  } finally {
    cx.env = outer;
  }
}

function leaves(completion: Completion): boolean {
  return completion === 'exit' || completion === 'throw';
}

/**
 * Lowers `if (cond) then else otherwise` and the statements behind it. Where one arm always leaves, the rest becomes
 * part of the other arm, so that every region has a single exit.
 */
export function lowerBranch(
  cx: Context,
  cond: Value,
  lowerThen: () => Completion,
  lowerElse: () => Completion,
  lowerRest: (() => Completion) | null,
): Completion {
  const known = cx.inlined ? cx.definitions.get(cond) : undefined;
  if (known?.kind === 'literal') {
    // What kind of argument a helper is called with decides a branch of it.
    const completion = known.value === true ? lowerThen() : lowerElse();
    if (lowerRest === null || leaves(completion)) return completion;
    if (completion === 'next') return lowerRest();
    return lowerBranch(cx, completion as Value, () => 'exit', lowerRest, null);
  }
  const then = lowerArm(cx, lowerThen);
  const otherwise = lowerArm(cx, lowerElse);
  let restDone = false;
  if (lowerRest !== null && leaves(then.completion) !== leaves(otherwise.completion)) {
    const going = leaves(then.completion) ? otherwise : then;
    if (going.completion === 'next') {
      resumeArm(cx, going, lowerRest);
      restDone = true;
    }
  }
  const completion = mergeArms(cx, cond, then, otherwise);
  if (lowerRest === null || restDone || leaves(completion)) return completion;
  if (completion === 'next') return lowerRest();
  return lowerBranch(cx, completion as Value, () => 'exit', lowerRest, null);
}

/** Joins two arms: appends the `if`, and gives each variable that differs a value of its own. */
function mergeArms(cx: Context, cond: Value, then: Arm, otherwise: Arm): Completion {
  // An arm that throws has no backward sweep: only the other one is ever differentiated.
  const thrown =
    then.completion === 'throw' ? then : otherwise.completion === 'throw' ? otherwise : null;
  if (thrown !== null) {
    const going = thrown === then ? otherwise : then;
    cx.builder.current().push(...going.ops);
    for (const key of cx.env.keys()) {
      const value = going.env.get(key);
      if (value !== undefined) cx.env.set(key, value);
    }
    return going.completion;
  }
  const thenYields: Value[] = [];
  const elseYields: Value[] = [];
  const results: Value[] = [];
  const join = (a: Value, b: Value, key: EnvKey | null): Value => {
    if (a === b) return a;
    // What no path has assigned yet has no type of its own.
    const isUnset = a === cx.poison || b === cx.poison;
    const result: Value = {
      type: isUnset ? (a === cx.poison ? b.type : a.type) : joinedType(a, b, cx.definitions),
      variable: key === null || cx.inlined ? null : cx.variableOf(key),
    };
    thenYields.push(a);
    elseYields.push(b);
    results.push(result);
    return result;
  };
  const merged: Env = new Map();
  for (const key of cx.env.keys()) {
    const a = then.env.get(key);
    const b = otherwise.env.get(key);
    if (a !== undefined && b !== undefined) merged.set(key, join(a, b, key));
  }
  const exited = (completion: Completion): Value =>
    completion === 'next' ? cx.false : completion === 'exit' ? cx.true : (completion as Value);
  let completion: Completion;
  if (then.completion === otherwise.completion && typeof then.completion === 'string') {
    completion = then.completion;
  } else {
    completion = join(exited(then.completion), exited(otherwise.completion), null);
  }
  cx.builder.append({
    kind: 'if',
    cond,
    then: { ops: then.ops, yields: thenYields },
    else: { ops: otherwise.ops, yields: elseYields },
    results,
    origin: cx.builder.origin,
  });
  for (const [key, value] of merged) cx.env.set(key, value);
  return completion;
}

/** Marks the exit to a target as taken. */
export function takeExit(cx: Context, flag: Flag): Completion {
  cx.env.set(flag, cx.true);
  return 'exit';
}

/** The target of `break` or `continue`. */
export function findTarget(
  cx: Context,
  node: ts.BreakOrContinueStatement,
): { readonly target: Target; readonly flag: Flag } {
  const label = node.label?.text ?? null;
  for (const target of [...cx.frame.targets].reverse()) {
    if (label !== null && target.label !== label) continue;
    if (ts.isContinueStatement(node)) {
      if (target.continueFlag !== null) return { target, flag: target.continueFlag };
    } else if (
      label !== null ||
      target.continueFlag !== null ||
      ts.isSwitchStatement(target.statement)
    ) {
      return { target, flag: target.breakFlag };
    }
  }
  return cx.unsupported(node, `"${node.getText()}" without a target`);
}

/** `a || b` of exit flags. */
export function either(cx: Context, flags: readonly Value[]): Value {
  const open = flags.filter((flag) => flag !== cx.false);
  const [first, ...rest] = open;
  if (first === undefined) return cx.false;
  if (open.includes(cx.true)) return cx.true;
  return rest.reduce((a, b) => cx.builder.apply('||', [a, b]), first);
}

/** The flags of all exits that lead further out than the innermost target. */
export function outerFlags(cx: Context, inner: number): Flag[] {
  const targets = cx.frame.targets.slice(0, inner);
  const flags = targets.flatMap((target) =>
    target.continueFlag === null ? [target.breakFlag] : [target.breakFlag, target.continueFlag],
  );
  return [cx.frame.returned, ...flags];
}

/** Lowers code that `break` can leave; what is left of its completion leads further out. */
export function lowerBreakable(cx: Context, target: Target, lower: () => Completion): Completion {
  const depth = cx.frame.targets.length;
  cx.env.set(target.breakFlag, cx.false);
  cx.frame.targets.push(target);
  let completion: Completion;
  try {
    completion = lower();
  } finally {
    cx.frame.targets.pop();
  }
  const broken = cx.env.get(target.breakFlag) ?? cx.false;
  cx.env.delete(target.breakFlag);
  if (completion === 'next' || completion === 'throw') return completion;
  if (completion === 'exit' && broken === cx.false) return 'exit';
  const further = either(
    cx,
    outerFlags(cx, depth).map((flag) => cx.env.get(flag) ?? cx.false),
  );
  if (further === cx.false) return 'next';
  return further === cx.true ? 'exit' : further;
}
