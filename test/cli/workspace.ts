import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../compiler/cli/main.js';
import type { Compile } from '../../compiler/compile-checked.js';
import { headerFor } from '../../compiler/emit/header.js';
import { findAnnotated } from '../../compiler/frontend/annotations.js';

/** A folder of its own for one test. */
export interface Workspace {
  readonly path: string;
  readonly write: (files: Record<string, string>) => void;
  readonly read: (file: string) => string;
  readonly has: (file: string) => boolean;
  /** The names of all files, folders left out. */
  readonly list: () => string[];
  readonly run: (...argv: string[]) => Promise<Run>;
  /** Like `run` in a folder of the workspace, with a compiler of the test's. */
  readonly runIn: (folder: string, argv: string[], compile?: Compile) => Promise<Run>;
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function workspace(files: Record<string, string> = {}): Workspace {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'chainrule-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const self: Workspace = {
    path,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
    },
    read: (file) => readFileSync(join(path, file), 'utf8'),
    has: (file) => existsSync(join(path, file)),
    list: () =>
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
        .sort(),
    run: (...argv) => self.runIn('.', argv),
    async runIn(folder, argv, compile = fakeCompile) {
      let out = '';
      let err = '';
      const io = {
        cwd: join(path, folder),
        isColored: false,
        isWatched: false,
        isGithub: false,
        out: (text: string) => void (out += text),
        err: (text: string) => void (err += text),
      };
      const code = await main(argv, io, compile);
      return { code, out, err };
    },
  };
  self.write(files);
  return self;
}

/** Generates a function that does nothing for each annotated one, so that the commands are tested by themselves. */
export const fakeCompile: Compile = (source, { stage } = {}) => {
  const { functions, diagnostics } = findAnnotated(source);
  const bodies = functions.map(
    ({ name }) => `export function ${name}_grad() {\n  return "${name}" }`,
  );
  const text = [headerFor(source.getFilePath()), '/* eslint-disable */', ...bodies].join('\n');
  const isGood = diagnostics.length === 0 && functions.length > 0;
  return {
    text: isGood ? text : null,
    diagnostics,
    ir: functions.map(({ name }) => `fn ${name}, ${String(stage)}`).join('\n'),
  };
};

/** The text of a source with one annotated function. */
export function source(name: string): string {
  return `/** @differentiable */\nexport function ${name}(x: number): number {\n  return x * x;\n}\n`;
}
