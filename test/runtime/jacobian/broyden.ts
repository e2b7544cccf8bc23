/** The Jacobian of Broyden's tridiagonal system as it stands in books, row by row. */
export function broydenJacobian(x: readonly number[]): number[][] {
  return x.map((xi, i) => x.map((_, j) => diagonals(xi)[j - i + 1] ?? 0));
}

function diagonals(xi: number): readonly number[] {
  return [-1, 3 - 4 * xi, -2];
}
