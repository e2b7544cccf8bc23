import { describe, expect, it } from 'vitest';
import { load, type Loaded } from '../support/compile-text.js';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

async function compileBody(body: string, parameters = 'z: number'): Promise<Loaded> {
  return load(`/** @differentiable */\nexport function f(${parameters}): number {\n  ${body}\n}\n`);
}

function backward(text: string): string {
  return text.slice(text.indexOf('// Backward')).replace(/\/\/.*/g, '');
}

const zs = [0, 2, -3, 0.1, 30, -30, 800, -800];

const sigmoids = [
  'return 1 / (1 + Math.exp(-z));',
  'return 1 / (Math.exp(-z) + 1);',
  'return 1 / (1 + Math.exp(z * -1));',
  'return 1 / (1 + Math.exp(-1 * z));',
  'return 1 / (1 + Math.exp(0 - z));',
  'const m = -z; const e = Math.exp(m); const d = 1 + e; return 1 / d;',
  'const one = 1; let d = Math.exp(-z); d += one; const f = one / d; return f;',
  'const copy = z; return 1 / (1 + Math.exp(-copy));',
  'const m = -z; return 1 / (1 + Math.exp(-(-m)));',
];

describe('the sigmoid', () => {
  it.each(sigmoids)('%s', async (body) => {
    const { gradient, text } = await compileBody(body);
    expect(backward(text)).not.toContain('Math.exp');
    for (const z of zs) {
      const { value, dz } = gradient('f')(z);
      expect(dz).toBe(value * (1 - value));
      expect(value).toBe(sigmoid(z));
    }
  });

  it('of the opposite', async () => {
    const { gradient, text } = await compileBody('return 1 / (1 + Math.exp(z));');
    expect(text).toContain('-value * (1 - value)');
    for (const z of zs) expect(gradient('f')(z).dz).toBeCloseTo(-sigmoid(z) * sigmoid(-z), 15);
  });

  it.each([
    'return Math.exp(z) / (1 + Math.exp(z));',
    'const e = Math.exp(z); return e / (e + 1);',
  ])('as a quotient of exponentials: %s', async (body) => {
    const { gradient, text } = await compileBody(body);
    expect(backward(text)).toContain('value * (1 - value)');
    // Where exp(z) overflows, the function itself is NaN.
    for (const z of zs.filter((each) => each < 700)) {
      expect(gradient('f')(z).dz).toBeCloseTo(sigmoid(z) * sigmoid(-z), 15);
    }
  });

  it('of an expression', async () => {
    const { gradient } = await compileBody(
      'return 1 / (1 + Math.exp(-(a * x + b)));',
      'a: number, x: number, b: number',
    );
    const s = sigmoid(7) * sigmoid(-7);
    const { da, dx, db } = gradient('f')(2, 3, 1);
    expect(da).toBeCloseTo(3 * s, 15);
    expect(dx).toBeCloseTo(2 * s, 15);
    expect(db).toBeCloseTo(s, 15);
    expect(gradient('f')(-800, 1, 0).da).toBe(0);
  });

  it('is told from what only looks like it', async () => {
    for (const body of ['return 1 / (2 + Math.exp(-z));', 'return 1 / (1 - Math.exp(-z));']) {
      const { gradient, primal } = await compileBody(body);
      const f = primal('f') as (z: number) => number;
      const h = 2 ** -17;
      expect(gradient('f')(1.5).dz).toBeCloseTo((f(1.5 + h) - f(1.5 - h)) / (2 * h), 8);
    }
  });
});

