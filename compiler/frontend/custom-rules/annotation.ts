import type { SourceFile } from 'ts-morph';
import { diagnostic, Refusal } from '../../diagnostics/diagnostic.js';

/** What follows `@derivative` in its comment. */
export interface RuleSettings {
  readonly of: string;
  /** The module that exports the function; null where the file of the rule knows it by its name. */
  readonly from: string | null;
}

const keyword = '@derivative';
const setting = /^(of|from)=(.+)$/;
const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Reads `@derivative of=f from=package` from `start` to the end of its line. Throws a Refusal. */
export function readRuleSettings(source: SourceFile, start: number, end: number): RuleSettings {
  const file = source.getFilePath();
  const place = { file, start, end: start + keyword.length };
  const [line = ''] = source
    .getFullText()
    .slice(start + keyword.length, end)
    .split(/\n|\*\//);
  const given = new Map<string, string>();
  for (const { 0: word, index } of line.matchAll(/\S+/g)) {
    const at = start + keyword.length + index;
    const span = { file, start: at, end: at + word.length };
    const refuse = (problem: string): never => {
      throw new Refusal(diagnostic('CR120', span, { problem }));
    };
    const [, key, value] = setting.exec(word) ?? refuse(`"${word}" is not understood`);
    if (key === undefined || value === undefined) continue;
    if (given.has(key)) refuse(`\`${key}=\` is given twice`);
    if (key === 'of' && !name.test(value)) refuse(`"${value}" is not the name of a function`);
    given.set(key, value);
  }
  const of = given.get('of');
  if (of === undefined) {
    throw new Refusal(diagnostic('CR120', place, { problem: '`of=` is missing' }));
  }
  return { of, from: given.get('from') ?? null };
}
