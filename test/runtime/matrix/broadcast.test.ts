import { describe, expect, it } from 'vitest';
import * as runtime from '@chainrule/runtime';
import { matrix, type Matrix, type Operand } from '@chainrule/runtime';
import { expectClose, sample } from '../../support/matrix-differences.js';

type Binary = (a: Operand, b: Operand) => Operand;

const functions: readonly [string, (a: number, b: number) => number][] = [
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
  ['div', (a, b) => a / b],
  ['maximum', Math.max],
  ['minimum', Math.min],
  ['pow', (a, b) => a ** b],
  ['safeDiv', (a, b) => a / b],
];

const lengths = [0, 1, 2, 3];
const shapes = lengths.flatMap((rows) => lengths.map((cols) => [rows, cols] as const));

/** NumPy's rule for one direction; null where the lengths do not fit. */
function common(a: number, b: number): number | null {
  if (a === b) return a;
  if (a === 1) return b;
  return b === 1 ? a : null;
}

describe.each(functions)('%s', (name, formula) => {
  const f = runtime[name as 'add'] as Binary;

  it('takes numbers', () => {
    expect(f(1.5, 2.5)).toBe(formula(1.5, 2.5));
  });

  it('stretches as NumPy does, for all pairs of small shapes', () => {
    let [fitting, refused] = [0, 0];
    for (const [ar, ac] of shapes) {
      for (const [br, bc] of shapes) {
        const a = sample(ar, ac, 1, 0.5, 3);
        const b = sample(br, bc, 2, 0.5, 3);
        const [rows, cols] = [common(ar, br), common(ac, bc)];
        if (rows === null || cols === null) {
          refused++;
          expect(() => f(a, b)).toThrow(
            new RangeError(
              `${name}: ${ar}×${ac} and ${br}×${bc} do not fit: rows and columns must be as many in both, or 1 in one of them`,
            ),
          );
          continue;
        }
        fitting++;
        const at = (m: Matrix, i: number, j: number) =>
          m.data[(m.rows === 1 ? 0 : i) * m.cols + (m.cols === 1 ? 0 : j)];
        const expected: number[] = [];
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++) expected.push(formula(at(a, i, j), at(b, i, j)));
        }
        expectClose(f(a, b), runtime.fromData(rows, cols, expected), 1e-15);
      }
    }
    expect([fitting, refused]).toEqual([100, 156]);
  });

  it('stretches numbers to either side', () => {
    const a = sample(2, 3, 1, 0.5, 3);
    const map = (g: (x: number) => number) => runtime.fromData(2, 3, a.data.map(g));
    expectClose(f(a, 2.5), map((x) => formula(x, 2.5)), 1e-15); // prettier-ignore
    expectClose(f(2.5, a), map((x) => formula(2.5, x)), 1e-15); // prettier-ignore
    expectClose(f(runtime.zeros(0, 3), 2), runtime.zeros(0, 3));
    expectClose(f(2, runtime.zeros(3, 0)), runtime.zeros(3, 0));
  });

  it('lets NaN pass', () => {
    const a = matrix([[NaN, 1]]);
    for (const result of [f(a, 2), f(a, a), f(a, matrix([[1], [2]])), f(2, a)]) {
      expect((result as Matrix).data[0]).toBeNaN();
      expect((result as Matrix).data[1]).not.toBeNaN();
    }
    expect(f(NaN, 1)).toBeNaN();
  });

  it('gives a fresh matrix', () => {
    const a = sample(2, 2, 1, 0.5, 3);
    const before = a.data.slice();
    for (const b of [1, a, sample(1, 2, 3, 0.5, 3)]) {
      const result = f(a, b) as Matrix;
      expect(result.data.buffer).not.toBe(a.data.buffer);
    }
    expect(a.data).toEqual(before);
  });
});

describe('safeDiv', () => {
  it('is 0 where both are 0, and only there', () => {
    const dy = matrix([[0, 0, 1, -1, NaN]]);
    const x = matrix([[0, 2, 0, 0, 0]]);
    const expected = [0, 0, Infinity, -Infinity, NaN];
    expect(runtime.safeDiv(dy, x).data).toEqual(Float64Array.from(expected));
    expect(runtime.safeDiv(dy, 0).data).toEqual(Float64Array.of(0, 0, Infinity, -Infinity, NaN));
    expect(runtime.safeDiv(0, x).data).toEqual(Float64Array.of(0, 0, 0, 0, 0));
    expect(runtime.safeDiv(dy, matrix([[0], [0]])).data.slice(0, 5)).toEqual(
      Float64Array.from(expected),
    );
    expect(runtime.safeDiv(0, NaN)).toBeNaN();
    expect(runtime.safeDiv(0, 0)).toBe(0);
    expect(runtime.safeDiv(1, 0)).toBe(Infinity);
  });
});

describe('broadcastLike', () => {
  it('stretches to the shape it is shown', () => {
    const like = runtime.zeros(2, 3);
    expectClose(
      runtime.broadcastLike(7, like),
      matrix([
        [7, 7, 7],
        [7, 7, 7],
      ]),
    );
    expectClose(
      runtime.broadcastLike(matrix([[1, 2, 3]]), like),
      matrix([
        [1, 2, 3],
        [1, 2, 3],
      ]),
    );
    expectClose(
      runtime.broadcastLike(matrix([[1], [2]]), like),
      matrix([
        [1, 1, 1],
        [2, 2, 2],
      ]),
    );
    expectClose(
      runtime.broadcastLike(matrix([[5]]), like),
      matrix([
        [5, 5, 5],
        [5, 5, 5],
      ]),
    );
    const same = sample(2, 3);
    const copied = runtime.broadcastLike(same, like);
    expectClose(copied, same);
    expect(copied.data).not.toBe(same.data);
    expectClose(runtime.broadcastLike(matrix([[1, 2]]), runtime.zeros(0, 2)), runtime.zeros(0, 2));
  });

  it('does not shrink', () => {
    expect(() => runtime.broadcastLike(runtime.zeros(2, 3), runtime.zeros(1, 3))).toThrow(
      new RangeError('broadcastLike: 2×3 does not stretch to 1×3'),
    );
  });
});
