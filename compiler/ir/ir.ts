/**
 * The intermediate representation: structured regions in SSA form. Everything here is plain data; the identity of
 * a value, an operation or a variable is the object itself.
 */

export type Type =
  | {
      readonly kind: 'number';
      /** Whether undefined or null may stand in its place. */
      readonly canBeMissing?: boolean;
    }
  | { readonly kind: 'boolean' }
  /** A matrix of the runtime: immutable, so a plain value like a number. */
  | { readonly kind: 'matrix' }
  /** Strings, enums, functions and whatever else carries no derivative and no memory that we look into. */
  | {
      readonly kind: 'opaque';
      /** Whether there are numbers in it all the same, as in an instance of a class or a union with a number. */
      readonly holdsNumbers?: boolean;
    }
  /** What a function leaves for its backward half, as it is written. */
  | { readonly kind: 'record'; readonly text: string }
  | { readonly kind: 'array'; readonly container: Container; readonly element: Type }
  | { readonly kind: 'tuple'; readonly elements: readonly Type[] }
  | { readonly kind: 'object'; readonly fields: readonly Field[] };

/** How an array is stored; those other than the first three hold integers and are never active. */
export type Container =
  | 'Array'
  | 'Float64Array'
  | 'Float32Array'
  | 'Int8Array'
  | 'Uint8Array'
  | 'Uint8ClampedArray'
  | 'Int16Array'
  | 'Uint16Array'
  | 'Int32Array'
  | 'Uint32Array';

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** Whether it may be absent, undefined or null; then it is absent in the derivative. */
  readonly optional: boolean;
  /** Whether null may stand in its place, and nothing else or also undefined. */
  readonly missing?: 'null' | 'either';
  /** Not a field of every kind of object in a union. */
  readonly partial?: boolean;
}

export const numberType: Type = { kind: 'number' };
export const optionalNumberType: Type = { kind: 'number', canBeMissing: true };
export const booleanType: Type = { kind: 'boolean' };
export const matrixType: Type = { kind: 'matrix' };
export const opaqueType: Type = { kind: 'opaque' };

/** Arrays, tuples and objects live in memory and have shadows; all else is a plain value. */
export function isReference(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'tuple' || type.kind === 'object';
}

/** Numbers and matrices have adjoints that are values themselves; what lives in memory has a shadow. */
export function hasAdjoint(type: Type): boolean {
  return type.kind === 'number' || type.kind === 'matrix';
}

/** Whether the runtime's tape takes values of the type; others are kept in an array. */
export function isOnTape(type: Type): boolean {
  return type.kind === 'boolean' || (type.kind === 'number' && type.canBeMissing !== true);
}

/** A name that several values share one after the other: a variable of the author's or the adjoint of one. */
export interface Variable {
  readonly name: string;
  /** Whether the backward sweep runs through the values of a variable of the author's, under his name. */
  readonly restates?: boolean;
}

/** The source statement (or loop header) that an operation comes from. */
export interface Origin {
  /** The statement on one line. */
  readonly text: string;
  /** The variable that the statement computes, after which its inner results are named. */
  readonly target: string;
}

export interface Value {
  readonly type: Type;
  /** The variable that holds the value; null for the inner results of an expression. */
  readonly variable: Variable | null;
}

/** A list of operations that runs as a whole and hands out `yields`. */
export interface Region {
  readonly ops: readonly Op[];
  readonly yields: readonly Value[];
  /** In a backward sweep: the region of the forward sweep that this one goes back through. */
  readonly mirrors?: Region;
}

export type Literal = number | string | boolean | null | undefined;

/** The constant `value`. */
export interface LiteralOp {
  readonly kind: 'literal';
  readonly value: Literal;
  readonly result: Value;
  readonly origin: Origin | null;
}

/** A pure function of values that the rule table knows. */
export interface ApplyOp {
  readonly kind: 'apply';
  readonly fn: string;
  readonly args: readonly Value[];
  readonly result: Value;
  readonly origin: Origin | null;
}

/** An expression that carries no derivative and that we do not look into; it runs in the forward sweep only. */
export interface OpaqueOp {
  readonly kind: 'opaque';
  readonly text: string;
  readonly args: readonly Value[];
  readonly result: Value;
  readonly origin: Origin | null;
}

