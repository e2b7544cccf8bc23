import { Builder } from '../ir/build.js';
import type { Value, Variable } from '../ir/ir.js';

/** A builder that computes the same function of the same values once: between tangents there are no effects. */
export class SharingBuilder extends Builder {
  private readonly made = new Map<string, Value>();
  private readonly ids = new Map<Value, number>();
  /** What the author's statement computes. */
  known: ReadonlyMap<string, Value> = new Map();

  override apply(fn: string, args: readonly Value[], variable: Variable | null = null): Value {
    const key = this.keyOf(fn, args);
    const known = variable === null ? (this.known.get(key) ?? this.made.get(key)) : undefined;
    if (known !== undefined) return known;
    const value = super.apply(fn, args, variable);
    if (variable === null) this.made.set(key, value);
    return value;
  }

  /** A text that is the same for the same function of the same values. */
  keyOf(fn: string, args: readonly Value[]): string {
    return [fn, ...args.map((arg) => this.idOf(arg))].join(' ');
  }

  private idOf(value: Value): string {
    const op = this.definitions.get(value);
    if (op?.kind === 'literal') return String(op.value);
    const id = this.ids.get(value) ?? this.ids.size;
    this.ids.set(value, id);
    return `#${String(id)}`;
  }
}
