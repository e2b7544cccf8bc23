import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import {
  add,
  fromData,
  identity,
  jacobian,
  matmul,
  matrix,
  transpose,
  zeros,
  type Matrix,
  type Tangent,
} from '@chainrule/runtime';
import {
  broyden_backward,
  broyden_forward,
  broyden_jvp,
  helix_backward,
  helix_forward,
  helix_jvp,
  neighbours_backward,
  neighbours_forward,
  neighbours_jvp,
  riccati_backward,
  riccati_forward,
  riccati_jvp,
  squaredLength_backward,
  squaredLength_jvp,
  squaredLength_forward,
} from '../../../fixtures/forward/jacobians_grad.js';
import { dense_backward, dense_forward } from '../../../fixtures/matrix/pullbacks_grad.js';
import {
  expectClose,
  mapped,
  matrixDifferences,
  sample,
} from '../../support/matrix-differences.js';
import { broydenJacobian } from './broyden.js';

describe('of a function of arrays', () => {
  const x = [-1, -0.5, 0.3, 2];
  const { value, saved } = broyden_forward(x);
  const expected = matrix(broydenJacobian(x));

  it('by columns', () => {
    expectClose(jacobian(x, value, { jvp: (v) => broyden_jvp(x, v).dvalue }), expected);
  });

  it('by rows, from one forward sweep', () => {
    expectClose(jacobian(x, value, { vjp: (u) => broyden_backward(saved, u).dx }), expected);
  });

  it('of a single element', () => {
    expectClose(
      jacobian([0.7], [0], { jvp: (v) => broyden_jvp([0.7], v).dvalue }),
      matrix([[0.2]]),
    );
  });
});

describe('given both products', () => {
  const counted = (n: number, m: number) => {
    const jvp = vi.fn((_: Float64Array) => new Float64Array(m));
    const vjp = vi.fn((_: Float64Array) => new Float64Array(n));
    const j = jacobian(new Float64Array(n), new Float64Array(m), { jvp, vjp });
    return [`${j.rows}×${j.cols}`, jvp.mock.calls.length, vjp.mock.calls.length];
  };

  it.each([
    [3, 5, ['5×3', 3, 0]],
    [5, 3, ['3×5', 0, 3]],
    [4, 4, ['4×4', 4, 0]],
    [1, 9, ['9×1', 1, 0]],
    [0, 3, ['3×0', 0, 0]],
    [3, 0, ['0×3', 0, 0]],
    [0, 0, ['0×0', 0, 0]],
  ])('%i numbers in, %i out: the fewer calls', (n, m, expected) => {
    expect(counted(n, m)).toEqual(expected);
  });

  it('gives each call a seed of its own', () => {
    const seeds: Float64Array[] = [];
    const jvp = (v: Float64Array) => {
      seeds.push(v.slice());
      return v.fill(7);
    };
    jacobian(new Float64Array(2), new Float64Array(2), { jvp });
    expect(seeds).toEqual([new Float64Array([1, 0]), new Float64Array([0, 1])]);
  });

  it('does not keep what a product gives', () => {
    const buffer = new Float64Array(2);
    const jvp = (v: Float64Array) => {
      buffer.set(v);
      return buffer;
    };
    expectClose(jacobian(new Float64Array(2), buffer, { jvp }), identity(2), 0);
  });
});

