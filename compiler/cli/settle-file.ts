import { existsSync, readFileSync, rmSync } from 'node:fs';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { messageOf, wholeOf, type Generated } from './generate-file.js';
import type { Outcome } from './outcome.js';
import { isInside } from './project-root.js';
import { standingAt, writeAtomically } from './write-file.js';

/** What the settling of one file depends on besides what was generated for it. */
export interface Surroundings {
  readonly root: string;
  /** Whether the whole project is built, so that what nobody generates any more is deleted. */
  readonly isWhole: boolean;
  /** Whether files are written; else it is only told what would be. */
  readonly writes: boolean;
  /** The source that already is generated to a path in this run. */
  readonly taken: Map<string, string>;
  readonly show: (file: string) => string;
}

/** Why a file may not be generated at its place, or null. Takes the place. */
export function checkPlace(
  file: string,
  output: string,
  { root, taken, show }: Surroundings,
): Diagnostic | null {
  if (!isInside(root, output)) {
    return diagnostic('CR402', wholeOf(file), { file: show(file), root: show(root) });
  }
  const other = taken.get(output);
  if (other !== undefined) {
    return diagnostic('CR404', wholeOf(file), { output: show(output), other: show(other) });
  }
  taken.set(output, file);
  try {
    if (standingAt(output) !== 'foreign') return null;
    return diagnostic('CR401', wholeOf(file), { output: show(output), source: show(file) });
  } catch (error) {
    return diagnostic('CR405', wholeOf(file), { file: show(output), text: messageOf(error) });
  }
}

/** Brings the file at `output` into line with what was generated for it, or tells how it differs. */
export function settleFile(
  file: string,
  output: string,
  { text, diagnostics }: Generated,
  around: Surroundings,
): Outcome {
  if (text === undefined) return { status: 'failed', file, diagnostics };
  try {
    if (text === null) {
      if (!around.isWhole || standingAt(output) !== 'generated')
        return { status: 'nothing', file: output, diagnostics };
      return { ...settleOrphan(output, around), diagnostics };
    }
    const before = existsSync(output) ? readFileSync(output, 'utf8') : null;
    if (before === text) return { status: 'unchanged', file: output, diagnostics };
    if (around.writes) writeAtomically(output, text);
    const pending = before === null ? 'missing' : 'stale';
    const status = around.writes ? 'wrote' : pending;
    return { status, file: output, diagnostics, change: { before, after: text } };
  } catch (error) {
    const holes = { file: around.show(output), text: messageOf(error) };
    const failure = diagnostic('CR405', wholeOf(file), holes);
    return { status: 'failed', file, diagnostics: [...diagnostics, failure] };
  }
}

/** Deletes a generated file that has lost its source. */
export function settleOrphan(file: string, { writes, show }: Surroundings): Outcome {
  try {
    const change = { before: readFileSync(file, 'utf8'), after: null };
    if (writes) rmSync(file);
    return { status: writes ? 'deleted' : 'orphaned', file, diagnostics: [], change };
  } catch (error) {
    const holes = { file: show(file), text: messageOf(error) };
    return { status: 'failed', file, diagnostics: [diagnostic('CR405', null, holes)] };
  }
}
