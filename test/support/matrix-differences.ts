import { expect } from 'vitest';
import { fromData, seededRandom, type Matrix } from '@chainrule/runtime';

export type MatrixOrNumber = Matrix | number;

/** A matrix of numbers uniform in [low, high): the same ones for the same seed. */
export function sample(rows: number, cols: number, seed = 1, low = -2, high = 2): Matrix {
  const random = seededRandom(seed);
  const data = Float64Array.from({ length: rows * cols }, () => low + (high - low) * random());
  return fromData(rows, cols, data);
}

/** `x` with each element through `f`. */
export function mapped(x: Matrix, f: (x: number, i: number, j: number) => number): Matrix {
  const at = (k: number): number => f(x.data[k], Math.floor(k / x.cols), k % x.cols);
  return fromData(
    x.rows,
    x.cols,
    Array.from(x.data, (_, k) => at(k)),
  );
}

/** The derivative of `f` in each element of `x`, by differences of fourth order. */
export function matrixDifferences(f: (x: Matrix) => number, x: Matrix): Matrix {
  const slopes = Array.from(x.data, (center, k) => {
    const h = 2 ** -11 * Math.max(1, Math.abs(center));
    const moved = (by: number): number => {
      const data = x.data.slice();
      data[k] += by;
      return f({ ...x, data });
    };
    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
  });
  return fromData(x.rows, x.cols, slopes);
}

/**
 * Expects the same shape and, but for `tolerance` relative to the numbers and to 1, the same numbers. NaN is close to
 * nothing, an infinity to itself only.
 */
export function expectClose(
  actual: MatrixOrNumber | ArrayLike<number>,
  expected: MatrixOrNumber | ArrayLike<number>,
  tolerance = 1e-12,
): void {
  const [found, wanted] = [numbersOf(actual), numbersOf(expected)];
  expect(found.shape).toEqual(wanted.shape);
  wanted.numbers.forEach((number, k) => {
    const value = found.numbers[k];
    const slack = Number.isFinite(number) ? tolerance * Math.max(1, Math.abs(number)) : 0;
    if (value === number || Math.abs(value - number) <= slack) return;
    expect.fail(`element ${k} is ${value}, not ${number}\n${String(found.numbers)}`);
  });
}

function numbersOf(x: MatrixOrNumber | ArrayLike<number>) {
  if (typeof x === 'number') return { shape: 'number', numbers: [x] };
  if ('rows' in x) {
    expect(x.data).toBeInstanceOf(Float64Array);
    expect(x.data.length).toBe(x.rows * x.cols);
    return { shape: `${x.rows}×${x.cols}`, numbers: Array.from(x.data) };
  }
  return { shape: `${x.length} numbers`, numbers: Array.from(x) };
}

/**
 * Expects of `pullback` what finite differences of x ↦ Σ dy·f(x) say at `x`, for an adjoint dy of random numbers with
 * the shape of the result; and zeros for an adjoint of zeros, and that neither changes what it is given.
 */
export function expectPullback<Y extends MatrixOrNumber>(
  f: (x: Matrix) => Y,
  x: Matrix,
  pullback: (dy: Y, y: Y) => Matrix,
  tolerance = 1e-8,
): void {
  const y = f(x);
  const before = x.data.slice();
  const dy = like(y, 0.7) as Y;
  const dx = pullback(dy, y);
  const differences = matrixDifferences((moved) => weighted(dy, f(moved)), x);
  expectClose(dx, differences, tolerance);
  expect(differences.data.length === 0 || differences.data.some((slope) => slope !== 0)).toBe(true);
  expectClose(
    pullback(zeroed(y) as Y, y),
    mapped(x, () => 0),
    0,
  );
  expect(x.data).toEqual(before);
  expectClose(dy, like(y, 0.7), 0);
}

function like(y: MatrixOrNumber, seed: number): MatrixOrNumber {
  return typeof y === 'number' ? seed : sample(y.rows, y.cols, 99);
}

function zeroed(y: MatrixOrNumber): MatrixOrNumber {
  return typeof y === 'number' ? 0 : mapped(y, () => 0);
}

function weighted(dy: MatrixOrNumber, y: MatrixOrNumber): number {
  const [weights, values] = [numbersOf(dy), numbersOf(y)];
  return weights.numbers.reduce((total, weight, k) => total + weight * values.numbers[k], 0);
}
