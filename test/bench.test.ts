import { afterEach, describe, expect, it } from 'vitest';
import { generatedGradient } from '../bench/asked.js';
import { difference, directionalError } from '../bench/check.js';
import { deepest } from '../bench/deepest.js';
import { random } from '../bench/random.js';
import { smallSize } from '../bench/rows.js';
import type { GradientFunction, Primal } from '../bench/workload.js';
import * as calls from '../bench/workloads/calls.js';
import * as callGradients from '../bench/workloads/calls_grad.js';
import { useKernel } from '../runtime/matmul/choose.js';

describe('hand-written gradients of the bench', () => {
  it.each(smallSize)('$title', ({ primal, handWritten, inputs, step }) => {
    const directions = random(7);
    for (const args of inputs) {
      const gradient = handWritten(...args);
      expect(gradient.value).toBeCloseTo(primal(...args), 10);
      for (let i = 0; i < 5; i++) {
        expect(directionalError(primal, args, gradient, directions, step)).toBeLessThan(1e-8);
      }
    }
  });
});

describe('generated gradients of the bench', () => {
  afterEach(() => {
    useKernel();
  });

  it.each(smallSize)('$title: agrees with the hand-written one', async (row) => {
    const generated = await generatedGradient(row.name);
    useKernel(row.kernel);
    for (const args of row.inputs) {
      expect(difference(row.handWritten(...args), generated!(...args))).toBeLessThan(1e-12);
    }
  });
});

describe('calls', () => {
  it.each([
    ['nested1', []],
    ['nested4', []],
    ['nested16', []],
    ['recursive', [40]],
    ['continued', [40]],
  ] as const)('%s: agrees with differences', (name, depth) => {
    const gradient = callGradients[`${name}_grad`] as unknown as GradientFunction;
    const args = [0.7, ...depth];
    const result = gradient(...args);
    expect(result.value).toBe((calls[name] as Primal)(...args));
    expect(directionalError(calls[name] as Primal, args, result, random(7))).toBeLessThan(1e-8);
  });

  it.each(['recursive', 'continued'] as const)(
    '%s: the gradient goes to half of the depth of the function and further',
    (name) => {
      const gradient = callGradients[`${name}_grad`];
      const limit = deepest((depth) => calls[name](0.5, depth));
      expect(deepest((depth) => gradient(0.5, depth))).toBeGreaterThan(limit / 2);
      expect(() => gradient(0.5, 100 * limit)).toThrow(RangeError);
      expect(gradient(0.5, 3).value).toBe(calls[name](0.5, 3));
    },
  );
});

describe('the check before timing', () => {
  const right = { value: 5, dx: new Float64Array([2, 4]) };
  const primal = (x: unknown): number => (x as Float64Array).reduce((sum, xi) => sum + xi * xi, 0);
  const errorOf = (dx: Float64Array): number =>
    directionalError(primal, [new Float64Array([1, 2])], { value: 5, dx }, random(9));

  it('passes what is right', () => {
    expect(difference(right, { value: 5, dx: new Float64Array([2, 4]) })).toBe(0);
    expect(errorOf(right.dx)).toBeLessThan(1e-10);
  });

  it('notices a wrong entry, NaN, a missing key and a key too many', () => {
    expect(errorOf(new Float64Array([2, 4.001]))).toBeGreaterThan(1e-5);
    expect(errorOf(new Float64Array([2, NaN]))).toBeNaN();
    expect(difference(right, { value: 5, dx: new Float64Array([2, 4.001]) })).toBeGreaterThan(1e-5);
    expect(difference(right, { value: 5, dx: new Float64Array([2, NaN]) })).toBeNaN();
    expect(difference(right, { value: 5 })).toBe(Infinity);
    expect(difference({ value: 5 }, right)).toBe(Infinity);
  });
});
