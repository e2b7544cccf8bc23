/**
 * The loss is a mean, so each sample is differentiated while its row is in the cache, from the exponential that its loss
 * needs anyway. Nothing is saved.
 */
export function logistic_grad(
  w: Float64Array,
  b: number,
  xs: Float64Array,
  ys: Float64Array,
): { value: number; dw: Float64Array; db: number } {
  const d = w.length;
  const n = ys.length;
  const dw = new Float64Array(d);
  let db = 0;
  const scale = 1 / n;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let z = b;
    for (let j = 0; j < d; j++) z += w[j] * xs[row + j];
    const e = Math.exp(-Math.abs(z));
    const y = ys[i];
    loss += Math.max(z, 0) + Math.log1p(e) - y * z;
    const dzi = ((z > 0 ? 1 : e) / (1 + e) - y) * scale;
    for (let j = 0; j < d; j++) dw[j] += dzi * xs[row + j];
    db += dzi;
  }
  return { value: loss / n, dw, db };
}
