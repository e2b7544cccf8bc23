import { ts, type SourceFile } from 'ts-morph';

/** How a file beside the source imports it: `./x`, `./x.js` or `./x.ts`, as the source imports its neighbours. */
export function importSpecifier(source: SourceFile): string {
  const name = source.getBaseNameWithoutExtension();
  const relative = source
    .getImportDeclarations()
    .map((declaration) => declaration.getModuleSpecifierValue())
    .filter((specifier) => specifier.startsWith('.'));
  const endings = { '.ts': scriptEnding(source), '.js': emittedEnding(source) };
  for (const [ending, own] of Object.entries(endings)) {
    if (
      relative.some(
        (specifier) => specifier.endsWith(ending) || specifier.endsWith(ending.replace('.', '.m')),
      )
    ) {
      return `./${name}${own}`;
    }
  }
  if (relative.length > 0) return `./${name}`;
  const { moduleResolution, module } = source.getProject().getCompilerOptions();
  const isNode =
    moduleResolution === ts.ModuleResolutionKind.Node16 ||
    moduleResolution === ts.ModuleResolutionKind.NodeNext ||
    (moduleResolution === undefined &&
      module !== undefined &&
      module >= ts.ModuleKind.Node16 &&
      module <= ts.ModuleKind.NodeNext);
  return isNode ? `./${name}${emittedEnding(source)}` : `./${name}`;
}

function scriptEnding(source: SourceFile): string {
  return source.getExtension();
}

function emittedEnding(source: SourceFile): string {
  return source.getExtension().replace('ts', 'js').replace('jsx', 'js');
}
