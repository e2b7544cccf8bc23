import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder, type Definitions } from '../../compiler/ir/build.js';
import { numberType, type Op, type Value } from '../../compiler/ir/ir.js';
import { foldAlgebra } from '../../compiler/simplify/algebra.js';
import { load } from '../support/compile-text.js';
import { functionOf } from '../support/evaluate-formula.js';

const seed = 20240229;

/** A random expression over the variables 0, 1, 2; the same object in two places is one value. */
type Tree = number | { readonly variable: number } | { readonly fn: string; readonly args: Tree[] };

const tree = fc.letrec<{ tree: Tree; leaf: Tree; inner: Tree }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<Tree>(0, 1, -1, 2, -2, 0.5, 3),
    fc.record({ variable: fc.integer({ min: 0, max: 2 }) }),
  ),
  inner: fc.oneof(
    fc.record({ fn: fc.constantFrom('+', '-', '*'), args: fc.tuple(tie('tree'), tie('tree')) }),
    fc.record({ fn: fc.constant('neg'), args: fc.tuple(tie('tree')) }),
    fc.record({
      fn: fc.constant('/'),
      args: fc.tuple(tie('tree'), fc.constantFrom<Tree>({ variable: 2 }, 1, -1, 4)),
    }),
    fc.record({
      fn: fc.constant('**'),
      args: fc.tuple(tie('tree'), fc.constantFrom<Tree>(0, 1, 2)),
    }),
  ),
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('inner')),
})).tree;

function build(expression: Tree, builder: Builder, variables: readonly Value[]): Value {
  if (typeof expression === 'number') return builder.literal(expression);
  if ('variable' in expression) return variables[expression.variable];
  return builder.apply(
    expression.fn,
    expression.args.map((arg) => build(arg, builder, variables)),
  );
}

/** A number, and the sum of the sizes of what it was put together from: the measure of rounding errors. */
interface Sized {
  readonly number: number;
  readonly size: number;
}

function run(value: Value, definitions: Definitions, known: ReadonlyMap<Value, number>): Sized {
  const op = definitions.get(value);
  if (op?.kind === 'literal') return exact(op.value as number);
  if (op?.kind !== 'apply') return exact(known.get(value) ?? NaN);
  const args = op.args.map((arg) => run(arg, definitions, known));
  const number = functionOf(op.fn)(...args.map((arg) => arg.number));
  const isSum = op.fn === '+' || op.fn === '-';
  const sizes = args.map(({ size }) => size);
  const [a = 0, b = 1] = sizes;
  return { number, size: isSum ? a + b : op.fn === 'neg' ? a : functionOf(op.fn)(a, b) };
}

const exact = (number: number): Sized => ({ number, size: Math.abs(number) });

describe('the algebra of adjoints', () => {
  it('keeps the value of any expression', () => {
    const variables = [0, 1, 2].map((): Value => ({ type: numberType, variable: null }));
    const numbers = fc.tuple(
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.double({ min: 0.25, max: 4, noNaN: true }),
    );
    const property = fc.property(tree, numbers, (expression, at) => {
      const known = new Map(variables.map((variable, i) => [variable, at[i] ?? NaN]));
      const [plain, folded] = [null, foldAlgebra].map((fold) => {
        const definitions = new Map<Value, Op>();
        const value = build(expression, new Builder(definitions, fold), variables);
        return run(value, definitions, known);
      });
      if (plain === undefined || folded === undefined) return false;
      const size = Math.max(plain.size, folded.size);
      return (
        !Number.isFinite(size) || Math.abs(plain.number - folded.number) <= 1e-12 * size + 1e-300
      );
    });
    fc.assert(property, { seed, numRuns: 10_000 });
  });
});

const names = ['x', 'y', 'z'];

/** The text of an expression of smooth functions whose derivatives stay of moderate size. */
const smooth = fc.letrec<{ text: string; leaf: string; inner: string }>((tie) => ({
  leaf: fc.constantFrom(...names, '1', '2', '0.5', '-1', '0'),
  inner: fc.oneof(
    fc
      .tuple(tie('text'), fc.constantFrom('+', '-', '*'), tie('text'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie('text').map((a) => `-(${a})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a}) / (2 + Math.sin(${b}))`),
    fc
      .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'atan', 'asinh', 'expm1'), tie('text'))
      .map(([fn, a]) => (fn === 'expm1' ? `Math.expm1(Math.sin(${a}))` : `Math.${fn}(${a})`)),
    tie('text').map((a) => `(${a}) ** 2`),
    tie('text').map((a) => `1 / (1 + Math.exp(-(${a})))`),
  ),
  text: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('inner')),
})).text;

describe('whole functions', () => {
  it('have the same gradient simplified and not', async () => {
    const expressions = fc
      .sample(smooth, { seed, numRuns: 400 })
      .filter((text) => /[xyz]/.test(text) && text.length > 12 && text.length < 300)
      .slice(0, 60);
    const source = expressions
      // The first term lets all parameters take part.
      .map((text, i) => {
        const parameters = names.map((name) => `${name}: number`).join(', ');
        const body = `return x * y * z + ${text};`;
        return `/** @differentiable */\nexport function f${i}(${parameters}): number {\n  ${body}\n}\n`;
      })
      .join('\n');
    const [simple, plain] = [await load(source), await load(source, { simplify: false })];
    expressions.forEach((text, i) => {
      for (const at of [
        [0.3, -1.2, 0.7],
        [0, 0, 0],
        [1, 1, -2],
      ]) {
        const a = simple.gradient(`f${i}`)(...at);
        const b = plain.gradient(`f${i}`)(...at);
        for (const key of ['value', 'dx', 'dy', 'dz']) {
          const [given, wanted] = [a[key] as number, b[key] as number];
          const scale = Math.max(1, Math.abs(wanted));
          expect(Math.abs(given - wanted) / scale, `${key} of ${text}`).toBeLessThan(1e-10);
        }
      }
    });
  });
});
