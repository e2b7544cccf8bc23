/**
 * How fast a cup of tea cools down: a curve is fitted to 21 readings of a thermometer by the method of Gauss and Newton.
 * The derivatives are generated from `residuals` in cooling.ts.
 */
import { fromData, jacobian, matmulTN, norm, solve } from '@chainrule/runtime';
import { residuals } from './cooling.js';
import { residuals_backward, residuals_forward, residuals_jvp } from './cooling_grad.js';

const minutes = Array.from({ length: 21 }, (_, i) => 3 * i);
const degrees = minutes.map((t) => Math.round(200 * Math.exp(-0.045 * t) + 84 + Math.sin(t)) / 4);

/** A step of Gauss and Newton from p: p − (JᵀJ)⁻¹·Jᵀr, where J is the Jacobian of the residuals r. */
export function improved(p: readonly number[]): number[] {
  const { value, saved } = residuals_forward(p, minutes, degrees);
  const j = jacobian(p, value, {
    jvp: (dp) => residuals_jvp(p, minutes, degrees, dp).dvalue,
    vjp: (dvalue) => residuals_backward(saved, dvalue).dp,
  });
  const r = fromData(value.length, 1, value);
  const step = solve(matmulTN(j, j), matmulTN(j, r));
  return p.map((pi, i) => pi - step.data[i]);
}

let p = [60, 0.02, 20];
for (let step = 0; step <= 3; step++) {
  const [a, b, c] = p.map((pi) => pi.toFixed(3));
  const r = residuals(p, minutes, degrees);
  const error = norm(fromData(r.length, 1, r)).toFixed(4);
  console.log(`step ${step}  error ${error.padStart(8)}  ${a}·e^(-${b}·t) + ${c}`);
  p = improved(p);
}
