import type { Matrix } from '@chainrule/runtime';

/** Numbers in any nesting that a parameter may have; parts that hold no number are left out. */
export type NumberTree =
  | number
  | undefined
  | Float64Array
  | Float32Array
  | Matrix
  | readonly NumberTree[]
  | { readonly [key: string]: NumberTree };

/** The numbers a gradient function must return: `value` and any of its derivatives. */
export interface Expected {
  readonly value?: number;
  readonly [derivative: `d${string}`]: NumberTree;
}

/** A point with more to say about it than its arguments. */
export interface DetailedPoint<Arguments> {
  readonly at: Arguments;
  readonly expected?: Expected;
  /** Relative tolerance of `expected`. Default: 1e-12. */
  readonly tolerance?: number;
  /** On a kink or a border of the domain: held against `expected` alone, not against finite differences. */
  readonly kink?: true;
}

export type Point<Arguments> = Arguments | DetailedPoint<Arguments>;

type Callable = (...args: never) => unknown;

/** For each exported function of a fixture, rules aside, the points at which it is tried. */
export type Points<Module> = {
  readonly [
    Name in Exclude<keyof Module, `${string}_pullback`> as Module[Name] extends Callable
      ? Name
      : never
  ]: Module[Name] extends Callable ? readonly Point<Readonly<Parameters<Module[Name]>>>[] : never;
};

export function detailed(point: Point<readonly unknown[]>): DetailedPoint<readonly unknown[]> {
  return 'at' in point && !Array.isArray(point)
    ? (point as DetailedPoint<readonly unknown[]>)
    : { at: point as readonly unknown[] };
}
