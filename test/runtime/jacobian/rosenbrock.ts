import { colourHessian, sparseHessian, sparsePattern, type SparseMatrix } from '@chainrule/runtime';

/** Rosenbrock's function in n dimensions, its Hessian times a direction, and its Hessian, all by hand. */
export function rosenbrock_hvp(
  x: Float64Array,
  vx: Float64Array,
): { value: number; dx: Float64Array; hx: Float64Array } {
  let value = 0;
  const dx = new Float64Array(x.length);
  const hx = new Float64Array(x.length);
  for (let i = 0; i < x.length - 1; i++) {
    const a = x[i + 1] - x[i] * x[i];
    const b = 1 - x[i];
    const ta = vx[i + 1] - 2 * x[i] * vx[i];
    value += 100 * a * a + b * b;
    dx[i] += -400 * a * x[i] - 2 * b;
    dx[i + 1] += 200 * a;
    hx[i] += -400 * (ta * x[i] + a * vx[i]) + 2 * vx[i];
    hx[i + 1] += 200 * ta;
  }
  return { value, dx, hx };
}

/** The second derivatives as they stand in books, row by row. */
export function rosenbrockHessian(x: Float64Array): number[][] {
  const n = x.length;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      if (i === j) {
        const asFirst = i < n - 1 ? 1200 * x[i] * x[i] - 400 * x[i + 1] + 2 : 0;
        return asFirst + (i > 0 ? 200 : 0);
      }
      return Math.abs(i - j) === 1 ? -400 * x[Math.min(i, j)] : 0;
    }),
  );
}

/** The entries of a band of `width` diagonals to each side of the main one. */
export function band(n: number, width: number): [number, number][] {
  const entries: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = Math.max(0, i - width); j <= Math.min(n - 1, i + width); j++) entries.push([i, j]);
  }
  return entries;
}

/** The Hessian of Rosenbrock's function, from the elements on and below its diagonal. */
export function rosenbrockCurvature(x: Float64Array): SparseMatrix {
  const lower: [number, number][] = [[0, 0]];
  for (let i = 1; i < x.length; i++) lower.push([i, i - 1], [i, i]);
  const colouring = colourHessian(sparsePattern(x.length, x.length, lower));
  return sparseHessian(x, colouring, (v) => rosenbrock_hvp(x, v).hx);
}
