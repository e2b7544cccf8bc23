import * as runtime from '@chainrule/runtime';
import { fromData, type Matrix } from '@chainrule/runtime';
import { expect } from 'vitest';
import type { Formula } from '../../compiler/rules/formula.js';
import { ofNumbers } from '../../compiler/ir/matrix-functions.js';
import { functionOf } from './evaluate-formula.js';

/** Formulas of matrices, run by the functions of the runtime. */

export type Part = Matrix | number | readonly unknown[] | Float64Array;
type Callable = (...args: readonly unknown[]) => Part;

const calls = runtime as unknown as Readonly<Record<string, Callable | undefined>>;
const parts: Readonly<Record<string, Callable>> = {
  rows: (a) => (a as Matrix).rows,
  cols: (a) => (a as Matrix).cols,
  at: (a, i) => (a as Matrix).data[i as number] ?? NaN,
  clone: (a) => a as Matrix,
  copy: (a) => a as Matrix,
  matrixOf: (r, c, ...data) => fromData(r as number, c as number, data as number[]),
  addAt: (a, i, x) => {
    const { rows, cols, data } = a as Matrix;
    return fromData(rows, cols, data.with(i as number, (data[i as number] ?? NaN) + (x as number)));
  },
};

export const isMatrix = (part: Part): part is Matrix => typeof part === 'object' && 'rows' in part;

export function call(fn: string, args: readonly Part[]): Part {
  const known = parts[fn] ?? (args.some((arg) => typeof arg !== 'number') ? calls[fn] : undefined);
  if (known !== undefined) return known(...args);
  if (['zeros', 'ones', 'identity', 'matrixOf'].includes(fn))
    return (calls[fn] ?? fail(fn))(...args);
  return functionOf(ofNumbers[fn] ?? fn)(...(args as number[]));
}

export const fail = (fn: string): never => {
  throw new Error(`no function ${fn}`);
};

export function evaluate(formula: Formula, of: (name: string) => Part): Part {
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'name':
      return of(formula.name);
    case 'apply':
      return call(
        formula.fn,
        formula.args.map((arg) => evaluate(arg, of)),
      );
    case 'select':
      throw new Error('no rule of a matrix chooses');
  }
}

/** A direction in the shape of a part: nothing where it is not made of numbers that vary. */
export function direction(part: Part, step = 0.37): Part {
  const wave = (_: unknown, i: number): number => Math.sin(1 + i * step + step);
  if (typeof part === 'number') return 0.7;
  if (isMatrix(part)) return fromData(part.rows, part.cols, Array.from(part.data, wave));
  if (part instanceof Float64Array) return part.map((_, i) => wave(0, i));
  return part.map((row) => (Array.isArray(row) ? row.map(wave) : row));
}

export const numbersOf = (part: Part): readonly number[] =>
  typeof part === 'number'
    ? [part]
    : Array.from(
        isMatrix(part) ? part.data : ([...(part as readonly unknown[])].flat() as number[]),
      );

export const inner = (x: Part, y: Part): number => {
  const [u, v] = [numbersOf(x), numbersOf(y)];
  expect(u.length).toBe(v.length);
  return u.reduce((sum, value, i) => sum + value * (v[i] ?? NaN), 0);
};

export const moved = (part: Part, along: Part, h: number): Part => {
  const step = numbersOf(along);
  if (typeof part === 'number') return part + h * (step[0] ?? NaN);
  if (isMatrix(part))
    return fromData(
      part.rows,
      part.cols,
      part.data.map((x, i) => x + h * (step[i] ?? NaN)),
    );
  if (part instanceof Float64Array) return part.map((x, i) => x + h * (step[i] ?? NaN));
  let k = 0;
  // Indices stay where they are.
  return part.map((row) =>
    Array.isArray(row) ? (row as number[]).map((x) => x + h * (step[k++] ?? NaN)) : row,
  );
};
