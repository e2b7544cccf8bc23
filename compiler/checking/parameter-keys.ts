/** The key that each parameter of a function has in a gradient: `d<name>`, or `darg<i>` where it is destructured. */
export function parameterKeys(fn: { toString(): string }): string[] {
  const text = fn.toString();
  return splitList(text.slice(text.indexOf('(') + 1)).map((parameter, i) => {
    const name = /^\s*(?:\.\.\.)?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(parameter)?.[1];
    return `d${name ?? `arg${i}`}`;
  });
}

/** The parts of a list between commas, up to the bracket that closes it. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i])) depth++;
    const isEnd = depth === 0 && text[i] === ')';
    if (isEnd || (depth === 0 && text[i] === ',')) {
      if (text.slice(start, i).trim() !== '') parts.push(text.slice(start, i));
      start = i + 1;
    }
    if (isEnd) break;
    if (')]}'.includes(text[i])) depth--;
  }
  return parts;
}
