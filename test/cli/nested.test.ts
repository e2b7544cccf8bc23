import { describe, expect, it } from 'vitest';
import { compileSource } from '../../compiler/pipeline.js';
import { workspace, type Run, type Workspace } from './workspace.js';

const cost =
  '/** @differentiable */\n' +
  'export function cost(x: number, a: number): number {\n  return a * x * x * x;\n}\n';

const descent =
  `import { cost_grad } from './cost_grad.js';\n\n` +
  '/** @differentiable */\n' +
  'export function descent(rate: number, a: number): number {\n' +
  '  let x = 1;\n' +
  '  for (let k = 0; k < 3; k++) x -= rate * cost_grad(x, a).dx;\n' +
  '  return x;\n}\n';

const project = (files: Record<string, string>): Workspace =>
  workspace({
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "nodenext" } }',
    'package.json': '{ "type": "module" }',
    ...files,
  });

const build = (files: Workspace, ...names: string[]): Promise<Run> =>
  files.runIn('.', ['build', ...names], compileSource);

describe('functions that call generated functions', () => {
  it('are built in one run from a clean checkout, in whichever order the files stand', async () => {
    const files = project({ 'a.ts': descent, 'cost.ts': cost });
    const { code, err } = await build(files);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(files.has('cost_grad.ts')).toBe(true);
    const first = files.read('a_grad.ts');
    expect(first).toContain(`import { cost_grad } from './cost_grad.js';`);

    // What is on disk now makes no difference.
    const again = await build(files);
    expect(again.out).toContain('2 unchanged');
    files.write({ 'cost_grad.ts': `${files.read('cost_grad.ts').split('\n')[0] ?? ''}\n` });
    await build(files, 'a.ts');
    expect(files.read('a_grad.ts')).toBe(first);
  });

  it('follow what is generated from now on, not what was generated before', async () => {
    const files = project({ 'a.ts': descent, 'cost.ts': cost });
    await build(files);
    const before = files.read('a_grad.ts');
    files.write({ 'cost.ts': cost.replace('a * x * x * x', 'a * x * x') });
    await build(files, 'a.ts');
    expect(files.read('a_grad.ts')).not.toBe(before);
  });

  it('may not need themselves', async () => {
    const files = project({
      'a.ts':
        `import { g_grad } from './b_grad.js';\n` +
        '/** @differentiable */\n' +
        'export function f(x: number): number {\n  return g_grad(x).dx;\n}\n',
      'b.ts':
        `import { f_grad } from './a_grad.js';\n` +
        '/** @differentiable */\n' +
        'export function g(x: number): number {\n  return helper(x);\n}\n' +
        'function helper(x: number): number {\n  return f_grad(x).dx;\n}\n' +
        '/** @differentiable */\n' +
        'export function h(x: number): number {\n  return x * x;\n}\n',
    });
    const { code, err } = await build(files);
    expect(code).toBe(1);
    expect(err).toContain('b.ts:7:10 error CR222');
    expect(err).toContain('f → g → f_grad');
    expect(files.has('a_grad.ts')).toBe(false);
  });

  it('are told what is not generated, and what has errors', async () => {
    const files = project({
      'a.ts': descent.replaceAll('cost_grad(', 'cost_jvp(').replace('{ cost_grad', '{ cost_jvp'),
      'b.ts': descent.replaceAll('cost_grad', 'wrong_grad'),
      'cost.ts': cost,
      'wrong.ts': cost.replaceAll('cost', 'wrong').replace('a * x', 'y * x'),
    });
    const { code, err } = await build(files);
    expect(code).toBe(1);
    expect(err).toContain('a.ts:6:43 error CR223');
    expect(err).toContain('b.ts:6:43 error CR224');
    expect(err).toContain('because wrong.ts has errors');
    expect(files.has('cost_grad.ts')).toBe(true);
  });
});
