import { median } from './interleave.js';

/** Prints rows of a Markdown table as they come, the first column wide enough for `widest`. */
export function tableWith(
  columns: readonly string[],
  widest: number,
): (cells: readonly string[]) => void {
  const print = (cells: readonly string[]): void => {
    const padded = cells.map((cell, i) =>
      i === 0 ? cell.padEnd(widest) : cell.padStart(columns[i].length),
    );
    console.log(`| ${padded.join(' | ')} |`);
  };
  print(columns);
  print(columns.map((_, i) => (i === 0 ? '---' : '---:')));
  return print;
}

/** Median of the ratios within a round: what slows the machine down slows both. */
export function ratio(times: readonly number[], others: readonly number[]): string {
  return median(times.map((time, round) => time / others[round])).toFixed(2);
}
