import { matrixRule, type MatrixRule } from './matrix-rule.js';

/** The rule of `matrixOf(rows, cols, x1, …, xn)`, a matrix of numbers that are written out. */
function elementsRule(count: number): MatrixRule {
  const names = Array.from({ length: count - 2 }, (_, i) => `x${String(i + 1)}`);
  const formulas = Object.fromEntries([
    ['r', '0'],
    ['c', '0'],
    ...names.map((name, i) => [name, `at(dC, ${String(i)})`]),
  ]) as Record<string, string>;
  const tangent = (at: number): string =>
    `matrixOf(r, c, ${names.map((name, i) => (i === at ? `t${name}` : '0')).join(', ')})`;
  const tangents = Object.fromEntries(names.map((name, i) => [name, tangent(i)]));
  return matrixRule(`C = matrixOf(${['r', 'c', ...names].join(', ')})`, formulas, tangents);
}

/** The functions that put matrices together, with how the part of one is cut out again. */
const joins = {
  concatRows: { slice: 'sliceRows', extent: 'rows', pad: 'padRows' },
  concatCols: { slice: 'sliceCols', extent: 'cols', pad: 'padCols' },
} as const;

/**
 * The rule of a function of any number of operands: of `concatRows(A1, …, An)` and `concatCols` each receives its slice
 * of the adjoint. Null for other functions.
 */
export function joinRule(fn: string, count: number): MatrixRule | null {
  if (fn === 'matrixOf') return elementsRule(count);
  if (fn !== 'concatRows' && fn !== 'concatCols') return null;
  const { slice, extent, pad } = joins[fn];
  const names = Array.from({ length: count }, (_, i) => `A${String(i + 1)}`);
  const sum = (parts: readonly string[]): string =>
    parts.length === 0 ? '0' : parts.map((name) => `${extent}(${name})`).join(' + ');
  const adjoints = names.map((name, i) => [
    name,
    `${slice}(dC, ${sum(names.slice(0, i))}, ${sum(names.slice(0, i + 1))})`,
  ]);
  const tangents = names.map((name, i) => [
    name,
    `${pad}(t${name}, ${sum(names.slice(0, i))}, ${extent}(C))`,
  ]);
  return matrixRule(
    `C = ${fn}(${names.join(', ')})`,
    Object.fromEntries(adjoints) as Record<string, string>,
    Object.fromEntries(tangents) as Record<string, string>,
  );
}
