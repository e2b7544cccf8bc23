import { isDeepStrictEqual } from 'node:util';
import type { Signature } from './compile-fixture.js';
import { slope, type Slope } from '../../compiler/checking/slope.js';
import type { GradientResult } from './load-module.js';
import { detailed, type DetailedPoint, type Expected, type Point } from './points.js';
import {
  copy,
  isContainer,
  leaves,
  objects,
  pathText,
  read,
  shapeDifference,
  withNumber,
  zeroTangent,
} from '../../compiler/checking/trees.js';

export type Primal = (...args: readonly unknown[]) => unknown;
export type Gradient = (...args: unknown[]) => GradientResult;
type Detailed = DetailedPoint<readonly unknown[]>;

type Outcome<T> =
  | { readonly returned: T; readonly argsAfter: readonly unknown[] }
  | { readonly thrown: unknown; readonly argsAfter: readonly unknown[] };

function attempt<T>(fn: (...args: unknown[]) => T, at: readonly unknown[]): Outcome<T> {
  const args = [...copy(at)];
  try {
    return { returned: fn(...args), argsAfter: args };
  } catch (thrown) {
    return { thrown, argsAfter: args };
  }
}

const close = (a: number, b: number, relative: number, absolute = 0): boolean =>
  Object.is(a, b) ||
  a === b ||
  Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b)) + absolute;

/** `f` as a function of one number of its arguments; NaN where it throws. */
function curve(primal: Primal, at: readonly unknown[], path: readonly (string | number)[]) {
  return (x: number): number => {
    try {
      const value = primal(...withNumber(at, path, x));
      return typeof value === 'number' ? value : NaN;
    } catch {
      return NaN;
    }
  };
}

/** Whether the function is constant on either side of the point, or jumps there, or ends there. */
const isStep = (found: Slope): boolean =>
  found.kind !== 'kink' ||
  [found.left, found.right].every((side) => Math.abs(side) < 1e-6 || Math.abs(side) === Infinity);

/** Holds the derivative in one parameter against finite differences, number by number. */
function checkSlopes(
  primal: Primal,
  at: readonly unknown[],
  index: number,
  key: string,
  derivative: unknown,
): string[] {
  return leaves(at[index]).flatMap((leaf) => {
    const path = [index, ...leaf.path];
    const where = key + pathText(leaf.path).replace(/^(?=\w)/, '.');
    const found = slope(curve(primal, at, path), leaf.value);
    const given = derivative === undefined ? undefined : read(derivative, leaf.path);
    if (found.kind !== 'smooth') {
      // An integer that steers the computation (an index, a bound): no derivative, or zero within an object.
      const steers = given === undefined || (leaf.path.length > 0 && given === 0);
      if (steers && isStep(found) && Number.isInteger(leaf.value)) return [];
      const what =
        found.kind === 'border'
          ? 'not finite on one side'
          : `${found.left} on the left, ${found.right} on the right`;
      return [`${where}: the point lies on a kink (${what}); move it, or mark it \`kink\``];
    }
    const scale = Math.max(Math.abs(found.value), 1e-3);
    if (!(found.error <= 1e-5 * scale)) {
      return [`${where}: finite differences do not settle (${found.value} ± ${found.error})`];
    }
    const tolerance = 20 * found.error + 1e-11;
    if (given === undefined) {
      return Math.abs(found.value) <= tolerance
        ? []
        : [`${where} is missing, but finite differences give ${found.value}`];
    }
    if (typeof given !== 'number') return [`${where} is not a number`];
    return close(given, found.value, 1e-7, tolerance)
      ? []
      : [`${where} is ${given}, finite differences give ${found.value} ± ${found.error}`];
  });
}

/** Whether a point can be used: finite, and off the kinks in every number that has a derivative. */
export function checkPoint(primal: Primal, signature: Signature, point: Point<readonly unknown[]>) {
  const { at, kink } = detailed(point);
  if (kink === true) return [];
  const outcome = attempt(primal, at);
  if ('thrown' in outcome) return [];
  if (typeof outcome.returned !== 'number' || !Number.isFinite(outcome.returned)) {
    return [`the value is ${String(outcome.returned)}`];
  }
  return signature.parameters.flatMap((name, index) =>
    signature.wrt !== null && !signature.wrt.includes(name)
      ? []
      : checkSlopes(primal, at, index, `d${name}`, undefined).filter(
          (problem) => !problem.includes('is missing'),
        ),
  );
}

function checkExpected(result: GradientResult, expected: Expected, tolerance: number): string[] {
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const difference = shapeDifference(result[key], wanted);
    if (difference !== null) return [`${key}: ${difference}`];
    return leaves(wanted).flatMap(({ path, value }) => {
      const given = read(result[key], path);
      return typeof given === 'number' && close(given, value, tolerance)
        ? []
        : [`${key}${pathText(path)} is ${String(given)}, expected ${value}`];
    });
  });
}

