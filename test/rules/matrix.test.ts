import * as runtime from '@chainrule/runtime';
import { matrix } from '@chainrule/runtime';
import { describe, expect, it } from 'vitest';
import { joinRule } from '../../compiler/rules/join.js';
import { matrixRules, meanAlong } from '../../compiler/rules/matrix.js';
import type { MatrixRule } from '../../compiler/rules/matrix-rule.js';
import { pullbackRules } from '../../compiler/rules/matrix-pullbacks.js';
import {
  call,
  direction,
  evaluate,
  fail,
  inner,
  isMatrix,
  moved,
  numbersOf,
  type Part,
} from '../support/evaluate-matrices.js';

/** Each rule on its own, apart from the compiler: reverse against forward, forward against differences. */

const a = matrix([
  [0.3, 1.2, 2],
  [0.4, 0.9, 1.7],
]);
const b = matrix([
  [0.5, 0.25, 1.5],
  [2, 1, 0.75],
]);
const tall = matrix([
  [0.5, 0.25],
  [1, 0.75],
  [2, 0.1],
]);
const square = matrix([
  [2, 0.5],
  [0.5, 1.25],
]);
const other = matrix([
  [1, -0.5],
  [0.25, 3],
]);

/** Where the arguments of a rule are not two matrices of the same shape, or one. */
const samples: Readonly<Record<string, readonly Part[]>> = {
  'leakyRelu/2': [matrix([[0.5, -2, 1]]), 0.1],
  'matmul/2': [a, tall],
  'matmulNT/2': [a, b],
  'matmulTN/2': [a, b],
  'trace/1': [square],
  'solve/2': [square, other],
  'solveTransposed/2': [square, other],
  'inv/1': [other],
  'det/1': [other],
  'logDet/1': [square],
  'cholesky/1': [square],
  'reshape/3': [a, 3, 2],
  'repeat/3': [a, 2, 1],
  'sumRepeats/3': [matrix([[1, 2, 3, 4]]), 2, 1],
  'sliceRows/2': [a, 1],
  'sliceRows/3': [tall, 1, 3],
  'sliceCols/2': [a, -2],
  'sliceCols/3': [a, 0, 2],
  'gatherRows/2': [tall, [2, 0, 2]],
  'at/2': [a, 4],
  'get/3': [a, 1, 2],
  'sum/2': [a, 1],
  'max/2': [a, 0],
  'min/2': [a, 1],
  'logSumExp/2': [a, 0],
  'softmax/2': [a, 1],
  'logSoftmax/2': [a, 0],
  'fromData/3': [2, 2, Float64Array.of(1, 2, 3, 4)],
  'matrix/1': [
    [
      [1, 2],
      [3, 4],
    ],
  ],
  'binaryCrossEntropy/2': [matrix([[0.3, 0.9]]), matrix([[0.4, 0.7]])],
  'zeros/2': [2, 3],
  'ones/2': [2, 3],
  'identity/1': [2],
  'oneHot/2': [[1, 0], 2],
};

/** A direction in which a symmetric matrix stays symmetric. */
const symmetric = matrix([
  [0.3, -0.7],
  [-0.7, 1.1],
]);

function argumentsOf(rule: MatrixRule): readonly Part[] {
  return samples[`${rule.fn}/${rule.inputs.length}`] ?? [a, b].slice(0, rule.inputs.length);
}

function check(rule: MatrixRule, args = argumentsOf(rule)): string[] {
  const result = call(rule.fn, args);
  const adjoint = direction(result, 0.53);
  return rule.inputs.flatMap((input, i) => {
    const formula = rule.adjoints[input] ?? null;
    if (formula === null) return [];
    const along = rule.fn === 'cholesky' ? symmetric : direction(args[i] ?? NaN);
    const names = new Map<string, Part>([
      ...rule.inputs.map((name, k) => [name, args[k] ?? NaN] as const),
      [rule.result, result],
      [`d${rule.result}`, adjoint],
      [`t${input}`, along],
    ]);
    const of = (name: string): Part => names.get(name) ?? fail(name);
    const contribution = evaluate(formula, of);
    const received =
      typeof args[i] === 'number' && isMatrix(contribution)
        ? numbersOf(contribution).reduce((x, y) => x + y, 0)
        : contribution;
    const reverse = inner(received, along);
    const h = 1e-5;
    const at = (size: number): number =>
      inner(call(rule.fn, args.with(i, moved(args[i] ?? NaN, along, size))), adjoint);
    const difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    const problems: string[] = [];
    if (!(Math.abs(reverse - difference) <= 1e-7 * Math.max(1, Math.abs(difference))))
      problems.push(`${rule.fn}, ${input}: reverse ${reverse}, differences ${difference}`);
    const tangent = rule.tangents[input];
    if (tangent !== undefined) {
      const forward = inner(evaluate(tangent, of), adjoint);
      if (!(Math.abs(forward - reverse) <= 1e-10 * Math.max(1, Math.abs(reverse))))
        problems.push(`${rule.fn}, ${input}: forward ${forward}, reverse ${reverse}`);
    } else if (!rule.isElementwise) problems.push(`${rule.fn}, ${input}: no tangent`);
    return problems;
  });
}

const joined = ['concatRows', 'concatCols', 'matrixOf'].flatMap((fn) => {
  const rule = joinRule(fn, fn === 'matrixOf' ? 6 : 2);
  return rule === null ? [] : [rule];
});

describe('every rule of matrices', () => {
  it.each([...matrixRules])('%s agrees with differences, reverse with forward', (_, rule) => {
    expect(check(rule)).toEqual([]);
  });

  it.each([0, 1])('the mean along axis %i agrees', (axis) => {
    const rule = meanAlong[axis];
    expect(rule === undefined ? ['no rule'] : check(rule, [a, axis])).toEqual([]);
  });

  it.each(joined)('$fn of several parts agrees', (rule) => {
    expect(check(rule, rule.fn === 'matrixOf' ? [2, 2, 1, 2, 3, 4] : [a, b])).toEqual([]);
  });

  it('covers what the runtime exports', () => {
    const known = new Set(
      [...matrixRules.values(), ...joined, ...pullbackRules.values()].map(({ fn }) => fn),
    );
    const own = /Tangent$/;
    const others = ['Tape', 'copy', 'mean', 'randn', 'seededRandom', 'stopGradient'];
    const derivatives = /jacobian$|hessian$|Pattern$|^to(Dense|Triplets)$/i;
    const missing = Object.keys(runtime).filter(
      (name) =>
        !known.has(name) && !own.test(name) && !derivatives.test(name) && !others.includes(name),
    );
    expect(missing).toEqual([]);
  });
});
