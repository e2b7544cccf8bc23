/**
 * The derivative of a function of one number by central differences, extrapolated to step 0 (Ridders).
 * Steps are powers of two, so that `x + h` is exact near usual values.
 */

export type Slope =
  | { readonly kind: 'smooth'; readonly value: number; readonly error: number }
  /** The one-sided derivatives differ; infinite on a side to which the function jumps. */
  | { readonly kind: 'kink'; readonly left: number; readonly right: number }
  /** The function is not finite on one side at least. */
  | { readonly kind: 'border' };

type Curve = (x: number) => number;

const ROWS = 9;

/** How far off the value of a program may be, relative to it: several roundings, which the difference divides by `h`. */
const ROUNDING = 8 * Number.EPSILON;

/**
 * One extrapolation table, beginning with step `h`; null where the curve is not finite. Columns that agree by chance
 * say nothing: no error is smaller than what rounding makes of a difference with that step.
 */
function extrapolate(f: Curve, x: number, h: number): { value: number; error: number } | null {
  let best = { value: NaN, error: Infinity };
  let previous: number[] = [];
  for (let row = 0; row < ROWS; row++, h /= 2) {
    const [above, below] = [f(x + h), f(x - h)];
    const noise = (ROUNDING * Math.max(Math.abs(above), Math.abs(below))) / h;
    const entries = [(above - below) / (x + h - (x - h))];
    for (let k = 1, factor = 4; k <= row; k++, factor *= 4) {
      const finer = entries[k - 1] ?? NaN;
      const coarser = previous[k - 1] ?? NaN;
      const value = finer + (finer - coarser) / (factor - 1);
      const error = Math.max(Math.abs(value - finer), Math.abs(value - coarser), noise);
      entries.push(value);
      if (error < best.error) best = { value, error };
    }
    if (!entries.every(Number.isFinite)) return null;
    previous = entries;
  }
  return best;
}

const powerOfTwoBelow = (x: number): number => 2 ** Math.floor(Math.log2(x));

/** A second-order difference to one side (`h` may be negative). */
function oneSided(f: Curve, x: number, h: number, fx: number): number {
  return (-3 * fx + 4 * f(x + h) - f(x + 2 * h)) / (2 * h);
}

/** What a one-sided difference tends to, from its values at a step and at one sixteenth of it. */
const limit = (wide: number, narrow: number): number =>
  Math.abs(narrow) > 8 * Math.abs(wide) && Math.abs(narrow) > 1
    ? Math.sign(narrow) * Infinity
    : narrow;

/** Whether the one-sided slopes disagree at every step, however small. */
function findKink(f: Curve, x: number, unit: number): Slope | null {
  const fx = f(x);
  let last: Slope | null = null;
  let wide = { left: NaN, right: NaN };
  for (const exponent of [-12, -16, -20, -24]) {
    const h = unit * 2 ** exponent;
    const right = oneSided(f, x, h, fx);
    const left = oneSided(f, x, -h, fx);
    if (!Number.isFinite(left) || !Number.isFinite(right)) {
      last = { kind: 'border' };
    } else {
      const noise = (1e-15 * (Math.abs(fx) + Math.abs(x * right))) / h;
      const size = Math.max(Math.abs(left), Math.abs(right));
      if (Math.abs(left - right) <= 1e-5 * size + 10 * noise + 1e-9) return null;
      last = { kind: 'kink', left: limit(wide.left, left), right: limit(wide.right, right) };
    }
    wide = { left, right };
  }
  return last;
}

export function slope(f: Curve, x: number): Slope {
  const unit = powerOfTwoBelow(Math.max(Math.abs(x), 0.25));
  const kink = findKink(f, x, unit);
  if (kink !== null) return kink;
  let best = { value: NaN, error: Infinity };
  // A wide table is the more exact one, a narrow one stays clear of branches nearby.
  for (const exponent of [-3, -6, -9, -12]) {
    const found = extrapolate(f, x, unit * 2 ** exponent);
    if (found !== null && found.error < best.error) best = found;
  }
  return { kind: 'smooth', ...best };
}
