import { describe, expect, it } from 'vitest';
import { functionText, generate } from '../support/compile-text.js';

/** The derivatives as they are written: each line of the backward sweep without its comment, and the result. */
async function derivatives(parameters: string, expression: string): Promise<string> {
  const text = await generate(functionText(parameters, expression));
  const backward = text.slice(text.search(/\/\/ Backward|return \{/));
  return backward.replace(/ \/\/.*/g, '').replace(/\s+/g, ' ');
}

describe('the algebra of adjoints', () => {
  it.each([
    ['x', '3 * x + 2', 'dx: 3 '],
    ['x', 'x * x', 'dx = 2 * x;'],
    ['x', '-x', 'dx: -1 '],
    ['x', '5 - x', 'dx: -1 '],
    ['x', '-(-x)', 'dx: 1 '],
    ['x', '2 * (3 * x)', 'dx: 6 '],
    ['x y', 'x - y', 'dx: 1, dy: -1 '],
    ['x y', 'x * y', 'dx = y; const dy = x;'],
    ['x y', 'x * -y', 'dy = -x; const dx = -y;'],
    ['x', 'x / 4', 'dx = 1 / 4;'],
    ['x', '1 / x', 'dx = -value * value;'],
    ['x', 'x ** 2', 'dx = 2 * x;'],
    ['x', 'x ** 5', 'dx = 5 * x ** 4;'],
    ['x', 'Math.tanh(x)', '1 - value * value'],
    ['x g', 'x * x * g', 'dx = 2 * x * g;'],
    ['x g', '(1 - x) * (1 - x) * g', 'dx = -2 * (1 - x) * g;'],
  ])('(%s) => %s', async (parameters, expression, expected) => {
    expect(await derivatives(parameters, expression)).toContain(expected);
  });

  it.each([
    ['x r g', '(1 - x) * x * r * g'],
    ['x r g', 'r * g * x - r * g * x * x'],
    ['a b', '1 * a + 0 * b + b'],
    ['a b c', '(a - b) * (a - b) - c * 1'],
  ])('leaves no idle factors or terms in (%s) => %s', async (parameters, expression) => {
    const text = (await derivatives(parameters, expression)).replace(/^.*?\*\//, '');
    expect(text).not.toMatch(/[^.\d]1 \* |\* 1[^.\d]|\+ 0[^.\d]|[^.\d]0 \+|- -|\+ -/);
  });

  it('gathers what two products share', async () => {
    const text = await derivatives('x r g', '(1 - x) * x * r * g');
    expect(text).toMatch(/dx = \(1 - 2 \* x\) \* r \* g|dx: \(1 - 2 \* x\) \* r \* g/);
  });
});
