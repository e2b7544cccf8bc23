import type { SourceFile } from 'ts-morph';
import type { ProjectConfig } from '../../frontend/project.js';
import { Dependencies, type ReadFile } from '../../frontend/dependencies.js';
import { outputPath } from '../../emit/output-path.js';
import { prettierOptions } from '../prettier-options.js';
import type { Settings } from '../settings.js';
import { hashOf } from './hash.js';

/** Names all that the text generated for a source depends on. */
export class Keys {
  private readonly dependencies: Dependencies;
  private readonly common: string;
  private readonly hashes = new Map<string, string>();

  constructor(
    opened: ReadonlyMap<string, SourceFile>,
    { options }: ProjectConfig,
    private readonly settings: Pick<Settings, 'formatter' | 'options'>,
    engine: string,
  ) {
    const { formatter, options: switches } = settings;
    const [first] = opened.values();
    const sources = new Map([...opened.keys()].map((file) => [outputPath(file), file]));
    const rules = settings.options.rules ?? [];
    this.dependencies = new Dependencies(first.getProject(), (path) => sources.get(path), rules);
    this.common = JSON.stringify([engine, options, formatter, switches]);
  }

  /** Null where the configuration of Prettier cannot be read. */
  async of(source: SourceFile): Promise<string | null> {
    const path = source.getFilePath();
    const formatting = await this.formattingOf(path, source.getFullText());
    if (formatting === null) return null;
    const files = this.dependencies.of(path).flatMap((file) => [file.path, this.hash(file)]);
    return hashOf(this.common, formatting, ...files);
  }

  /** The files that a source depends on, itself among them. */
  pathsOf(source: string): string[] {
    return this.dependencies.of(source).map(({ path }) => path);
  }

  /** Every file that was read for the program. */
  filesRead(): ReadFile[] {
    return this.dependencies.all();
  }

  private async formattingOf(path: string, text: string): Promise<string | null> {
    if (this.settings.formatter === 'none') return text.includes('\r\n') ? 'crlf' : 'lf';
    try {
      return JSON.stringify(await prettierOptions(outputPath(path), text));
    } catch {
      return null;
    }
  }

  private hash({ path, text }: ReadFile): string {
    const known = this.hashes.get(path) ?? hashOf(text);
    this.hashes.set(path, known);
    return known;
  }
}
