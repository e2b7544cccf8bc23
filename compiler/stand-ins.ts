import type { SourceFile } from 'ts-morph';
import { headerFor, sourceInHeader } from './emit/header.js';
import { outputPath } from './emit/output-path.js';
import { findAnnotated } from './frontend/annotations.js';

const endings = ['grad', 'grad_into', 'forward', 'backward', 'jvp', 'hvp'];

/** The names that what is generated from a function may have. */
export function generatedNames(name: string): string[] {
  return endings.map((ending) => `${name}_${ending}`);
}

/** Whether a module exports a function that has been generated. */
export function exportsFunction(text: string, name: string): boolean {
  return new RegExp(`^export function ${name.replaceAll('$', '\\$')}\\b`, 'm').test(text);
}

/**
 * Puts a module into the program, in memory only, in place of the one that will be generated from a source: what has
 * been generated already, and for all else exports that may be anything.
 *
 * A source may import its own gradient. On disk that may be missing, or belong to an earlier version of the function:
 * it would be an error to call it with a parameter that was added just now, and because of that error it would never
 * be generated anew. So it does not matter what is on disk; but a file that is not ours stays, which is then false.
 */
export function putStandIn(source: SourceFile, generated = ''): boolean {
  const project = source.getProject();
  const output = outputPath(source.getFilePath());
  // Nothing can be imported from a folder, nor generated there.
  if (project.getFileSystem().directoryExistsSync(output)) return false;
  const standing = project.addSourceFileAtPathIfExists(output);
  if (standing && sourceInHeader(standing.getFullText()) === null) return false;

  const exports = findAnnotated(source)
    .functions.flatMap(({ name }) => generatedNames(name))
    .filter((name) => !exportsFunction(generated, name))
    .map((name) => `export declare const ${name}: any;`);
  const text = [generated || headerFor(source.getBaseName()), ...exports, 'export {};'].join('\n');
  // A program in which nothing has changed stays as it is.
  if (standing?.getFullText() !== text) project.createSourceFile(output, text, { overwrite: true });
  return true;
}
