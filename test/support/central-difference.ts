/**
 * The slope of a smooth function by central differences, extrapolated once, with steps of every size up to a hundredth
 * of x and of 1; `error` counts what is cut off and what is rounded off.
 */
export function centralDifference(
  f: (x: number) => number,
  x: number,
): { value: number; error: number } {
  let best = { value: 0, error: Infinity };
  const relative = ({ value, error }: typeof best): number =>
    error / Math.max(Math.abs(value), 1e-20);
  for (const scale of [Math.abs(x), 1]) {
    for (let exponent = -7; exponent >= -30; exponent--) {
      const step = scale * 2 ** exponent;
      const wide = difference(f, x, step);
      const narrow = difference(f, x, step / 2);
      const error = Math.abs(wide.value - narrow.value) + narrow.noise;
      const found = { value: (4 * narrow.value - wide.value) / 3, error };
      if (relative(found) < relative(best)) best = found;
    }
  }
  return best;
}

function difference(f: (x: number) => number, x: number, step: number) {
  const [above, below] = [x + step, x - step];
  const width = above - below;
  const value = (f(above) - f(below)) / width;
  const size = Math.max(Math.abs(f(above)), Math.abs(f(below)));
  return { value, noise: (4 * Number.EPSILON * size) / Math.abs(width) };
}
