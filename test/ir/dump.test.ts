import { expect, it } from 'vitest';
import { openText } from '../../compiler/frontend/project.js';
import { stages, type Stage } from '../../compiler/ir/stages.js';
import { compileSource } from '../../compiler/pipeline.js';

const gate = `
/** @differentiable */
export function gate(w: number, x: number): number {
  const y = 1 / (1 + Math.exp(-w * x));
  return y * y;
}`;

const saving = `
/** @differentiable */
export function saving(x: number, a: number[], n: number): number {
  let s = x;
  for (let i = 0; i < n; i++) s = Math.sin(s);
  for (let i = 0; i < a.length; i++) {
    const e = Math.exp(a[i] * s);
    s += e * e;
  }
  const b = a.slice();
  while (s > 1) {
    b[0] = b[0] * b[0] * s;
    s /= 2;
  }
  return b[0] * s;
}`;

const refused = `
/** @differentiable */
export function refused(x: number, n: number): number {
  const rows = [[x], [x * x]];
  for (let i = 0; i < n; i++) rows[i] = [x * x];
  return rows[0][0];
}`;

const dump = (text: string, stage: Stage): string =>
  compileSource(openText('source.ts', text), { stage }).ir;

it('shows a function after each stage', () => {
  expect(stages.map((stage) => `${stage}\n${dump(gate, stage)}`).join('\n')).toMatchInlineSnapshot(`
    "lowered
    fn gate(w: number, x: number) {
      %0 = -w
      %1 = %0 * x
      %2 = Math.exp(%1)
      %3 = 1 + %2
      y = 1 / %3
      value = y * y
      yield value
    }

    simplified
    fn gate(w: number, x: number) {
      %0 = -w
      %1 = %0 * x
      %2 = -%1
      y = sigmoid(%2)
      value = y * y
      yield value
    }

    reversed
    fn gate(w: number, x: number) {
      %0 = -w
      %1 = %0 * x
      %2 = -%1
      y = sigmoid(%2)
      value = y * y
      yield value
    }
    backward {
      %3 = copy y
      %4 = copy y
      dy = 2 * %4
      %5 = 1 - y
      %6 = y * %5
      %7 = %6 * dy
      %8 = -%7
      %9 = x * %7
      %10 = -%9
      %11 = w * %7
      %12 = -%11
      dw = copy %9
      dx = copy %11
      yield dw, dx
    }

    cleaned
    fn gate(w: number, x: number) {
      %0 = -w
      %1 = %0 * x
      %2 = -%1
      y = sigmoid(%2)
      value = y * y
      yield value
    }
    backward {
      %3 = copy y
      dy = 2 * %3
      %4 = 1 - y
      %5 = y * %4
      %6 = %5 * dy
      %7 = x * %6
      %8 = w * %6
      dw = copy %7
      dx = copy %8
      yield dw, dx
    }

    final
    fn gate(w: number, x: number) {
      %0 = -w
      %1 = %0 * x
      %2 = -%1
      y = sigmoid(%2)
      value = y * y
      yield value
    }
    backward {
      %3 = copy y
      dy = 2 * %3
      %4 = 1 - y
      %5 = y * %4
      %6 = %5 * dy
      %7 = x * %6
      %8 = w * %6
      dw = copy %7
      dx = copy %8
      yield dw, dx
    }
    "
  `);
});

it('shows what the forward sweep saves', () => {
  expect(/^tapes {[^]*/m.exec(dump(saving, 'final'))?.[0]).toMatchInlineSnapshot(`
    "tapes {
      s_saved: stack of s.7
      e_saved: array[%0] at i.5 of e
      s_saved.1: array[%0] at i.5 of s.4
      s_saved.2: array[n] at i.1 of s.1
      b_saved: stack of b[0] before \`b[0] = b[0] * b[0] * s\`
      trips: cell of the trips of \`while (s > 1)\`
    }
    "
  `);
});

it('shows a function that is refused as far as it came', () => {
  expect(stages.filter((stage) => dump(refused, stage) !== '')).toEqual(['lowered', 'simplified']);
});
