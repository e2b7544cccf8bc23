import { of, shapeOf, type Matrix } from '../matrix/matrix.js';

/** What is differentiated, and what with respect to: numbers in one of these forms; those of a matrix row by row. */
export type Numbers = number | readonly number[] | Float64Array | Float32Array | Matrix;

/** The type of a tangent or adjoint of an X, as generated functions have it: the same form, `readonly` dropped. */
export type Tangent<X extends Numbers> = X extends number
  ? number
  : X extends readonly number[]
    ? { -readonly [K in keyof X]: number }
    : X extends Float64Array
      ? Float64Array
      : X extends Float32Array
        ? Float32Array
        : Matrix;

/** The numbers in a row. */
export function flat(x: Numbers): ArrayLike<number> {
  if (typeof x === 'number') return [x];
  return 'data' in x ? x.data : x;
}

/** How many numbers there are. */
export function countOf(x: Numbers): number {
  return flat(x).length;
}

/** Numbers in the form of `x`; they are taken over, not copied, where that form holds a Float64Array. */
export function inFormOf<X extends Numbers>(x: X, numbers: Float64Array): Tangent<X> {
  return inForm(x, numbers) as Tangent<X>;
}

function inForm(x: Numbers, numbers: Float64Array): Numbers {
  if (typeof x === 'number') return numbers[0];
  if (Array.isArray(x)) return Array.from(numbers);
  if ('data' in x) return of(x.rows, x.cols, numbers);
  return x instanceof Float32Array ? Float32Array.from(numbers) : numbers;
}

/**
 * The numbers of what a function of the user's has given for a tangent or an adjoint.
 *
 * @throws {RangeError} where it does not have the shape of `like`.
 */
export function checked(caller: string, given: Numbers, like: Numbers): ArrayLike<number> {
  const numbers = flat(given);
  if (
    numbers.length !== countOf(like) ||
    (isMatrix(given) && isMatrix(like) && differ(given, like))
  ) {
    throw new RangeError(`${caller} gives ${shown(given)}, and must give ${shown(like)}`);
  }
  return numbers;
}

/** The shape as it is shown in errors: `4 numbers`, `a 2×3 matrix`. */
export function shown(x: Numbers): string {
  if (isMatrix(x)) return `a ${shapeOf(x)} matrix`;
  const count = countOf(x);
  return count === 1 ? '1 number' : `${count} numbers`;
}

function isMatrix(x: Numbers): x is Matrix {
  return typeof x === 'object' && 'data' in x;
}

function differ(a: Matrix, b: Matrix): boolean {
  return a.rows !== b.rows || a.cols !== b.cols;
}
