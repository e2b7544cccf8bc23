import type { ts } from 'ts-morph';
import type { Expansion } from '../../frontend/lower/context.js';

/** What has to be added to the author's statements so that the backward sweep finds what it needs. */
export class Edits {
  readonly before = new Map<ts.Node, string[]>();
  /** Behind a statement, or in front of a jump out of it. */
  readonly after = new Map<ts.Node, ((jump: ts.Node | null) => string)[]>();
  readonly loopStart = new Map<ts.Node, string[]>();
  /** Behind the test of a loop whose test has effects. */
  readonly loopEntered = new Map<ts.Node, string[]>();
  readonly replaced = new Map<ts.Node, string>();
  /** The helpers that run in front of a statement. */
  readonly expanded = new Map<ts.Node, Expansion[]>();
  /** In a helper: behind its parameters, and behind its result. */
  readonly entered: string[] = [];
  readonly finished: string[] = [];
  /** Declarations ahead of everything. */
  readonly start: string[] = [];

  add<K, T>(map: Map<K, T[]>, node: K, line: T): void {
    const lines = map.get(node);
    if (lines === undefined) map.set(node, [line]);
    else lines.push(line);
  }

  /** Whether anything is added to a node or stands for it. */
  has(node: ts.Node): boolean {
    const { before, after, expanded, loopStart, loopEntered, replaced } = this;
    return [before, after, expanded, loopStart, loopEntered, replaced].some((map) => map.has(node));
  }

  /** The lines behind a statement that runs to its end, or that `jump` leaves early. */
  linesAfter(node: ts.Node, jump: ts.Node | null): string[] {
    const lines = this.after.get(node) ?? [];
    return lines.map((line) => line(jump)).filter((line) => line !== '');
  }
}
