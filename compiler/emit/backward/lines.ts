import { applyText, conditionText, type Text } from '../expression.js';

/** `if (cond) { then } else { otherwise }`, an empty arm left out. */
export function branchLines(
  cond: Text,
  then: readonly string[],
  otherwise: readonly string[],
): string[] {
  if (then.length === 0 && otherwise.length === 0) return [];
  if (then.length === 0) return [`if (${applyText('!', [cond]).text}) {`, ...otherwise, '}'];
  const lines = [`if (${conditionText(cond).text}) {`, ...then];
  if (otherwise.length === 0) return [...lines, '}'];
  if (isOneBranch(otherwise))
    return [...lines, `} else ${otherwise[0] ?? ''}`, ...otherwise.slice(1)];
  return [...lines, '} else {', ...otherwise, '}'];
}

/** Whether lines are a single `if` with its arms. */
function isOneBranch(lines: readonly string[]): boolean {
  if (lines[0]?.startsWith('if (') !== true || !lines[0].endsWith('{')) return false;
  let depth = 0;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('}')) depth--;
    if (depth === 0 && i > 0 && i < lines.length - 1 && !line.startsWith('} else')) return false;
    if (line.endsWith('{')) depth++;
  }
  return true;
}

const longest = 80;

/** The author's statement, short enough for a comment behind a line. */
export function abbreviate(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
