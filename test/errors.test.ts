import { describe, expect, it } from 'vitest';
import { compileChecked } from '../compiler/compile-checked.js';
import {
  fileOf,
  fixtureProject,
  preparedFor,
  renderDiagnostics,
} from './support/compile-fixture.js';
import { errorFiles } from './support/fixture-files.js';

const project = fixtureProject(errorFiles.map(({ path }) => path));

/** The lines that end with `// error`, and those that follow a line ending with `the error is below.` */
function markedLines(text: string): number[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.endsWith('// error')) return [i + 1];
    return line.endsWith('the error is below.') ? [i + 2] : [];
  });
}

describe.each(errorFiles)('$name', ({ path }) => {
  const source = project.getSourceFileOrThrow(path);
  const { text, diagnostics } = compileChecked(source, preparedFor(source));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');

  it('is refused at the places marked', async () => {
    expect(text).toBeNull();
    const messages = renderDiagnostics(source, diagnostics);
    const files = new Set([source, ...errors.flatMap(({ span }) => span && fileOf(source, span))]);
    for (const file of files) {
      if (file === null) continue;
      const own = errors.filter(({ span }) => span?.file === file.getFilePath());
      const lines = own.map(({ span }) => file.getLineAndColumnAtPos(span?.start ?? 0).line);
      expect(
        [...new Set(lines)].sort((a, b) => a - b),
        messages,
      ).toEqual(markedLines(file.getFullText()));
    }
    await expect(messages).toMatchFileSnapshot(path.replace(/\.ts$/, '.txt'));
  });

  it('is no bug of ours', () => {
    const bugs = errors.filter(({ category }) => category === 'a bug of ours');
    expect(renderDiagnostics(source, bugs)).toBe('');
  });
});
