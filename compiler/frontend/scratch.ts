import type { SourceFile, ts } from 'ts-morph';

/** Generated text as the compiler reads its own sources. */
export interface Scratch {
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

/**
 * Reads generated text as a source file beside `source`, in memory only: what it imports is found as from the file that
 * will be generated. The project is left as it was.
 */
export function readBeside(source: SourceFile, text: string): Scratch {
  const project = source.getProject();
  const stem = source.getFilePath().replace(/\.([cm]?)tsx?$/, '');
  let path = `${stem}_gradient.ts`;
  for (let i = 2; project.getSourceFile(path) !== undefined; i++)
    path = `${stem}_gradient_${String(i)}.ts`;
  const added = project.createSourceFile(path, text, { overwrite: true });
  const { compilerNode: file } = added;
  const { compilerObject: checker } = project.getTypeChecker();
  // Types are looked up on demand: the checker keeps the program that it was made with.
  added.forget();
  return { file, checker };
}
