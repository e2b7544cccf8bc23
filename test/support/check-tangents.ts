import { isDeepStrictEqual } from 'node:util';
import type { Gradient, Primal } from './check-points.js';
import type { Signature } from './compile-fixture.js';
import { slope } from '../../compiler/checking/slope.js';
import { detailed, type Point } from './points.js';
import {
  copy,
  isContainer,
  leaves,
  objects,
  pathText,
  read,
  zeroTangent,
} from '../../compiler/checking/trees.js';

/** What `f_jvp` returns. */
export interface Pair {
  readonly value: unknown;
  readonly dvalue: unknown;
}

/** `f_jvp`, and how many tangents it takes. */
export interface Tangent {
  readonly call: (...args: unknown[]) => Pair;
  readonly count: (primals: number) => number;
}

export function tangentsOf(module: Record<string, unknown>, fn: string): Tangent {
  const call = module[`${fn}_jvp`];
  if (typeof call !== 'function') throw new Error(`${fn}_jvp was not generated`);
  const parameters = /^[^(]*\(([^)]*)\)/.exec(String(call))?.[1]?.split(',') ?? [];
  return {
    call: call as Tangent['call'],
    count: (primals) => parameters.length - primals,
  };
}

/** A number between -1 and 1 that looks random, the same for the same seed. */
function pseudoRandom(seed: number): number {
  const x = Math.sin(12.9898 * (seed + 1)) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** A tangent of the shape of a value, every number of it different. */
export function direction(value: unknown, seed: number): unknown {
  const tangent = copy(zeroTangent(value));
  if (typeof tangent === 'number') return pseudoRandom(seed);
  leaves(tangent).forEach(({ path }, i) => {
    const parent = read(tangent, path.slice(0, -1));
    const last = path.at(-1);
    if (isContainer(parent) && last !== undefined) parent[last] = pseudoRandom(seed + 7 * i + 3);
  });
  return tangent;
}

/** Σ gradient · direction, and how large its terms are. */
export function product(gradient: unknown, tangent: unknown): { sum: number; scale: number } {
  let [sum, scale] = [0, 1e-3];
  for (const { path, value } of leaves(gradient)) {
    const along = path.length === 0 ? tangent : read(tangent, path);
    if (typeof along !== 'number') continue;
    const term = value === 0 || along === 0 ? 0 : value * along;
    sum += term;
    if (Number.isFinite(term)) scale = Math.max(scale, Math.abs(term));
  }
  return { sum, scale };
}

type Outcome<T> = { readonly returned: T } | { readonly thrown: string };

export function attempt<T>(run: () => T): Outcome<T> {
  try {
    return { returned: run() };
  } catch (error) {
    return { thrown: String(error) };
  }
}

/** Runs `f_jvp` along given tangents, and checks all but its derivative. */
function run(
  primal: Primal,
  tangent: Tangent,
  at: readonly unknown[],
  along: readonly unknown[],
): { readonly problems: string[]; readonly dvalue: unknown } | { readonly problems: string[] } {
  const plain = copy(at);
  const expected = attempt(() => primal(...plain));
  const args = copy(at);
  const tangents = copy(along);
  const result = attempt(() => tangent.call(...args, ...tangents));
  if ('thrown' in expected || 'thrown' in result) {
    const [wanted, got] = [expected, result].map((o) => ('thrown' in o ? o.thrown : 'a result'));
    return { problems: wanted === got ? [] : [`expected ${wanted}, got ${got}`] };
  }
  const { value, dvalue } = result.returned;
  const problems: string[] = [];
  if (!isDeepStrictEqual(value, expected.returned))
    problems.push(`value is ${String(value)}, the function returns ${String(expected.returned)}`);
  if (!isDeepStrictEqual(tangents, along)) problems.push('a tangent was changed');
  if (!isDeepStrictEqual(args, plain))
    problems.push('the arguments are left otherwise than by the function itself');
  const inputs = objects([args, tangents]);
  if ([...objects(result.returned)].some((object) => inputs.has(object)))
    problems.push('the result shares memory with the arguments');
  for (const { path, value: number } of leaves(dvalue))
    if (Number.isNaN(number)) problems.push(`dvalue${pathText(path)} is NaN`);
  return { problems, dvalue };
}

/** Everything that is wrong with `f_jvp` at a point, along two directions, held against the gradient. */
export function checkTangent(
  primal: Primal,
  tangent: Tangent,
  gradient: Gradient,
  { parameters }: Signature,
  point: Point<readonly unknown[]>,
): string[] {
  const { at } = detailed(point);
  const args = parameters.map((_, i) => at[i]);
  const given = attempt(() => gradient(...copy(args)));
  if ('thrown' in given) return run(primal, tangent, args, parameters).problems;
  const keys = parameters.filter((name) => `d${name}` in given.returned);
  if (keys.length !== tangent.count(parameters.length)) return ['other tangents than derivatives'];
  return [1, 2].flatMap((seed) => {
    const along = keys.map((name, i) =>
      direction(args[parameters.indexOf(name)], 101 * seed + 13 * i),
    );
    const result = run(primal, tangent, args, along);
    if (!('dvalue' in result) || result.problems.length > 0) return result.problems;
    const terms = keys.map((name, i) => product(given.returned[`d${name}`], along[i]));
    const sum = terms.reduce((total, term) => total + term.sum, 0);
    const scale = Math.max(...terms.map((term) => term.scale));
    const { dvalue } = result;
    const isClose =
      typeof dvalue === 'number' &&
      (dvalue === sum || Math.abs(dvalue - sum) <= 1e-9 * Math.abs(sum) + 1e-12 * scale);
    return isClose ? [] : [`dvalue is ${String(dvalue)}, the gradient gives ${sum}`];
  });
}

/** The same for a result of any shape, against finite differences along the direction. */
export function checkByDifferences(
  primal: Primal,
  tangent: Tangent,
  { parameters, wrt }: Signature,
  point: Point<readonly unknown[]>,
): string[] {
  const { at } = detailed(point);
  const args = parameters.map((_, i) => at[i]);
  const count = tangent.count(parameters.length);
  const moving = parameters
    .map((name, i) => ({ name, i }))
    .filter(({ name, i }) => (wrt?.includes(name) ?? true) && hasTangent(args[i]))
    .slice(0, count);
  if (moving.length !== count) return [`${count} tangents`];
  const along = moving.map(({ i }, at) => direction(args[i], 17 + 13 * at));
  const result = run(primal, tangent, args, along);
  if (!('dvalue' in result)) return result.problems;
  const moved = (t: number): unknown => {
    const all = [...copy(args)];
    moving.forEach(({ i }, k) => (all[i] = shifted(all[i], along[k], t)));
    return primal(...all);
  };
  const problems = leaves(primal(...copy(args))).flatMap(({ path }) => {
    const found = slope((t) => {
      const value = path.length === 0 ? moved(t) : read(moved(t), path);
      return typeof value === 'number' ? value : NaN;
    }, 0);
    const given = path.length === 0 ? result.dvalue : read(result.dvalue, path);
    if (found.kind !== 'smooth') return [`${pathText(path)}: the point lies on a kink`];
    const isClose =
      typeof given === 'number' &&
      Math.abs(given - found.value) <= 20 * found.error + 1e-7 * Math.abs(found.value) + 1e-10;
    return isClose ? [] : [`dvalue${pathText(path)} is ${String(given)}, not ${found.value}`];
  });
  return [...result.problems, ...problems];
}

/** An argument that is left to its default may have a tangent too. */
const hasTangent = (value: unknown): boolean =>
  value === undefined || zeroTangent(value) !== undefined;

/** A value moved along a tangent. */
export function shifted(value: unknown, along: unknown, t: number): unknown {
  if (typeof value === 'number') return typeof along === 'number' ? value + t * along : value;
  if (!isContainer(value)) return value;
  const moved = copy(value);
  for (const { path, value: number } of leaves(value)) {
    const step = read(along, path);
    const parent = read(moved, path.slice(0, -1));
    const last = path.at(-1);
    if (typeof step === 'number' && isContainer(parent) && last !== undefined)
      parent[last] = number + t * step;
  }
  return moved;
}
