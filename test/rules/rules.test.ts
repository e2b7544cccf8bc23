import { describe, expect, it } from 'vitest';
import { cutsGradient, scalarRule, scalarRules } from '../../compiler/rules/scalar.js';
import type { Rule } from '../../compiler/rules/rule.js';
import { centralDifference } from '../support/central-difference.js';
import { adjointsAt, functionOf } from '../support/evaluate-formula.js';
import { smoothPoints } from './points.js';

function checkPoint(rule: Rule, at: readonly number[], wrt = rule.inputs): string[] {
  const given = adjointsAt(rule, at, 1);
  return wrt.flatMap((input) => {
    const i = rule.inputs.indexOf(input);
    const along = (x: number): number => functionOf(rule.fn)(...at.with(i, x));
    const { value, error } = centralDifference(along, at[i] ?? NaN);
    const isClose = Math.abs((given[i] ?? NaN) - value) <= error;
    const isSharp = error <= Math.max(1e-4 * Math.abs(value), 1e-9);
    const text = `${rule.fn} at ${at.join(', ')}: d${input} is ${given[i]}, not ${value} ± ${error}`;
    return isClose && isSharp ? [] : [text];
  });
}

/** Whether a function does not change around a point. */
function isFlat(fn: string, at: readonly number[]): boolean {
  return at.every((x, i) =>
    [x - 0.01, x + 0.01].every(
      (near) => functionOf(fn)(...at.with(i, near)) === functionOf(fn)(...at),
    ),
  );
}

describe('every scalar rule', () => {
  it('has points at which it is checked', () => {
    expect(Object.keys(smoothPoints).sort()).toEqual([...scalarRules.keys()].sort());
  });

  it.each([...scalarRules])('%s agrees with finite differences', (fn, rule) => {
    const points = smoothPoints[fn] ?? [];
    // Rounding to float32 is a fine staircase of slope 1; see below.
    if (fn === 'Math.fround') return;
    if (cutsGradient(fn)) expect(points.filter((at) => !isFlat(fn, at))).toEqual([]);
    else expect(points.flatMap((at) => checkPoint(rule, at))).toEqual([]);
  });

  it.each([...scalarRules])('%s is linear in the adjoint, as forward mode needs', (fn, rule) => {
    for (const at of smoothPoints[fn] ?? []) {
      const ones = adjointsAt(rule, at, 1);
      adjointsAt(rule, at, -2.5).forEach((amount, i) => {
        expect(amount).toBeCloseTo(-2.5 * (ones[i] ?? NaN), 10 - magnitude(amount));
      });
      expect(adjointsAt(rule, at, 0).every((amount) => amount === 0)).toBe(true);
    }
  });

  it.each([...scalarRules])('%s names nothing unknown', (_, rule) => {
    expect(Object.keys(rule.adjoints)).toEqual(rule.inputs);
  });
});

function magnitude(x: number): number {
  return x === 0 ? 0 : Math.max(0, Math.ceil(Math.log10(Math.abs(x))));
}

describe('powers with a constant exponent', () => {
  it.each([0, 1, 2, 3, 5, -1, -2, 0.5, 1 / 3, 1.5, -0.5])('x ** %s', (exponent) => {
    const rule = scalarRule('**', [null, exponent]);
    if (rule === null) return expect.fail('no rule');
    const bases = [1e-6, 0.3, 1, 40].concat(Number.isInteger(exponent) ? [-0.3, -40] : []);
    expect(bases.flatMap((base) => checkPoint(rule, [base, exponent], ['a']))).toEqual([]);
  });

  it.each([2, 0.5, 1, 10, 1e-3])('%s ** x', (base) => {
    const rule = scalarRule('**', [base, null]);
    if (rule === null) return expect.fail('no rule');
    expect([-2, 0, 0.5, 3].flatMap((x) => checkPoint(rule, [base, x], ['b']))).toEqual([]);
  });

  it('1 / x', () => {
    const rule = scalarRule('/', [1, null]);
    if (rule === null) return expect.fail('no rule');
    const points = [1e-9, -0.3, 1e6].map((x) => [1, x]);
    expect(points.flatMap((at) => checkPoint(rule, at, ['b']))).toEqual([]);
  });
});

