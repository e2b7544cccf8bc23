/**
 * `npm run bench:calls` prints what gradients cost beside their functions as calls nest deeper, and how deep recursion can
 * go in both.
 */
import { directionalError } from './check.js';
import { deepest } from './deepest.js';
import { interleave, loopOf, median, type Timing } from './interleave.js';
import { random } from './random.js';
import { ratio, tableWith } from './table.js';
import { type GradientFunction, type Primal } from './workload.js';
import * as primals from './workloads/calls.js';
import * as gradients from './workloads/calls_grad.js';

const timing: Timing = { rounds: 41, warmUpMs: 200, sampleMs: 15 };
const { uniform } = random(1);
const points = Array.from({ length: 64 }, () => uniform(-2, 2));
const recursions = ['recursive', 'continued'] as const;

const print = tableWith(['', 'primal µs', 'gradient ÷ primal'], 22);
measure('1 helper', 'nested1');
measure('4 helpers', 'nested4');
measure('16 helpers', 'nested16');
for (const name of recursions) {
  for (const depth of [4, 64, 1024, 4096]) measure(`${name}, ${depth} deep`, name, depth);
}

console.log();
const printDeepest = tableWith(['', 'primal', 'gradient', 'gradient ÷ primal'], 22);
for (const name of recursions) {
  const primal = deepest((depth) => primals[name](0.5, depth));
  const gradient = deepest((depth) => gradients[`${name}_grad`](0.5, depth));
  const share = (gradient / primal).toFixed(2);
  printDeepest([`${name}, deepest`, String(primal), String(gradient), share]);
}

/** One row: calls at all points, each of them checked before. */
function measure(title: string, name: keyof typeof primals, ...depth: readonly number[]): void {
  const inputs = points.map((x) => [x, ...depth]);
  const primal = primals[name] as Primal;
  const gradient = gradients[`${name}_grad`] as unknown as GradientFunction;
  for (const args of inputs) {
    const error = directionalError(primal, args, gradient(...args), random(2));
    if (!(error <= 1e-7)) throw new Error(`${title}: the gradient disagrees with differences`);
  }
  const loops = [loopOf(primal, inputs), loopOf(gradient, inputs)];
  const [primalTimes, gradientTimes] = interleave(loops, timing);
  print([title, median(primalTimes).toPrecision(3), ratio(gradientTimes, primalTimes)]);
}
