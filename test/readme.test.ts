import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openText } from '../compiler/frontend/project.js';
import { stages } from '../compiler/ir/stages.js';
import { compileSource } from '../compiler/pipeline.js';

const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file: string): string => readFileSync(pathOf(file), 'utf8');

/** A function with its JSDoc. */
function functionIn(text: string, name: string): string {
  const at = text.indexOf(`\nexport function ${name}(`);
  const end = text.indexOf('\n}\n', at);
  if (at < 0 || end < 0) throw new Error(`There is no function ${name}`);
  return text.slice(text.lastIndexOf('/**', at), end + 2);
}

/** The IR after a stage; where there is a backward sweep, that sweep and the tapes. */
function dumpOf(text: string, stageName: string): string {
  const stage = stages.find((each) => each === stageName);
  if (stage === undefined) throw new Error(`There is no stage ${stageName}`);
  const { ir } = compileSource(openText('source.ts', text), { stage });
  return ir.slice(Math.max(ir.search(/^backward/m), 0)).trimEnd();
}

/** What the comment ahead of a code block names: `file FILE`, `function NAME in FILE`, `dump STAGE of NAME in FILE`. */
function blockFor(comment: string): string {
  const [kind, ...words] = comment.split(' ');
  const text = read(words.at(-1) ?? '');
  if (kind === 'file') return text.trimEnd();
  if (kind === 'function') return functionIn(text, words[0] ?? '');
  return dumpOf(functionIn(text, words[2] ?? ''), words[0] ?? '');
}

/** The document with each such code block replaced by what stands on disk, or is compiled, now. */
function renewed(document: string): string {
  return document.replace(
    /(<!-- ((?:file|function|dump) .*) -->\s+```\w*\n)[^]*?(\n```)/g,
    (_, head: string, comment: string, tail: string) => `${head}${blockFor(comment)}${tail}`,
  );
}

// `npx vitest run test/readme.test.ts -u` brings the documents up to date.
it.each(['README.md', 'compiler/README.md'])('%s shows the code as it is', async (file) => {
  const text = read(file);
  expect(text).toMatch(/<!-- (file|function|dump) /);
  await expect(renewed(text)).toMatchFileSnapshot(pathOf(file));
});

it('the tour names files that are there', () => {
  const named = read('compiler/README.md').matchAll(/(?<![.\w/-])[\w-]+(?:\/[\w-]+)+\.ts\b/g);
  const files = [...named].map(([file]) => file);
  expect(files.length).toBeGreaterThan(20);
  const exists = (file: string): boolean =>
    existsSync(pathOf(`compiler/${file}`)) || existsSync(pathOf(file));
  expect(files.filter((file) => !exists(file))).toEqual([]);
});
