export function staged_grad(x: number, y: number): { value: number; dx: number; dy: number } {
  const sigx = 1 / (1 + Math.exp(-x));
  const sigy = 1 / (1 + Math.exp(-y));
  const num = x + sigy;
  const xpy = x + y;
  const invden = 1 / (sigx + xpy * xpy);
  const value = num * invden;

  const dden = -value * invden;
  const dxpy = 2 * xpy * dden;
  return {
    value,
    dx: invden + dxpy + sigx * (1 - sigx) * dden,
    dy: dxpy + sigy * (1 - sigy) * invden,
  };
}
