/**
 * `npm run bench:matmul` prints what the kernels of the matrix products reach beside naive loops; with peers installed
 * (`npm install --prefix bench`) a table beside each of these.
 */
import { interleave, median } from './interleave.js';
import { naive } from './matmul-naive.js';
import { loadPeers } from './matmul-peers.js';
import {
  type Candidate,
  gigaflops,
  loopOf,
  operandsOf,
  type Shape,
  shapes,
  timingOf,
  titleOf,
} from './matmul-shapes.js';
import { javascriptKernel } from '../runtime/matmul/javascript.js';
import { type Kernel } from '../runtime/matmul/kernel.js';
import { wasmKernel } from '../runtime/matmul/wasm.js';

type Candidates = Record<string, Candidate>;

const wasm = wasmKernel();
if (!wasm) throw new Error('WebAssembly with SIMD is not available');

printTable(shapes, (...operands) => ({
  WebAssembly: candidate(wasm, ...operands),
  JavaScript: candidate(javascriptKernel, ...operands),
  'naive loops': candidate(naive, ...operands),
}));

const plain = shapes.filter(({ kind }) => kind === 'plain');
for await (const peer of loadPeers()) {
  printTable(plain, (...operands) => ({
    WebAssembly: candidate(wasm, ...operands),
    [peer.name]: peer.candidate(...operands),
  }));
}

function candidate(
  kernel: Omit<Kernel, 'name'>,
  { kind, m, k, n }: Shape,
  a: Float64Array,
  b: Float64Array,
): Candidate {
  const product = kernel[kind];
  return { run: () => product(a, b, m, k, n), digits: 13 };
}

/** One row a shape: GFLOP/s of all candidates, and how much longer than the first the others take. */
function printTable(
  rows: readonly Shape[],
  candidatesFor: (shape: Shape, a: Float64Array, b: Float64Array) => Candidates,
): void {
  let head: string[] = [];
  for (const shape of rows) {
    const candidates = candidatesFor(shape, ...operandsOf(shape));
    const names = Object.keys(candidates);
    if (head.length === 0) {
      const [first, ...others] = names;
      head = ['GFLOP/s', ...names, ...others.map((name) => `${name} ÷ ${first}`)];
      print(head, head);
      print(
        head.map((_, i) => (i === 0 ? '---' : '---:')),
        head,
      );
    }
    check(titleOf(shape), shape.k, candidates);
    const times = interleave(Object.values(candidates).map(loopOf), timingOf(shape));
    const speeds = times.map((samples) => gigaflops(shape, median(samples)).toFixed(1));
    const [first, ...others] = times;
    const ratios = others.map((samples) => ratio(samples, first));
    print([titleOf(shape), ...speeds, ...ratios], head);
  }
  console.log();
}

/** Median of the ratios within a round: what slows the machine down slows both. */
function ratio(times: readonly number[], others: readonly number[]): string {
  return median(times.map((time, round) => time / others[round])).toFixed(2);
}

function print(cells: readonly string[], head: readonly string[]): void {
  const padded = cells.map((cell, i) =>
    i === 0 ? cell.padEnd(22) : cell.padStart(head[i].length),
  );
  console.log(`| ${padded.join(' | ')} |`);
}

/** Nothing is timed before it agrees with the first candidate; `terms` are what rounding errors add up over. */
function check(title: string, terms: number, candidates: Candidates): void {
  const [[, first], ...others] = Object.entries(candidates);
  const expected = numbersOf(first);
  for (const [name, other] of others) {
    const bound = terms * 10 ** -other.digits;
    const agrees = numbersOf(other).every((x, i) => Math.abs(x - expected[i]) <= bound);
    if (!agrees) throw new Error(`${title}: ${name} disagrees`);
  }
}

function numbersOf({ run }: Candidate): number[] {
  return Array.from<number | Float64Array>(run()).flatMap((x) =>
    typeof x === 'number' ? x : [...x],
  );
}
