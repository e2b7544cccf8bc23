import { isMatrixNumber, matrixMakers } from './matrix-functions.js';
import {
  booleanType,
  matrixType,
  numberType,
  optionalNumberType,
  opaqueType,
  type Init,
  type Key,
  type Literal,
  type Op,
  type Origin,
  type Region,
  type Type,
  type Value,
  type Variable,
  type Callee,
} from './ir.js';
import { results } from './walk.js';

/** An expression over values that exist. */
export type Expression =
  Value | number | { readonly fn: string; readonly args: readonly Expression[] };
/** What a simplification makes of `fn(args)`; null leaves it as it is. */
export type Folded = Expression | null;
export type Fold = (fn: string, args: readonly Value[], definitions: Definitions) => Folded;

/** The operation that defines a value; parameters of functions and loops have none. */
export type Definitions = ReadonlyMap<Value, Op>;

export function literalOf(value: Value, definitions: Definitions): Literal | null {
  const op = definitions.get(value);
  return op?.kind === 'literal' ? (op.value ?? null) : null;
}

export function numberOf(value: Value, definitions: Definitions): number | null {
  const literal = literalOf(value, definitions);
  return typeof literal === 'number' ? literal : null;
}

/** The number that a constant expression such as `1 / 3` stands for. */
export function constantOf(value: Value, definitions: Definitions): number | null {
  const op = definitions.get(value);
  if (op?.kind === 'literal') return typeof op.value === 'number' ? op.value : null;
  if (op?.kind !== 'apply') return null;
  const [a = null, b = null] = op.args.map((arg) => constantOf(arg, definitions));
  if (a === null) return null;
  if (op.fn === 'neg') return -a;
  if (op.fn === 'copy') return a;
  if (b === null) return null;
  return op.fn === '/'
    ? a / b
    : op.fn === '*'
      ? a * b
      : op.fn === '+'
        ? a + b
        : op.fn === '-'
          ? a - b
          : null;
}

const numberTests = new Set([
  'Number.isFinite',
  'Number.isNaN',
  'Number.isInteger',
  'isFinite',
  'isNaN',
]);

/** Whether a function of the language tells something of a number. */
export function isNumberTest(fn: string): boolean {
  return numberTests.has(fn);
}

const booleanFns = new Set([
  ...numberTests,
  '<',
  '<=',
  '>',
  '>=',
  '===',
  '!==',
  '==',
  '!=',
  '!',
  '&&',
  '||',
  'Boolean',
]);

export function resultType(fn: string, args: readonly Value[]): Type {
  if (fn === 'copy') return args[0]?.type ?? opaqueType;
  if (booleanFns.has(fn)) return booleanType;
  if (matrixMakers.has(fn)) return matrixType;
  if (args.some((arg) => arg.type.kind === 'matrix'))
    return isMatrixNumber(fn, args.length) ? numberType : matrixType;
  return numberType;
}

/** The type of what is one of two values: undefined and null have none of their own. */
export function joinedType(
  a: Value | undefined,
  b: Value | undefined,
  definitions: Definitions,
): Type {
  if (a === undefined || b === undefined) return numberType;
  const isMissing = (value: Value): boolean => {
    const op = definitions.get(value);
    return op?.kind === 'literal' && (op.value === undefined || op.value === null);
  };
  const type = a.type.kind === 'opaque' ? b.type : a.type;
  const canBeMissing = [a, b].some(
    (value) =>
      isMissing(value) || (value.type.kind === 'number' && value.type.canBeMissing === true),
  );
  return type.kind === 'number' && canBeMissing ? optionalNumberType : type;
}

/** Appends operations to the innermost of the regions under construction. */
export class Builder {
  private ops: Op[] = [];
  origin: Origin | null = null;

  constructor(
    readonly definitions: Map<Value, Op>,
    private readonly fold: Fold | null,
  ) {}

  /** Builds a region apart; what `fill` returns becomes its yields. */
  region(fill: () => readonly Value[]): Region {
    const outer = this.ops;
    this.ops = [];
    try {
      const yields = fill();
      return { ops: this.ops, yields };
    } finally {
      this.ops = outer;
    }
  }

  /** The list under construction, to which operations can be appended from inside an inner region. */
  current(): Op[] {
    return this.ops;
  }

  /** Runs `fill` with another list as the one under construction. */
  within<T>(ops: Op[], fill: () => T): T {
    const outer = this.ops;
    this.ops = ops;
    try {
      return fill();
    } finally {
      this.ops = outer;
    }
  }

