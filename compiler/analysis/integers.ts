import { numberOf, type Definitions } from '../ir/build.js';
import type { LoopOp, Value } from '../ir/ir.js';

const rounding = new Set([
  'Math.floor',
  'Math.ceil',
  'Math.round',
  'Math.trunc',
  'Math.sign',
  '|',
  '&',
  '^',
  '~',
  '<<',
  '>>',
  '>>>',
  'Math.imul',
  'Math.clz32',
  'rows',
  'cols',
]);

/** Whether a number is provably an integer. `loopOf` gives the loop of which a value is state. */
export function isInteger(
  value: Value,
  definitions: Definitions,
  loopOf: (value: Value) => LoopOp | undefined,
  assumed: ReadonlySet<Value> = new Set(),
): boolean {
  if (assumed.has(value)) return true;
  const constant = numberOf(value, definitions);
  if (constant !== null) return Number.isInteger(constant);
  const op = definitions.get(value);
  if (op === undefined) {
    const loop = loopOf(value);
    const at = loop?.params.indexOf(value) ?? -1;
    const init = loop?.inits[at];
    const next = loop?.body.yields[at];
    if (init === undefined || next === undefined) return false;
    const assuming = new Set([...assumed, value]);
    return (
      isInteger(init, definitions, loopOf, assumed) &&
      isInteger(next, definitions, loopOf, assuming)
    );
  }
  if (op.kind === 'load') {
    if (op.key === 'length') return true;
    const { type } = op.object;
    return (
      type.kind === 'array' && !['Array', 'Float64Array', 'Float32Array'].includes(type.container)
    );
  }
  if (op.kind !== 'apply') return false;
  if (rounding.has(op.fn)) return true;
  if (!['+', '-', '*', 'neg', 'copy', 'Math.max', 'Math.min', 'Math.abs'].includes(op.fn))
    return false;
  return op.args.every((arg) => isInteger(arg, definitions, loopOf, assumed));
}
