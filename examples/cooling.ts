/**
 * How far the curve a·e^(−b·t) + c lies above the readings y at the times t, for p = [a, b, c].
 * @differentiable wrt=p emit=vjp,jvp
 */
export function residuals(
  p: readonly number[],
  t: readonly number[],
  y: readonly number[],
): number[] {
  const [a, b, c] = p;
  return t.map((ti, i) => a * Math.exp(-b * ti) + c - y[i]);
}