/** What the inputs of a function receive for the adjoint 1, or another. */
function received(fn: string, at: readonly number[], adjoint = 1): number[] {
  const rule = scalarRules.get(fn);
  if (rule === undefined) throw new Error(`no rule for ${fn}`);
  return adjointsAt(rule, at, adjoint).map((amount) => amount + 0);
}

describe('conventions', () => {
  it.each<[string, number[], number[]]>([
    ['Math.max', [2, 2], [1, 0]],
    ['Math.min', [2, 2], [1, 0]],
    ['Math.max', [0, -0], [1, 0]],
    ['Math.max', [-0, 0], [1, 0]],
    ['Math.max', [3, 2], [1, 0]],
    ['Math.max', [2, 3], [0, 1]],
    ['Math.abs', [0], [0]],
    ['Math.abs', [NaN], [NaN]],
    ['Math.hypot', [0, 0], [0, 0]],
    ['Math.atan2', [0, 0], [0, 0]],
    ['Math.floor', [2], [0]],
    ['Math.fround', [0.1], [1]],
    ['Math.sqrt', [0], [Infinity]],
    ['Math.cbrt', [0], [Infinity]],
    ['Math.log', [0], [Infinity]],
    ['**', [0, 0], [0, 0]],
    ['**', [0, 1], [1, 0]],
    ['**', [0, 2], [0, 0]],
    ['**', [0, 0.5], [Infinity, 0]],
    ['**', [3, 0], [0, Math.log(3)]],
    ['**', [-2, 3], [12, NaN]],
  ])('%s at %j gives %j', (fn, at, expected) => {
    expect(received(fn, at)).toEqual(expected);
  });

  it('gives the adjoint to an argument that is NaN', () => {
    for (const fn of ['Math.max', 'Math.min']) {
      expect(received(fn, [NaN, 1])[0]).toBe(1);
      expect(received(fn, [1, NaN])[1]).toBe(1);
    }
  });

  it('knows the quotient of a remainder', () => {
    expect(received('%', [1, 0.1])).toEqual([1, -9]);
    expect(received('%', [-5.5, 2])).toEqual([1, 2]);
    expect(received('%', [5.5, -2])).toEqual([1, 2]);
  });

  it('cuts the gradient where a function is constant piece by piece', () => {
    const cut = [...scalarRules.keys()].filter(cutsGradient);
    const names = ['floor', 'ceil', 'round', 'trunc', 'sign', 'clz32', 'imul'];
    const math = names.map((name) => `Math.${name}`);
    expect(cut.sort()).toEqual([...math, '&', '|', '^', '<<', '>>', '>>>', '~', 'step'].sort());
  });
});

describe('accuracy', () => {
  const relative = (actual: number | undefined, expected: number): number =>
    Math.abs(((actual ?? NaN) - expected) / expected);

  it.each<[string, number[], number, number]>([
    ['/', [1e-200, 1e-200], 1, -1e200],
    ['Math.expm1', [-40], 0, 4.248354255291589e-18],
    ['Math.asin', [1 - 2 ** -40], 0, 741455.2001896339],
    ['Math.acos', [1 - 2 ** -40], 0, -741455.2001896339],
    ['Math.atan2', [1e200, 1e200], 0, 5e-201],
    ['Math.atan2', [1e-200, 1e-200], 1, -5e199],
    ['Math.hypot', [3e200, 4e200], 0, 0.6],
    ['Math.hypot', [3e-200, 4e-200], 1, 0.8],
    ['Math.log1p', [-1 + 2 ** -50], 0, 2 ** 50],
    ['Math.asinh', [1e200], 0, 1e-200],
    ['Math.acosh', [1e200], 0, 1e-200],
    ['Math.atanh', [1 - 2 ** -50], 0, 2 ** 49],
  ])('%s at %j', (fn, at, i, expected) => {
    expect(relative(received(fn, at)[i], expected)).toBeLessThan(4e-15);
  });
});
