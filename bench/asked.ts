import { existsSync } from 'node:fs';
import { fullSize } from './rows.js';
import { type GradientFunction, type Workload } from './workload.js';

/** The rows of which the title starts as one of the arguments; without arguments all. */
export function askedRows(): readonly Workload[] {
  const asked = process.argv.slice(2);
  if (asked.length === 0) return fullSize;
  return fullSize.filter(({ title }) => asked.some((start) => title.startsWith(start)));
}

/** What generate.ts has written for a workload, if it could. */
export async function generatedGradient(name: string): Promise<GradientFunction | undefined> {
  const url = new URL(`workloads/${name}_grad.ts`, import.meta.url);
  if (!existsSync(url)) return undefined;
  const module = (await import(url.href)) as Record<string, GradientFunction>;
  return module[`${name}_grad`];
}
