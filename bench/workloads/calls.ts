/**
 * One helper.
 * @differentiable
 */
export function nested1(x: number): number {
  return wave1(x);
}

/**
 * Four helpers, each of which calls the next.
 * @differentiable
 */
export function nested4(x: number): number {
  return wave4(x);
}

/**
 * Sixteen of them.
 * @differentiable
 */
export function nested16(x: number): number {
  return wave16(x);
}

/**
 * The same by recursion, which hands the result on as it is.
 * @differentiable
 */
export function recursive(x: number, depth: number): number {
  const y = x + 0.001 * Math.sin(x);
  return depth <= 1 ? y : recursive(y, depth - 1);
}

/**
 * Recursion that computes with what the inner call returns.
 * @differentiable
 */
export function continued(x: number, depth: number): number {
  if (depth === 0) return x;
  const y = continued(x, depth - 1);
  return x + 0.5 * Math.sin(y);
}

function wave1(x: number): number {
  return x + 0.001 * Math.sin(x);
}

function wave2(x: number): number {
  return wave1(x + 0.001 * Math.sin(x));
}

function wave3(x: number): number {
  return wave2(x + 0.001 * Math.sin(x));
}

function wave4(x: number): number {
  return wave3(x + 0.001 * Math.sin(x));
}

function wave5(x: number): number {
  return wave4(x + 0.001 * Math.sin(x));
}

function wave6(x: number): number {
  return wave5(x + 0.001 * Math.sin(x));
}

function wave7(x: number): number {
  return wave6(x + 0.001 * Math.sin(x));
}

function wave8(x: number): number {
  return wave7(x + 0.001 * Math.sin(x));
}

function wave9(x: number): number {
  return wave8(x + 0.001 * Math.sin(x));
}

function wave10(x: number): number {
  return wave9(x + 0.001 * Math.sin(x));
}

function wave11(x: number): number {
  return wave10(x + 0.001 * Math.sin(x));
}

function wave12(x: number): number {
  return wave11(x + 0.001 * Math.sin(x));
}

function wave13(x: number): number {
  return wave12(x + 0.001 * Math.sin(x));
}

function wave14(x: number): number {
  return wave13(x + 0.001 * Math.sin(x));
}

function wave15(x: number): number {
  return wave14(x + 0.001 * Math.sin(x));
}

function wave16(x: number): number {
  return wave15(x + 0.001 * Math.sin(x));
}
