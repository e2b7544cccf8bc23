import { copy, leaves } from '../../compiler/checking/trees.js';
import type { Gradient } from './check-points.js';
import type { GradientModule } from './load-module.js';

/**
 * `f_grad_into` as a gradient: it writes into places of the right shape that hold other numbers. Null where it was not
 * generated.
 */
export function writtenInPlace(
  module: GradientModule,
  fn: string,
  gradient: Gradient,
): Gradient | null {
  const into = module[`${fn}_grad_into`] as ((...args: unknown[]) => unknown) | undefined;
  if (into === undefined) return null;
  return (...args) => {
    const { value, ...grad } = gradient(...copy(args));
    for (const { path } of leaves(grad)) spoil(grad, path);
    const written = into(grad, ...args);
    if (typeof written !== typeof value) throw new Error(`${fn}_grad_into gave ${typeof written}`);
    return { value: written as number, ...grad };
  };
}

function spoil(tree: unknown, path: readonly (string | number)[]): void {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], tree);
  const last = path.at(-1);
  if (last !== undefined) (holder as Record<string | number, unknown>)[last] = 7;
}
