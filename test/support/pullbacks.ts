import type { Gradient, Primal } from './check-points.js';
import type { GradientModule } from './load-module.js';
import { leaves, read, withNumber } from '../../compiler/checking/trees.js';

/** Weights for the numbers in a result: its product with them is a number, with a gradient. */
function weightsLike(result: unknown): unknown {
  if (typeof result === 'number') return 0.7;
  let weights: unknown = structuredClone(result);
  leaves(result).forEach(({ path }, i) => {
    [weights] = withNumber([weights], [0, ...path], Math.cos(i + 1));
  });
  return weights;
}

function product(result: unknown, weights: unknown): number {
  return leaves({ result }).reduce((sum, { path, value }) => {
    const weight = read({ result: weights }, path);
    return typeof weight === 'number' ? sum + weight * value : sum;
  }, 0);
}

/** A function of any result as one of a number, by weights of the result. */
export function weighted(primal: Primal): Primal {
  return (...args) => {
    const result = primal(...args);
    return product(result, weightsLike(result));
  };
}

type Half = (...args: unknown[]) => { readonly value: unknown; readonly saved: unknown };
type Backward = (saved: unknown, dvalue: unknown) => Record<string, unknown>;

/**
 * The gradient of the weighted function by its two halves. The backward half runs twice, first for other weights: what
 * was saved must outlive that, and so must the weights.
 */
export function weightedGradient(module: GradientModule, fn: string): Gradient | null {
  const forward = module[`${fn}_forward`] as Half | undefined;
  const backward = module[`${fn}_backward`] as Backward | undefined;
  if (forward === undefined || backward === undefined) return null;
  return (...args) => {
    const { value, saved } = forward(...args);
    const weights = weightsLike(value);
    const given = structuredClone(weights);
    backward(saved, value);
    const derivatives = backward(saved, weights);
    if (JSON.stringify(given) !== JSON.stringify(weights)) throw new Error('dvalue was changed');
    return { value: product(value, weights), ...derivatives };
  };
}
