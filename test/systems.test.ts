import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { add, repeat, sliceRows, sum, type Matrix } from '@chainrule/runtime';
import { compileFixture, fixtureProject } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { loadModule, type GradientModule } from './support/load-module.js';
import { expectClose, sample } from './support/matrix-differences.js';

/** What the systems must show beyond their numbers, which are points of the fixtures. */

const systems = fixtureFiles.filter(({ name }) => /^(systems|forward)\//.test(name));
const project = fixtureProject(systems.map(({ path }) => path));
const texts = new Map<string, Promise<string>>();

/** The text generated from a fixture of the systems. */
function generated(name: string): Promise<string> {
  const text = texts.get(name) ?? compiled(name);
  texts.set(name, text);
  return text;
}

async function compiled(name: string): Promise<string> {
  const path = name.includes('/') ? name : `systems/${name}`;
  const file = systems.find((fixture) => fixture.name === path);
  if (file === undefined) throw new Error(`no fixture ${path}`);
  const source = project.getSourceFileOrThrow(file.path);
  const { text } = await compileFixture(source);
  if (text === null) throw new Error('nothing was generated');
  return text;
}

function functionText(text: string, name: string): string {
  const start = text.indexOf(`export function ${name}_grad`);
  const end = text.indexOf('\n}\n', start);
  if (start < 0 || end < 0) throw new Error(`no ${name}_grad`);
  return text.slice(start, end);
}

/** The adjoints in the order in which the backward sweep first assigns them. */
function adjoints(text: string, name: string): string[] {
  const backward = functionText(text, name).split('// Backward')[1] ?? '';
  const assigned = backward.matchAll(/^ +(?:const |let )?(d\w+) \+?= /gm);
  return [...new Set([...assigned].map((match) => match[1] ?? ''))];
}

function gradientOf(module: GradientModule, name: string) {
  const gradient = module[`${name}_grad`];
  if (gradient === undefined) throw new Error(`no ${name}_grad`);
  return (x: number, y: number): { value: number; dx: number; dy: number } =>
    gradient(x, y) as unknown as { value: number; dx: number; dy: number };
}

/** A gradient whose derivatives are all matrices. */
function matrixGradient(text: string, name: string): (...at: unknown[]) => Record<string, Matrix> {
  const gradient = loadModule(text, {})[`${name}_grad`];
  if (gradient === undefined) throw new Error(`no ${name}_grad`);
  return (...at) => gradient(...at) as unknown as Record<string, Matrix>;
}

describe('S2, the first circuit', () => {
  it('reads dq and dz, then dx and dy', async () => {
    const order = adjoints(await generated('gates'), 'circuit');
    expect(order.slice(0, 2).sort()).toEqual(['dq', 'dz']);
    expect(order.slice(2)).toEqual(['dx', 'dy']);
  });
});

describe('S3, the sigmoid neuron', () => {
  it.each(['neuron', 'neuronOfGates'])('%s reuses its output as f * (1 - f)', async (name) => {
    const text = functionText(await generated('neuron'), name);
    expect(text).toContain('f * (1 - f)');
    const backward = text.split('// Backward')[1]?.replace(/\/\/.*/g, '');
    expect(backward).toContain('(1 - f)');
    expect(backward).not.toContain('Math.exp');
  });
});

describe('S4, the staged computation', () => {
  it('is staged in the reverse order', async () => {
    const order = adjoints(await generated('staged'), 'staged');
    expect(order).toEqual([
      'dnum',
      'dinvden',
      'dden',
      'dsigx',
      'dxpysqr',
      'dxpy',
      'dx',
      'dy',
      'dsigy',
    ]);
  });

  it('assigns each adjoint once and adds to it later', async () => {
    const text = functionText(await generated('staged'), 'staged');
    expect(text.match(/\bdx = /g)).toHaveLength(1);
    expect(text.match(/\bdx \+= /g)).toHaveLength(2);
    expect(text.match(/\bdy = /g)).toHaveLength(1);
    expect(text.match(/\bdy \+= /g)).toHaveLength(1);
  });
});

describe('S5, the matrix product', () => {
  it.each(['product', 'squaredProduct'])('%s never makes a transpose', async (name) => {
    const text = functionText(await generated('matrix-product'), name);
    expect(text).toContain('const dW = matmulNT(dD, X);');
    expect(text).toContain('const dX = matmulTN(W, dD);');
    expect(text).not.toContain('transpose(');
  });

  it('has gradients of the shapes of the factors', async () => {
    const gradient = matrixGradient(await generated('matrix-product'), 'product');
    const { dW, dX } = gradient(sample(5, 10), sample(10, 3), sample(5, 3));
    expect([dW.rows, dW.cols]).toEqual([5, 10]);
    expect([dX.rows, dX.cols]).toEqual([10, 3]);
  });
});

describe('S7, repeat and sum', () => {
  it('are each other backwards', async () => {
    const text = await generated('matrix-nodes');
    const [row, table] = [sample(1, 8, 1), sample(7, 8, 2)];
    const repeated = matrixGradient(text, 'repeatedRow')(row, 7, table);
    expectClose(repeated.dx, sum(table, 0));
    const summed = matrixGradient(text, 'sumOfRows')(table, row);
    expectClose(summed.dx, repeat(row, 7, 0), 0);
  });
});

describe('S8, the fully connected layer', () => {
  it('updates its weights by the sum over the samples', async () => {
    const gradient = matrixGradient(await generated('fully-connected'), 'layer');
    const [X, W, b, upstream] = [
      sample(4, 3, 1),
      sample(3, 5, 2),
      sample(1, 5, 3),
      sample(4, 5, 4),
    ];
    const ofSample = (i: number): Matrix =>
      gradient(sliceRows(X, i, i + 1), W, b, sliceRows(upstream, i, i + 1)).dW;
    const total = [0, 1, 2, 3].map(ofSample).reduce((sum, dW) => add(sum, dW));
    expectClose(gradient(X, W, b, upstream).dW, total);
  });
});

describe('S9, descent', () => {
  it('has the directional derivative −√2/2 from its gradient', async () => {
    const slope = gradientOf(loadModule(await generated('descent'), {}), 'slope');
    const { dx, dy } = slope(1, 0);
    expect(dx * Math.SQRT1_2 - dy * Math.SQRT1_2).toBeCloseTo(-Math.SQRT1_2, 14);
  });

  it('reaches the bottom of the bowl in under 100 steps', async () => {
    const bowl = gradientOf(loadModule(await generated('descent'), {}), 'bowl');
    let [x, y] = [1, 2];
    let steps = 0;
    for (; Math.hypot(x, y) >= 1e-6; steps++) {
      const { dx, dy } = bowl(x, y);
      [x, y] = [x - 0.1 * dx, y - 0.1 * dy];
      if (steps > 100) break;
    }
    expect(steps).toBeLessThan(100);
  });
});

describe('S13, a network trained on real data', () => {
  /** What an example prints. */
  async function printed(example: string): Promise<string[]> {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    try {
      await import(`../examples/${example}.ts`);
      return log.mock.calls.map(([line]) => String(line));
    } finally {
      log.mockRestore();
    }
  }

  /** The block of the README that shows it. */
  function shown(example: string): string[] {
    const block = new RegExp(
      `<!-- output of examples/${example}.ts -->\\s+\`{3}text\\n([^]*?)\\n\`{3}`,
    );
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    return (block.exec(readme)?.[1] ?? '').split('\n');
  }

  it.each(['fit', 'regressions', 'network'])('%s prints what the README shows', async (example) => {
    expect(await printed(example)).toEqual(shown(example));
  });

  it('falls in each epoch and knows most of the flowers that it has not seen', () => {
    const lines = shown('network');
    const losses = lines.flatMap((line) => /loss (\S+)/.exec(line)?.slice(1).map(Number) ?? []);
    expect(losses).toHaveLength(40);
    expect(losses).toEqual([...new Set(losses)].sort((a, b) => b - a));
    expect(losses.at(-1)).toBeLessThan(0.08);
    const right = Number(/test: (\d+) of 30/.exec(lines.at(-1) ?? '')?.[1]);
    expect(right).toBeGreaterThanOrEqual(27);
  });
});

describe('S9, a directional derivative', () => {
  it('of x·e^(2y) at (1, 0) along (1, −1)/√2 is −√2/2', async () => {
    const text = await generated('forward/directional');
    const { slope_jvp: slope } = loadModule(text, {}) as unknown as Record<
      string,
      (...args: number[]) => { value: number; dvalue: number }
    >;
    expect(slope?.(1, 0, Math.SQRT1_2, -Math.SQRT1_2)).toEqual({ value: 1, dvalue: -Math.SQRT1_2 });
  });
});
