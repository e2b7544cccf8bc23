/** Backpropagation through time: activations, states and errors of all steps on typed tapes, two sweeps. */
export function lstm_grad(
  wx: Float64Array,
  wh: Float64Array,
  b: Float64Array,
  wy: Float64Array,
  by: Float64Array,
  xs: Float64Array,
): {
  value: number;
  dwx: Float64Array;
  dwh: Float64Array;
  db: Float64Array;
  dwy: Float64Array;
  dby: Float64Array;
} {
  const rows = b.length;
  const size = rows / 4;
  const m = by.length;
  const steps = xs.length / m - 1;

  const gates = new Float64Array(steps * rows);
  const cells = new Float64Array((steps + 1) * size);
  const tanhs = new Float64Array(steps * size);
  const hiddens = new Float64Array((steps + 1) * size);
  const errors = new Float64Array(steps * m);
  let loss = 0;
  for (let t = 0; t < steps; t++) {
    const gate = t * rows;
    const before = t * size;
    const after = before + size;
    const now = t * m;
    for (let r = 0; r < rows; r++) {
      const rowX = r * m;
      const rowH = r * size;
      let z = b[r];
      for (let j = 0; j < m; j++) z += wx[rowX + j] * xs[now + j];
      for (let j = 0; j < size; j++) z += wh[rowH + j] * hiddens[before + j];
      gates[gate + r] = z;
    }
    for (let j = 0; j < size; j++) {
      const g = gate + j;
      const input = 1 / (1 + Math.exp(-gates[g]));
      const forget = 1 / (1 + Math.exp(-gates[g + size]));
      const candidate = Math.tanh(gates[g + 2 * size]);
      const output = 1 / (1 + Math.exp(-gates[g + 3 * size]));
      const cell = forget * cells[before + j] + input * candidate;
      const tanh = Math.tanh(cell);
      gates[g] = input;
      gates[g + size] = forget;
      gates[g + 2 * size] = candidate;
      gates[g + 3 * size] = output;
      cells[after + j] = cell;
      tanhs[before + j] = tanh;
      hiddens[after + j] = output * tanh;
    }
    for (let r = 0; r < m; r++) {
      const rowY = r * size;
      let y = by[r];
      for (let j = 0; j < size; j++) y += wy[rowY + j] * hiddens[after + j];
      const error = y - xs[now + m + r];
      errors[now + r] = error;
      loss += error * error;
    }
  }

  const dwx = new Float64Array(wx.length);
  const dwh = new Float64Array(wh.length);
  const db = new Float64Array(rows);
  const dwy = new Float64Array(wy.length);
  const dby = new Float64Array(m);
  const dcell = new Float64Array(size);
  const dhidden = new Float64Array(size);
  const dz = new Float64Array(rows);
  const scale = 2 / steps;
  for (let t = steps - 1; t >= 0; t--) {
    const gate = t * rows;
    const before = t * size;
    const after = before + size;
    const now = t * m;
    for (let r = 0; r < m; r++) {
      const rowY = r * size;
      const dy = scale * errors[now + r];
      dby[r] += dy;
      for (let j = 0; j < size; j++) {
        dwy[rowY + j] += dy * hiddens[after + j];
        dhidden[j] += dy * wy[rowY + j];
      }
    }
    for (let j = 0; j < size; j++) {
      const g = gate + j;
      const input = gates[g];
      const forget = gates[g + size];
      const candidate = gates[g + 2 * size];
      const output = gates[g + 3 * size];
      const tanh = tanhs[before + j];
      const dh = dhidden[j];
      const dc = dcell[j] + dh * output * (1 - tanh * tanh);
      dz[j] = dc * candidate * input * (1 - input);
      dz[j + size] = dc * cells[before + j] * forget * (1 - forget);
      dz[j + 2 * size] = dc * input * (1 - candidate * candidate);
      dz[j + 3 * size] = dh * tanh * output * (1 - output);
      dcell[j] = dc * forget;
      dhidden[j] = 0;
    }
    for (let r = 0; r < rows; r++) {
      const rowX = r * m;
      const rowH = r * size;
      const dzr = dz[r];
      db[r] += dzr;
      for (let j = 0; j < m; j++) dwx[rowX + j] += dzr * xs[now + j];
      for (let j = 0; j < size; j++) {
        dwh[rowH + j] += dzr * hiddens[before + j];
        dhidden[j] += dzr * wh[rowH + j];
      }
    }
  }
  return { value: loss / steps, dwx, dwh, db, dwy, dby };
}
