import { Builder } from '../ir/build.js';
import {
  END,
  type ApplyOp,
  type IfOp,
  type LoadOp,
  type LoopOp,
  type Op,
  type Region,
  type StoreOp,
  type Value,
} from '../ir/ir.js';
import { isMatrixOp, mayShareData } from '../ir/matrix-functions.js';
import { allOps } from '../ir/walk.js';
import { countUses } from './uses.js';

/**
 * Adds matrices in place where nobody else can see it: where the first operand was made for this sum and is read by
 * nothing else. Everywhere else the sum is a new matrix.
 *
 * Before: `d = matmulTN(x, dy); d.1 = accumulate d, e` — after: `d.1 = addTo d, e`, which writes into `d`.
 *
 * Right because a value counts as owned only where its operation has just made it, and an owned value is used up by the
 * sum: its other uses are on paths that are not taken. What is stored or yielded is owned too, by a copy if need be, so
 * that no result shares its data with another one or with an argument.
 */
export function addInPlace(
  region: Region,
  memoryOf: (reference: Value) => unknown,
  definitions: Map<Value, Op>,
): Region {
  return new InPlace(region, memoryOf, definitions).run(region);
}

class InPlace {
  private owned = new Set<Value>();
  private readonly uses: ReadonlyMap<Value, number>;
  private readonly results: ReadonlySet<Value>;
  private readonly builder: Builder;
  /** The loads of matrices that are only added to and stored back, or moved out of their slot. */
  private readonly slotLoads: ReadonlySet<LoadOp>;
  /** Memory from which a matrix is read in another way, so that it must not change in place. */
  private readonly shared: ReadonlySet<unknown>;

  constructor(
    root: Region,
    private readonly memoryOf: (reference: Value) => unknown,
    private readonly definitions: Map<Value, Op>,
  ) {
    this.uses = countUses(root);
    this.results = new Set(root.yields.filter(({ type }) => type.kind === 'matrix'));
    this.builder = new Builder(definitions, null);
    const loads = [...allOps(root)].filter(
      (op): op is LoadOp => op.kind === 'load' && op.result.type.kind === 'matrix',
    );
    const all = [...allOps(root)];
    const isSlotLoad = (load: LoadOp): boolean =>
      load.key === END ||
      all.slice(all.indexOf(load)).some((store) => {
        if (store.kind !== 'store') return false;
        const isSame = store.object === load.object && store.key === load.key;
        return isSame && (this.slotSum(store) === load || store.value !== load.result);
      });
    this.slotLoads = new Set(loads.filter(isSlotLoad));
    this.shared = new Set(
      loads.filter((load) => !this.slotLoads.has(load)).map(({ object }) => memoryOf(object)),
    );
  }

  run(root: Region): Region {
    const body = this.region(root);
    const taken = new Set<Value>();
    const { ops: copies, yields } = this.builder.region(() =>
      root.yields.map((value) => {
        if (value.type.kind !== 'matrix') return value;
        const source = this.sourceOf(value);
        const isFree = this.owned.has(source) && !taken.has(source);
        taken.add(source);
        return isFree ? value : this.copy(value);
      }),
    );
    return { ...body, ops: [...body.ops, ...copies], yields };
  }

  /** Where the data of a matrix comes from. */
  private sourceOf(value: Value): Value {
    const op = this.definitions.get(value);
    return op?.kind === 'apply' && mayShareData(op.fn) ? this.sourceOf(op.args[0]) : value;
  }

  private canTake(value: Value): boolean {
    return this.owned.has(value) && this.uses.get(value) === 1;
  }

  private copy(value: Value): Value {
    const { builder } = this;
    const result: Value = { type: value.type, variable: value.variable };
    builder.append({ kind: 'apply', fn: 'clone', args: [value], result, origin: builder.origin });
    return result;
  }

  /** The value itself where it can be written to or given away, or else a copy. */
  private own(value: Value): Value {
    return this.canTake(value) ? value : this.copy(value);
  }

  private region(region: Region): Region {
    const { ops } = this.builder.region(() => {
      region.ops.forEach((op) => {
        this.builder.origin = op.origin;
        this.op(op);
      });
      return [];
    });
    return { ...region, ops };
  }

