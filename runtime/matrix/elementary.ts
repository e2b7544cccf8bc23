import { of, type Matrix, type Operand } from './matrix.js';

/** −x, element by element. */
export function neg(x: number): number;
export function neg(x: Matrix): Matrix;
export function neg(x: Operand): Operand {
  if (typeof x === 'number') return -x;
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = -data[k];
  return of(rows, cols, y);
}

/** e to the power x, element by element. */
export function exp(x: number): number;
export function exp(x: Matrix): Matrix;
export function exp(x: Operand): Operand {
  if (typeof x === 'number') return Math.exp(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.exp(data[k]);
  return of(rows, cols, y);
}

/** The natural logarithm, element by element. */
export function log(x: number): number;
export function log(x: Matrix): Matrix;
export function log(x: Operand): Operand {
  if (typeof x === 'number') return Math.log(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.log(data[k]);
  return of(rows, cols, y);
}

/** The square root, element by element. */
export function sqrt(x: number): number;
export function sqrt(x: Matrix): Matrix;
export function sqrt(x: Operand): Operand {
  if (typeof x === 'number') return Math.sqrt(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.sqrt(data[k]);
  return of(rows, cols, y);
}

/** The absolute value, element by element. */
export function abs(x: number): number;
export function abs(x: Matrix): Matrix;
export function abs(x: Operand): Operand {
  if (typeof x === 'number') return Math.abs(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.abs(data[k]);
  return of(rows, cols, y);
}

/** The hyperbolic tangent, element by element. */
export function tanh(x: number): number;
export function tanh(x: Matrix): Matrix;
export function tanh(x: Operand): Operand {
  if (typeof x === 'number') return Math.tanh(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.tanh(data[k]);
  return of(rows, cols, y);
}

/** The sine, element by element. */
export function sin(x: number): number;
export function sin(x: Matrix): Matrix;
export function sin(x: Operand): Operand {
  if (typeof x === 'number') return Math.sin(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.sin(data[k]);
  return of(rows, cols, y);
}

/** The cosine, element by element. */
export function cos(x: number): number;
export function cos(x: Matrix): Matrix;
export function cos(x: Operand): Operand {
  if (typeof x === 'number') return Math.cos(x);
  const { rows, cols, data } = x;
  const y = new Float64Array(data.length);
  for (let k = 0; k < y.length; k++) y[k] = Math.cos(data[k]);
  return of(rows, cols, y);
}
