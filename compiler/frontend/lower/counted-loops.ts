import type { ts } from 'ts-morph';
import { numberType, type Type, type Value, type Variable } from '../../ir/ir.js';
import { assignedSymbols } from './assignments.js';
import type { Context, EnvKey } from './context.js';

/** A value that one iteration hands to the next. */
export interface Carried {
  readonly init: Value;
  readonly type: Type;
  readonly variable: Variable | null;
  /** Whether the variable is the author's and lives on behind the loop. */
  readonly isOuter: boolean;
}

export interface CountedLoop {
  readonly start: number;
  readonly length: Value;
  readonly carried: readonly Carried[];
  /** What an iteration hands on, in the order of `carried`. */
  readonly body: (i: Value, state: readonly Value[]) => readonly Value[];
}

/** `for (let i = 0; i < length; i++)` around what `body` appends; it changes no variables. */
export function countedLoop(cx: Context, length: Value, body: (i: Value) => void): void {
  carryingLoop(cx, {
    start: 0,
    length,
    carried: [],
    body: (i) => {
      body(i);
      return [];
    },
  });
}

/**
 * A loop that the source does not spell out, as in `fill`, `reduce` or a spread. The forward sweep prints the author's
 * expression in its place, so that nothing inside of it can be saved. Gives the final state.
 */
export function carryingLoop(
  cx: Context,
  { start, length, carried, body }: CountedLoop,
): readonly Value[] {
  const { builder } = cx;
  const variable = cx.variableOf({ flag: 'i' });
  const first = builder.literal(start, variable);
  const i: Value = { type: numberType, variable };
  const states = carried.map(({ type, variable: name }): Value => ({ type, variable: name }));
  const test = builder.region(() => [builder.apply('<', [i, length])]);
  const outer = cx.hoistable;
  cx.hoistable = null;
  const region = builder.region(() => {
    const next = body(i, states);
    return [builder.apply('+', [i, builder.literal(1)], variable), ...next];
  });
  cx.hoistable = outer;
  const results = carried.map(({ type, variable: name, isOuter }): Value => ({
    type,
    variable: isOuter ? name : null,
  }));
  builder.append({
    kind: 'loop',
    inits: [first, ...carried.map(({ init }) => init)],
    params: [i, ...states],
    test,
    body: region,
    leave: null,
    results: [{ type: numberType, variable }, ...results],
    origin: builder.origin,
  });
  return results;
}

/**
 * A counted loop whose body is a callback: the outer variables that the callback assigns are carried along with the
 * state that `body` hands on.
 */
export function callbackLoop(cx: Context, callback: ts.Node, loop: CountedLoop): readonly Value[] {
  const assigned = [...assignedSymbols(cx, callback)].filter((symbol) => cx.env.has(symbol));
  const own = loop.carried.length;
  const results = carryingLoop(cx, {
    ...loop,
    carried: [
      ...loop.carried,
      ...assigned.map((symbol): Carried => {
        const init = currentValue(cx, symbol);
        const { valueDeclaration } = symbol;
        const isOpen = init === cx.poison && valueDeclaration !== undefined;
        const type = isOpen ? cx.typeOf(valueDeclaration) : init.type;
        return { init, type, variable: cx.inlined ? null : cx.variableOf(symbol), isOuter: true };
      }),
    ],
    body: (i, state) => {
      assigned.forEach((key, at) => {
        cx.env.set(key, state[own + at] ?? cx.poison);
      });
      const next = loop.body(i, state.slice(0, own));
      return [...next, ...assigned.map((key) => currentValue(cx, key))];
    },
  });
  assigned.forEach((key, at) => {
    cx.env.set(key, results[own + at] ?? cx.poison);
  });
  return results.slice(0, own);
}

function currentValue(cx: Context, key: EnvKey): Value {
  return cx.env.get(key) ?? cx.poison;
}

/** The length of an array or a tuple. */
export function lengthOf(cx: Context, array: Value): Value {
  return array.type.kind === 'tuple'
    ? cx.builder.literal(array.type.elements.length)
    : cx.builder.load(numberType, array, 'length');
}

/** The type of what an array holds, or a tuple whose places are all of one type. */
export function elementOf(type: Type): Type {
  if (type.kind === 'array') return type.element;
  return type.kind === 'tuple' ? (type.elements[0] ?? numberType) : numberType;
}
