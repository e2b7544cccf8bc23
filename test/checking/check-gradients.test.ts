import { describe, expect, it } from 'vitest';
import { fromData, type Matrix } from '@chainrule/runtime';
import { checkGradients } from '../../compiler/checking/check-gradients.js';
import { parameterKeys } from '../../compiler/checking/parameter-keys.js';

function loss(w: number[], x: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (w[i] ?? 0) * x * x;
  return sum;
}

const gradient = (factor: number) =>
  function loss_grad(w: number[], x: number, n: number) {
    const dw = w.map((_, i) => (i < n ? x * x : 0));
    const dx = w.slice(0, n).reduce((sum, each) => sum + factor * each * x, 0);
    return { value: loss(w, x, n), dw, dx };
  };

describe('checkGradients', () => {
  it('accepts a right gradient', () => {
    checkGradients(loss, gradient(2), [[1, -2, 3], 0.5, 2]);
  });

  it('names the parameter, the element and both numbers', () => {
    const wrong = (w: number[], x: number, n: number) => ({
      ...gradient(3)(w, x, n),
      dw: [NaN, 1, 0],
    });
    const check = () => checkGradients(loss, wrong, [[1, -2, 3], 0.5, 2]);
    expect(check).toThrow('wrong is wrong:\n  dw[0] is NaN, finite differences give 0.25');
    expect(check).toThrow('\n  dw[1] is 1, finite differences give 0.25');
    expect(check).toThrow(/\n {2}dx is -1\.5, finite differences give -1(\.0*\d+)?$|-0\.9+\d*$/);
  });

  it('goes into objects, matrices and typed arrays', () => {
    interface Model {
      readonly w: Matrix;
      readonly b: Float64Array;
      readonly name: string;
    }
    const energy = ({ w, b }: Model): number => (w.data[1] ?? 0) * (b[0] ?? 0);
    const energy_grad = (model: Model) => ({
      value: energy(model),
      dmodel: { w: fromData(1, 2, new Float64Array([0, 3])), b: new Float64Array([7]) },
    });
    const model = {
      w: fromData(1, 2, new Float64Array([1, 2])),
      b: new Float64Array([3]),
      name: 'm',
    };
    expect(() => checkGradients(energy, energy_grad, [model])).toThrow(
      /^energy_grad is wrong:\n {2}dmodel\.b\[0\] is 7, finite differences give (2|1\.9+\d*|2\.0+\d*)$/,
    );
  });

  it('takes any slope at a kink that lies between its sides', () => {
    const abs_grad = (slope: number) => (x: number) => ({ value: Math.abs(x), dx: slope });
    checkGradients(Math.abs, abs_grad(0), [0]);
    expect(() => checkGradients(Math.abs, abs_grad(2), [0])).toThrow(
      /on the left and .* on the right/,
    );
  });

  it('compares the value, too', () => {
    const square_grad = (x: number) => ({ value: x, dx: 2 * x });
    expect(() => checkGradients((x: number) => x * x, square_grad, [3])).toThrow(
      'value is 3, the function returns 9',
    );
  });
});

it.each([
  ['function f(w, b = [1, (2)], { c }, ...rest) {}', ['dw', 'db', 'darg2', 'drest']],
  ['(x) => x', ['dx']],
  ['function f() {}', []],
])('the keys of %s are %s', (text, keys) => {
  expect(parameterKeys({ toString: () => text })).toEqual(keys);
});
