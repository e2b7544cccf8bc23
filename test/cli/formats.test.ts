import { describe, expect, it } from 'vitest';
import { main } from '../../compiler/cli/main.js';
import { fakeCompile, source, workspace } from './workspace.js';

const files = {
  'a.ts': source('a'),
  'b, c.ts': '// first\n/** @differentiable */\nfunction b(x: number) {\n  return x;\n}\n',
};

describe('--format json', () => {
  it('prints one object with files and diagnostics', async () => {
    const { run } = workspace(files);
    const { code, out, err } = await run('build', '--format', 'json');
    expect(code).toBe(1);
    expect(err).toBe('');
    expect(out).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(out)).toEqual({
      files: [
        { file: 'a_grad.ts', status: 'wrote' },
        { file: 'b, c.ts', status: 'failed' },
      ],
      diagnostics: [
        {
          code: 'CR108',
          severity: 'error',
          category: 'your code',
          message: '"b" is annotated but not exported.',
          advice: 'Export it: the generated file has to import its types.',
          file: 'b, c.ts',
          start: { line: 2, column: 5 },
          end: { line: 2, column: 20 },
        },
      ],
      notes: [],
    });
  });

  it('has the diff of what is stale', async () => {
    const { run } = workspace(files);
    const { out } = await run('check', '--format', 'json', 'a.ts');
    const { files: checked } = JSON.parse(out) as { files: { diff: string }[] };
    expect(checked).toMatchObject([{ file: 'a_grad.ts', status: 'missing' }]);
    expect(checked[0].diff).toContain('+++ b/a_grad.ts\n@@ -0,0 +1,5 @@\n');
  });
});

describe('--format github', () => {
  it('makes annotations of diagnostics and stale files', async () => {
    const { run } = workspace(files);
    const { out, err } = await run('check', '--format', 'github');
    expect(err).toBe('');
    expect(out).toContain(
      '::error file=b%2C c.ts,line=2,col=5,endColumn=20,title=CR108::"b" is annotated but not exported.%0A' +
        'Export it: the generated file has to import its types.\n',
    );
    expect(out).toContain(
      '::error file=a_grad.ts,title=missing::a_grad.ts is missing: run `npx chainrule build`.\n',
    );
  });

  it('is chosen by itself in a GitHub workflow, unless another is asked for', async () => {
    const { path } = workspace(files);
    const runAs = async (...argv: string[]): Promise<string> => {
      let text = '';
      const print = (more: string) => void (text += more);
      const io = { cwd: path, isColored: false, isWatched: false, isGithub: true };
      await main(argv, { ...io, out: print, err: print }, fakeCompile);
      return text;
    };
    expect(await runAs('check')).toContain('::error ');
    expect(await runAs('check', '--format', 'pretty')).not.toContain('::error ');
  });
});

it('an unknown format is an error of usage', async () => {
  const { code, err } = await workspace(files).run('build', '--format', 'xml');
  expect(code).toBe(2);
  expect(err).toContain('pretty, json, github');
});
