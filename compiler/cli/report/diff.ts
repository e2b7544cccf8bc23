import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import pc from 'picocolors';
import type { Change } from '../outcome.js';

/** A change as a unified diff that `git apply` understands. */
export function unifiedDiff(name: string, { before, after }: Change): string {
  return createTwoFilesPatch(
    before === null ? '/dev/null' : `a/${name}`,
    after === null ? '/dev/null' : `b/${name}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
}

export function colorDiff(diff: string, isColored: boolean): string {
  const { bold, cyan, green, red } = pc.createColors(isColored);
  const color = (line: string): string => {
    if (/^(---|\+\+\+) /.test(line)) return bold(line);
    if (line.startsWith('@@')) return cyan(line);
    if (line.startsWith('+')) return green(line);
    return line.startsWith('-') ? red(line) : line;
  };
  return diff
    .split('\n')
    .map((line) => (line === '' ? line : color(line)))
    .join('\n');
}
