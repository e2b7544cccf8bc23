/**
 * Mean logistic loss of n samples with d features; `xs` holds them row after row, `ys` holds 0 or 1.
 * @differentiable wrt=w,b
 */
export function logistic(w: Float64Array, b: number, xs: Float64Array, ys: Float64Array): number {
  const d = w.length;
  const n = ys.length;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let z = b;
    for (let j = 0; j < d; j++) z += w[j] * xs[i * d + j];
    // log(1 + exp(z)) that cannot overflow
    const softplus = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    loss += softplus - ys[i] * z;
  }
  return loss / n;
}
