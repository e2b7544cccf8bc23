import { isDeepStrictEqual } from 'node:util';
import { slope } from '../../compiler/checking/slope.js';
import { copy, leaves, objects, pathText, read } from '../../compiler/checking/trees.js';
import type { Gradient } from './check-points.js';
import { attempt, direction, product, shifted } from './check-tangents.js';
import type { Signature } from './compile-fixture.js';
import { detailed, type Point } from './points.js';

/** What became of a point: what is wrong, and how many second derivatives were held against differences. */
export interface HessianReport {
  readonly problems: readonly string[];
  readonly compared: number;
  /** Derivatives that have a kink there, or none of which differences tell anything. */
  readonly kinks: number;
}

/**
 * Everything that is wrong with `f_hvp` at a point: value and gradient are those of `f_grad`, the Hessian times v is the
 * central difference of the gradient along v if that `isComparable`, and u · Hv is v · Hu.
 */
export function checkHessian(
  gradient: Gradient,
  hessian: Gradient,
  { parameters }: Signature,
  point: Point<readonly unknown[]>,
  isComparable = true,
): HessianReport {
  const { at } = detailed(point);
  const args = parameters.map((_, i) => at[i]);
  const given = attempt(() => gradient(...copy(args)));
  const keys =
    'thrown' in given ? parameters : parameters.filter((name) => `d${name}` in given.returned);
  const along = (seed: number): unknown[] =>
    keys.map((name, i) => direction(args[parameters.indexOf(name)], 101 * seed + 13 * i));
  const problems: string[] = [];
  const run = (directions: readonly unknown[]): Record<string, unknown> | null => {
    const [own, left, v] = [copy(args), copy(args), copy(directions)];
    const result = attempt(() => hessian(...own, ...v));
    attempt(() => gradient(...left));
    if ('thrown' in result || 'thrown' in given) {
      const thrown = [given, result].map((each) => ('thrown' in each ? each.thrown : 'a result'));
      if (thrown[0] !== thrown[1]) problems.push(`expected ${thrown.join(', got ')}`);
      return null;
    }
    const { returned } = result;
    for (const [key, value] of Object.entries(given.returned))
      if (!isDeepStrictEqual(returned[key], value)) problems.push(`${key} is not that of f_grad`);
    if (Object.keys(returned).length !== 1 + 2 * keys.length) problems.push('other keys');
    if (!isDeepStrictEqual(own, left)) problems.push('other arguments are left than by f_grad');
    if (!isDeepStrictEqual(v, directions)) problems.push('a direction was changed');
    const inputs = objects([own, v]);
    if ([...objects(returned)].some((object) => inputs.has(object)))
      problems.push('the result shares memory with the arguments');
    return returned;
  };
  const [u, v] = [along(1), along(2)];
  const [ofU, ofV] = [run(u), run(v)];
  if (ofU === null || ofV === null) return { problems, compared: 0, kinks: 0 };

  const gradientAt = (t: number): unknown => {
    const moved = [...copy(args)];
    keys.forEach((name, k) => {
      const i = parameters.indexOf(name);
      moved[i] = shifted(moved[i], v[k], t);
    });
    return gradient(...moved);
  };
  let [compared, kinks] = [0, 0];
  for (const name of isComparable ? keys : []) {
    for (const { path, value } of leaves({ [name]: ofV[`h${name}`] })) {
      const [, ...inner] = path;
      const found = slope((t) => {
        const entry = read(gradientAt(t), [`d${name}`, ...inner]);
        return typeof entry === 'number' ? entry : NaN;
      }, 0);
      if (found.kind !== 'smooth') {
        kinks++;
        continue;
      }
      compared++;
      const bound = 20 * found.error + 1e-7 * Math.abs(found.value) + 1e-9;
      if (!(Math.abs(value - found.value) <= bound))
        problems.push(`h${name}${pathText(inner)} is ${value}, not ${found.value}`);
    }
  }
  type Terms = ReturnType<typeof product>[];
  const times = (h: Record<string, unknown>, w: readonly unknown[]): Terms =>
    keys.map((name, i) => product(h[`h${name}`], w[i]));
  const [uHv, vHu] = [times(ofV, u), times(ofU, v)];
  const sum = (all: Terms): number => all.reduce((total, term) => total + term.sum, 0);
  const scale = Math.max(1e-3, ...[...uHv, ...vHu].map((term) => term.scale));
  if (kinks === 0 && !(Math.abs(sum(uHv) - sum(vHu)) <= 1e-8 * scale))
    problems.push(`u·Hv is ${sum(uHv)}, v·Hu is ${sum(vHu)}`);
  return { problems, compared, kinks };
}