  private op(op: Op): void {
    const { builder } = this;
    switch (op.kind) {
      case 'apply':
        if (op.fn === 'accumulate') this.sum(op);
        else if (op.fn === 'addAt') {
          const [target, ...rest] = op.args;
          builder.append({ ...op, args: [this.own(target), ...rest] });
        } else if (!this.isSharedResult(op)) builder.append(op);
        else {
          this.appendCopy(op);
          return;
        }
        // What is made of a matrix that nobody else reads belongs to nobody else either.
        if (mayShareData(op.fn) ? this.canTake(op.args[0]) : isMatrixOp(op))
          this.owned.add(op.result);
        return;
      case 'load':
        builder.append(op);
        if (
          this.isGiven(op) ||
          (this.slotLoads.has(op) && !this.shared.has(this.memoryOf(op.object)))
        )
          this.owned.add(op.result);
        return;
      case 'store': {
        const isNew = op.value.type.kind === 'matrix' && this.slotSum(op) === null;
        builder.append(isNew ? { ...op, value: this.own(op.value) } : op);
        return;
      }
      case 'if':
        this.branch(op);
        return;
      case 'loop':
        this.loop(op);
        return;
      default:
        builder.append(op);
    }
  }

  /** Whether a matrix is what a backward half gives, which belongs to nobody else. */
  private isGiven({ object }: LoadOp): boolean {
    return this.definitions.get(object)?.kind === 'call';
  }

  /** Whether a derivative that is only yielded may share its data with the forward sweep. */
  private isSharedResult(op: ApplyOp): boolean {
    const isResult = this.results.has(op.result) && this.uses.get(op.result) === 1;
    return isResult && mayShareData(op.fn) && !this.owned.has(this.sourceOf(op.result));
  }

  /** The same, as a matrix of its own. */
  private appendCopy(op: ApplyOp): void {
    const { builder } = this;
    const isName = op.fn === 'copy';
    const shared: Value = { type: op.result.type, variable: null };
    if (!isName) builder.append({ ...op, result: shared });
    builder.append({ ...op, fn: 'clone', args: isName ? op.args : [shared] });
    this.owned.add(op.result);
  }

  private sum(op: ApplyOp): void {
    const [a, b] = op.args;
    if (this.canTake(a)) this.builder.append({ ...op, fn: 'addTo' });
    else if (this.canTake(b)) this.builder.append({ ...op, fn: 'addTo', args: [b, a] });
    else this.builder.append({ ...op, fn: 'add' });
  }

  /** The load of `a.m = a.m + x`. */
  private slotSum(store: StoreOp): LoadOp | null {
    const sum = this.definitions.get(store.value);
    const isSum = sum?.kind === 'apply' && ['accumulate', 'addTo', 'addAt', 'add'].includes(sum.fn);
    const load = isSum ? this.definitions.get(sum.args[0]) : undefined;
    const isSame = load?.kind === 'load' && load.object === store.object && load.key === store.key;
    return isSame ? load : null;
  }

  private branch(op: IfOp): void {
    const then = this.region(op.then);
    const otherwise = this.region(op.else);
    this.builder.origin = op.origin;
    this.builder.append({ ...op, then, else: otherwise });
    op.results.forEach((result, i) => {
      if (this.canTake(op.then.yields[i]) && this.canTake(op.else.yields[i]))
        this.owned.add(result);
    });
  }

  /** A state is written in place where each iteration then hands on what it owns; the first one begins with a copy. */
  private loop(op: LoopOp): void {
    const before = new Set(this.owned);
    let states = op.params.flatMap((param, i) => (param.type.kind === 'matrix' ? [i] : []));
    for (;;) {
      this.owned = new Set(before);
      for (const i of states) this.owned.add(op.params[i]);
      const test = this.region(op.test);
      const body = this.region(op.body);
      const kept = states.filter((i) => this.canTake(op.body.yields[i]));
      if (kept.length < states.length) {
        states = kept;
        continue;
      }
      this.builder.origin = op.origin;
      const inits = op.inits.map((init, i) => (states.includes(i) ? this.own(init) : init));
      this.builder.append({ ...op, inits, test, body });
      for (const i of states) this.owned.add(op.results[i]);
      return;
    }
  }
}
