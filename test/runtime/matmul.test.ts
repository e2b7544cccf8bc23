import { afterEach, describe, expect, it } from 'vitest';
import { fromData, matmul, matmulNT, matmulTN, type Matrix } from '@chainrule/runtime';
import { useKernel } from '../../runtime/matmul/choose.js';

/** The three products with the way to their operands from an m×k and a k×n matrix, and what they stand for. */
const products = [
  { name: 'matmul', product: matmul, first: same, second: same },
  { name: 'matmulNT', product: matmulNT, first: same, second: transposed },
  { name: 'matmulTN', product: matmulTN, first: transposed, second: same },
] as const;

afterEach(() => useKernel());

describe.each(['wasm', 'javascript'] as const)('with the %s kernel', (kernel) => {
  describe.each(products)('$name', ({ product, first, second }) => {
    /** Compares with naive loops, relative to the sum of the absolute values of the products. */
    function check(a: Matrix, b: Matrix): void {
      const c = product(first(a), second(b));
      const { sums, scales } = naive(a, b);
      expect([c.rows, c.cols, c.data.length]).toEqual([a.rows, b.cols, a.rows * b.cols]);
      const wrong = sums.findIndex((sum, i) => !(Math.abs(c.data[i] - sum) <= 1e-13 * scales[i]));
      if (wrong >= 0) {
        const shapes = `${a.rows}×${a.cols} and ${b.rows}×${b.cols}`;
        expect.fail(`${shapes}: ${c.data[wrong]} instead of ${sums[wrong]} at ${wrong}`);
      }
    }

    it('agrees with naive loops for all small shapes', () => {
      useKernel(kernel);
      for (let m = 0; m <= 9; m++) {
        for (let k = 0; k <= 9; k++) {
          for (let n = 0; n <= 9; n++) check(filled(m, k), filled(k, n));
        }
      }
    });

    it.each([
      [67, 129, 33],
      [300, 1030, 17],
      [17, 30, 1030],
      [255, 256, 257],
      [258, 513, 261],
      [1, 700, 600],
      [600, 700, 1],
      [600, 1, 700],
      [2, 1025, 3],
    ])('agrees with naive loops for %i×%i×%i', (m, k, n) => {
      useKernel(kernel);
      check(filled(m, k), filled(k, n));
    });

    it.each([3, 20, 270])('lets NaN and infinities through, also times zero (size %i)', (size) => {
      useKernel(kernel);
      for (const odd of [NaN, Infinity, -Infinity]) {
        for (const factor of [0, 1, -1]) {
          const a = fromData(size, size, new Float64Array(size * size).fill(1));
          const b = fromData(size, size, new Float64Array(size * size).fill(factor));
          const [row, place, col] = [size - 1, size - 2, 1];
          a.data[row * size + place] = odd;
          const down = product(first(a), second(b));
          expectOnlyIn(down, (i) => i === row, odd * factor, size * factor);
          const across = product(first(b), second(turned(a, place, col, odd)));
          expectOnlyIn(across, (_, j) => j === col, odd * factor, size * factor);
        }
      }
    });

    it('leaves its operands alone and shares nothing with them', () => {
      useKernel(kernel);
      const a = first(filled(20, 30));
      const b = second(filled(30, 10));
      const before = [a.data.slice(), b.data.slice()];
      const c = product(a, b);
      c.data.fill(7);
      expect([a.data, b.data]).toEqual(before);
      expect(product(a, b).data).not.toContain(7);
    });

    it('reads operands that are views of longer arrays', () => {
      useKernel(kernel);
      const view = ({ rows, cols, data }: Matrix): Matrix => {
        const long = new Float64Array(data.length + 9).fill(NaN);
        long.set(data, 5);
        return { rows, cols, data: long.subarray(5, 5 + data.length) };
      };
      const a = filled(40, 13);
      const b = filled(13, 11);
      expect(product(view(first(a)), view(second(b)))).toEqual(product(first(a), second(b)));
    });
  });
});

it('the choice between the kernels does not show', () => {
  for (const n of [1, 2, 8, 9, 10, 40]) {
    const a = filled(n, n);
    const b = filled(n, n);
    const { sums } = naive(a, b);
    for (const { product, first, second } of products) {
      const c = product(first(a), second(b));
      sums.forEach((sum, i) => expect(c.data[i]).toBeCloseTo(sum, 10));
    }
  }
});

it('the kernels agree to 1e-13 where nothing cancels', () => {
  const a = filled(130, 777, 1.5);
  const b = filled(777, 131, 1.5);
  for (const { product, first, second } of products) {
    useKernel('wasm');
    const wasm = product(first(a), second(b)).data;
    useKernel('javascript');
    const javascript = product(first(a), second(b)).data;
    const errors = wasm.map((x, i) => Math.abs(x / javascript[i] - 1));
    expect(Math.max(...errors)).toBeLessThan(1e-13);
  }
});

describe('shapes that do not fit', () => {
  const a = filled(2, 3);
  const b = filled(4, 5);

  it.each([
    ['matmul', matmul, '2×3 and 4×5 do not fit: the columns of the first must be the rows'],
    ['matmulNT', matmulNT, '2×3 and 4×5 do not fit: the columns of the first must be those'],
    ['matmulTN', matmulTN, '2×3 and 4×5 do not fit: the rows of the first must be those'],
  ])('are named by %s', (name, product, message) => {
    expect(() => product(a, b)).toThrow(RangeError);
    expect(() => product(a, b)).toThrow(`${name}: ${message}`);
  });
});

function same(a: Matrix): Matrix {
  return a;
}

function transposed({ rows, cols, data }: Matrix): Matrix {
  return fromData(
    cols,
    rows,
    data.map((_, i) => data[(i % rows) * cols + Math.floor(i / rows)]),
  );
}

/** Numbers without a pattern, between `shift` - 1 and `shift` + 1. */
function filled(rows: number, cols: number, shift = 0): Matrix {
  const numbers = new Float64Array(rows * cols).map((_, i) => Math.sin(i * i + cols) + shift);
  return fromData(rows, cols, numbers);
}

/** As large as `a`, of ones, with another number in one place. */
function turned({ rows, cols, data }: Matrix, row: number, col: number, odd: number): Matrix {
  const ones = fromData(rows, cols, new Float64Array(data.length).fill(1));
  ones.data[row * cols + col] = odd;
  return ones;
}

function expectOnlyIn(
  { data, cols }: Matrix,
  isThere: (i: number, j: number) => boolean,
  there: number,
  elsewhere: number,
): void {
  const expected = data.map((_, at) =>
    isThere(Math.floor(at / cols), at % cols) ? there : elsewhere,
  );
  const wrong = expected.findIndex((x, at) => !(Object.is(x, data[at]) || x === data[at]));
  if (wrong >= 0) expect.fail(`${data[wrong]} instead of ${expected[wrong]} at ${wrong}`);
}

function naive(a: Matrix, b: Matrix): { sums: Float64Array; scales: Float64Array } {
  const sums = new Float64Array(a.rows * b.cols);
  const scales = new Float64Array(a.rows * b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0;
      let scale = 0;
      for (let p = 0; p < a.cols; p++) {
        const term = a.data[i * a.cols + p] * b.data[p * b.cols + j];
        sum += term;
        scale += Math.abs(term);
      }
      sums[i * b.cols + j] = sum;
      scales[i * b.cols + j] = scale;
    }
  }
  return { sums, scales };
}