const softpluses = [
  'return Math.log(1 + Math.exp(z));',
  'return Math.log(Math.exp(z) + 1);',
  'return Math.log1p(Math.exp(z));',
  'return Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0);',
  'return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));',
  'return Math.max(0, z) + Math.log(1 + Math.exp(-Math.abs(z)));',
  'return Math.log(Math.exp(-Math.abs(z)) + 1) + Math.max(0, z);',
  'return Math.max(z, 0) + Math.log1p(Math.exp(-1 * Math.abs(z)));',
  'return Math.max(z, 0) + Math.log1p(Math.exp(0 - Math.abs(-z)));',
  'return Math.log1p(Math.exp(-Math.abs(z))) - Math.min(-z, 0);',
  'return (z > 0 ? z : 0) + Math.log1p(Math.exp(-Math.abs(z)));',
  'return (z < 0 ? 0 : z) + Math.log1p(Math.exp(-Math.abs(z)));',
  'const m = Math.max(z, 0); const a = Math.abs(z); const l = Math.log1p(Math.exp(-a)); return m + l;',
  'let s = Math.max(z, 0); s += Math.log1p(Math.exp(-Math.abs(z))); return s;',
  'const x = z; return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(z)));',
  'return -(Math.min(-z, 0) - Math.log1p(Math.exp(-Math.abs(z))));',
];

describe('the softplus', () => {
  it.each(softpluses)('%s', async (body) => {
    const { gradient, text } = await compileBody(body);
    expect(backward(text)).toMatch(/1 \/ \(1 \+ Math\.exp\(-\w+\)\)/);
    expect(backward(text)).not.toMatch(/dz.* \? /);
    for (const z of zs) expect(gradient('f')(z).dz).toBe(sigmoid(z));
  });

  it('of the opposite, as in a loss', async () => {
    const { gradient } = await compileBody(
      'return (1 - y) * z + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0);',
      'z: number, y: number',
    );
    for (const z of zs) {
      const { dz, dy } = gradient('f')(z, 0.25);
      expect(dz).toBeCloseTo(sigmoid(z) - 0.25, 14);
      expect(dy).toBe(-z);
    }
  });

  it.each([
    'return Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));',
    'const rest = Math.max(z, 0) - z * y; return rest + Math.log1p(Math.exp(-Math.abs(z)));',
    'return Math.log1p(Math.exp(-Math.abs(z))) - (z * y - Math.max(z, 0));',
  ])('among the terms of a sum: %s', async (body) => {
    const { gradient } = await compileBody(body, 'z: number, y: number');
    for (const z of zs) {
      expect(gradient('f')(z, 1).dz).toBeCloseTo(sigmoid(z) - 1, 14);
      expect(gradient('f')(z, 1).dy).toBe(-z);
    }
  });

  it('of elements that are read again', async () => {
    const { gradient } = await compileBody(
      [
        'let loss = 0;',
        'for (let i = 0; i < z.length; i++) {',
        '  loss += Math.max(z[i], 0) - z[i] * y[i] + Math.log1p(Math.exp(-Math.abs(z[i])));',
        '}',
        'return loss;',
      ].join('\n'),
      'z: number[], y: number[]',
    );
    const { dz, dy } = gradient('f')([0, 0, 3], [0, 1, 1]) as unknown as {
      dz: number[];
      dy: number[];
    };
    expect(dz).toEqual([0.5, -0.5, expect.closeTo(sigmoid(3) - 1, 15)]);
    expect(dy.map((slope) => slope + 0)).toEqual([0, 0, -3]);
  });

  it('is not made of an element and what overwrote it', async () => {
    const { gradient } = await compileBody(
      [
        'const a = [z];',
        'const ramp = Math.max(a[0], 0);',
        'a[0] = 2 * z;',
        'return ramp + Math.log1p(Math.exp(-Math.abs(a[0])));',
      ].join('\n'),
    );
    expect(gradient('f')(1.5).dz).toBeCloseTo(1 - 2 * sigmoid(-3), 14);
    expect(gradient('f')(-1.5).dz).toBeCloseTo(2 * sigmoid(-3), 14);
  });

  it('is told from what only looks like it', async () => {
    for (const body of [
      'return Math.max(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));',
      'return Math.max(z, 0) + Math.log1p(Math.exp(Math.abs(z)));',
      'return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(2 * z)));',
      'return Math.max(z, 1) + Math.log1p(Math.exp(-Math.abs(z)));',
      'return Math.max(-z, 0) - z - Math.min(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));',
    ]) {
      const { gradient, primal } = await compileBody(body);
      const f = primal('f') as (z: number) => number;
      for (const z of [1.5, -1.5]) {
        const h = 2 ** -17;
        expect(gradient('f')(z).dz).toBeCloseTo((f(z + h) - f(z - h)) / (2 * h), 8);
      }
    }
  });
});
