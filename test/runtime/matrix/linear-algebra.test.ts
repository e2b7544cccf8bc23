import { describe, expect, it } from 'vitest';
import {
  add,
  cholesky,
  choleskyPullback,
  choleskyTangent,
  det,
  detPullback,
  dot,
  identity,
  inv,
  inverseTransposed,
  logDet,
  matmul,
  matmulNT,
  matrix,
  mul,
  norm,
  normPullback,
  ones,
  solve,
  solveTransposed,
  trace,
  transpose,
  zeros,
  type Matrix,
} from '@chainrule/runtime';
import { expectClose, mapped, sample } from '../../support/matrix-differences.js';

const sizes = [0, 1, 2, 3, 5, 8, 20];
const singular = matrix([
  [1, 2],
  [2, 4],
]);
const definite = (n: number): Matrix =>
  add(matmulNT(sample(n, n), sample(n, n)), mul(0.5, identity(n)));

describe('transpose', () => {
  it('turns rows into columns', () => {
    expectClose(
      transpose(
        matrix([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
      matrix([
        [1, 4],
        [2, 5],
        [3, 6],
      ]),
    );
    expectClose(transpose(zeros(0, 3)), zeros(3, 0));
    for (const [rows, cols] of [
      [1, 1],
      [33, 65],
      [64, 32],
      [100, 7],
      [70, 70],
    ]) {
      const a = sample(rows, cols);
      const turned = transpose(a);
      expect([turned.rows, turned.cols]).toEqual([cols, rows]);
      expectClose(
        mapped(turned, (_, i, j) => a.data[j * cols + i]),
        turned,
        0,
      );
    }
  });
});

describe('dot, trace and norm', () => {
  it('are the sums that they stand for', () => {
    expect(
      dot(
        matrix([
          [1, 2],
          [3, 4],
        ]),
        matrix([
          [5, 6],
          [7, 8],
        ]),
      ),
    ).toBe(70);
    expect(dot(zeros(0, 2), zeros(0, 2))).toBe(0);
    expect(
      trace(
        matrix([
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ]),
      ),
    ).toBe(15);
    expect(trace(zeros(0, 0))).toBe(0);
    expect(
      norm(
        matrix([
          [3, 0],
          [0, -4],
        ]),
      ),
    ).toBe(5);
    expect([norm(zeros(2, 2)), norm(zeros(0, 2))]).toEqual([0, 0]);
  });

  it('refuse what does not fit', () => {
    expect(() => dot(zeros(2, 3), zeros(1, 3))).toThrow(
      new RangeError('dot: 2×3 and 1×3 differ: both must have the same shape'),
    );
    expect(() => trace(zeros(2, 3))).toThrow(new RangeError('trace: 2×3 is not square'));
  });

  it('norm neither overflows nor vanishes', () => {
    expect(norm(matrix([[3e200, 4e200]])) / 5e200).toBeCloseTo(1, 14);
    expect(norm(matrix([[3e-200, 4e-200]])) / 5e-200).toBeCloseTo(1, 14);
    expect(norm(matrix([[3e-160, 4e-160]])) / 5e-160).toBeCloseTo(1, 14);
    expect(norm(matrix([[1, -Infinity]]))).toBe(Infinity);
    for (const far of [1, 1e200, 1e-200, 0]) expect(norm(matrix([[far, NaN]]))).toBeNaN();
  });

  it('norm has derivative 0 at 0', () => {
    expectClose(normPullback(3, zeros(2, 2), 0), zeros(2, 2), 0);
    const a = matrix([[3e-200, 4e-200]]);
    expectClose(normPullback(10, a, norm(a)), matrix([[6, 8]]), 1e-13);
  });
});

describe('solve, solveTransposed and inv', () => {
  it.each(sizes)('leave nothing over for n = %d', (n) => {
    const a = sample(n, n, n + 1);
    for (const cols of [0, 1, 3]) {
      const b = sample(n, cols, 5);
      expectClose(matmul(a, solve(a, b)), b, 1e-11);
      expectClose(matmul(transpose(a), solveTransposed(a, b)), b, 1e-11);
    }
    expectClose(matmul(a, inv(a)), identity(n), 1e-11);
    expectClose(inverseTransposed(a), transpose(inv(a)), 1e-11);
  });

  it('exchange rows where they must', () => {
    expectClose(
      solve(
        matrix([
          [0, 2],
          [4, 0],
        ]),
        matrix([[6], [8]]),
      ),
      matrix([[2], [3]]),
      0,
    );
    expectClose(
      inv(
        matrix([
          [0, 0, 1],
          [1, 0, 0],
          [0, 1, 0],
        ]),
      ),
      matrix([
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ]),
      0,
    );
    // Without pivots, 1e-20 would swallow the rest.
    expectClose(
      solve(
        matrix([
          [1e-20, 1],
          [1, 1],
        ]),
        matrix([[1], [2]]),
      ),
      matrix([[1], [1]]),
      1e-15,
    );
  });

  it.each([
    ['solve', (a: Matrix) => solve(a, ones(a.rows, 1))],
    ['solveTransposed', (a: Matrix) => solveTransposed(a, ones(a.rows, 1))],
    ['inv', inv],
    ['inverseTransposed', inverseTransposed],
  ] as const)('%s refuses what it cannot invert', (name, f) => {
    expect(() => f(singular)).toThrow(new RangeError(`${name}: the 2×2 matrix is singular`));
    expect(() => f(zeros(3, 3))).toThrow(new RangeError(`${name}: the 3×3 matrix is singular`));
    expect(() => f(ones(2, 3))).toThrow(new RangeError(`${name}: 2×3 is not square`));
  });

  it('name right-hand sides that do not fit', () => {
    const rule = 'do not fit: both must have as many rows';
    expect(() => solve(identity(2), ones(3, 1))).toThrow(
      new RangeError(`solve: 2×2 and 3×1 ${rule}`),
    );
    expect(() => solveTransposed(identity(2), ones(3, 1))).toThrow(
      new RangeError(`solveTransposed: 2×2 and 3×1 ${rule}`),
    );
  });

  it('let NaN pass', () => {
    for (const a of [
      matrix([
        [NaN, 1],
        [0, 1],
      ]),
      matrix([
        [0, 1],
        [NaN, 1],
      ]),
    ]) {
      expect(inv(a).data.some(Number.isNaN)).toBe(true);
      expect(solve(a, ones(2, 1)).data.some(Number.isNaN)).toBe(true);
      expect(det(a)).toBeNaN();
      expect(logDet(a)).toBeNaN();
    }
  });
});

describe('det and logDet', () => {
  it('have known values', () => {
    expect(
      det(
        matrix([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toBeCloseTo(-2, 14);
    expect(
      det(
        matrix([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toBe(-1);
    expect(
      det(
        matrix([
          [2, 0, 0],
          [5, 3, 0],
          [7, 9, 4],
        ]),
      ),
    ).toBeCloseTo(24, 13);
    expect([det(zeros(0, 0)), det(singular), det(zeros(2, 2))]).toEqual([1, 0, 0]);
    expect(
      logDet(
        matrix([
          [0, -1],
          [1, 0],
        ]),
      ),
    ).toBe(0);
    expect(logDet(zeros(0, 0))).toBe(0);
    expect(logDet(mul(1e-200, identity(3)))).toBeCloseTo(3 * Math.log(1e-200), 10);
  });

  it.each(sizes)('agree for n = %d', (n) => {
    expect(logDet(definite(n))).toBeCloseTo(Math.log(det(definite(n))), 10);
    expect(det(mul(definite(n), 2)) / det(definite(n)) / 2 ** n).toBeCloseTo(1, 11);
  });

  it('refuse what has none', () => {
    expect(() => det(zeros(2, 3))).toThrow(new RangeError('det: 2×3 is not square'));
    expect(() => logDet(zeros(2, 3))).toThrow(new RangeError('logDet: 2×3 is not square'));
    expect(() => logDet(singular)).toThrow(
      new RangeError('logDet: the determinant of the 2×2 matrix is 0, and must be positive'),
    );
    expect(() =>
      logDet(
        matrix([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toThrow(
      new RangeError('logDet: the determinant of the 2×2 matrix is negative, and must be positive'),
    );
    expect(() => logDet(matrix([[-1]]))).toThrow('is negative');
  });

  it('det has the cofactors as its derivative where it is 0, too', () => {
    expectClose(
      detPullback(2, singular, 0),
      matrix([
        [8, -4],
        [-4, 2],
      ]),
    );
    expectClose(detPullback(1, zeros(2, 2), 0), zeros(2, 2));
    expectClose(detPullback(3, matrix([[0]]), 0), matrix([[3]]));
    expectClose(detPullback(1, zeros(0, 0), 1), zeros(0, 0));
    const rankTwo = matrix([
      [1, 2, 3],
      [2, 4, 6],
      [0, 1, 5],
    ]);
    expectClose(
      detPullback(1, rankTwo, det(rankTwo)),
      matrix([
        [14, -10, 2],
        [-7, 5, -1],
        [0, 0, 0],
      ]),
    );
    expectClose(detPullback(0, singular, 0), zeros(2, 2), 0);
    expect(() => detPullback(1, zeros(2, 3), 0)).toThrow('detPullback: 2×3 is not square');
  });

  it('det and solve have a derivative wherever they have a value', () => {
    const a = matrix([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expectClose(
      detPullback(1, a, det(a)),
      matrix([
        [-3, 6, -3],
        [6, -12, 6],
        [-3, 6, -3],
      ]),
      1e-12,
    );
    solve(a, ones(3, 1));
    expect(() => solve(transpose(a), ones(3, 1))).toThrow('singular');
    solveTransposed(a, ones(3, 1));
    inverseTransposed(a);
  });
});

describe('cholesky', () => {
  it.each(sizes)('is lower triangular and gives the matrix back for n = %d', (n) => {
    const l = cholesky(definite(n));
    expectClose(matmulNT(l, l), definite(n), 1e-13);
    expectClose(
      mapped(l, (x, i, j) => (j > i ? 0 : x)),
      l,
      0,
    );
    expect(l.data.every((x, k) => k % (n + 1) !== 0 || x > 0)).toBe(true);
  });

  it('bears rounding, and reads the lower triangle', () => {
    expectClose(
      cholesky(
        matrix([
          [4, 2 + 1e-10],
          [2, 5],
        ]),
      ),
      matrix([
        [2, 0],
        [1, 2],
      ]),
      0,
    );
    expect(
      cholesky(
        matrix([
          [NaN, 1],
          [1, 1],
        ]),
      ).data[0],
    ).toBeNaN();
  });

  it('refuses what has none', () => {
    expect(() => cholesky(zeros(2, 3))).toThrow(new RangeError('cholesky: 2×3 is not square'));
    expect(() =>
      cholesky(
        matrix([
          [4, 2.5],
          [2, 5],
        ]),
      ),
    ).toThrow(
      new RangeError(
        'cholesky: the 2×2 matrix is not symmetric: row 1, column 0 is 2, row 0, column 1 is 2.5',
      ),
    );
    expect(() =>
      cholesky(
        matrix([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(new RangeError('cholesky: the 2×2 matrix is not positive definite: pivot 1 is -3'));
    expect(() => cholesky(zeros(1, 1))).toThrow('not positive definite: pivot 0 is 0');
  });

  it('has a pullback and a tangent that belong together, and reads no upper triangle', () => {
    const n = 4;
    const l = cholesky(definite(n));
    const ta = add(sample(n, n, 8), transpose(sample(n, n, 8)));
    const dl = sample(n, n, 9);
    const tl = choleskyTangent(ta, l);
    expectClose(add(matmulNT(tl, l), matmulNT(l, tl)), ta, 1e-12);
    expectClose(
      mapped(tl, (x, i, j) => (j > i ? 0 : x)),
      tl,
      0,
    );
    const da = choleskyPullback(dl, l);
    expectClose(da, transpose(da), 1e-12);
    expectClose(dot(da, ta), dot(dl, tl), 1e-11);
    const lower = (m: Matrix) => mapped(m, (x, i, j) => (j > i ? 7 : x));
    expectClose(choleskyPullback(lower(dl), l), da, 1e-12);
    expectClose(choleskyTangent(lower(ta), l), tl, 0);
  });

  it.each([
    ['choleskyPullback', choleskyPullback],
    ['choleskyTangent', choleskyTangent],
  ])('%s names shapes that do not fit', (name, f) => {
    expect(() => f(ones(2, 2), ones(3, 3))).toThrow(
      new RangeError(`${name}: 2×2 and 3×3 differ: both must have the same shape`),
    );
    expect(() => f(ones(2, 3), ones(2, 3))).toThrow(new RangeError(`${name}: 2×3 is not square`));
  });
});
