import {
  derivativeKeys,
  type Gradient,
  type GradientFunction,
  type Primal,
  type Value,
} from './workload.js';

/** Calls a function so many times, and returns a sum of all results, so that none of them can be optimised away. */
export type Loop = (calls: number) => number;

export interface Timing {
  readonly rounds: number;
  readonly warmUpMs: number;
  /** A sample repeats the call until it takes about this long. */
  readonly sampleMs: number;
}

/** A timing loop of a function's own: the type feedback of a shared one would keep V8 from inlining anything. */
export function loopOf(
  call: Primal | GradientFunction,
  inputs: readonly (readonly Value[])[],
): Loop {
  const args = inputs[0].map((_, i) => `input[${i}]`).join(', ');
  const text = `
    return (calls) => {
      let sum = 0;
      for (let i = 0; i < calls; i++) {
        const input = inputs[i & ${inputs.length - 1}];
        const result = call(${args});
        sum += ${readAll(call(...inputs[0]))};
      }
      return sum;
    };`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const bind = new Function('call', 'inputs', text) as (...captured: unknown[]) => Loop;
  return bind(call, inputs);
}

function readAll(result: number | Gradient): string {
  if (typeof result === 'number') return 'result';
  const reads = derivativeKeys(result).map((key) => `result.${key}${firstOf(result[key])}`);
  return ['result.value', ...reads].join(' + ');
}

function firstOf(value: Value): string {
  if (typeof value === 'number') return '';
  return 'data' in value ? '.data[0]' : '[0]';
}

/** Microseconds a call of each loop, round by round. All loops run in every round, in turns first. */
export function interleave(loops: readonly Loop[], timing: Timing): number[][] {
  for (const loop of loops) warmUp(loop, timing.warmUpMs);
  const calls = loops.map((loop) => callsFor(loop, timing.sampleMs));
  const samples = loops.map((): number[] => []);
  for (let round = 0; round < timing.rounds; round++) {
    for (let turn = 0; turn < loops.length; turn++) {
      const i = (round + turn) % loops.length;
      samples[i].push((1000 * time(loops[i], calls[i])) / calls[i]);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Milliseconds of so many calls, begun with a clean heap: no loop pays for the garbage of another. */
function time(loop: Loop, calls: number): number {
  globalThis.gc?.();
  const start = performance.now();
  const sum = loop(calls);
  const elapsed = performance.now() - start;
  if (Number.isNaN(sum)) throw new Error('a measured function returned NaN');
  return elapsed;
}

function warmUp(loop: Loop, milliseconds: number): void {
  for (let spent = 0, calls = 1; spent < milliseconds; calls *= 2) spent += time(loop, calls);
}

function callsFor(loop: Loop, milliseconds: number): number {
  for (let calls = 1; ; calls *= 2) {
    const elapsed = time(loop, calls);
    if (elapsed > milliseconds / 4) return Math.ceil((calls * milliseconds) / elapsed);
  }
}
