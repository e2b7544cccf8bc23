import { describe, expect, it } from 'vitest';
import { functionText, generate, load } from '../support/compile-text.js';

/** What generated code gives at singular points: parameters, result, arguments, derivatives. */
const cases: readonly (readonly [string, string, readonly number[], readonly number[]])[] = [
  // Kinks.
  ['x', 'Math.abs(x)', [0], [0]],
  ['x', 'Math.abs(x)', [NaN], [NaN]],
  ['x', 'Math.max(x, 0)', [0], [1]],
  ['x', 'Math.max(0, x)', [0], [0]],
  ['x', 'Math.min(x, 1)', [1], [1]],
  ['x', 'x > 0 ? x : 0', [0], [0]],
  ['x y', 'Math.max(x, y)', [2, 2], [1, 0]],
  ['x y', 'Math.min(x, y)', [2, 2], [1, 0]],
  ['x y z', '2 * Math.max(x, y, z)', [1, 3, 3], [0, 2, 0]],
  ['x y z', 'Math.min(x, y, z)', [3, 1, 1], [0, 1, 0]],
  ['x', 'Math.max(x, 0)', [NaN], [1]],
  ['x', 'Math.max(0, x)', [NaN], [1]],
  ['x', 'Math.min(Math.max(x, -1), 1)', [-1], [1]],
  // The origin.
  ['x y', 'Math.hypot(x, y)', [0, 0], [0, 0]],
  ['x y z', 'Math.hypot(x, y, z)', [0, 0, 0], [0, 0, 0]],
  ['x y z', 'Math.hypot(x, y, z)', [0, 0, -2], [0, 0, -1]],
  ['x', 'Math.hypot(x)', [-3], [-1]],
  ['y x', 'Math.atan2(y, x)', [0, 0], [0, 0]],
  ['y x', 'Math.atan2(y, x)', [1e200, 1e200], [5e-201, -5e-201]],
  ['y x', 'Math.atan2(y, x)', [0, -2], [-0.5, 0]],
  // Infinite derivatives, and none where the adjoint is zero.
  ['x', 'Math.sqrt(x)', [0], [Infinity]],
  ['x y', 'Math.sqrt(x) * y', [0, 0], [0, 0]],
  ['x y', 'Math.sqrt(x * x + y * y) ** 2', [0, 0], [0, 0]],
  ['x y', 'Math.cbrt(x) * y', [0, 0], [0, 0]],
  ['x y', 'Math.asin(x) * y', [1, 0], [0, Math.PI / 2]],
  ['x y', 'Math.acos(x) * y', [-1, 0], [0, Math.PI]],
  ['x y', 'Math.acosh(x) * y', [1, 0], [0, 0]],
  ['x y', 'x ** 0.5 * y', [0, 0], [0, 0]],
  ['x', 'Math.log(x)', [0], [Infinity]],
  ['x', 'x > 0 ? Math.sqrt(x) : 0', [0], [0]],
  ['x', 'Math.min(1, 1 / x)', [0], [0]],
  ['x', 'Math.max(-1, Math.log(x))', [0], [0]],
  ['x', 'Math.min(Math.atanh(x), 3)', [1], [0]],
  ['x', 'Math.min(x ** -1, 3)', [0], [0]],
  ['x', 'Math.min(x ** -2, 3)', [0], [0]],
  // Powers.
  ['x y', 'x ** y', [0, 0], [0, 0]],
  ['x y', 'x ** y', [0, 1], [1, 0]],
  ['x y', 'x ** y', [0, 2], [0, 0]],
  ['x y', 'x ** y', [0, 0.5], [Infinity, 0]],
  ['x y', 'x ** y', [2, 0], [0, Math.log(2)]],
  ['x y', 'x ** y', [-2, 3], [12, NaN]],
  ['x', 'x ** 0 + x', [0], [1]],
  ['x', 'x ** 1', [0], [1]],
  ['x', 'x ** 2', [0], [0]],
  ['x', 'x ** 3', [-2], [12]],
  ['x', 'x ** -1', [-2], [-0.25]],
  ['x', 'x ** 0.5', [4], [0.25]],
  ['x', 'x ** (1 / 3)', [0], [Infinity]],
  ['x y', 'x ** (1 / 3) * y', [0, 0], [0, 0]],
  ['x', 'x ** (1 / 3)', [8], [1 / 12]],
  ['x', 'x ** 5', [-1], [5]],
  ['x', 'x ** -2', [2], [-0.25]],
  ['x', 'Math.pow(x, 2)', [0], [0]],
  ['x', '2 ** x', [0], [Math.LN2]],
  ['x', '0 ** x', [1], [0]],
  ['x', '(-2) ** x', [2], [NaN]],
  // Accuracy.
  ['a b', 'a / b', [1e-200, 1e-200], [1e200, -1e200]],
  ['x', 'Math.expm1(x)', [-40], [Math.exp(-40)]],
  ['x', 'Math.asin(x)', [1 - 2 ** -40], [741455.2001896338]],
  ['x', 'Math.acos(x)', [1 - 2 ** -40], [-741455.2001896338]],
  ['a b', 'a % b', [1, 0.1], [1, -9]],
  ['a b', 'a % b', [-5.5, 2], [1, 2]],
  ['x', 'Math.floor(x) + x', [2], [1]],
  ['x', 'Math.fround(x)', [0.1], [1]],
];

