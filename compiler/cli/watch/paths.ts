import { basename } from 'node:path';
import { isConfigPath } from '../config/read-config.js';

/** Files after which everything is read anew: the meaning of any other file may have changed. */
export function isConfiguration(
  path: string,
  { configFiles }: { readonly configFiles: readonly string[] },
): boolean {
  return isConfigName(basename(path)) || configFiles.includes(path);
}

function isConfigName(name: string): boolean {
  return (
    isConfigPath(name) ||
    /^tsconfig.*\.json$|^package\.(json|yaml)$|^\.?prettier(rc|\.config)|^\.editorconfig$/.test(
      name,
    ) ||
    name === '.package-lock.json'
  );
}

/** Whether a path, as it is called from the root of the project, is watched. */
export function isWatched(path: string, isFile: boolean): boolean {
  if (/(^|[\\/])node_modules[\\/]\.package-lock\.json$/.test(path)) return true;
  if (/(^|[\\/])(node_modules[\\/].|\.git([\\/]|$))/.test(path)) return false;
  const name = basename(path);
  return !isFile || /\.([cm]?ts|tsx|json)$/.test(name) || isConfigName(name);
}