function checkKeys(result: GradientResult, { parameters, wrt }: Signature): string[] {
  const [first, ...keys] = Object.keys(result);
  const allowed = (wrt ?? parameters).map((name) => `d${name}`);
  const inOrder = parameters.map((name) => `d${name}`).filter((key) => keys.includes(key));
  if (first !== 'value') return ['the first key is not `value`'];
  if (!isDeepStrictEqual(keys, inOrder)) return [`the keys are ${keys.join(', ')}`];
  if (!keys.every((key) => allowed.includes(key))) return [`keys beyond wrt: ${keys.join(', ')}`];
  if (wrt !== null && keys.length !== wrt.length) return [`keys missing: ${keys.join(', ')}`];
  return keys.length === 0 ? ['no derivative at all'] : [];
}

function checkShapes(result: GradientResult, at: readonly unknown[], { parameters }: Signature) {
  return parameters.flatMap((name, i) => {
    const derivative = result[`d${name}`];
    // An argument left to its default has no shape of its own.
    if (derivative === undefined || at[i] === undefined) return [];
    const difference = shapeDifference(derivative, zeroTangent(at[i]));
    return difference === null ? [] : [`d${name}: ${difference}`];
  });
}

function checkResult(
  primal: Primal,
  signature: Signature,
  point: Detailed,
  value: unknown,
  result: GradientResult,
): string[] {
  const { at, expected, tolerance, kink } = point;
  const problems = [
    ...checkKeys(result, signature),
    ...checkShapes(result, at, signature),
    ...checkExpected(result, expected ?? {}, tolerance ?? 1e-12),
  ];
  if (!Object.is(result.value, value)) {
    problems.push(`value is ${result.value}, the function returns ${String(value)}`);
  }
  for (const { path, value: number } of leaves(result)) {
    if (Number.isNaN(number) && !Number.isNaN(read(expected, path))) {
      problems.push(`${pathText(path)} is NaN`);
    }
  }
  if (kink === true) return problems;
  signature.parameters.forEach((name, i) => {
    const derivative = result[`d${name}`];
    if (derivative === undefined && signature.wrt !== null) return;
    problems.push(...checkSlopes(primal, at, i, `d${name}`, derivative));
  });
  return problems;
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Everything that is wrong with a gradient at one point. */
export function checkGradient(
  primal: Primal,
  gradient: Gradient,
  signature: Signature,
  point: Point<readonly unknown[]>,
): string[] {
  const given = detailed(point);
  const plain = attempt(primal, given.at);
  const first = attempt(gradient, given.at);
  if ('thrown' in plain) {
    const wanted = describe(plain.thrown);
    const got = 'thrown' in first ? describe(first.thrown) : 'a result';
    return wanted === got ? [] : [`expected ${wanted}, got ${got}`];
  }
  if ('thrown' in first) return [`throws ${describe(first.thrown)}`];

  const problems = checkResult(primal, signature, given, plain.returned, first.returned);
  if (!isDeepStrictEqual(first.argsAfter, plain.argsAfter)) {
    problems.push('the arguments are left otherwise than by the function itself');
  }
  const inputs = objects(first.argsAfter);
  if ([...objects(first.returned)].some((object) => inputs.has(object))) {
    problems.push('the result shares memory with the arguments');
  }
  const second = attempt(gradient, given.at);
  if (!('returned' in second) || !isDeepStrictEqual(first.returned, second.returned)) {
    problems.push('the second call gives another result');
  }
  return problems;
}

/** Where two gradients of the same function differ at a point. */
export function compareGradients(
  a: Gradient,
  b: Gradient,
  point: Point<readonly unknown[]>,
): string[] {
  const { at } = detailed(point);
  const [first, second] = [attempt(a, at), attempt(b, at)];
  if ('thrown' in first || 'thrown' in second) {
    const texts = [first, second].map((o) => ('thrown' in o ? describe(o.thrown) : 'a result'));
    return texts[0] === texts[1] ? [] : [`${texts.join(' simplified, ')} unsimplified`];
  }
  const size = Math.max(1e-3, ...leaves(first.returned).map(({ value }) => Math.abs(value)));
  const absolute = Number.isFinite(size) ? 1e-12 * size : 0;
  return leaves(first.returned).flatMap(({ path, value }) => {
    const other = isContainer(second.returned) ? read(second.returned, path) : undefined;
    return typeof other === 'number' && close(value, other, 1e-9, absolute)
      ? []
      : [`${pathText(path)} is ${value} simplified, ${String(other)} unsimplified`];
  });
}
