/** The sum is linear in its terms, so each iteration differentiates its own term; what it owes to x[i + 1] is carried. */
export function rosenbrock_grad(x: Float64Array): { value: number; dx: Float64Array } {
  const last = x.length - 1;
  const dx = new Float64Array(x.length);
  let value = 0;
  let xi = x[0];
  let carried = 0;
  for (let i = 0; i < last; i++) {
    const next = x[i + 1];
    const a = next - xi * xi;
    const b = 1 - xi;
    value += 100 * a * a + b * b;
    dx[i] = carried - 400 * a * xi - 2 * b;
    carried = 200 * a;
    xi = next;
  }
  if (last >= 0) dx[last] = carried;
  return { value, dx };
}
