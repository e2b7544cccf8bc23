import { diffLines } from 'diff';
import { describe, expect, it } from 'vitest';
import { generate } from './support/compile-text.js';

/** Generated text changes only where the source changes: it is read, reviewed and committed. */

const source = `export interface Body {
  mass: number;
  at: number[];
}

/**
 * The energy of a swing.
 * @differentiable
 */
export function energy(theta: number, omega: number, length: number): number {
  const height = length * (1 - Math.cos(theta));
  const speed = length * omega;
  const kinetic = 0.5 * speed * speed;
  const potential = 9.81 * height;
  return kinetic + potential;
}

/** @differentiable */
export function loss(w: number[], x: number[], y: number): number {
  let sum = 0;
  for (let i = 0; i < w.length; i++) {
    const term = w[i] * x[i];
    sum += Math.tanh(term);
  }
  const error = sum - y;
  if (error > 0) {
    return error * error;
  }
  return Math.exp(error);
}
`;

const before = await generate(source);

/** The lines that are in one text only. */
function changedTo(after: string): string[] {
  return diffLines(before, after)
    .filter((part) => part.added || part.removed)
    .flatMap((part) => part.value.split('\n').filter((line) => line.trim() !== ''));
}

function replaced(from: string | RegExp, to: string): string {
  const text = source.replaceAll(from, to);
  if (text === source) throw new Error(`no ${String(from)} in the source`);
  return text;
}

describe('generated text stays the same', () => {
  it.each<[string, string]>([
    ['when it is generated twice', source],
    ['when a comment is added', replaced('  const speed', '  // how fast\n  const speed')],
    ['when a comment is added at the end of a line', replaced('* omega;', '* omega; // fast')],
    ['when a blank line is added', replaced('  const error', '\n\n  const error')],
    ['when a comment is put on top', `// A swing.\n\n${source}`],
    ['when the source has CRLF', replaced('\n', '\r\n')],
    ['when statements are spread', replaced('w[i] * x[i]', '\n      w[i] *\n      x[i]')],
    ['when the source is indented otherwise', replaced(/^ {2}/gm, '      ')],
    [
      'when an unrelated function is added',
      `${source}\nexport const twice = (a: number) => 2 * a;\n`,
    ],
    ['when an unrelated type is changed', replaced('mass: number', 'mass: number;\n  age: number')],
  ])('%s', async (_, text) => {
    expect(await generate(text)).toBe(before);
  });

  it('holds no dates, paths, line numbers or counters', () => {
    expect(before).not.toMatch(/20\d\d|\/\w+\/\w+\/|line|:\d+:\d+/i);
    expect(before).not.toMatch(/\b(t|tmp|temp|_)\d+\b/);
  });
});

describe('generated text changes locally', () => {
  it('renaming a local changes only lines with that name', async () => {
    for (const name of ['speed', 'kinetic', 'term', 'error', 'sum', 'potential', 'height']) {
      const renamed = await generate(replaced(new RegExp(`\\b${name}\\b`, 'g'), 'quux'));
      const lines = changedTo(renamed);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter((line) => !line.includes(name) && !line.includes('quux'))).toEqual([]);
    }
  });

  it('renaming is the same renaming in the generated text', async () => {
    const renamed = await generate(replaced(/\bspeed\b/g, 'shoot'));
    expect(renamed).toBe(before.replace(/\bspeed\b/g, 'shoot').replace(/\bdspeed\b/g, 'dshoot'));
  });

  it('renaming the index of a loop changes only lines with that name', async () => {
    const lines = changedTo(await generate(replaced(/\bi\b/g, 'k')));
    expect(lines.filter((line) => !/\b[ik]\b|_[ik]\b/.test(line))).toEqual([]);
  });

  it('adding a statement changes only lines about its variables', async () => {
    const text = replaced(
      '  const potential = 9.81 * height;',
      '  const lift = Math.exp(height);\n  const potential = 9.81 * height + lift;',
    );
    const lines = changedTo(await generate(text));
    expect(lines.filter((line) => !/lift|potential|height|return/.test(line))).toEqual([]);
    expect(lines.length).toBeLessThan(12);
  });

  it('adding a statement to a loop changes only lines about its variables', async () => {
    const text = replaced(
      '    sum += Math.tanh(term);',
      '    sum += Math.tanh(term);\n    sum += 0.1 * w[i] * w[i];',
    );
    const lines = changedTo(await generate(text));
    expect(lines.filter((line) => !/sum|dw/.test(line))).toEqual([]);
    expect(lines.length).toBeLessThan(6);
  });

  it('changing a constant changes two lines', async () => {
    const lines = changedTo(await generate(replaced('9.81', '1.62')));
    expect(lines.every((line) => line.includes('9.81') || line.includes('1.62'))).toBe(true);
  });

  it('a change of one function leaves the other alone', async () => {
    const after = await generate(replaced('Math.exp(error)', 'Math.log1p(error * error)'));
    const half = (text: string): string =>
      text.slice(0, text.indexOf('/** Value and gradient of `loss`'));
    expect(half(after)).toBe(half(before));
  });

  it('exchanging two functions exchanges what is generated for them', async () => {
    const parts = (text: string, marker: RegExp): string[] => text.split(marker);
    const [head = '', energy = '', loss = ''] = parts(source, /^(?=\/\*\*)/m);
    const marker = /^(?=\/\*\* Value)/m;
    const [top, first = '', second = ''] = parts(before, marker);
    const exchanged = parts(await generate(`${head}${loss}\n${energy}`), marker);
    const trimmed = exchanged.map((part) => part.trim());
    expect(trimmed).toEqual([top, second, first].map((part) => part?.trim()));
  });
});
