import { shapeOf, type Axis, type Matrix } from './matrix.js';

/** Whether two matrices have the same shape. */
export function sameShape(a: Matrix, b: Matrix): boolean {
  return a.rows === b.rows && a.cols === b.cols;
}

/** Throws where the shapes of `a` and `b` differ. */
export function requireSameShape(name: string, a: Matrix, b: Matrix): void {
  if (sameShape(a, b)) return;
  throw new RangeError(
    `${name}: ${shapeOf(a)} and ${shapeOf(b)} differ: both must have the same shape`,
  );
}

/** Throws where `a` is not rows×cols. */
export function requireShape(name: string, a: Matrix, rows: number, cols: number): void {
  if (a.rows === rows && a.cols === cols) return;
  throw new RangeError(`${name}: ${shapeOf(a)} must be ${rows}×${cols}`);
}

/** Throws where `a` is not square. */
export function requireSquare(name: string, a: Matrix): void {
  if (a.rows === a.cols) return;
  throw new RangeError(`${name}: ${shapeOf(a)} is not square`);
}

/** Throws where `axis` is neither 0 nor 1. */
export function requireAxis(name: string, axis: Axis): void {
  if (axis === 0 || axis === 1) return;
  throw new RangeError(`${name}: axis is ${String(axis)}, and must be 0 or 1`);
}

/** Throws where a matrix cannot have that many rows and columns. */
export function requireSizes(name: string, rows: number, cols: number): void {
  if (isSize(rows) && isSize(cols)) return;
  throw new RangeError(
    `${name}: ${rows}×${cols} is no shape: rows and columns must be integers, at least 0`,
  );
}

/** Whether n can count rows. */
export function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** Throws where `index` does not name one of `length` rows. */
export function requireIndex(name: string, index: number, place: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new RangeError(
    `${name}: index ${index} at place ${place} is not a row: there are ${length} rows`,
  );
}
