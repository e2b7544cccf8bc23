import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { findProject } from '../cli/project-root.js';
import { readRaw, readText } from '../cli/read-text.js';
import { typescriptVersion } from '../cli/typescript-version.js';
import { compileChecked } from '../compile-checked.js';
import { render } from '../diagnostics/render.js';
import { sourceInHeader } from '../emit/header.js';
import { outputPath } from '../emit/output-path.js';
import { openProject, readConfigs, withoutConfig } from '../frontend/project.js';
import { prepareSources } from '../prepare-sources.js';

/** Generated files that need not be on disk. What is there is not believed: it may be stale. */
export class VirtualFiles {
  private readonly texts = new Map<string, { readonly from: string; readonly text: string }>();

  /** The annotated source of a generated file; null for any other path, and where another file stands. */
  sourceOf(path: string): string | null {
    if (!/_grad\.[cm]?ts$/.test(path)) return null;
    const standing = readRaw(path);
    if (standing !== null && sourceInHeader(standing) === null) return null;
    const base = path.replace(/_grad(\.[cm]?ts)$/, '$1');
    const candidates = [base, `${base}x`].filter((source) => outputPath(source) === path);
    return candidates.find((source) => readText(source)?.includes('@differentiable')) ?? null;
  }

  /** The generated text for a path; null where nothing is generated there. Throws where the source has errors. */
  textOf(path: string): string | null {
    const source = this.sourceOf(path);
    if (source === null) return null;
    const from = readText(source) ?? '';
    const known = this.texts.get(path);
    if (known?.from === from) return known.text;
    const text = generate(source);
    if (text !== null) this.texts.set(path, { from, text });
    return text;
  }

  /** Forgets what was generated: something that it depends on has changed. */
  clear(): void {
    this.texts.clear();
  }
}

function generate(path: string): string | null {
  const { root, tsconfig } = findProject(dirname(path), undefined);
  const configs =
    tsconfig !== null && existsSync(tsconfig) ? readConfigs(tsconfig, typescriptVersion(root)) : [];
  const config = configs.find(({ fileNames }) => fileNames?.includes(path)) ?? configs[0];
  const source = openProject(config ?? withoutConfig, [path]).get(path);
  if (source === undefined) return null;
  const { text, diagnostics } = compileChecked(source, prepareSources([source]));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return text;

  const plain = (part: string): string => part;
  const colors = { bold: plain, cyan: plain, dim: plain, red: plain, yellow: plain };
  const surroundings = { colors, isColored: false, read: readText, show: plain };
  throw new Error(errors.map((each) => render(each, surroundings)).join('\n\n'));
}
