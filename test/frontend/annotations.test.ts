import { Project } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { findAnnotated, type Annotations } from '../../compiler/frontend/annotations.js';

const project = new Project({ useInMemoryFileSystem: true });

function annotations(text: string): Annotations {
  return findAnnotated(project.createSourceFile('/a.ts', text, { overwrite: true }));
}

function names(text: string): string[] {
  const { functions, diagnostics } = annotations(text);
  expect(diagnostics).toEqual([]);
  return functions.map(({ name }) => name);
}

/** Codes of the messages with the text to which they point. */
function messages(text: string): string[] {
  const { diagnostics } = annotations(text);
  return diagnostics.map(({ code, span }) => `${code} ${text.slice(span?.start, span?.end)}`);
}

const body = '(x: number, rate: number): number { return x * rate; }';
const tag = '/** @differentiable */';

describe('functions that can be annotated', () => {
  it.each([
    [`${tag}\nexport function f${body}`, ['f']],
    [`${tag}\nexport const f = (x: number): number => x;`, ['f']],
    [`${tag}\nexport const f = function ${body};`, ['f']],
    [`${tag}\nexport const f = ((x: number) => x);`, ['f']],
    [`${tag}\nexport default function f${body}`, ['f']],
    [`${tag}\nfunction f${body}\nexport { f };`, ['f']],
    [`${tag}\nfunction f${body}\nexport { f as loss };`, ['loss']],
    [`${tag}\nfunction f${body}\nexport { f as default };`, ['f']],
    [`${tag}\nconst f = (x: number) => x;\nexport default f;`, ['f']],
    [`/** License. */\n\n${tag}\n/** More. */\nexport function f${body}`, ['f']],
    [`${tag}\nexport function f${body}\n${tag}\nexport function g${body}`, ['f', 'g']],
    [`export function plain${body}`, []],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('does not take words about the annotation for one', () => {
    expect(
      names(
        [
          '// Functions with @differentiable in their JSDoc are differentiated.',
          '/** Says `@differentiable` in backquotes, and mail@differentiable.example. */',
          `const text = '@differentiable' + \`/** @differentiable */\`;`,
          `/** @differentiableSoon */ export function f${body}`,
        ].join('\n'),
      ),
    ).toEqual([]);
  });
});

describe('settings', () => {
  const read = (settings: string) => {
    const { functions, diagnostics } = annotations(
      `/** @differentiable ${settings} */\nexport function f${body}`,
    );
    expect(diagnostics).toEqual([]);
    return { wrt: functions[0].wrt, emit: functions[0].emit };
  };

  it.each([
    ['', null, null],
    ['wrt=x', ['x'], null],
    ['wrt=rate,x', ['rate', 'x'], null],
    ['wrt = x , rate', ['x', 'rate'], null],
    ['emit=grad,hvp wrt=x', ['x'], ['grad', 'hvp']],
    ['\n * wrt=x\n * emit=jvp\n', ['x'], ['jvp']],
    ['\n * A description that follows.\n', null, null],
    ['\n * @param x the point\n', null, null],
  ])('%j', (settings, wrt, emit) => {
    expect(read(settings)).toEqual({ wrt, emit });
  });

  it('calls a destructured parameter by its number', () => {
    const text =
      '/** @differentiable wrt=arg1 */\nexport function f(x: number, { a }: { a: number }) { return a * x; }';
    expect(annotations(text).functions[0].wrt).toEqual(['arg1']);
  });

  it.each([
    ['wrt=', 'CR102 wrt='],
    ['w.r.t. x', 'CR102 w.r.t.', 'CR102 x'],
    ['wtr=x', 'CR102 wtr=x'],
    ['- the loss', 'CR102 -', 'CR102 the', 'CR102 loss'],
    ['wrt=x,', 'CR102 wrt=x,'],
    ['wrt=y', 'CR103 y'],
    ['wrt=x,rte', 'CR103 rte'],
    ['emit=gradient', 'CR104 gradient'],
    ['emit=vpj wrt=y', 'CR104 vpj', 'CR103 y'],
    ['wrt=x wrt=rate', 'CR105 wrt=rate'],
    ['wrt=x,x', 'CR105 x'],
    ['\n * wrt=q', 'CR103 q'],
  ])('%j is reported', (settings, ...expected) => {
    expect(messages(`/** @differentiable ${settings} */\nexport function f${body}`)).toEqual(
      expected,
    );
  });

  it('offers the name that was meant', () => {
    const text = `/** @differentiable wrt=rte emit=vpj */\nexport function f${body}`;
    expect(annotations(text).diagnostics.map(({ advice }) => advice)).toEqual([
      'Did you mean "vjp"?',
      'Did you mean "rate"?',
    ]);
  });
});

describe('misplaced annotations', () => {
  it.each([
    ['a class', `${tag}\nexport class C {}`, 'CR106'],
    ['a type', `${tag}\nexport type T = number;`, 'CR106'],
    ['a statement', `${tag}\nif (true) {}`, 'CR106'],
    ['nothing', `export {};\n${tag}`, 'CR106'],
    ['a number', `${tag}\nexport const n = 1;`, 'CR106'],
    ['an export', `function f${body}\n${tag}\nexport { f };`, 'CR106'],
    ['an inner function', `export const f = ${tag} (x: number) => x;`, 'CR106'],
    ['a method', `export class C {\n${tag}\nm${body} }`, 'CR107'],
    ['a class field', `export class C {\n${tag}\nm = (x: number) => x; }`, 'CR107'],
    ['a property', `export const o = {\n${tag}\nm: (x: number) => x };`, 'CR107'],
    ['no export', `${tag}\nfunction f${body}`, 'CR108'],
    ['a type-only export', `${tag}\nfunction f${body}\nexport type { f };`, 'CR108'],
    ['a local function', `export function g() {\n${tag}\nfunction f${body} }`, 'CR108'],
    ['a local variable', `export function g() {\n${tag}\nconst f = (x: number) => x; }`, 'CR108'],
    ['an overload', `${tag}\nexport function f(x: number): number;\nexport function f${body}`],
    [
      'an implementation',
      `export function f(x: number): number;\n${tag}\nexport function f${body}`,
    ],
    ['async', `${tag}\nexport async function f${body}`, 'CR110'],
    ['an async arrow', `${tag}\nexport const f = async (x: number) => x;`, 'CR110'],
    ['a generator', `${tag}\nexport function* f${body}`, 'CR111'],
    ['a decorator', `@differentiable\nexport function f${body}`, 'CR112'],
    ['a decorator with settings', `@differentiable('x')\nexport function f${body}`, 'CR112'],
    ['a line comment', `// @differentiable\nexport function f${body}`, 'CR113'],
    ['a block comment', `/* @differentiable */\nexport function f${body}`, 'CR113'],
    ['no name', `${tag}\nexport default function ${body}`, 'CR114'],
    ['a default arrow', `${tag}\nexport default (x: number) => x;`, 'CR114'],
    ['a variable', `${tag}\nexport let f = (x: number) => x;`, 'CR116'],
    ['two variables', `${tag}\nexport const f = (x: number) => x, g = f;`, 'CR117'],
    ['a declaration', `${tag}\nexport declare function f(x: number): number;`, 'CR118'],
  ])('%s', (_, text, code = 'CR109') => {
    expect(messages(text)).toEqual([`${code} @differentiable`]);
    expect(annotations(text).functions).toEqual([]);
  });

  it('reports a second annotation of the same function', () => {
    const text = `${tag}\n${tag}\nexport function f${body}`;
    expect(messages(text)).toEqual(['CR105 @differentiable']);
  });

  it('reports parameters that would share a key', () => {
    const text = `${tag}\nexport function f({ a }: { a: number }, arg0: number) { return a * arg0; }`;
    expect(annotations(text).diagnostics[0].message).toContain('"darg0"');
  });

  it('reports all of them in one run', () => {
    const text = `${tag}\nclass C {}\n${tag}\nfunction f${body}\n${tag}\nexport function g${body}`;
    expect(messages(text)).toHaveLength(2);
    expect(annotations(text).functions.map(({ name }) => name)).toEqual(['g']);
  });
});

describe('the summary', () => {
  it.each([
    ['/** @differentiable */', ''],
    ['/**\n * Mean loss\n * of all.\n *\n * More.\n * @differentiable\n */', 'Mean loss of all.'],
    ['/** Mean {@link loss}. @differentiable */', 'Mean {@link loss}.'],
  ])('%j', (comment, summary) => {
    expect(annotations(`${comment}\nexport function f${body}`).functions[0].summary).toBe(summary);
  });
});
