import { ts, type SourceFile } from 'ts-morph';

/** How a file beside the source imports it: `./x`, `./x.js` or `./x.ts`, as the source imports its neighbours. */
export function importSpecifier(source: SourceFile): string {
  return specifierOf(source, source.getFilePath());
}

/** How a file beside the source imports another file of the project. */
export function specifierOf(source: SourceFile, path: string): string {
  const [, bare = path, extension = '.ts'] = /^(.*?)(\.[cm]?tsx?)$/.exec(path) ?? [];
  const name = relativePath(source.getDirectoryPath(), bare);
  const relative = source
    .getImportDeclarations()
    .map((declaration) => declaration.getModuleSpecifierValue())
    .filter((specifier) => specifier.startsWith('.'));
  const emitted = extension.replace('ts', 'js').replace('jsx', 'js');
  const endings = { '.ts': extension, '.js': emitted };
  for (const [ending, own] of Object.entries(endings)) {
    if (
      relative.some(
        (specifier) => specifier.endsWith(ending) || specifier.endsWith(ending.replace('.', '.m')),
      )
    ) {
      return `${name}${own}`;
    }
  }
  if (relative.length > 0) return name;
  const { moduleResolution, module } = source.getProject().getCompilerOptions();
  const isNode =
    moduleResolution === ts.ModuleResolutionKind.Node16 ||
    moduleResolution === ts.ModuleResolutionKind.NodeNext ||
    (moduleResolution === undefined &&
      module !== undefined &&
      module >= ts.ModuleKind.Node16 &&
      module <= ts.ModuleKind.NodeNext);
  return isNode ? `${name}${emitted}` : name;
}

/** The way from a folder to a file, with slashes, beginning with a dot. */
function relativePath(folder: string, file: string): string {
  const from = folder.split('/').filter((part) => part !== '');
  const to = file.split('/').filter((part) => part !== '');
  let common = 0;
  while (common < from.length && from[common] === to[common]) common++;
  const up = from.slice(common).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...to.slice(common)].join('/');
}
