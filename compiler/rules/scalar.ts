import { kinks } from './kinks.js';
import { adjoints, partials, type Rule } from './rule.js';

/** The smooth elementary functions. A formula uses the result where that is cheaper or more accurate. */
const smooth: readonly Rule[] = [
  partials('b = copy(a)', { a: '1' }),
  partials('z = a + b', { a: '1', b: '1' }),
  partials('z = a - b', { a: '1', b: '-1' }),
  partials('z = -a', { a: '-1' }),
  partials('z = a * b', { a: 'b', b: 'a' }),
  // Not a / (b * b), which overflows for a small b.
  adjoints('q = a / b', { a: 'dq / b', b: '-q * (dq / b)' }, { infinite: 'b === 0' }),
  // trunc(a / b) is wrong where the quotient is rounded up to an integer, as in 1 % 0.1.
  partials('r = a % b', { a: '1', b: '-Math.round((a - r) / b)' }),
  partials(
    'z = a ** b',
    {
      a: 'a === 0 && b === 0 ? 0 : b * a ** (b - 1)',
      b: 'a === 0 && b >= 0 ? 0 : z * Math.log(a)',
    },
    { singular: 'a === 0' },
  ),

  adjoints('s = Math.sqrt(x)', { x: 'ds / (2 * s)' }, { singular: 's === 0' }),
  adjoints('c = Math.cbrt(x)', { x: 'dc / (3 * c * c)' }, { singular: 'c === 0' }),
  partials('e = Math.exp(x)', { x: 'e' }),
  // Not y + 1, which loses all digits for a very negative x.
  partials('y = Math.expm1(x)', { x: 'Math.exp(x)' }),
  adjoints('y = Math.log(x)', { x: 'dy / x' }, { infinite: 'x === 0' }),
  adjoints('y = Math.log2(x)', { x: 'dy / (x * Math.LN2)' }, { infinite: 'x === 0' }),
  adjoints('y = Math.log10(x)', { x: 'dy / (x * Math.LN10)' }, { infinite: 'x === 0' }),
  adjoints('y = Math.log1p(x)', { x: 'dy / (1 + x)' }, { infinite: 'x === -1' }),

  partials('y = Math.sin(x)', { x: 'Math.cos(x)' }),
  partials('y = Math.cos(x)', { x: '-Math.sin(x)' }),
  partials('t = Math.tan(x)', { x: '1 + t * t' }),
  // Not 1 - x * x, which loses digits where x is close to 1.
  adjoints(
    'y = Math.asin(x)',
    { x: 'dy / Math.sqrt((1 - x) * (1 + x))' },
    { singular: 'Math.abs(x) === 1' },
  ),
  adjoints(
    'y = Math.acos(x)',
    { x: '-(dy / Math.sqrt((1 - x) * (1 + x)))' },
    { singular: 'Math.abs(x) === 1' },
  ),
  adjoints('y = Math.atan(x)', { x: 'dy / (1 + x * x)' }),

  partials('y = Math.sinh(x)', { x: 'Math.cosh(x)' }),
  partials('y = Math.cosh(x)', { x: 'Math.sinh(x)' }),
  partials('t = Math.tanh(x)', { x: '1 - t * t' }),
  adjoints('y = Math.asinh(x)', { x: 'dy / Math.hypot(1, x)' }),
  adjoints(
    'y = Math.acosh(x)',
    { x: 'dy / (Math.sqrt(x - 1) * Math.sqrt(x + 1))' },
    { singular: 'x === 1' },
  ),
  adjoints(
    'y = Math.atanh(x)',
    { x: 'dy / ((1 - x) * (1 + x))' },
    { infinite: 'Math.abs(x) === 1' },
  ),
];

/** Functions that are written out in several steps and differentiated as one gate. */
const gates: readonly Rule[] = [
  partials('f = sigmoid(z)', { z: 'f * (1 - f)' }),
  partials('y = softplus(z)', { z: '1 / (1 + Math.exp(-z))' }),
];

const table: ReadonlyMap<string, Rule> = new Map(
  [...smooth, ...kinks, ...gates].map((rule) => [rule.fn, rule]),
);

/** `1 / b`, whose square is at hand. */
const reciprocal = partials('q = a / b', { a: '1 / b', b: '-q * q' }, { infinite: 'b === 0' });

/** `x ** n` for a constant n, where a product is both shorter and faster. */
const products: ReadonlyMap<number, Rule> = new Map([
  [0, partials('z = a ** b', { a: '0', b: '0' })],
  [1, partials('z = a ** b', { a: '1', b: '0' })],
  [2, partials('z = a ** b', { a: '2 * a', b: '0' })],
  [3, partials('z = a ** b', { a: '3 * a * a', b: '0' })],
  [-1, partials('z = a ** b', { a: '-z * z', b: '0' }, { infinite: 'a === 0' })],
]);

const power = { a: 'b * a ** (b - 1)', b: '0' };
const powerAboveOne = partials('z = a ** b', power);
const root = partials('z = a ** b', power, { singular: 'a === 0' });
const powerBelowZero = partials('z = a ** b', power, { infinite: 'a === 0' });
/** `a ** x` for a constant a other than 0. */
const exponential = partials('z = a ** b', { a: '0', b: 'z * Math.log(a)' });

type Constant = number | null | undefined;

/** The rule of a function, given which of its operands are constants. */
export function scalarRule(fn: string, constants: readonly (number | null)[]): Rule | null {
  const [first, second] = constants;
  if (fn === '/' && first === 1) return reciprocal;
  if (fn === '**') return powerRule(first, second);
  return table.get(fn) ?? null;
}

function powerRule(base: Constant, exponent: Constant): Rule | null {
  if (typeof exponent === 'number') {
    const fallback = exponent > 1 ? powerAboveOne : exponent > 0 ? root : powerBelowZero;
    return products.get(exponent) ?? fallback;
  }
  return typeof base === 'number' && base !== 0 ? exponential : (table.get('**') ?? null);
}

/** The rules that hold whatever the operands are, by function. */
export const scalarRules: ReadonlyMap<string, Rule> = table;

const piecewiseConstant = new Set(
  kinks
    .filter((rule) => Object.values(rule.adjoints).every((formula) => formula === null))
    .map((rule) => rule.fn),
);

/** Whether the derivative is zero by nature, so that the gradient ends at the function. */
export function cutsGradient(fn: string): boolean {
  return piecewiseConstant.has(fn);
}
