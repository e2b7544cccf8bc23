import { describe, expect, it } from 'vitest';
import { checkGradient, type Gradient, type Primal } from './support/check-points.js';
import { slope } from '../compiler/checking/slope.js';
import type { DetailedPoint } from './support/points.js';

/** The harness must notice what it is there to notice. */

const primal: Primal = (a, n) => {
  const [x = 0, y = 0] = a as number[];
  return x * x * y + ((n as number) > 3 ? 1 : 0);
};
const signature = { name: 'f', parameters: ['a', 'n'], wrt: null, hasGradient: true };

function problems(gradient: (a: number[], n: number) => object, point?: object): string {
  const at: DetailedPoint<readonly unknown[]> = { at: [[2, 3], 5], ...point };
  return checkGradient(primal, gradient as unknown as Gradient, signature, at).join('\n');
}

const right = ([x = 0, y = 0]: number[], n: number) => ({
  value: x * x * y + (n > 3 ? 1 : 0),
  da: [2 * x * y, x * x],
});

describe('the check of a gradient', () => {
  it('accepts a right one, whose steering parameter has no derivative', () => {
    expect(problems(right)).toBe('');
  });

  it.each<[string, (a: number[], n: number) => object, RegExp]>([
    ['a wrong number', (a, n) => ({ ...right(a, n), da: [12, 5] }), /da\[1\] is 5/],
    ['a silent zero', (a, n) => ({ ...right(a, n), da: [12, 0] }), /da\[1\] is 0/],
    ['NaN', (a, n) => ({ ...right(a, n), da: [12, NaN] }), /is NaN/],
    ['a wrong value', (a, n) => ({ ...right(a, n), value: 13.000000000000002 }), /value is/],
    ['a missing derivative', (a, n) => ({ value: right(a, n).value, dn: 0 }), /da\[0\] is missing/],
    ['a missing element', (a, n) => ({ ...right(a, n), da: [12] }), /da: \[1\] is missing/],
    ['another class', (a, n) => ({ ...right(a, n), da: new Float64Array([12, 4]) }), /class/],
    ['an unknown key', (a, n) => ({ ...right(a, n), db: 0 }), /the keys are/],
    ['an exception', () => expect.fail('no'), /throws/],
  ])('refuses %s', (_, gradient, message) => {
    expect(problems(gradient)).toMatch(message);
  });

  it('refuses changed arguments', () => {
    const changing = (a: number[], n: number) => {
      const result = right(a, n);
      a[0] = 0;
      return result;
    };
    expect(problems(changing)).toMatch('the arguments are left otherwise');
  });

  it('refuses a result that shares memory with an argument', () => {
    const sharing = (a: number[], n: number) => {
      const result = right(a, n);
      [a[0], a[1]] = result.da as [number, number];
      return { ...result, da: a };
    };
    expect(problems(sharing)).toMatch('shares memory');
  });

  it('refuses a gradient that remembers the last call', () => {
    let calls = 0;
    expect(problems((a, n) => ({ ...right(a, n), da: [12, 4 + 1e-12 * calls++] }))).toMatch(
      'second call',
    );
  });

  it('holds results against the expected numbers', () => {
    expect(problems(right, { expected: { value: 13, da: [12, 4] } })).toBe('');
    expect(problems(right, { expected: { da: [12, 4.001] } })).toMatch('expected 4.001');
  });

  it('refuses a point on a kink', () => {
    const abs: Primal = (x) => Math.abs(x as number);
    const gradient = (() => ({ value: 0, dx: 0 })) as unknown as Gradient;
    const one = { name: 'abs', parameters: ['x'], wrt: null, hasGradient: true };
    expect(checkGradient(abs, gradient, one, [0]).join()).toMatch('lies on a kink');
    expect(checkGradient(abs, gradient, one, { at: [0], kink: true })).toEqual([]);
  });
});

describe('finite differences', () => {
  it.each<[string, (x: number) => number, number, number]>([
    ['exp at 1', Math.exp, 1, Math.E],
    ['sin at 0', Math.sin, 0, 1],
    ['a steep exponential', (x) => Math.exp(50 * x), 0.1, 50 * Math.exp(5)],
    ['a branch near by', (x) => (x > 1.01 ? 7 : x ** 3), 1, 3],
    ['a large number', (x) => x * x, 1e8, 2e8],
    ['zero', (x) => x ** 4, 0, 0],
  ])('of %s', (_, f, x, derivative) => {
    const found = slope(f, x);
    if (found.kind !== 'smooth') expect.fail(found.kind);
    expect(Math.abs(found.value - derivative)).toBeLessThanOrEqual(1e-9 * Math.abs(derivative));
  });

  it('tell a kink, a jump and a border', () => {
    expect(slope((x) => Math.max(x, 1), 1)).toMatchObject({ kind: 'kink' });
    expect(slope((x) => Math.floor(x), 1)).toMatchObject({ kind: 'kink', left: Infinity });
    expect(slope((x) => Math.sqrt(x), 0)).toMatchObject({ kind: 'border' });
  });
});