describe('of generated functions', () => {
  it('typed arrays: both ways agree', () => {
    const x = new Float64Array([0.2, -1, 3, 0.6]);
    const { value, saved } = neighbours_forward(x, 0.5);
    const byColumns = jacobian(x, value, { jvp: (v) => neighbours_jvp(x, 0.5, v).dvalue });
    const byRows = jacobian(x, value, { vjp: (u) => neighbours_backward(saved, u).dx });
    expect([byRows.rows, byRows.cols]).toEqual([3, 4]);
    expectClose(byColumns, byRows);
    expect(byRows.data[0]).toBeCloseTo(0.5 * Math.cos(0.1) * -1, 14);
    expect(byRows.data[1]).toBeCloseTo(Math.sin(0.1), 14);
  });

  it('a matrix of a matrix, row by row', () => {
    const [x, a] = [sample(2, 2, 1), sample(2, 2, 2)];
    const { value, saved } = riccati_forward(x, a);
    const byColumns = jacobian(x, value, { jvp: (v) => riccati_jvp(x, a, v).dvalue });
    const byRows = jacobian(x, value, { vjp: (u) => riccati_backward(saved, u).dx });
    expectClose(byColumns, byRows);
    for (let i = 0; i < 4; i++) {
      const row = matrixDifferences((moved) => riccati_forward(moved, a).value.data[i], x);
      expectClose(byRows.data.slice(4 * i, 4 * i + 4), row.data, 1e-8);
    }
  });

  it('a linear function of a matrix is the Kronecker product', () => {
    const [w, x] = [sample(2, 2, 1), sample(2, 2, 2)];
    const j = jacobian(x, x, { jvp: (v) => matmul(w, v) });
    expectClose(
      j,
      mapped(zeros(4, 4), (_, row, col) => kronecker(w, identity(2), row, col)),
    );
  });

  it('one parameter of several, whose shape is not that of the result', () => {
    const [x, w, b] = [sample(5, 3, 1), sample(3, 2, 2), sample(1, 2, 3)];
    const { value, saved } = dense_forward(x, w, b);
    const j = jacobian(b, value, { vjp: (u) => dense_backward(saved, u).db });
    expect([j.rows, j.cols]).toEqual([10, 2]);
    expect(j.data[0]).toBeCloseTo(1 - value.data[0] ** 2, 13);
    expect(j.data[1]).toBe(0);
  });

  it('a number of numbers has one row, numbers of a number one column', () => {
    const x = [1, -2, 0.5];
    const { value, saved } = squaredLength_forward(x);
    const gradient = matrix([[2, -4, 1]]);
    expectClose(jacobian(x, value, { vjp: (u) => squaredLength_backward(saved, u).dx }), gradient);
    expectClose(jacobian(x, value, { jvp: (v) => squaredLength_jvp(x, v).dvalue }), gradient);
    const curve = helix_forward(0.8);
    const tangent = matrix([[-Math.sin(0.8)], [Math.cos(0.8)], [1]]);
    expectClose(jacobian(0.8, curve.value, { jvp: (v) => helix_jvp(0.8, v).dvalue }), tangent);
    expectClose(
      jacobian(0.8, curve.value, { vjp: (u) => helix_backward(curve.saved, u).dt }),
      tangent,
    );
  });

  it('several parameters as one, taken apart in the product', () => {
    const [a, b] = [2, 3];
    const jvp = ([ta, tb]: number[]) => a * tb + b * ta;
    expectClose(jacobian([a, b], a * b, { jvp }), matrix([[3, 2]]));
  });
});

it('single precision passes', () => {
  const x = new Float32Array([1, 2]);
  const j = jacobian(x, x, { jvp: (v) => v.map((vi, i) => 2 * x[i] * vi) });
  expectClose(
    j,
    matrix([
      [2, 0],
      [0, 4],
    ]),
    0,
  );
});

it('NaN passes', () => {
  const j = jacobian([1, 2], 1, { jvp: ([a]) => a * NaN });
  expect(Array.from(j.data)).toEqual([NaN, NaN]);
});

describe('what does not fit', () => {
  const x = [1, 2, 3];

  it.each<[string, () => unknown]>([
    [
      'jacobian: jvp gives 3 numbers, and must give 2 numbers',
      () => jacobian(x, [0, 0], { jvp: (v) => v }),
    ],
    [
      'jacobian: vjp gives 1 number, and must give 3 numbers',
      () => jacobian(x, 1, { vjp: (u) => u }),
    ],
    [
      'jacobian: jvp gives a 3×2 matrix, and must give a 2×3 matrix',
      () => jacobian(zeros(2, 3), zeros(2, 3), { jvp: (v) => transpose(v) }),
    ],
    [
      'jacobian: vjp gives 4 numbers, and must give a 2×3 matrix',
      () => jacobian(zeros(2, 3), x, { vjp: () => [1, 2, 3, 4] }),
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(new RangeError(message));
  });

  it('neither product', () => {
    expect(() => jacobian(x, x, {} as never)).toThrow(TypeError);
  });

  it('what the product throws goes through', () => {
    const jvp = (v: Matrix) => add(v, zeros(3, 3));
    expect(() => jacobian(zeros(2, 2), zeros(2, 2), { jvp })).toThrow('add: 2×2 and 3×3');
  });
});

it('infers the type of the seeds', () => {
  const none = (check: () => void) => check;
  none(() => {
    jacobian([1], 1, { jvp: (v) => (expectTypeOf(v).toEqualTypeOf<number[]>(), 1) });
    jacobian([1] as readonly number[], 1, {
      jvp: (v) => (expectTypeOf(v).toEqualTypeOf<number[]>(), 1),
      vjp: (u) => (expectTypeOf(u).toEqualTypeOf<number>(), [u]),
    });
    jacobian(fromData(1, 1, [1]), new Float64Array(1), {
      jvp: (v) => (expectTypeOf(v).toEqualTypeOf<Matrix>(), 1),
      vjp: (u) => (expectTypeOf(u).toEqualTypeOf<Float64Array>(), [u[0]]),
    });
  });
  expectTypeOf<Tangent<readonly [number, number]>>().toEqualTypeOf<[number, number]>();
  expectTypeOf<Tangent<Float32Array>>().toEqualTypeOf<Float32Array>();
});

function kronecker(a: Matrix, b: Matrix, row: number, col: number): number {
  const left = a.data[Math.floor(row / b.rows) * a.cols + Math.floor(col / b.cols)];
  return left * b.data[(row % b.rows) * b.cols + (col % b.cols)];
}
