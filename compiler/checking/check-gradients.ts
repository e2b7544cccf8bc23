import { parameterKeys } from './parameter-keys.js';
import { slope, type Slope } from './slope.js';
import { leaves, pathText, read, withNumber } from './trees.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- functions of any parameters
type AnyFunction<R> = (...args: any[]) => R;

export interface Tolerance {
  /** How far a derivative may be off, relative to its size. Default: 1e-6. */
  readonly relative?: number;
  /** How far it may be off besides. Default: 1e-9. */
  readonly absolute?: number;
}

/**
 * Holds a generated gradient against finite differences of its function at the given arguments, number by number. Throws
 * an error that names each parameter and element, and both numbers. At a kink any slope between the two sides is right.
 *
 *     checkGradients(loss, loss_grad, [[0.5, -1], 2]);
 */
export function checkGradients<A extends unknown[]>(
  f: (...args: A) => number,
  f_grad: AnyFunction<{ readonly value: number }>,
  args: A,
  tolerance: Tolerance = {},
): void {
  const result = f_grad(...structuredClone(args)) as Record<string, unknown>;
  const value = f(...structuredClone(args));
  const problems = [
    ...(isClose(result['value'], value, 0, tolerance)
      ? []
      : [`value is ${textOfGiven(result['value'])}, the function returns ${value}`]),
    ...parameterKeys(f_grad).flatMap((key, index) =>
      key in result
        ? checkParameter(f as AnyFunction<number>, args, index, key, result, tolerance)
        : [],
    ),
  ];
  if (problems.length === 0) return;
  const shown = problems.slice(0, limit);
  const rest = problems.length > limit ? [`and ${problems.length - limit} more`] : [];
  const name = f_grad.name || 'The gradient';
  throw new Error(
    `${name} is wrong:\n${[...shown, ...rest].map((line) => `  ${line}`).join('\n')}`,
  );
}

const limit = 10;

function checkParameter(
  f: AnyFunction<number>,
  args: readonly unknown[],
  index: number,
  key: string,
  result: Record<string, unknown>,
  tolerance: Tolerance,
): string[] {
  return leaves(args[index]).flatMap((leaf) => {
    const given = read(result[key], leaf.path);
    // What has no place in the gradient is no number that is differentiated: an index, an optional field.
    if (given === undefined) return [];
    const curve = (x: number): number => f(...withNumber(args, [index, ...leaf.path], x));
    const found = slope(curve, leaf.value);
    if (isRight(given, found, tolerance)) return [];
    const where = key + pathText(leaf.path).replace(/^(?=\w)/, '.');
    return [`${where} is ${textOfGiven(given)}, finite differences give ${textOf(found)}`];
  });
}

function isRight(given: unknown, found: Slope, tolerance: Tolerance): boolean {
  switch (found.kind) {
    case 'smooth':
      return isClose(given, found.value, 20 * found.error, tolerance);
    case 'kink': {
      const [low, high] = [found.left, found.right].sort((a, b) => a - b);
      return typeof given === 'number' && given >= low - 1e-6 && given <= high + 1e-6;
    }
    case 'border':
      return typeof given === 'number' && !Number.isNaN(given);
  }
}

function isClose(
  given: unknown,
  wanted: number,
  error: number,
  { relative = 1e-6, absolute = 1e-9 }: Tolerance,
): boolean {
  if (typeof given !== 'number') return false;
  if (Object.is(given, wanted)) return true;
  const size = Math.max(Math.abs(given), Math.abs(wanted));
  return Math.abs(given - wanted) <= relative * size + absolute + error;
}

function textOf(found: Slope): string {
  switch (found.kind) {
    case 'smooth':
      return String(found.value);
    case 'kink':
      return `${found.left} on the left and ${found.right} on the right`;
    case 'border':
      return 'nothing, for the function is not finite on one side';
  }
}

function textOfGiven(given: unknown): string {
  return typeof given === 'number' ? String(given) : `no number but ${typeof given}`;
}
