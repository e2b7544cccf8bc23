/**
 * Prints one row a workload: the hand-written gradient in microseconds, and what the primal and the generated gradient
 * take beside it. Started by run.ts.
 */
import { askedRows, generatedGradient } from './asked.js';
import { difference, directionalError } from './check.js';
import { interleave, loopOf, median, type Timing } from './interleave.js';
import { random } from './random.js';
import { ratio, tableWith } from './table.js';
import { useKernel } from '../runtime/matmul/choose.js';
import { type GradientFunction, type Workload } from './workload.js';

const timing: Timing = { rounds: 41, warmUpMs: 300, sampleMs: 30 };

const print = tableWith(
  ['', 'hand-written µs', 'primal ÷ hand', 'generated ÷ hand', 'generated ÷ primal'],
  38,
);
for (const row of askedRows())
  print([row.title, ...measure(row, await generatedGradient(row.name))]);

function measure(row: Workload, generated: GradientFunction | undefined): string[] {
  useKernel(row.kernel);
  check(row, 'hand-written', row.handWritten);
  if (generated) check(row, 'generated', generated);

  const candidates = [row.handWritten, row.primal, ...(generated ? [generated] : [])];
  const loops = candidates.map((candidate) => loopOf(candidate, row.inputs));
  const [hand, primal, other] = interleave(loops, timing);
  return [
    median(hand).toPrecision(3),
    ratio(primal, hand),
    generated ? ratio(other, hand) : '–',
    generated ? ratio(other, primal) : '–',
  ];
}

/** Nothing is timed before it agrees with finite differences and with the hand-written gradient. */
function check(row: Workload, kind: string, gradient: GradientFunction): void {
  const directions = random(8);
  for (const args of row.inputs) {
    const result = gradient(...args);
    const errors = {
      'finite differences': directionalError(row.primal, args, result, directions, row.step) / 1e-7,
      'the hand-written one': difference(row.handWritten(...args), result) / 1e-9,
      'the value': Math.abs(row.primal(...args) - result.value) / Math.abs(1e-12 * result.value),
    };
    for (const [other, error] of Object.entries(errors)) {
      if (!(error <= 1))
        throw new Error(`${row.title}: the ${kind} gradient disagrees with ${other}`);
    }
  }
}
