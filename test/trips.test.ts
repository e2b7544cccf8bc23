import { describe, expect, it } from 'vitest';
import { load } from './support/compile-text.js';
import { centralDifference } from './support/central-difference.js';

/** Loops whose number of iterations is not written down: the backward sweep must run exactly as often. */

interface Case {
  readonly name: string;
  /** Parameters beside x. */
  readonly parameters?: string;
  readonly body: string;
  /** Values of the parameters beside x. */
  readonly at: readonly (readonly unknown[])[];
}

/** A step of the state s whose derivative depends on s and on the index. */
const step = (index: string): string => `s = Math.sin(s) * x + 0.1 * ${index};`;
const bounds = [[2.5], [-1], [0], [NaN], [1], [7], [1e3]];

/** A loop with a header, and a body beside the step. */
function counted(header: string, extra = ''): Omit<Case, 'at'> {
  return { name: `for (${header}) ${extra}`, body: `for (${header}) { ${step('i')} ${extra} }` };
}

const cases: readonly Case[] = [
  ...[
    'let i = 0; i < n; i++',
    'let i = 0; i < n; ++i',
    'let i = 0; i <= n; i++',
    'let i = 0; n > i; i += 1',
    'let i = 0; i < n; i += 2',
    'let i = 0; i < n; i += 3',
    'let i = 0; i <= n; i += 3',
    'let i = 0; i < n; i = i + 2',
    'let i = n; i > 0; i--',
    'let i = n; i >= 0; i--',
    'let i = n - 1; i >= 0; i -= 2',
    'let i = n; i > 0; i -= 2',
    'let i = 0; i > -n; i--',
    'let i = 0; i < n * 0.5; i++',
    'let i = 0; i < 0.5; i += 0.1',
    'let i = 0; i < n && i < 12; i += 0.1',
    'let i = 1; i < n; i *= 2',
    'let i = -3; i < n; i++',
  ].map((header) => ({ ...counted(header), parameters: 'n: number', at: bounds })),
  {
    ...counted('let i = 0; i !== n; i++'),
    parameters: 'n: number',
    at: [[0], [1], [6]],
  },
  {
    ...counted('let i = n; i !== 0; i--'),
    parameters: 'n: number',
    at: [[0], [1], [6]],
  },
  {
    ...counted('let i = start; i < end; i++'),
    parameters: 'start: number, end: number',
    at: [
      [0, 5],
      [2, 5],
      [2.5, 5],
      [5, 2],
      [-3, 1.5],
      [NaN, 4],
    ],
  },
  {
    ...counted('let i = start; i < end; i += by'),
    parameters: 'start: number, end: number, by: number',
    at: [
      [0, 5, 1],
      [0, 5, 2],
      [0.25, 2, 0.5],
      [3, 1, 1],
    ],
  },
  {
    ...counted('let i = 0; i < n; i++', 'if (s > 0.3) n -= 1;'),
    parameters: 'n: number',
    at: bounds,
  },
  { ...counted('let i = 0; i < n; i++', 'if (i < 3) n++;'), parameters: 'n: number', at: bounds },
  {
    ...counted('let i = 0; i < n; i++', 'if (i % 2 === 0) i++;'),
    parameters: 'n: number',
    at: bounds,
  },
  {
    ...counted('let i = 0; i < n; i++', 'if (i === 4) break;'),
    parameters: 'n: number',
    at: bounds,
  },
  {
    ...counted('let i = 0; i < n; i++', 'if (i % 3 === 0) continue; s += x * i;'),
    parameters: 'n: number',
    at: bounds,
  },
  {
    name: 'a counter outside of the loop',
    parameters: 'n: number',
    body: `let i = 0; while (i < n) { ${step('i')} i += 2; } s += x * i;`,
    at: bounds,
  },
  {
    name: 'do … while',
    parameters: 'n: number',
    body: `let i = 0; do { ${step('i')} i++; } while (i < n);`,
    at: bounds,
  },
  {
    name: 'a loop that ends where the state says',
    body: `let i = 0; while (Math.abs(s - 2 * x) > 1e-3 && i < 40) { s = 0.5 * s + x; i++; }`,
    at: [[]],
  },
  {
    name: 'a triangle',
    parameters: 'n: number',
    body: `for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) { ${step('(i * j)')} }`,
    at: [[2.5], [0], [-1], [6]],
  },
  {
    name: 'an upper triangle',
    parameters: 'n: number',
    body: `for (let i = 0; i < n; i++) for (let j = i; j < n; j++) { ${step('(i - j)')} }`,
    at: [[2.5], [0], [-1], [6]],
  },
  {
    name: 'a triangle with a sum of its own',
    parameters: 'n: number',
    body: `for (let i = 1; i <= n; i++) { let t = x; for (let j = i; j > 0; j -= 2) t = t * s + j; s = Math.sin(t); }`,
    at: [[2.5], [0], [-1], [6]],
  },
  {
    name: 'an inner bound from an array',
    parameters: 'counts: number[]',
    body: `for (let i = 0; i < counts.length; i++) for (let j = 0; j < counts[i]; j++) { ${step('j')} }`,
    at: [[[]], [[3]], [[2.5, -1, 0, 4]], [[NaN, 2]]],
  },
  {
    name: 'an inner bound that the outer loop changes',
    parameters: 'n: number',
    body: `let m = 1; for (let i = 0; i < n; i++) { for (let j = 0; j < m; j++) { ${step('j')} } m += 0.5; }`,
    at: [[2.5], [0], [-1], [6]],
  },
  {
    name: 'the bound changes behind the loop',
    parameters: 'n: number',
    body: `for (let i = 0; i < n; i++) { ${step('i')} } n = 2; s *= x * n;`,
    at: bounds,
  },
  {
    name: 'the start changes behind the loop',
    parameters: 'k: number',
    body: `for (let i = k; i < 5; i++) { ${step('i')} } k = 2; s *= x * k;`,
    at: [[0], [2.5], [5], [9]],
  },
  {
    name: 'an array that grows with each iteration',
    parameters: 'n: number',
    body: `const a = [x]; for (let i = 0; i < n; i++) { a.push(a[i] * Math.sin(x)); s += a[i + 1] * a[i]; }`,
    at: [[0], [1], [2.5], [6]],
  },
  {
    name: 'an array that grows behind the loop',
    body: `const a = [x, 2 * x]; for (let i = 0; i < a.length; i++) s += a[i] * a[i]; a.push(s); s = a[2] * x;`,
    at: [[]],
  },
  {
    name: 'a table of a length that is no integer',
    parameters: 'n: number',
    body: `const a = new Float64Array(n); for (let i = 0; i < n; i++) a[i] = x * i; for (let i = 0; i < a.length; i++) s += a[i] * a[i];`,
    at: [[2], [5]],
  },
  {
    name: 'two loops with one counter',
    parameters: 'n: number',
    body: `let i = 0; for (; i < n; i++) { ${step('i')} } for (; i > 0; i -= 2) { ${step('i')} }`,
    at: bounds,
  },
];

describe('the backward sweep of a loop', () => {
  it.each(cases)('$name', async ({ parameters, body, at }) => {
    const list = ['x: number', ...(parameters === undefined ? [] : [parameters])].join(', ');
    const { primal, gradient } = await load(
      `/** @differentiable wrt=x */\nexport function f(${list}): number { let s = x; ${body} return s; }\n`,
    );
    for (const rest of at) {
      for (const x of [0.7, -0.4]) {
        const f = (value: number): number => primal('f')(value, ...structuredClone(rest)) as number;
        const { value, error } = centralDifference(f, x);
        const result = gradient('f')(x, ...structuredClone(rest));
        const message = `at ${String(x)}, ${JSON.stringify(rest)}`;
        expect(result.value, message).toBe(f(x));
        const difference = Math.abs((result.dx as number) - value);
        expect(difference, `${message}: ${String(result.dx)}, not ${value}`).toBeLessThanOrEqual(
          error + 1e-8 * Math.abs(value) + 1e-12,
        );
        expect(error, message).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      }
    }
  });
});