/** A call of a helper that is differentiated as a pair, or, in a backward sweep, of the backward half of one. */
export interface CallOp {
  readonly kind: 'call';
  readonly callee: Callee;
  readonly args: readonly Value[];
  readonly result: Value;
  /** What the forward half leaves for the backward half. */
  readonly record: Value | null;
  readonly origin: Origin | null;
}

/** A function that is differentiated as a pair of its own. */
export interface Callee {
  readonly name: string;
  /** What its backward half is called. */
  readonly backward: string;
  /** By the number of a parameter: the key of its derivative, for those that have one. */
  readonly keys: ReadonlyMap<number, { readonly key: string; readonly type: Type }>;
}

export type Init =
  /** `length` zeros (or holes, to be written before they are read). */
  | { readonly kind: 'zeros'; readonly length: Value }
  | { readonly kind: 'fill'; readonly length: Value; readonly value: Value }
  | { readonly kind: 'elements'; readonly values: readonly Value[] }
  | {
      readonly kind: 'fields';
      readonly names: readonly string[];
      readonly values: readonly Value[];
    }
  /** A shallow copy of `source[start..end)`. */
  | {
      readonly kind: 'copy';
      readonly source: Value;
      readonly start: Value | null;
      readonly end: Value | null;
    }
  /** The elements of a matrix, row by row. */
  | { readonly kind: 'elementsOf'; readonly matrix: Value }
  /** Zeros in the shape of `source`, at every depth. */
  | { readonly kind: 'zerosLike'; readonly source: Value };

export interface AllocOp {
  readonly kind: 'alloc';
  readonly init: Init;
  readonly result: Value;
  readonly origin: Origin | null;
}

/** An index, the name of a field, or the place behind the last element. */
export type Key = Value | string;
export const END = 'end';

export interface LoadOp {
  readonly kind: 'load';
  readonly object: Value;
  readonly key: Key;
  readonly result: Value;
  readonly origin: Origin | null;
}

/** `object[key] = value`; with the key END, `object.push(value)`. */
export interface StoreOp {
  readonly kind: 'store';
  readonly object: Value;
  readonly key: Key;
  readonly value: Value;
  readonly origin: Origin | null;
}

export interface IfOp {
  readonly kind: 'if';
  readonly cond: Value;
  readonly then: Region;
  readonly else: Region;
  readonly results: readonly Value[];
  readonly origin: Origin | null;
  /** Whether the first arm is the zero that a rule gives at a point where its formula fails. */
  readonly byConvention?: boolean;
}

/**
 * Runs `test`, and while it yields true `body`. `params` hold the state of an iteration: first `inits`, then what the
 * body yielded. Where `leave` (a value of the body) is true the loop ends behind that body. `results` are the state at
 * the end. The test has no effects; the body sees its values.
 */
export interface LoopOp {
  readonly kind: 'loop';
  readonly inits: readonly Value[];
  readonly params: readonly Value[];
  readonly test: Region;
  readonly body: Region;
  readonly leave: Value | null;
  readonly results: readonly Value[];
  readonly origin: Origin | null;
}

/** The iterations of a loop whose counter `index` takes the integers below `bound`. */
export interface Extent {
  readonly bound: Value;
  readonly boundIsInteger: boolean;
  readonly index: Value;
}

/** Storage of the forward sweep for the backward sweep: what is pushed last is popped first. */
export interface Tape {
  readonly variable: Variable;
  readonly type: Type;
  readonly form:
    /** One value. */
    | { readonly kind: 'cell' }
    /** One value for each iteration of a nest of loops, given from the outermost to the innermost. */
    | { readonly kind: 'indexed'; readonly extents: readonly Extent[] }
    /** A growing stack. */
    | { readonly kind: 'stack' };
}

export interface PushOp {
  readonly kind: 'push';
  readonly tape: Tape;
  readonly value: Value;
  readonly origin: Origin | null;
}

export interface PopOp {
  readonly kind: 'pop';
  readonly tape: Tape;
  /** Where an indexed tape is read. */
  readonly index: Value | null;
  readonly result: Value;
  readonly origin: Origin | null;
}

export type Op =
  | LiteralOp
  | ApplyOp
  | OpaqueOp
  | CallOp
  | AllocOp
  | LoadOp
  | StoreOp
  | IfOp
  | LoopOp
  | PushOp
  | PopOp;

export interface Fn {
  readonly name: string;
  readonly params: readonly Value[];
  readonly body: Region;
}
