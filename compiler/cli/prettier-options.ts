import type { Options } from 'prettier';
import { optionsLike } from '../emit/format.js';

/** The Prettier options of the project for a file; without any, those that its source lets one guess. */
export async function prettierOptions(path: string, source: string): Promise<Options> {
  const { resolveConfig } = await import('prettier');
  const options = await resolveConfig(path, { editorconfig: true });
  return { ...(options ?? optionsLike(source)), filepath: path };
}

/** Lets configurations of Prettier be read again. */
export async function clearPrettierCache(): Promise<void> {
  const { clearConfigCache } = await import('prettier');
  await clearConfigCache();
}
