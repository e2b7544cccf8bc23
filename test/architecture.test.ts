import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly from: string;
  /** A path in the repository, or the name of a package. */
  readonly to: string;
  readonly isType: boolean;
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(^|[\\/])(dist|node_modules)[\\/]/.test(file))
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .sort();
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements =
    /^\s*(?:import|export)(\s+type)?\s[^'";]*?from\s+'([^']+)'|import\('([^']+)'\)/gm;
  return [...text.matchAll(statements)].map(([, type, named, dynamic]) => {
    const module = named ?? dynamic;
    const to = module.startsWith('.')
      ? relative(root, join(root, dirname(file), module))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : module;
    return { from: file, to, isType: type !== undefined };
  });
}

const compiler = filesIn('compiler').flatMap(importsOf);
const shown = (imports: readonly Import[]) => imports.map(({ from, to }) => `${from} → ${to}`);
const lies = (file: string, ...folders: string[]): boolean =>
  folders.some((folder) => file.startsWith(`compiler/${folder}/`));

describe('the compiler', () => {
  it('knows ts-morph and TypeScript only where source text is read, written or shown', () => {
    const strangers = compiler.filter(
      ({ from, to }) =>
        ['ts-morph', 'typescript'].includes(to) &&
        !lies(from, 'frontend', 'emit', 'tangent', 'diagnostics', 'integrations'),
    );
    expect(shown(strangers.filter(({ isType }) => !isType))).toEqual([]);
  });

  it('runs in a browser, apart from the command line and the integrations', () => {
    const strangers = compiler.filter(
      ({ from, to }) => to.startsWith('node:') && !lies(from, 'cli', 'integrations'),
    );
    expect(shown(strangers)).toEqual([]);
  });

  it('has no cycles between its parts', () => {
    const part = (file: string): string => /^compiler\/[^/]+/.exec(file)?.[0] ?? file;
    const edges = new Map<string, Set<string>>();
    for (const { from, to, isType } of compiler) {
      const targets = edges.get(part(from)) ?? new Set();
      if (!isType && part(to) !== part(from)) targets.add(part(to));
      edges.set(part(from), targets);
    }
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (name: string, way: readonly string[]): void => {
      if (way.includes(name)) cycles.push([...way.slice(way.indexOf(name)), name].join(' → '));
      if (done.has(name)) return;
      done.add(name);
      for (const target of edges.get(name) ?? []) visit(target, [...way, name]);
    };
    for (const name of edges.keys()) visit(name, []);
    expect(cycles).toEqual([]);
  });
});

it('the runtime imports nothing but itself', () => {
  const strangers = filesIn('runtime')
    .flatMap(importsOf)
    .filter(({ to }) => !to.startsWith('runtime/'));
  expect(shown(strangers)).toEqual([]);
});
