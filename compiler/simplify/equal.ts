import type { Definitions } from '../ir/build.js';
import type { ApplyOp, Op, Region, Value } from '../ir/ir.js';
import { regions } from '../ir/walk.js';
import { hasEffect } from './dead.js';

/**
 * The definitions as they are, except that what is computed or read a second time counts as a copy of the first.
 *
 * `Math.max(z[i], 0) + Math.log1p(Math.exp(-Math.abs(z[i])))`: both reads of `z[i]` are the same value.
 */
export function viewEqual(region: Region, definitions: Definitions): Map<Value, Op> {
  const view = new Map(definitions);
  new Numbering(view).visit(region);
  return view;
}

class Numbering {
  private readonly ids = new Map<Value, number>();
  /** What is known where we are: of the region itself, and of those around it. */
  private readonly scopes: Map<string, Value>[] = [];
  /** What was read from memory at another time may be something else by now. */
  private time = 0;

  constructor(private readonly view: Map<Value, Op>) {}

  visit(region: Region): void {
    this.scopes.push(new Map());
    for (const op of region.ops) {
      const changesMemory = hasEffect(op) || op.kind === 'call';
      if (changesMemory) this.time++;
      regions(op).forEach((inner) => {
        this.visit(inner);
      });
      if (changesMemory) this.time++;
      this.note(op);
    }
    this.scopes.pop();
  }

  private note(op: Op): void {
    const key = this.keyOf(op);
    if (key === null || !('result' in op)) return;
    const first = this.scopes.map((scope) => scope.get(key)).find((value) => value !== undefined);
    if (first === undefined) this.scopes.at(-1)?.set(key, op.result);
    else this.view.set(op.result, copyOf(op, first));
  }

  /** A text that is the same for equal values. */
  private keyOf(op: Op): string | null {
    switch (op.kind) {
      case 'literal':
        return `${typeof op.value} ${Object.is(op.value, -0) ? '-0' : String(op.value)}`;
      case 'apply':
        return [op.fn, ...op.args.map((arg) => this.idOf(arg))].join(' ');
      case 'load': {
        const key = typeof op.key === 'string' ? `.${op.key}` : this.idOf(op.key);
        return ['load', this.time, this.idOf(op.object), key].join(' ');
      }
      default:
        return null;
    }
  }

  private idOf(value: Value): number {
    const op = this.view.get(value);
    const [source] = op?.kind === 'apply' && op.fn === 'copy' ? op.args : [];
    if (source !== undefined) return this.idOf(source);
    const id = this.ids.get(value) ?? this.ids.size;
    this.ids.set(value, id);
    return id;
  }
}

function copyOf(op: Op & { readonly result: Value }, source: Value): ApplyOp {
  return { kind: 'apply', fn: 'copy', args: [source], result: op.result, origin: op.origin };
}
