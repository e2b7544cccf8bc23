import { fromData, oneHot, type Matrix } from '@chainrule/runtime';
import { irisCsv } from './iris-data.js';

/** Flowers: a row of four standardised measurements each, and a row with 1 at the species. */
export interface Flowers {
  readonly x: Matrix;
  readonly y: Matrix;
  readonly species: readonly number[];
}

export const species = ['setosa', 'versicolor', 'virginica'];

const measurements = 4;

const flowers = irisCsv
  .trim()
  .split('\n')
  .map((line) => line.split(',').map(Number));

// Every fifth flower is kept for the test: ten of each species.
const forTraining = flowers.filter((_, i) => i % 5 !== 4);
const forTest = flowers.filter((_, i) => i % 5 === 4);

/** Mean and standard deviation of each measurement, of the flowers that are learned from. */
const scales = Array.from({ length: measurements }, (_, j) => {
  const column = forTraining.map((flower) => flower[j]);
  const mean = column.reduce((sum, x) => sum + x) / column.length;
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
  return { mean, deviation: Math.sqrt(variance) };
});

function standardised(rows: readonly number[][]): Flowers {
  const x = rows.flatMap((row) => scales.map((s, j) => (row[j] - s.mean) / s.deviation));
  const labels = rows.map((row) => row[measurements]);
  return {
    x: fromData(rows.length, measurements, x),
    y: oneHot(labels, species.length),
    species: labels,
  };
}

export const training = standardised(forTraining);
export const test = standardised(forTest);

/** How many rows have their largest score at the species of the flower. */
export function countRight(scores: Matrix, { species }: Flowers): number {
  return species.filter((label, i) => {
    const row = scores.data.subarray(i * scores.cols, (i + 1) * scores.cols);
    return row.indexOf(Math.max(...row)) === label;
  }).length;
}
