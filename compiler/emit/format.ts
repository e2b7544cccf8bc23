import type { Options } from 'prettier';

/**
 * Formats a generated module as Prettier does with the options given. Which options hold for a file is looked up
 * elsewhere. Prettier is loaded only here: it takes longer than most files take to compile.
 */
export async function format(text: string, options: Options): Promise<string> {
  const [prettier, estree, typescript] = await Promise.all([
    import('prettier'),
    import('prettier/plugins/estree'),
    import('prettier/plugins/typescript'),
  ]);
  const plugins = [estree, typescript, ...(options.plugins ?? [])];
  return prettier.format(text, { ...options, parser: 'typescript', plugins });
}

/** The options that a source lets one guess, where its project has no Prettier configuration. */
export function optionsLike(source: string): Options {
  const indents = [...source.matchAll(/^([ \t]+)\S/gm)].map(([, indent]) => indent);
  const singles = source.match(/'[^'"\n]*'/g)?.length ?? 0;
  const doubles = source.match(/"[^'"\n]*"/g)?.length ?? 0;
  const tabs = indents.filter((indent) => indent.startsWith('\t')).length;
  return {
    singleQuote: singles > doubles,
    useTabs: tabs * 2 > indents.length,
    tabWidth: tabWidthOf(indents),
    endOfLine: source.includes('\r\n') ? 'crlf' : 'lf',
  };
}

/** Two unless most lines are indented by fours: the step between neighbouring lines tells it. */
function tabWidthOf(indents: readonly string[]): number {
  const steps = indents
    .map((indent, i) => indent.length - (indents[i - 1]?.length ?? 0))
    .filter((step) => step > 1);
  const fours = steps.filter((step) => step === 4).length;
  return fours * 2 > steps.length ? 4 : 2;
}
