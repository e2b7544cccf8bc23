const preyRate = (x: number, y: number, alpha: number, beta: number): number =>
  alpha * x - beta * x * y;

const predatorRate = (x: number, y: number, gamma: number, delta: number): number =>
  delta * x * y - gamma * y;

/**
 * Prey plus predators after `steps` steps of length `dt` of the classical Runge–Kutta method.
 * @differentiable wrt=alpha,beta,gamma,delta,x0,y0
 */
export function lotkaVolterra(
  alpha: number,
  beta: number,
  gamma: number,
  delta: number,
  x0: number,
  y0: number,
  dt: number,
  steps: number,
): number {
  let x = x0;
  let y = y0;
  for (let t = 0; t < steps; t++) {
    const k1x = preyRate(x, y, alpha, beta);
    const k1y = predatorRate(x, y, gamma, delta);
    const x2 = x + 0.5 * dt * k1x;
    const y2 = y + 0.5 * dt * k1y;
    const k2x = preyRate(x2, y2, alpha, beta);
    const k2y = predatorRate(x2, y2, gamma, delta);
    const x3 = x + 0.5 * dt * k2x;
    const y3 = y + 0.5 * dt * k2y;
    const k3x = preyRate(x3, y3, alpha, beta);
    const k3y = predatorRate(x3, y3, gamma, delta);
    const x4 = x + dt * k3x;
    const y4 = y + dt * k3y;
    const k4x = preyRate(x4, y4, alpha, beta);
    const k4y = predatorRate(x4, y4, gamma, delta);
    x += (dt / 6) * (k1x + 2 * k2x + 2 * k3x + k4x);
    y += (dt / 6) * (k1y + 2 * k2y + 2 * k3y + k4y);
  }
  return x + y;
}
