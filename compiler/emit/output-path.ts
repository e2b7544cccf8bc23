/** The file that chainrule writes for a source: `loss.ts` → `loss_grad.ts`, `.tsx` → `_grad.ts`, `.mts` → `_grad.mts`. */
export function outputPath(source: string): string {
  return source.replace(/\.([cm]?)tsx?$/, '_grad.$1ts');
}

/** Whether a file can be a source: TypeScript, and no declarations only. */
export function isSourcePath(path: string): boolean {
  return /\.([cm]?ts|tsx)$/.test(path) && !/\.d(\.[^./]+)?\.[cm]?ts$/.test(path);
}

/** The last part of a path, whichever way its slashes lean. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
