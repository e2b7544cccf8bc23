/** `const vrow = vm[i];`, `const [, ...vtail] = vp;` */
const pathDeclaration = /^const (?:([\w$]+)|\[[, ]*\.\.\.([\w$]+)\]) = [\w$.[\]!]+;$/;
/** `const vrow = vrow_saved.pop()!;` */
const popDeclaration = /^const ([\w$]+) = ([\w$]+\.pop\(\))!?;$/;
/** `const dp = softmaxPullback(dz, p, 1);` */
const callDeclaration = /^const ([\w$]+) = ([^;]*\));$/;
/** `for (const [i, row] of m.entries()) {` */
const entriesLoop = /^for \(const \[(\w+), ([\w$]+)\] of (.+)\.entries\(\)\) \{$/;

/**
 * Leaves out what only names a part of something, or calls what `isPure` knows by name, and is not read: analyses look
 * at variables as a whole.
 */
export function withoutUnread(
  lines: readonly string[],
  isPure: (name: string) => boolean,
): string[] {
  const kept: string[] = [];
  lines.forEach((line, i) => {
    const isRead = (name: string): boolean => isReadIn(lines.slice(i + 1), name);
    const [, name, rest] = pathDeclaration.exec(line) ?? [];
    const [, result, call = ''] = callDeclaration.exec(line) ?? [];
    const called = [...call.matchAll(/([\w$.]+)\(/g)].every(([, fn = '']) => isPure(fn));
    const declared = name ?? rest ?? (called ? result : undefined);
    if (declared !== undefined && !isRead(declared)) {
      withoutIndex(kept, lines.slice(i + 1), line);
      return;
    }
    const [, popped, pop] = popDeclaration.exec(line) ?? [];
    const isUnread = popped !== undefined && pop !== undefined && !isRead(popped);
    kept.push(isUnread ? `${pop};` : line);
  });
  return kept.length === lines.length ? kept : withoutUnread(kept, isPure);
}

/** The head of a loop whose index was there for the declaration that is left out. */
function withoutIndex(kept: string[], rest: readonly string[], declaration: string): void {
  const [, index, element, array] = entriesLoop.exec(kept.at(-1) ?? '') ?? [];
  if (index === undefined || element === undefined || array === undefined) return;
  if (!declaration.includes(`[${index}]`) || isReadIn(rest, index)) return;
  kept.splice(-1, 1, `for (const ${element} of ${array}) {`);
}

/** Whether a name occurs before the block ends that these lines begin in. */
function isReadIn(lines: readonly string[], name: string): boolean {
  let depth = 0;
  for (const line of lines) {
    if (wordsOf(line).includes(name)) return true;
    for (const brace of line.replace(/'[^']*'|"[^"]*"/g, '').match(/[{}]/g) ?? [])
      depth += brace === '{' ? 1 : -1;
    if (depth < 0) return false;
  }
  return false;
}

const wordsOf = (line: string): readonly string[] =>
  line.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
