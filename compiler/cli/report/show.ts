import { relative } from 'node:path';

/** A path as it is written from the working directory, with forward slashes everywhere. */
export function showFrom(cwd: string): (file: string) => string {
  return (file) => relative(cwd, file).replaceAll('\\', '/') || '.';
}
