import type { ts } from 'ts-morph';
import type { Text } from '../emit/expression.js';
import type { Value } from '../ir/ir.js';
import type { Cell } from './cells.js';

/** What the source reads at some place, as a value of an expression. */
export interface Leaf {
  readonly text: Text;
  /** Null where it has no tangent. */
  readonly tangent: Value | null;
  /** The variable that is read, or whose memory is. */
  readonly cell: Cell | null;
  /** All variables in the text, those of tests and indices among them. */
  readonly reads: ReadonlySet<Cell>;
  /** Whether the text should not be computed twice. */
  readonly isDear: boolean;
}

/** A statement under construction: what goes in front of it, and what its expression consists of. */
export class Draft {
  /** The lines in front of the statement. */
  readonly before: string[] = [];
  /** By text, what the source reads. */
  readonly leaves = new Map<string, Value>();
  /** Those of them that compute what several tangents share. */
  readonly sharing = new Set<string>();
  /** The places of the author's at which a value is computed. */
  readonly places = new Map<Value, ts.Expression[]>();
  /** Values that are computed under a condition only. */
  readonly conditional = new Set<Value>();
  /** The names of values that have been given one. */
  readonly named = new Map<Value, string>();
  /** How many choices we are in the arms of. */
  arms = 0;
  /** By function and operands, what has been computed. */
  shared = new Map<string, Value>();

  constructor(
    /** The variable that the statement computes, after which its parts are named. */
    public target: string,
    /** Whether statements can be put in front. */
    readonly canPrecede: boolean,
    /** What the expression itself changes, so that it has to be read where it stands. */
    readonly moving: ReadonlySet<Cell>,
  ) {}
}
