/**
 * Prints one row a workload: the hand-written gradient in microseconds, and what the primal and the generated gradient
 * take beside it. Started by run.ts.
 */
import { existsSync } from 'node:fs';
import { difference, directionalError } from './check.js';
import { interleave, loopOf, median, type Timing } from './interleave.js';
import { random } from './random.js';
import { fullSize } from './rows.js';
import { type GradientFunction, type Workload } from './workload.js';

const timing: Timing = { rounds: 41, warmUpMs: 300, sampleMs: 30 };

const columns = ['', 'hand-written µs', 'primal ÷ hand', 'generated ÷ hand', 'generated ÷ primal'];

const asked = process.argv.slice(2);
const rows = fullSize.filter(
  ({ title }) => asked.length === 0 || asked.some((start) => title.startsWith(start)),
);

print(columns);
print(columns.map((_, i) => (i === 0 ? '---' : '---:')));
for (const row of rows) print([row.title, ...measure(row, await generatedGradient(row.name))]);

async function generatedGradient(name: string): Promise<GradientFunction | undefined> {
  const url = new URL(`workloads/${name}_grad.ts`, import.meta.url);
  if (!existsSync(url)) return undefined;
  const module = (await import(url.href)) as Record<string, GradientFunction>;
  return module[`${name}_grad`];
}

function measure(row: Workload, generated: GradientFunction | undefined): string[] {
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
      'finite differences': directionalError(row.primal, args, result, directions) / 1e-7,
      'the hand-written one': difference(row.handWritten(...args), result) / 1e-9,
      'the value': Math.abs(row.primal(...args) - result.value) / Math.abs(1e-12 * result.value),
    };
    for (const [other, error] of Object.entries(errors)) {
      if (!(error <= 1))
        throw new Error(`${row.title}: the ${kind} gradient disagrees with ${other}`);
    }
  }
}

/** Median of the ratios within a round: what slows the machine down slows both. */
function ratio(times: readonly number[], others: readonly number[]): string {
  return median(times.map((time, round) => time / others[round])).toFixed(2);
}

function print(cells: readonly string[]): void {
  console.log(
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(columns[i].length))).join(' | ')} |`,
  );
}
