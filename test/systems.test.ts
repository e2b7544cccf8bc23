import { describe, expect, it } from 'vitest';
import { compileFixture, fixtureProject } from './support/compile-fixture.js';
import { fixtureFiles } from './support/fixture-files.js';
import { loadModule, type GradientModule } from './support/load-module.js';

/** What the systems must show beyond their numbers, which are points of the fixtures. */

async function generated(name: string): Promise<string> {
  const file = fixtureFiles.find((fixture) => fixture.name === `systems/${name}`);
  if (file === undefined) throw new Error(`no fixture systems/${name}`);
  const source = fixtureProject([file.path]).getSourceFileOrThrow(file.path);
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
