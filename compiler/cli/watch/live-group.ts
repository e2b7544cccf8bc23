import { existsSync } from 'node:fs';
import type { Project, SourceFile } from 'ts-morph';
import { outputPath } from '../../emit/output-path.js';
import type { CompileOptions } from '../../pipeline.js';
import { prepareSources } from '../../prepare-sources.js';
import { openGroup, type OpenGroup } from '../build-group.js';
import type { Group } from '../plan.js';

/** The open sources of one tsconfig, which follow changes of files without being opened anew. */
export class LiveGroup {
  opened: OpenGroup;
  private readonly project: Project | undefined;

  constructor(
    private group: Group,
    private readonly options: CompileOptions,
  ) {
    this.opened =
      group.sources.length === 0 ? { sources: new Map(), options } : openGroup(group, options);
    const [first] = this.opened.sources.values();
    this.project = (first as SourceFile | undefined)?.getProject();
  }

  /** Takes over the changes of files, some of which may be new or gone. Returns false where it has to be opened anew for that. */
  follow(changes: ReadonlySet<string>, isOtherFiles: boolean, next: Group): boolean {
    const { project, group } = this;
    if (project === undefined) return next.sources.length === 0;
    if (JSON.stringify(group.config.options) !== JSON.stringify(next.config.options)) return false;

    const before = new Set(group.sources);
    const outputs = new Set([...group.sources, ...next.sources].map(outputPath));
    const listed = new Set([...(next.config.fileNames ?? []), ...next.sources]);
    for (const path of changes) {
      if (outputs.has(path)) continue;
      const known = project.getSourceFile(path);
      const exists = existsSync(path);
      if (known && exists) known.refreshFromFileSystemSync();
      else if (known) known.forget();
      else if (exists && listed.has(path)) project.addSourceFileAtPath(path);
      // Whether an import finds it now is asked only of a project that is opened.
      else if (isOtherFiles) return false;
    }
    for (const source of before) {
      if (!next.sources.includes(source)) project.getSourceFile(outputPath(source))?.forget();
    }
    const sources = new Map(
      next.sources.map((file) => [file, project.addSourceFileAtPath(file)] as const),
    );
    this.opened = { sources, options: prepareSources(sources.values(), this.options) };
    this.group = next;
    return true;
  }
}
