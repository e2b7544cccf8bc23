import type { ts } from 'ts-morph';
import type { Tape } from '../../ir/ir.js';
import type { Saves } from '../../ir/saves.js';
import type { Expansion } from '../../frontend/lower/context.js';
import type { Lowered } from '../../frontend/lower/function.js';
import type { Names } from '../names.js';
import { Edits } from './edits.js';
import { printExpression, linesAhead } from './expansions.js';
import { prepareSaves } from './saves.js';
import { printBody } from './statements.js';

/** How the forward sweep ends at a `return`. */
export interface Returns {
  /** The statements that stand for a `return`; null where it jumps to the end of the forward sweep. */
  print(statement: ts.ReturnStatement): readonly string[] | null;
  /** What stands before and behind a loop whose returns lead to a backward sweep behind it. */
  around(
    statement: ts.Statement,
  ): { readonly before: readonly string[]; readonly after: readonly string[] } | null;
  /** The loop behind which a `return` lands; null is the end of the function. */
  landing(statement: ts.ReturnStatement): ts.Node | null;
}

/**
 * The forward sweep: the author's own statements in his order, with the saves put in.
 *
 * First everything that has to be saved is noted as an edit of the statement it belongs to (saves.ts); then the
 * statements are printed (statements.ts), those without edits as the author wrote them.
 */
export class ForwardPrinter {
  /** The helper whose statements are being printed. */
  at: Expansion | null = null;
  /** Whether a tape of the runtime's is declared. */
  usesTape = false;
  /** The loops that returns jump out of by name. */
  readonly labelled = new Set<ts.Node>();
  /** The tapes that are declared. */
  readonly declared = new Set<Tape>();
  private readonly allEdits = new Map<Expansion | null, Edits>();

  constructor(
    readonly lowered: Lowered,
    readonly saves: Saves,
    readonly names: Names,
    readonly returns: Returns,
    /** Whether the sweep is wrapped in a block, whose constants the backward sweep cannot see. */
    readonly isLabelled: boolean,
    readonly label: string,
    readonly tapeClass: string,
    readonly bang: string,
  ) {
    prepareSaves(this);
  }

  // The function itself, and the helpers that are printed in place

  /** The edits of the statements that are being printed. */
  get edits(): Edits {
    return this.editsOf(this.at);
  }

  /** The edits of a helper, or of the function itself. */
  editsOf(expansion: Expansion | null): Edits {
    const known = this.allEdits.get(expansion);
    if (known !== undefined) return known;
    const edits = new Edits();
    this.allEdits.set(expansion, edits);
    return edits;
  }

  /** Runs `print` for the statements of a helper, or of the function itself. */
  within<T>(expansion: Expansion | null, print: () => T): T {
    const outer = this.at;
    this.at = expansion;
    try {
      return print();
    } finally {
      this.at = outer;
    }
  }

  /** Adds a declaration ahead of everything, whichever helper it is for. */
  declare(line: string): void {
    this.editsOf(null).start.push(line);
  }

  // What a generated function is put together from

  /** Lines that declare what is saved, ahead of the sweep. */
  get declarations(): readonly string[] {
    return this.editsOf(null).start;
  }

  printBody(statements: readonly ts.Statement[]): string[] {
    return printBody(this, statements);
  }

  /** The expression of a `return`, printed. */
  returnText(statement: ts.ReturnStatement): string {
    return statement.expression === undefined
      ? 'undefined'
      : this.expressionText(statement.expression);
  }

  /** The saves that stand before a statement. */
  linesBefore(node: ts.Node): readonly string[] {
    return linesAhead(this, node);
  }

  expressionText(node: ts.Expression): string {
    return printExpression(this, node);
  }
}
