import { format, resolveConfig } from 'prettier';

/** Formats generated text as Prettier would format the file beside `sourcePath`. */
export async function formatGenerated(text: string, sourcePath: string): Promise<string> {
  const config = await resolveConfig(sourcePath);
  return format(text, { singleQuote: true, printWidth: 100, ...config, parser: 'typescript' });
}
