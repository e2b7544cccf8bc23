import type { SourceFile } from 'ts-morph';
import { diagnostic, type Diagnostic, type Span } from '../diagnostics/diagnostic.js';
import { nearest } from '../diagnostics/nearest.js';
import type { Mode } from './annotated.js';

/** A name in an annotation and where it stands. */
export interface NamedSpan {
  readonly name: string;
  readonly span: Span;
}

/** What follows `@differentiable` in its comment. */
export interface Settings {
  readonly wrt: readonly NamedSpan[] | null;
  readonly emit: readonly Mode[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

const modes: readonly Mode[] = ['grad', 'into', 'vjp', 'jvp', 'hvp'];
const keyword = '@differentiable';

/**
 * Reads `@differentiable wrt=a,b emit=grad,vjp` from `start` to the end of its line. A following line that begins with
 * `wrt=` or `emit=` goes on with it; any other is description.
 */
export function readSettings(source: SourceFile, start: number, end: number): Settings {
  const file = source.getFilePath();
  const diagnostics: Diagnostic[] = [];
  const given = new Map<string, NamedSpan[]>();

  for (const word of settingWords(source.getFullText(), start + keyword.length, end)) {
    const span = { file, start: word.start, end: word.start + word.text.length };
    const parts = /^(wrt|emit)\s*=\s*([\w$]+(?:\s*,\s*[\w$]+)*)$/.exec(word.text);
    if (!parts) {
      diagnostics.push(diagnostic('CR102', span, { text: word.text }));
    } else if (given.has(parts[1])) {
      diagnostics.push(diagnostic('CR105', span, { what: `\`${parts[1]}=\`` }));
    } else {
      const names = namesIn(word, parts[2], file);
      diagnostics.push(...repeated(names));
      given.set(parts[1], names);
    }
  }

  const emit = given.get('emit') ?? null;
  for (const { name, span } of emit ?? []) {
    if (isMode(name)) continue;
    const meant = nearest(name, modes);
    const hint = meant ? `Did you mean "${meant}"?` : `The modes are ${modes.join(', ')}.`;
    diagnostics.push(diagnostic('CR104', span, { name, hint }));
  }
  return {
    wrt: given.get('wrt') ?? null,
    emit: emit?.map(({ name }) => name).filter(isMode) ?? null,
    diagnostics,
  };
}

interface Word {
  readonly text: string;
  readonly start: number;
}

/** The words of the annotation; blanks around `=` and `,` do not divide. */
function settingWords(text: string, from: number, end: number): Word[] {
  const words: Word[] = [];
  let position = from;
  for (const line of text.slice(from, end).split('\n')) {
    const content = line.replace(/\*\/\s*$/, '').trimEnd();
    const isFirst = position === from;
    const margin = isFirst ? 0 : (/^\s*\*?\s*/.exec(content)?.[0].length ?? 0);
    const body = content.slice(margin);
    if (!isFirst && !/^(wrt|emit)\s*=/.test(body)) break;
    for (const match of body.matchAll(/\S+(?:\s*[=,]\s*[^\s=,]+|\s*[=,](?=\s|$))*/g)) {
      words.push({ text: match[0], start: position + margin + match.index });
    }
    position += line.length + 1;
  }
  return words;
}

function namesIn(word: Word, list: string, file: string): NamedSpan[] {
  const offset = word.start + word.text.length - list.length;
  return [...list.matchAll(/[\w$]+/g)].map(({ 0: name, index }) => ({
    name,
    span: { file, start: offset + index, end: offset + index + name.length },
  }));
}

function repeated(names: readonly NamedSpan[]): Diagnostic[] {
  return names
    .filter(({ name }, i) => names.findIndex((other) => other.name === name) < i)
    .map(({ name, span }) => diagnostic('CR105', span, { what: `"${name}"` }));
}

function isMode(name: string): name is Mode {
  return (modes as readonly string[]).includes(name);
}
