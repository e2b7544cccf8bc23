/**
 * Mean squared error of an LSTM that predicts the next element of the sequence `xs` (m numbers an element). The rows of
 * `wx`, `wh` and `b` are the input, forget, candidate and output gates, one after the other.
 * @differentiable wrt=wx,wh,b,wy,by
 */
export function lstm(
  wx: Float64Array,
  wh: Float64Array,
  b: Float64Array,
  wy: Float64Array,
  by: Float64Array,
  xs: Float64Array,
): number {
  const size = b.length / 4;
  const m = by.length;
  const steps = xs.length / m - 1;

  const gates = new Float64Array(4 * size);
  const cell = new Float64Array(size);
  const hidden = new Float64Array(size);
  let loss = 0;
  for (let t = 0; t < steps; t++) {
    for (let r = 0; r < 4 * size; r++) {
      let z = b[r];
      for (let j = 0; j < m; j++) z += wx[r * m + j] * xs[t * m + j];
      for (let j = 0; j < size; j++) z += wh[r * size + j] * hidden[j];
      gates[r] = z;
    }
    for (let j = 0; j < size; j++) {
      const input = 1 / (1 + Math.exp(-gates[j]));
      const forget = 1 / (1 + Math.exp(-gates[size + j]));
      const candidate = Math.tanh(gates[2 * size + j]);
      const output = 1 / (1 + Math.exp(-gates[3 * size + j]));
      cell[j] = forget * cell[j] + input * candidate;
      hidden[j] = output * Math.tanh(cell[j]);
    }
    for (let r = 0; r < m; r++) {
      let y = by[r];
      for (let j = 0; j < size; j++) y += wy[r * size + j] * hidden[j];
      const error = y - xs[(t + 1) * m + r];
      loss += error * error;
    }
  }
  return loss / steps;
}
