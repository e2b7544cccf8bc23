/** Saves the state of each step and recomputes the stages; with a = α − βy and c = δx − γ a stage is (ax, cy). */
export function lotkaVolterra_grad(
  alpha: number,
  beta: number,
  gamma: number,
  delta: number,
  x0: number,
  y0: number,
  dt: number,
  steps: number,
): {
  value: number;
  dalpha: number;
  dbeta: number;
  dgamma: number;
  ddelta: number;
  dx0: number;
  dy0: number;
} {
  const half = dt / 2;
  const third = dt / 3;
  const sixth = dt / 6;
  const states = new Float64Array(2 * steps);
  let x = x0;
  let y = y0;
  for (let t = 0; t < steps; t++) {
    states[2 * t] = x;
    states[2 * t + 1] = y;
    const k1x = x * (alpha - beta * y);
    const k1y = y * (delta * x - gamma);
    const x2 = x + half * k1x;
    const y2 = y + half * k1y;
    const k2x = x2 * (alpha - beta * y2);
    const k2y = y2 * (delta * x2 - gamma);
    const x3 = x + half * k2x;
    const y3 = y + half * k2y;
    const k3x = x3 * (alpha - beta * y3);
    const k3y = y3 * (delta * x3 - gamma);
    const x4 = x + dt * k3x;
    const y4 = y + dt * k3y;
    const k4x = x4 * (alpha - beta * y4);
    const k4y = y4 * (delta * x4 - gamma);
    x += sixth * (k1x + k4x) + third * (k2x + k3x);
    y += sixth * (k1y + k4y) + third * (k2y + k3y);
  }
  const value = x + y;

  let dalpha = 0;
  let dbeta = 0;
  let dgamma = 0;
  let ddelta = 0;
  let dx = 1;
  let dy = 1;
  for (let t = steps - 1; t >= 0; t--) {
    const x1 = states[2 * t];
    const y1 = states[2 * t + 1];
    const a1 = alpha - beta * y1;
    const c1 = delta * x1 - gamma;
    const x2 = x1 + half * x1 * a1;
    const y2 = y1 + half * y1 * c1;
    const a2 = alpha - beta * y2;
    const c2 = delta * x2 - gamma;
    const x3 = x1 + half * x2 * a2;
    const y3 = y1 + half * y2 * c2;
    const a3 = alpha - beta * y3;
    const c3 = delta * x3 - gamma;
    const x4 = x1 + dt * x3 * a3;
    const y4 = y1 + dt * y3 * c3;
    const a4 = alpha - beta * y4;
    const c4 = delta * x4 - gamma;

    // u = x · (adjoint of kx) and v = y · (adjoint of ky), all that the parameters and the crossed terms need
    const dk4x = sixth * dx;
    const dk4y = sixth * dy;
    const u4 = x4 * dk4x;
    const v4 = y4 * dk4y;
    const dx4 = a4 * dk4x + delta * v4;
    const dy4 = c4 * dk4y - beta * u4;

    const dk3x = third * dx + dt * dx4;
    const dk3y = third * dy + dt * dy4;
    const u3 = x3 * dk3x;
    const v3 = y3 * dk3y;
    const dx3 = a3 * dk3x + delta * v3;
    const dy3 = c3 * dk3y - beta * u3;

    const dk2x = third * dx + half * dx3;
    const dk2y = third * dy + half * dy3;
    const u2 = x2 * dk2x;
    const v2 = y2 * dk2y;
    const dx2 = a2 * dk2x + delta * v2;
    const dy2 = c2 * dk2y - beta * u2;

    const dk1x = sixth * dx + half * dx2;
    const dk1y = sixth * dy + half * dy2;
    const u1 = x1 * dk1x;
    const v1 = y1 * dk1y;

    dalpha += u1 + u2 + u3 + u4;
    dbeta -= u1 * y1 + u2 * y2 + u3 * y3 + u4 * y4;
    dgamma -= v1 + v2 + v3 + v4;
    ddelta += v1 * x1 + v2 * x2 + v3 * x3 + v4 * x4;
    dx += dx4 + dx3 + dx2 + (a1 * dk1x + delta * v1);
    dy += dy4 + dy3 + dy2 + (c1 * dk1y - beta * u1);
  }
  return { value, dalpha, dbeta, dgamma, ddelta, dx0: dx, dy0: dy };
}
