/**
 * Logistic regression by gradient descent: learns from 200 points in the unit square which side of a line they lie on.
 * The gradient is the one that chainrule has generated from `logisticLoss` in loops.ts.
 */
import { logisticLoss_grad } from './loops_grad.js';

const features = 2;
const samples = 200;
const rate = 2;
const steps = 1000;

// The fractional parts of multiples of irrational numbers fill the square evenly, and alike in every run.
const xs = new Float64Array(samples * features);
const ys = new Float64Array(samples);
for (let i = 0; i < samples; i++) {
  const x = (i * Math.SQRT2) % 1;
  const y = (i * Math.E) % 1;
  xs[i * features] = x;
  xs[i * features + 1] = y;
  ys[i] = x + 2 * y > 1.5 ? 1 : 0;
}

const w = new Float64Array(features);
let b = 0;
for (let step = 0; step <= steps; step++) {
  const { value, dw, db } = logisticLoss_grad(w, b, xs, ys);
  if (step % 200 === 0) console.log(`step ${String(step).padStart(4)}  loss ${value.toFixed(6)}`);
  for (let j = 0; j < features; j++) w[j] -= rate * dw[j];
  b -= rate * db;
}

let right = 0;
for (let i = 0; i < samples; i++) {
  const z = b + w[0] * xs[i * features] + w[1] * xs[i * features + 1];
  if ((z > 0 ? 1 : 0) === ys[i]) right++;
}
console.log(`${right} of ${samples} points are on the right side`);
console.log(`the line has slope ${(-w[0] / w[1]).toFixed(2)}; the true one has -0.50`);