  append(op: Op): void {
    this.ops.push(op);
    for (const result of results(op)) this.definitions.set(result, op);
  }

  literal(value: Literal, variable: Variable | null = null): Value {
    const type =
      typeof value === 'number'
        ? numberType
        : typeof value === 'boolean'
          ? booleanType
          : opaqueType;
    const result: Value = { type, variable };
    this.append({ kind: 'literal', value, result, origin: this.origin });
    return result;
  }

  apply(fn: string, args: readonly Value[], variable: Variable | null = null): Value {
    const folded = this.fold?.(fn, args, this.definitions) ?? null;
    if (folded !== null) {
      if (typeof folded === 'object' && 'fn' in folded) {
        return this.apply(
          folded.fn,
          folded.args.map((arg) => this.expression(arg)),
          variable,
        );
      }
      const value = this.expression(folded);
      return variable === null ? value : this.apply('copy', [value], variable);
    }
    const result: Value = { type: resultType(fn, args), variable };
    this.append({ kind: 'apply', fn, args, result, origin: this.origin });
    return result;
  }

  /** The sum of two contributions to one adjoint, which have its shape. */
  plus(a: Value, b: Value, variable: Variable | null = null): Value {
    return this.apply(a.type.kind === 'matrix' ? 'accumulate' : '+', [a, b], variable);
  }

  /** Appends the operations of an expression. */
  expression(expression: Expression): Value {
    if (typeof expression === 'number') return this.literal(expression);
    if (!('fn' in expression)) return expression;
    return this.apply(
      expression.fn,
      expression.args.map((arg) => this.expression(arg)),
    );
  }

  alloc(type: Type, init: Init, variable: Variable | null = null): Value {
    const result: Value = { type, variable };
    this.append({ kind: 'alloc', init, result, origin: this.origin });
    return result;
  }

  /** `m.data`: the elements of a matrix as an array, of which only single elements are read. */
  dataOf(matrix: Value): Value {
    const type: Type = { kind: 'array', container: 'Float64Array', element: numberType };
    const result: Value = { type, variable: null };
    this.append({ kind: 'apply', fn: 'data', args: [matrix], result, origin: this.origin });
    return result;
  }

  load(type: Type, object: Value, key: Key, variable: Variable | null = null): Value {
    const made = this.definitions.get(object);
    const [matrix] = made?.kind === 'apply' && made.fn === 'data' ? made.args : [];
    if (matrix !== undefined) return this.elementOf(matrix, key, variable);
    if (object.type.kind === 'matrix') return this.partOf(object, key);
    const result: Value = { type, variable };
    this.append({ kind: 'load', object, key, result, origin: this.origin });
    return result;
  }

  /** A call of the backward half of a pair. */
  call(callee: Callee, args: readonly Value[], type: Type): Value {
    const result: Value = { type, variable: null };
    this.append({ kind: 'call', callee, args, result, record: null, origin: this.origin });
    return result;
  }

  /** `m.rows`, `m.cols`, `m.data`. */
  private partOf(matrix: Value, key: Key): Value {
    if (key === 'data') return this.dataOf(matrix);
    if (key === 'rows' || key === 'cols') return this.apply(key, [matrix]);
    throw new Error('A matrix has rows, cols and data');
  }

  /** `m.data[i]`, `m.data.length`. */
  private elementOf(matrix: Value, key: Key, variable: Variable | null): Value {
    if (typeof key !== 'string') return this.apply('at', [matrix, key], variable);
    return this.apply('*', [this.apply('rows', [matrix]), this.apply('cols', [matrix])], variable);
  }

  store(object: Value, key: Key, value: Value): void {
    this.append({ kind: 'store', object, key, value, origin: this.origin });
  }

  /** An `if` of one result whose arms are built by `then` and `else`. */
  select(cond: Value, then: () => Value, otherwise: () => Value, byConvention = false): Value {
    const thenRegion = this.region(() => [then()]);
    const elseRegion = this.region(() => [otherwise()]);
    const type = joinedType(thenRegion.yields[0], elseRegion.yields[0], this.definitions);
    const result: Value = { type, variable: null };
    this.append({
      kind: 'if',
      cond,
      then: thenRegion,
      else: elseRegion,
      results: [result],
      origin: this.origin,
      ...(byConvention && { byConvention }),
    });
    return result;
  }
}
