import type * as Fs from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { source, workspace } from './workspace.js';

const disk = vi.hoisted(() => ({ failure: null as string | null }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const writeFileSync: typeof fs.writeFileSync = (file, text, options) => {
    if (disk.failure === null) return fs.writeFileSync(file, text, options);
    // A disk that is full has taken the first half.
    if (disk.failure === 'ENOSPC') fs.writeFileSync(file, 'half of ', options);
    throw Object.assign(new Error(`${disk.failure}: ${String(file)}`), { code: disk.failure });
  };
  return { ...fs, writeFileSync };
});

beforeEach(() => {
  disk.failure = null;
});

describe.each([
  ['a full disk', 'ENOSPC'],
  ['a folder that is read only', 'EACCES'],
])('%s', (_, failure) => {
  it('is an error, and what stood there stays whole', async () => {
    const { run, read, write, list } = workspace({ 'a.ts': source('a') });
    await run('build');
    const before = read('a_grad.ts');
    write({ 'a.ts': source('b') });
    disk.failure = failure;
    const { code, out, err } = await run('build');
    disk.failure = null;
    expect(code).toBe(1);
    expect(out).toBe('failed    a.ts\n1 failed; 1 error\n');
    expect(err).toContain(`CR405 (your code)\na_grad.ts could not be read or written: ${failure}`);
    expect(read('a_grad.ts')).toBe(before);
    expect(list()).toEqual(['a.ts', 'a_grad.ts']);
  });
});
