/** Returns `x`; derivatives do not flow through it. Says in the source that a cut is meant. */
export function stopGradient<T>(x: T): T {
  return x;
}
