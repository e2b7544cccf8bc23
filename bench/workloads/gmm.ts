/**
 * Log-likelihood of the samples `x` under a mixture of Gaussians. The inverse covariance of component c is QᵀQ with Q
 * lower triangular: its diagonal is exp(q), the entries below it are `l`, column after column. Everything is flat,
 * component after component.
 * @differentiable wrt=alphas,means,q,l
 */
export function gmm(
  alphas: Float64Array,
  means: Float64Array,
  q: Float64Array,
  l: Float64Array,
  x: Float64Array,
): number {
  const k = alphas.length;
  const d = means.length / k;
  const n = x.length / d;

  const diagonal = new Float64Array(k * d);
  const logDet = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < d; j++) {
      diagonal[c * d + j] = Math.exp(q[c * d + j]);
      logDet[c] += q[c * d + j];
    }
  }

  let alphaMax = alphas[0];
  for (let c = 1; c < k; c++) alphaMax = Math.max(alphaMax, alphas[c]);
  let alphaSum = 0;
  for (let c = 0; c < k; c++) alphaSum += Math.exp(alphas[c] - alphaMax);
  const logNormalizer = alphaMax + Math.log(alphaSum);

  const centred = new Float64Array(d);
  const scaled = new Float64Array(d);
  const beta = new Float64Array(k);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) {
        centred[j] = x[i * d + j] - means[c * d + j];
        scaled[j] = diagonal[c * d + j] * centred[j];
      }
      let p = (c * d * (d - 1)) / 2;
      for (let j = 0; j < d; j++) {
        for (let r = j + 1; r < d; r++) {
          scaled[r] += l[p] * centred[j];
          p++;
        }
      }
      let squares = 0;
      for (let j = 0; j < d; j++) squares += scaled[j] * scaled[j];
      beta[c] = alphas[c] + logDet[c] - 0.5 * squares;
    }

    let betaMax = beta[0];
    for (let c = 1; c < k; c++) betaMax = Math.max(betaMax, beta[c]);
    let betaSum = 0;
    for (let c = 0; c < k; c++) betaSum += Math.exp(beta[c] - betaMax);
    total += betaMax + Math.log(betaSum);
  }
  return total - n * (logNormalizer + 0.5 * d * Math.log(2 * Math.PI));
}
