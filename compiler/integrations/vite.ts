import { dirname, resolve } from 'node:path';
import { VirtualFiles } from './virtual-files.js';

/** As much of a plugin of Vite, Vitest and Rollup as this one uses. */
export interface Plugin {
  readonly name: string;
  readonly enforce: 'pre';
  readonly resolveId: (request: string, importer: string | undefined) => string | null;
  readonly load: (this: Context, id: string) => string | null;
  readonly watchChange: () => void;
}

interface Context {
  readonly addWatchFile: (path: string) => void;
}

/** Generates derivatives where they are imported: no file has to be on disk, and none that is stale is used. */
export default function chainrule(): Plugin {
  const files = new VirtualFiles();
  return {
    name: 'chainrule',
    enforce: 'pre',
    resolveId(request, importer) {
      if (importer === undefined || !/^\.{1,2}\/.*_grad(\.[cm]?[jt]s)?$/.test(request)) return null;
      const target = resolve(dirname(importer), request).replace(/\.([cm]?)js$/, '.$1ts');
      const path = /\.[cm]?ts$/.test(target) ? target : `${target}.ts`;
      return files.sourceOf(path) === null ? null : path;
    },
    load(id) {
      const path = id.replace(/\?.*$/, '');
      const source = files.sourceOf(path);
      if (source !== null) this.addWatchFile(source);
      return files.textOf(path);
    },
    watchChange: () => files.clear(),
  };
}
