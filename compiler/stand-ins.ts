import type { SourceFile } from 'ts-morph';
import { sourceInHeader } from './emit/header.js';
import { outputPath } from './emit/output-path.js';
import { findAnnotated } from './frontend/annotations.js';

const endings = ['grad', 'grad_into', 'forward', 'backward', 'jvp', 'hvp'];

/**
 * Puts modules into the program, in memory only, in place of those that will be generated.
 *
 * A source may import its own gradient. On disk that may be missing, or belong to an earlier version of the function:
 * it would be an error to call it with a parameter that was added just now, and because of that error it would never
 * be generated anew. So its exports may be anything, whatever is on disk.
 */
export function addStandIns(sources: Iterable<SourceFile>): void {
  for (const source of sources) {
    const project = source.getProject();
    const output = outputPath(source.getFilePath());
    // Nothing can be imported from a folder, nor generated there.
    if (project.getFileSystem().directoryExistsSync(output)) continue;
    const standing = project.addSourceFileAtPathIfExists(output);
    if (standing && sourceInHeader(standing.getFullText()) === null) continue;

    const exports = findAnnotated(source).functions.flatMap(({ name }) =>
      endings.map((ending) => `export declare const ${name}_${ending}: any;`),
    );
    const text = [...exports, 'export {};'].join('\n');
    project.createSourceFile(output, text, { overwrite: true });
  }
}
