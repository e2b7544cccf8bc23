import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as saddle from '../fixtures/nested/saddle.js';
import { compileFixture, fixtureProject } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { importedModules, loadModule, type GradientModule } from './support/load-module.js';

type Vector = readonly number[];

/** Gradient descent with a step that grows and shrinks. */
function argmin(f: (x: Vector) => number, gradient: (x: Vector) => Vector, start: Vector): Vector {
  let x = start;
  let value = f(x);
  let slope = gradient(x);
  let kept = 0;
  for (let rate = 1e-5; Math.hypot(...slope) > 1e-5;) {
    if (kept === 10) {
      rate *= 2;
      kept = 0;
      continue;
    }
    const next = x.map((xi, i) => xi - rate * (slope[i] ?? 0));
    if (Math.hypot(...next.map((xi, i) => xi - (x[i] ?? 0))) <= 1e-5) break;
    if (f(next) < value) {
      x = next;
      value = f(x);
      slope = gradient(x);
      kept++;
    } else {
      rate /= 2;
      kept = 0;
    }
  }
  return x;
}

let module: GradientModule;
beforeAll(async () => {
  const file = fixtureFiles.find(({ name }) => name === 'nested/saddle');
  if (file === undefined) throw new Error('no fixture of the saddle');
  const source = fixtureProject([file.path]).getSourceFileOrThrow(file.path);
  const { text } = await compileFixture(source);
  if (text === null) throw new Error('nothing was generated');
  module = loadModule(text, saddle, await importedModules(text, dirname(file.path)));
}, 60_000);

/** The gradient of the highest point over y: the outer mode, with inner gradients in the inner one. */
function outerGradient(isForward: boolean, isInnerForward: boolean, start: Vector, coupling = 0) {
  return (x: Vector): Vector => {
    if (!isForward) return module.highest_grad?.(x, start, coupling, isInnerForward).dx as Vector;
    return [
      [1, 0],
      [0, 1],
    ].map((dx) => {
      const result = module.highest_jvp?.(x, start, coupling, isInnerForward, dx);
      return result?.dvalue as number;
    });
  };
}

const modes = [
  { name: 'rr', isForward: false, isInnerForward: false },
  { name: 'ff', isForward: true, isInnerForward: true },
  { name: 'fr', isForward: true, isInnerForward: false },
  { name: 'rf', isForward: false, isInnerForward: true },
];

describe('the saddle point of GradBench', () => {
  const cases = [
    { start: [1, 1], expected: [8.246324826140356e-6, 8.246324826140356e-6] },
    { start: [0.5, -2], expected: [1.421006694040506e-6, -5.684026776162024e-6] },
    { start: [3, 0], expected: [8.526040164243038e-6, 0] },
  ];
  it.each(modes)('by $name', ({ isForward, isInnerForward }) => {
    for (const { start, expected } of cases) {
      const f = (x: Vector): number => saddle.highest(x, start, 0, isInnerForward);
      const x = argmin(f, outerGradient(isForward, isInnerForward, start), start);
      const inner = (y: Vector): number => saddle.inner(y, x, 0);
      const y = argmin(inner, (at) => module.inner_grad?.(at, x, 0).dy as Vector, start);
      const scale = Math.max(...expected.map(Math.abs));
      [...x, ...y].forEach((value, i) => {
        expect(Math.abs(value - (expected[i % 2] ?? NaN))).toBeLessThanOrEqual(1e-10 * scale);
      });
    }
  });
});

describe('a descent with an unknown number of steps', () => {
  // With coupling the highest point moves with x, so that the derivative goes through every step to it.
  const start = [0.2, 0.1];
  const at = [0.7, -0.4];
  it.each(modes)('by $name is differentiated step by step', ({ isForward, isInnerForward }) => {
    const f = (x: Vector): number => saddle.highest(x, start, 0.3, isInnerForward);
    const gradient = outerGradient(isForward, isInnerForward, start, 0.3)(at);
    gradient.forEach((derivative, i) => {
      const step = 1e-6;
      const [up, down] = [step, -step].map((h) => f(at.map((x, j) => (j === i ? x + h : x))));
      expect(derivative).toBeCloseTo(((up ?? NaN) - (down ?? NaN)) / (2 * step), 7);
    });
  });

  it('gives the same in all modes', () => {
    const [first, ...others] = modes.map(({ isForward, isInnerForward }) =>
      outerGradient(isForward, isInnerForward, start, 0.3)(at),
    );
    for (const other of others)
      other.forEach((value, i) => expect(value).toBeCloseTo(first?.[i] ?? NaN, 12));
  });
});
