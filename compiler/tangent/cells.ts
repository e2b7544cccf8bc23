import type { ts } from 'ts-morph';

/** What the analysis tells apart: a variable with a number, or all memory that some variables may share. */
export interface Cell {
  /** Depends on a tangent parameter. */
  varied: boolean;
  /** The result depends on it. */
  useful: boolean;
  /** Its memory is changed after it was made. */
  written: boolean;
  /** Matrices in it are added to in place. */
  grown: boolean;
  /** The parameters that it holds or whose memory it may be. */
  readonly parameters: Set<number>;
}

interface Node {
  parent: Node | null;
  readonly cell: Cell;
}

/** The cells of variables, by unification: flow-insensitive, so that what is found holds at every point. */
export class Cells {
  private readonly nodes = new Map<ts.Symbol, Node>();
  /** How often something has changed: a fixpoint is reached when this stays. */
  changes = 0;

  of(symbol: ts.Symbol): Cell {
    return this.find(symbol).cell;
  }

  private find(symbol: ts.Symbol): Node {
    let node = this.nodes.get(symbol);
    if (node === undefined) {
      const facts = { varied: false, useful: false, written: false, grown: false };
      const cell = { ...facts, parameters: new Set<number>() };
      node = { parent: null, cell };
      this.nodes.set(symbol, node);
    }
    while (node.parent !== null) node = node.parent;
    return node;
  }

  /** Notes that two variables may share memory. */
  unify(a: ts.Symbol, b: ts.Symbol): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    this.changes++;
    y.parent = x;
    x.cell.varied ||= y.cell.varied;
    x.cell.useful ||= y.cell.useful;
    x.cell.written ||= y.cell.written;
    x.cell.grown ||= y.cell.grown;
    for (const parameter of y.cell.parameters) x.cell.parameters.add(parameter);
  }

  mark(cell: Cell, fact: 'varied' | 'useful' | 'written' | 'grown'): void {
    if (cell[fact]) return;
    cell[fact] = true;
    this.changes++;
  }
}
