import { of, type Matrix, type Operand } from './matrix.js';

/** The logistic function 1 / (1 + e^−x), element by element; far out it is 0 and 1, never NaN. */
export function sigmoid(x: number): number;
export function sigmoid(x: Matrix): Matrix;
export function sigmoid(x: Operand): Operand {
  if (typeof x === 'number') return 1 / (1 + Math.exp(-x));
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = 1 / (1 + Math.exp(-data[k]));
  return of(rows, cols, y);
}

/** max(x, 0), element by element; NaN stays NaN. Its derivative at 0 is 0. */
export function relu(x: number): number;
export function relu(x: Matrix): Matrix;
export function relu(x: Operand): Operand {
  if (typeof x === 'number') return x < 0 ? 0 : x;
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  // Looked up, because a branch that goes either way costs more than all else in the loop.
  const either = new Float64Array(2);
  for (let k = 0; k < y.length; k++) {
    either[1] = data[k];
    y[k] = either[Number(!(data[k] < 0))];
  }
  return of(rows, cols, y);
}

/** x where x > 0, else p·x, element by element. Its derivative at 0 is p. */
export function leakyRelu(x: number, p: number): number;
export function leakyRelu(x: Matrix, p: number): Matrix;
export function leakyRelu(x: Operand, p: number): Operand {
  if (typeof x === 'number') return x > 0 ? x : p * x;
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  // Looked up, as in relu.
  const slopes = Float64Array.of(p, 1);
  for (let k = 0; k < y.length; k++) y[k] = data[k] * slopes[Number(data[k] > 0)];
  return of(rows, cols, y);
}

/** log(1 + e^x), element by element; far out it is 0 and x, never infinite before x is. */
export function softplus(x: number): number;
export function softplus(x: Matrix): Matrix;
export function softplus(x: Operand): Operand {
  if (typeof x === 'number') return softplusOf(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = softplusOf(data[k]);
  return of(rows, cols, y);
}

/** 1 where x > 0, else 0, element by element; NaN stays NaN. Its derivative is 0 everywhere. */
export function step(x: number): number;
export function step(x: Matrix): Matrix;
export function step(x: Operand): Operand {
  if (typeof x === 'number') return stepOf(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = stepOf(data[k]);
  return of(rows, cols, y);
}

function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function stepOf(x: number): number {
  return x > 0 ? 1 : x <= 0 ? 0 : NaN;
}
