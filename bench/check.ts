import { fromData } from '@chainrule/runtime';
import { type Random } from './random.js';
import { derivativeKeys, type Gradient, type Primal, type Value } from './workload.js';

/** Largest difference of an entry of two gradients, relative to the largest entry of its key; NaN where one has NaN. */
export function difference(expected: Gradient, actual: Gradient): number {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  const errors = Array.from(keys, (key) => {
    const a = entries(expected[key]);
    const b = entries(actual[key]);
    if (a.length !== b.length) return Infinity;
    const scale = a.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    const distance = a.reduce((most, entry, i) => Math.max(most, Math.abs(entry - b[i])), 0);
    return distance === 0 ? 0 : distance / scale;
  });
  return Math.max(...errors);
}

/**
 * Difference between a gradient and central differences of fourth order, with steps of h, along one random direction in
 * all its parameters together, relative to the length of the gradient.
 */
export function directionalError(
  primal: Primal,
  args: readonly Value[],
  gradient: Gradient,
  random: Random,
  h = 1e-4,
): number {
  const partials = derivativeKeys(gradient).map((key) => entries(gradient[key]));
  const directions = partials.map((partial) => random.normals(partial.length));
  const along = (step: number): number =>
    primal(
      ...args.map((arg, i) => (i < directions.length ? moved(arg, directions[i], step) : arg)),
    );

  const measured = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h);
  let expected = 0;
  let squares = 0;
  partials.forEach((partial, i) => {
    partial.forEach((entry, j) => {
      expected += entry * directions[i][j];
      squares += entry * entry;
    });
  });
  return measured === expected ? 0 : Math.abs(measured - expected) / Math.sqrt(squares);
}

function entries(value: Value | undefined): readonly number[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return [value];
  return Array.from('data' in value ? value.data : value);
}

function moved(arg: Value, direction: Float64Array, step: number): Value {
  if (typeof arg === 'number') return arg + step * direction[0];
  const entriesMoved = Float64Array.from(entries(arg), (entry, i) => entry + step * direction[i]);
  return 'data' in arg ? fromData(arg.rows, arg.cols, entriesMoved) : entriesMoved;
}