describe('generated code at singular points', () => {
  it.each(cases)('(%s) => %s at %j gives %j', async (parameters, expression, at, expected) => {
    const { gradient } = await load(functionText(parameters, expression));
    const result = gradient('f')(...at);
    parameters.split(' ').forEach((parameter, i) => {
      const [given, wanted] = [result[`d${parameter}`] as number, expected[i] ?? NaN];
      if (Number.isFinite(wanted)) expect(given / (wanted || 1)).toBeCloseTo(wanted && 1, 13);
      else expect(given).toBe(wanted);
    });
  });
});

describe('an argument that is NaN', () => {
  it.each(['Math.max(x, y)', 'Math.min(x, y)'])(
    'receives the adjoint of %s',
    async (expression) => {
      const { gradient } = await load(functionText('x y', expression));
      expect(gradient('f')(NaN, 1).dx).toBe(1);
      expect(gradient('f')(1, NaN).dy).toBe(1);
    },
  );
});

describe('Math', () => {
  const functions = Object.getOwnPropertyNames(Math).filter(
    (name) => typeof Object.getOwnPropertyDescriptor(Math, name)?.value === 'function',
  );
  const constants = Object.getOwnPropertyNames(Math).filter((name) => !functions.includes(name));
  const call = (name: string): string => {
    if (name === 'random') return 'Math.random()';
    return /^(atan2|pow|imul)$/.test(name) ? `Math.${name}(x, 2)` : `Math.${name}(x)`;
  };

  it.each(functions)('%s has a derivative', async (name) => {
    const { gradient, primal } = await load(functionText('x', `x * ${call(name)}`));
    const { value, dx } = gradient('f')(1.5);
    if (name === 'random') expect(value).toBe(1.5 * (dx as number));
    else {
      expect(value).toBe(primal('f')(1.5));
      expect(dx).toSatisfy(
        (slope) => typeof slope === 'number' && (value !== value || slope === slope),
      );
    }
  });

  it.each(constants)('%s is a constant', async (name) => {
    const { gradient } = await load(functionText('x', `x * Math.${name}`));
    expect(gradient('f')(3).dx).toBe(Math[name as 'PI']);
  });
});

describe('guards of singular operands', () => {
  it.each([
    ['x', 'Math.sqrt(1 + Math.exp(x)) * x'],
    ['x y', 'Math.sqrt(x * x + 1e-9) * y'],
    ['x y', 'Math.sqrt(Math.max(x, 1e-9)) * y'],
    ['x', 'Math.sqrt(x)'],
    ['x', 'x ** 2 + x ** 3 + x ** 5'],
    ['x', '2 ** x * x'],
    ['x', '1 / x + Math.log(x)'],
  ])('are left out of (%s) => %s', async (parameters, expression) => {
    const text = await generate(functionText(parameters, expression));
    expect(text).not.toContain('===');
  });
});
