import {
  cholesky,
  det,
  fromData,
  logSoftmax,
  matrix,
  max,
  min,
  norm,
  softmax,
  sqrt,
  tanh,
} from '@chainrule/runtime';
import { describe, expect, it } from 'vitest';
import { pullbackRules, type TangentRule } from '../../compiler/rules/matrix-pullbacks.js';
import {
  call,
  direction,
  evaluate,
  fail,
  moved,
  numbersOf,
  type Part,
} from '../support/evaluate-matrices.js';

/** The tangents of what only generated code calls, against differences. */

const adjoint = matrix([
  [0.3, -1.2, 0.8],
  [0.4, 0.9, -1.7],
]);
const positive = matrix([
  [0.5, 0.25, 0.75],
  [0.2, 0.1, 0.6],
]);
const square = matrix([
  [2, 0.5],
  [0.25, 1.25],
]);
const singular = matrix([
  [1, 2, 3],
  [2, 4, 6],
  [1, 0, 1],
]);
const factor = cholesky(
  matrix([
    [2, 0.5],
    [0.5, 1.25],
  ]),
);

/** Where the arguments are not two or three matrices of the same shape. */
const samples: Readonly<Record<string, readonly (readonly Part[])[]>> = {
  'powPullback/3': [
    [adjoint, positive, positive],
    [adjoint, positive, 3],
    [adjoint, fromData(2, 3, [0, 0, 1, 3, 2, 0]), 2],
  ],
  'powExponentPullback/3': [[adjoint, positive, 1.5]],
  'sqrtPullback/2': [[adjoint, sqrt(positive)]],
  'tanhPullback/2': [[adjoint, tanh(positive)]],
  'leakyReluPullback/3': [[adjoint, adjoint, 0.1]],
  'normPullback/3': [[0.7, adjoint, norm(adjoint)]],
  'detPullback/3': [[0.7, square, det(square)]],
  'inverseTransposed/1': [[square]],
  'choleskyPullback/2': [[square, factor]],
  'broadcastLike/2': [[0.7, adjoint]],
  'sumLike/2': [[adjoint, matrix([[1, 2, 3]])]],
  'sumTo/3': [[adjoint, 2, 1]],
  'padRows/3': [[adjoint, 1, 4]],
  'padCols/3': [[adjoint, 1, 5]],
  'scatterRows/3': [[adjoint, [2, 0], 3]],
  'maxPullback/3': [[0.7, adjoint, max(adjoint)]],
  'minPullback/3': [[0.7, adjoint, min(adjoint)]],
  'maxPullback/4': [[matrix([[1], [2]]), adjoint, max(adjoint, 1), 1]],
  'minPullback/4': [[matrix([[1], [2]]), adjoint, min(adjoint, 1), 1]],
  'logSumExpPullback/3': [[0.7, adjoint, 1.2]],
  'softmaxPullback/3': [[adjoint, softmax(positive, 1), 1]],
  'logSoftmaxPullback/3': [[adjoint, logSoftmax(positive, 0), 0]],
  'softmaxCrossEntropyTargetPullback/2': [[0.7, adjoint]],
  'binaryCrossEntropyTargetPullback/2': [[0.7, positive]],
};

function argumentsOf({ fn, inputs }: TangentRule): readonly (readonly Part[])[] {
  const ofLoss = [0.7, positive, positive].slice(0, inputs.length);
  const isLoss = /^(mse|\w*[cC]rossEntropy)\w*Pullback$/.test(fn);
  const own = [adjoint, positive, positive].slice(0, inputs.length);
  return samples[`${fn}/${inputs.length}`] ?? [isLoss ? ofLoss : own];
}

function check(rule: TangentRule, args: readonly Part[]): string[] {
  const result = call(rule.fn, args);
  return rule.inputs.flatMap((input, i) => {
    const formula = rule.tangents[input];
    // The determinant is a function of the matrix: it moves with it.
    const isTied = rule.fn === 'detPullback' && input === 'A';
    if (formula === undefined) return [];
    const at = args[i] ?? NaN;
    const along =
      input === 'L'
        ? matrix([
            [0.4, 0],
            [-0.3, 0.8],
          ])
        : direction(at);
    const names = new Map<string, Part>([
      ...rule.inputs.map((name, k) => [name, args[k] ?? NaN] as const),
      [rule.result, result],
      [`t${input}`, along],
    ]);
    const tangent = numbersOf(evaluate(formula, (name) => names.get(name) ?? fail(name)));
    const value = (h: number): readonly number[] => {
      // What is added to in place is a copy.
      const there = args.map((arg, k) =>
        moved(arg, k === i ? along : direction(arg), k === i ? h : 0),
      );
      return numbersOf(
        call(rule.fn, isTied ? there.with(2, call('det', [there[1] ?? NaN])) : there),
      );
    };
    const h = 1e-5;
    const [above, below] = [value(h), value(-h)];
    return above.flatMap((x, k) => {
      const difference = (x - (below[k] ?? NaN)) / (2 * h);
      const isClose =
        Math.abs((tangent[k] ?? NaN) - difference) <= 1e-7 * Math.max(1, Math.abs(difference));
      return isClose ? [] : [`${rule.fn}, ${input}: ${tangent[k]}, differences ${difference}`];
    });
  });
}

describe('every function that only generated code calls', () => {
  it.each([...pullbackRules])('%s agrees with differences', (_, rule) => {
    expect(argumentsOf(rule).flatMap((args) => check(rule, args))).toEqual([]);
  });

  it('has cofactors that move where the determinant is zero', () => {
    const along = direction(singular) as typeof singular;
    const tangent = numbersOf(call('detPullbackTangent', [1, along, singular, 0]));
    const value = (h: number): readonly number[] => {
      const there = moved(singular, along, h);
      return numbersOf(call('detPullback', [1, there, call('det', [there])]));
    };
    const [above, below] = [value(1e-4), value(-1e-4)];
    tangent.forEach((x, k) => {
      expect(x).toBeCloseTo(((above[k] ?? NaN) - (below[k] ?? NaN)) / 2e-4, 6);
    });
  });
});
