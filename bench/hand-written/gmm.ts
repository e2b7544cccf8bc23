/**
 * The likelihood is a sum over samples, so each sample is differentiated while its own numbers are at hand: the tape
 * holds one sample. Means get their gradient from that of the centred samples, q from that of the diagonal at the end.
 */
export function gmm_grad(
  alphas: Float64Array,
  means: Float64Array,
  q: Float64Array,
  l: Float64Array,
  x: Float64Array,
): {
  value: number;
  dalphas: Float64Array;
  dmeans: Float64Array;
  dq: Float64Array;
  dl: Float64Array;
} {
  const k = alphas.length;
  const d = means.length / k;
  const n = x.length / d;
  const triangle = (d * (d - 1)) / 2;

  const diagonal = new Float64Array(k * d);
  const offset = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let sum = alphas[c];
    for (let j = c * d; j < (c + 1) * d; j++) {
      diagonal[j] = Math.exp(q[j]);
      sum += q[j];
    }
    offset[c] = sum;
  }

  const dalphas = new Float64Array(k);
  const dmeans = new Float64Array(k * d);
  const dq = new Float64Array(k * d);
  const dl = new Float64Array(l.length);

  const centred = new Float64Array(k * d);
  const scaled = new Float64Array(k * d);
  const weights = new Float64Array(k);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const sample = i * d;
    let max = -Infinity;
    for (let c = 0; c < k; c++) {
      const row = c * d;
      for (let j = 0; j < d; j++) {
        const difference = x[sample + j] - means[row + j];
        centred[row + j] = difference;
        scaled[row + j] = diagonal[row + j] * difference;
      }
      let p = c * triangle;
      let squares = 0;
      for (let j = 0; j < d; j++) {
        const difference = centred[row + j];
        const s = scaled[row + j];
        squares += s * s;
        for (let r = j + 1; r < d; r++) scaled[row + r] += l[p++] * difference;
      }
      const beta = offset[c] - 0.5 * squares;
      weights[c] = beta;
      if (beta > max) max = beta;
    }

    let sum = 0;
    for (let c = 0; c < k; c++) {
      const e = Math.exp(weights[c] - max);
      weights[c] = e;
      sum += e;
    }
    total += max + Math.log(sum);

    const scale = 1 / sum;
    for (let c = 0; c < k; c++) {
      const row = c * d;
      const weight = weights[c] * scale;
      dalphas[c] += weight;
      let p = c * triangle;
      for (let j = 0; j < d; j++) {
        const difference = centred[row + j];
        const ds = -weight * scaled[row + j];
        let dcentred = ds * diagonal[row + j];
        dq[row + j] += ds * difference;
        for (let r = j + 1; r < d; r++) {
          const dsr = -weight * scaled[row + r];
          dl[p] += dsr * difference;
          dcentred += dsr * l[p++];
        }
        dmeans[row + j] -= dcentred;
      }
    }
  }

  let alphaMax = -Infinity;
  for (let c = 0; c < k; c++) alphaMax = Math.max(alphaMax, alphas[c]);
  let alphaSum = 0;
  for (let c = 0; c < k; c++) alphaSum += Math.exp(alphas[c] - alphaMax);
  const logNormalizer = alphaMax + Math.log(alphaSum);
  for (let c = 0; c < k; c++) {
    for (let j = c * d; j < (c + 1) * d; j++) dq[j] = dq[j] * diagonal[j] + dalphas[c];
  }
  for (let c = 0; c < k; c++) dalphas[c] -= n * Math.exp(alphas[c] - logNormalizer);

  const value = total - n * (logNormalizer + 0.5 * d * Math.log(2 * Math.PI));
  return { value, dalphas, dmeans, dq, dl };
}
