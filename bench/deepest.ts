/** The largest depth, to a hundredth, at which a recursive function does not overflow the stack. */
export function deepest(call: (depth: number) => unknown): number {
  let low = 1;
  let high = 2;
  while (fits(call, high)) [low, high] = [high, 2 * high];
  while (high - low > low / 100) {
    const middle = Math.floor((low + high) / 2);
    if (fits(call, middle)) low = middle;
    else high = middle;
  }
  return low;
}

function fits(call: (depth: number) => unknown, depth: number): boolean {
  try {
    call(depth);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
