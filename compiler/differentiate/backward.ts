import type { Activity } from '../analysis/activity.js';
import type { Memory } from '../analysis/memory.js';
import { Builder, type Definitions, type Fold } from '../ir/build.js';
import type { AllocOp, Op, PopOp, Region, StoreOp, Value, Variable } from '../ir/ir.js';

/** A list of backward operations, and the regions of the forward sweep whose iteration or path it goes back. */
export interface Mirror {
  readonly forward: readonly Region[];
  readonly ops: Op[];
  readonly shadows: Map<Value, Value>;
}

/** What undoes a store of the primal: the overwritten value, popped and stored back. */
export interface Restore {
  readonly store: StoreOp;
  /** Null for `push`, which is undone by dropping the last element. */
  readonly pop: PopOp | null;
  readonly undo: Op;
}

/** Facts about the forward sweep that the transform looks up. */
export interface Forward {
  readonly definitions: Map<Value, Op>;
  readonly regionOf: ReadonlyMap<Value, Region>;
  readonly activity: Activity;
  readonly memory: Memory;
  readonly params: readonly Value[];
  readonly body: Region;
  /** The operations of the region that defines a value. */
  opsOf(value: Value): readonly Op[];
  /** Whether a store reaches each place of an allocation at most once. */
  fillsOnce(store: StoreOp, made: AllocOp): boolean;
}

/** The state of one backward sweep under construction. */
export class Backward {
  readonly builder: Builder;
  /** The adjoint that each value has so far; none means zero. */
  adjoints = new Map<Value, Value>();
  readonly mirrors: Mirror[] = [];
  readonly restores: Restore[] = [];
  /** By shadow: the reference that it belongs to. */
  readonly shadows = new Map<Value, Value>();
  /** Names for the adjoints of the inner results of an expression, should they need one. */
  readonly hints = new Map<Value, string>();
  /** Literals whose parts have received their adjoints, so that they have no shadow. */
  readonly seeded = new Set<Value>();
  /** The variables that belong to the backward sweep. */
  readonly ownVariables = new Set<Variable>();
  private readonly adjointVariables = new Map<Variable, Variable>();

  constructor(
    readonly forward: Forward,
    fold: Fold | null,
  ) {
    this.builder = new Builder(forward.definitions, fold);
  }

  get definitions(): Definitions {
    return this.builder.definitions;
  }

  /** The variable that holds the adjoint, or the shadow, of what a variable holds. */
  adjointVariable(variable: Variable | null): Variable | null {
    if (variable === null) return null;
    const known = this.adjointVariables.get(variable);
    if (known !== undefined) return known;
    const adjoint: Variable = { name: `d${variable.name}` };
    this.adjointVariables.set(variable, adjoint);
    this.ownVariables.add(adjoint);
    return adjoint;
  }

  /** Makes a value that comes from outside the first that the adjoint of another one holds. */
  adoptVariable({ variable }: Value, adjoint: Value): void {
    if (adjoint.variable === null) return;
    if (variable !== null) this.adjointVariables.set(variable, adjoint.variable);
    this.ownVariables.add(adjoint.variable);
  }

  /** Makes memory the shadow of a reference that has none yet, where that stands in the same region. */
  adoptShadow(reference: Value, make: () => Value): boolean {
    const mirror = this.mirrors.at(-1);
    if (mirror === undefined || mirror !== this.mirrorOf(reference)) return false;
    if (mirror.shadows.has(reference)) return false;
    const shadow = make();
    mirror.shadows.set(reference, shadow);
    this.shadows.set(shadow, reference);
    return true;
  }

  /** The mirror in which a value of the forward sweep is at hand. */
  mirrorOf(value: Value): Mirror {
    const region = this.forward.regionOf.get(value);
    const mirror = [...this.mirrors]
      .reverse()
      .find((candidate) =>
        region === undefined ? candidate === this.mirrors[0] : candidate.forward.includes(region),
      );
    if (mirror === undefined) throw new Error('A value is used backwards outside of its region');
    return mirror;
  }

  /** Builds the mirror of a forward region. */
  mirror(forward: Region, fill: () => readonly Value[]): Region {
    const shadows = new Map<Value, Value>();
    const { ops, yields } = this.builder.region(() => {
      this.mirrors.push({ forward: [forward], ops: this.builder.current(), shadows });
      try {
        return fill();
      } finally {
        this.mirrors.pop();
      }
    });
    return { ops, yields, mirrors: forward };
  }

  /** Adds a contribution to the adjoint of a value. */
  accumulate(value: Value, contribution: Value): void {
    const { builder } = this;
    const before = this.adjoints.get(value);
    const variable = this.adjointVariable(value.variable);
    if (before !== undefined) {
      this.adjoints.set(value, builder.plus(before, contribution, variable));
      return;
    }
    this.adjoints.set(value, this.named(contribution, variable));
  }

  /** The value under the name of a variable; a copy where it has a name already. */
  named(value: Value, variable: Variable | null): Value {
    if (variable === null || value.variable === variable) return value;
    const op = this.definitions.get(value);
    // A constant is worth more than a name: what is multiplied by it simplifies.
    if (op?.kind === 'literal') return value;
    if (value.variable === null && op !== undefined && this.builder.current().at(-1) === op) {
      (value as { variable: Variable | null }).variable = variable;
      return value;
    }
    return this.builder.apply('copy', [value], variable);
  }

  /** Whether a value belongs to the forward sweep. */
  isForward(value: Value): boolean {
    return this.forward.regionOf.has(value) || this.forward.params.includes(value);
  }

  isActive(value: Value): boolean {
    return this.forward.activity.isActive(value);
  }
}
