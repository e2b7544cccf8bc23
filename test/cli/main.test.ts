import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { version } from 'chainrule';
import { workspace } from './workspace.js';

describe('the command line', () => {
  it('knows its version', async () => {
    const manifest = new URL('../../compiler/package.json', import.meta.url);
    const { version: published } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      version: string;
    };
    expect(version).toBe(published);
    expect(await workspace().run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('has help', async () => {
    const { code, out } = await workspace().run('--help');
    expect(code).toBe(0);
    expect(out).toContain('build [options] [files...]');
    expect((await workspace().run('build', '--help')).out).toContain('--max-warnings');
  });

  it.each([
    ['an unknown command', ['biuld'], 'Did you mean build?'],
    ['an unknown option', ['build', '--quite'], 'Did you mean --quiet?'],
    ['a wrong number', ['build', '--max-warnings', 'many'], 'whole number'],
    [
      'an unknown stage',
      ['build', '--dump', 'a.ts'],
      'The stages are lowered, simplified, reversed, cleaned, final',
    ],
    ['a tsconfig that is not there', ['build', '-p', 'nowhere.json'], 'There is no tsconfig'],
    ['a file that is not there', ['build', 'nothing.ts'], 'nothing.ts'],
    ['a file that is not TypeScript', ['build', 'tsconfig.json'], 'not a TypeScript source'],
    ['no command', [], 'Usage'],
  ])('%s is an error of usage', async (_, argv, text) => {
    const { code, err } = await workspace({ 'tsconfig.json': '{}' }).run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});
