import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { main } from '../../compiler/cli/main.js';
import { fakeCompile, source, workspace, type Workspace } from './workspace.js';

const strict = JSON.stringify({ compilerOptions: { strict: true }, include: ['src'] });
const files = { 'tsconfig.json': strict, 'src/a.ts': source('a'), 'src/b.ts': source('b') };

interface Watched {
  /** What was printed since the last call, once it contains a text. */
  readonly says: (text: string) => Promise<string>;
  readonly compiled: string[];
}

/** Watches a workspace until the test is over. */
async function watch({ path }: Workspace, ...argv: string[]): Promise<Watched> {
  const stop = new AbortController();
  const compiled: string[] = [];
  let text = '';
  const print = (more: string) => void (text += more);
  const io = { cwd: path, isColored: false, isWatched: false, isGithub: false, stop: stop.signal };
  const over = main(['watch', ...argv], { ...io, out: print, err: print }, (file, options) => {
    compiled.push(file.getBaseName());
    return fakeCompile(file, options);
  });
  onTestFinished(async () => {
    stop.abort();
    expect(await over).toBe(0);
  });
  const says = async (wanted: string): Promise<string> => {
    await vi.waitFor(() => expect(text).toContain(wanted), { timeout: 15_000, interval: 20 });
    const said = text;
    text = '';
    return said;
  };
  await says(argv.includes('json') ? '\n' : 'Watching for changes.');
  compiled.length = 0;
  return { says, compiled };
}

describe('chainrule watch', () => {
  it('builds, and builds again what depends on a changed file, in one line', async () => {
    const space = workspace({
      ...files,
      'src/helper.ts': 'export const one = 1;\n',
      'src/c.ts': `import { one } from './helper.js';\n${source('c')}export const n: number = one;\n`,
    });
    const { says, compiled } = await watch(space);
    expect(space.has('src/b_grad.ts')).toBe(true);

    space.write({ 'src/a.ts': source('changed') });
    expect(await says('src/a_grad.ts')).toMatch(
      /^\d\d:\d\d:\d\d wrote src\/a_grad\.ts \(\d+ ms\)\n$/,
    );
    expect(space.read('src/a_grad.ts')).toContain('changed_grad');
    space.write({ 'src/helper.ts': 'export const one = 2;\n' });
    await says('src/c_grad.ts');
    expect(compiled).toEqual(['a.ts', 'c.ts']);
  });

  it('survives errors, and tells when they are gone', async () => {
    const space = workspace(files);
    const { says } = await watch(space);
    space.write({ 'src/a.ts': 'export function a( {' });
    space.write({ 'src/a.ts': `${source('a')}export const n: number = ;\n` });
    expect(await says('failed src/a.ts')).toContain('TS1109');
    space.write({ 'src/b.ts': source('other') });
    expect(await says('wrote src/b_grad.ts')).toContain('1 of the sources still in error');
    space.write({ 'src/a.ts': source('a') });
    expect(await says('src/a_grad.ts')).not.toContain('error');
  });

  it('survives atomic saves, deletions and renames', async () => {
    const space = workspace(files);
    const { says } = await watch(space);
    const src = (name: string) => join(space.path, 'src', name);
    for (const name of ['first', 'second']) {
      writeFileSync(src('a.ts~'), source(name));
      renameSync(src('a.ts~'), src('a.ts'));
      await says('wrote src/a_grad.ts');
      expect(space.read('src/a_grad.ts')).toContain(`${name}_grad`);
    }
    renameSync(src('b.ts'), src('c.ts'));
    await vi.waitFor(() => expect(space.list().join()).toMatch(/c_grad/), { timeout: 15_000 });
    await vi.waitFor(() => expect(space.has('src/b_grad.ts')).toBe(false), { timeout: 15_000 });
    rmSync(src('c.ts'));
    await says('deleted src/c_grad.ts');
  });

  it('makes generated files again that were deleted or edited', async () => {
    const space = workspace(files);
    const { says } = await watch(space);
    rmSync(join(space.path, 'src/a_grad.ts'));
    await says('wrote src/a_grad.ts');
    space.write({ 'src/b_grad.ts': `${space.read('src/b_grad.ts')}// mine\n` });
    await says('wrote src/b_grad.ts');
    expect(space.read('src/b_grad.ts')).not.toContain('mine');
  });

  it('follows new folders, and many files that change at once', async () => {
    const space = workspace(files);
    const { says, compiled } = await watch(space);
    const many = Array.from(
      { length: 40 },
      (_, i) => [`src/new/f${i}.ts`, source(`f${i}`)] as const,
    );
    mkdirSync(join(space.path, 'src/new'));
    space.write(Object.fromEntries([...many, ['src/a.ts', source('a2')] as const]));
    rmSync(join(space.path, 'src/b.ts'));
    await vi.waitFor(
      () => {
        expect(space.list().filter((file) => file.endsWith('_grad.ts'))).toHaveLength(41);
        expect(space.has('src/b_grad.ts')).toBe(false);
        expect(space.read('src/a_grad.ts')).toContain('a2_grad');
      },
      { timeout: 15_000 },
    );
    await says('written');
    expect(compiled).toHaveLength(41);
  });

  it('follows edits of the tsconfig and of the configurations', async () => {
    const space = workspace({ ...files, 'lib/c.ts': source('c') });
    const { says } = await watch(space);
    space.write({ 'tsconfig.json': '{ "extends": "./none.json" }' });
    await says('CR403');
    space.write({ 'tsconfig.json': '{ "include": ["src", "lib"] }' });
    await vi.waitFor(() => expect(space.has('lib/c_grad.ts')).toBe(true), { timeout: 15_000 });
    space.write({ '.prettierrc': 'semi: false\n' });
    await says('written');
    expect(space.read('src/a_grad.ts')).toContain('return "a"\n');
    space.write({ 'chainrule.config.json': '{ "inclde": [] }' });
    await says('Did you mean "include"?');
    space.write({ 'chainrule.config.json': '{ "format": "none" }' });
    await says('written');
    expect(space.read('src/a_grad.ts')).toContain('return "a" }');
  });

  it('prints an object for each build with --format json', async () => {
    const space = workspace(files);
    const { says } = await watch(space, '--format', 'json');
    space.write({ 'src/a.ts': source('changed') });
    const lines = (await says('wrote')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual({
      files: [{ file: 'src/a_grad.ts', status: 'wrote' }],
      diagnostics: [],
      notes: [],
    });
  });

  it('is for whole projects', async () => {
    const { code, err } = await workspace(files).run('watch', 'src/a.ts');
    expect(code).toBe(2);
    expect(err).toContain('Whole projects are watched');
  });
});
