import { ts } from 'ts-morph';
import { isReference, type Callee, type Type, type Value } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import type { GlobalNames } from '../global-names.js';
import { isCallable, isTopLevel, type FunctionSource } from './callees.js';
import type { Context } from './context.js';
import { argumentsOf, lowerArguments } from './parameters.js';

/** A helper that the generated file has in two halves: forward, with what backward needs, and backward. */
export interface Pair {
  readonly source: FunctionSource;
  readonly name: string;
  readonly forward: string;
  readonly backward: string;
  /** The type of what the forward half leaves; null where the file exports the pair anyway. */
  readonly saved: string | null;
  readonly callee: Callee;
  /** The keys of the derivatives, which are found out before anything that calls it is differentiated. */
  readonly keys: Map<number, { readonly key: string; readonly type: Type }>;
  /** Why its calls cannot be reversed by halves; found out together with the keys. */
  obstacle: string | null;
}

/** The pairs of one generated file. */
export class Pairs {
  private readonly pairs = new Map<FunctionSource, Pair>();

  constructor(
    private readonly names: GlobalNames,
    /** The functions whose two halves the file exports, with all derivatives. */
    private readonly exported: ReadonlySet<ts.Node>,
  ) {}

  of(source: FunctionSource, name: string): Pair {
    const known = this.pairs.get(source);
    if (known !== undefined) return known;
    const pair = makePair(this.names, source, name, this.exported.has(source));
    this.pairs.set(source, pair);
    return pair;
  }
}

function makePair(
  names: GlobalNames,
  source: FunctionSource,
  name: string,
  isExported: boolean,
): Pair {
  const nameOf = (base: string): string => (isExported ? base : names.reserve(base));
  const backward = nameOf(`${name}_backward`);
  const keys: Pair['keys'] = new Map();
  return {
    source,
    name,
    forward: nameOf(`${name}_forward`),
    backward,
    saved: isExported
      ? null
      : names.reserve(`${name.charAt(0).toUpperCase()}${name.slice(1)}Saved`),
    callee: { name, backward, keys },
    keys,
    obstacle: null,
  };
}

/** Lowers a call of a helper that is differentiated as a pair of its own. */
export function callPair(cx: Context, node: ts.CallExpression, source: FunctionSource): Value {
  const name = node.expression.getText();
  const refuse = (reason: string): never => cx.refuse('CR206', node, { name, reason });
  const why = isRecursivelyCalled(cx, source) ? 'it is recursive, and' : 'it may not run, and';
  if (!isTopLevel(source)) refuse(`${why} it is inside of another function`);
  if (source.typeParameters !== undefined) refuse(`${why} it is generic`);
  if (source.parameters.some((parameter) => isCallable(cx, parameter)))
    refuse(`${why} it is given a function`);
  const type = cx.typeOf(node);
  if (type.kind === 'opaque') refuse(`${why} it gives nothing to differentiate`);
  const values = lowerArguments(cx, argumentsOf(cx, node, source), source);
  const pair = cx.pairs.of(source, ownName(source, name));
  const result: Value = { type, variable: null };
  const text = `ReturnType<typeof ${pair.forward}>`;
  const record: Value = { type: { kind: 'record', text }, variable: null };
  const { builder, inPlace: statement } = cx;
  builder.append({
    kind: 'call',
    callee: pair.callee,
    args: values.map(({ value }) => value ?? cx.poison),
    result,
    record,
    origin: builder.origin,
  });
  cx.calledPairs.add(pair);
  cx.nodes.set(record, node);
  if (statement !== null && !cx.inlined && (isReference(type) ? canBeActive(type) : true)) {
    cx.savePoints.set(record, {
      kind: 'call',
      statement,
      isHoisted: cx.hoistable !== null,
      expression: node,
      forward: pair.forward,
      expansion: cx.expansion,
    });
  }
  return result;
}

function isRecursivelyCalled(cx: Context, source: FunctionSource): boolean {
  return !cx.choices.paired.has(source);
}

function ownName(source: FunctionSource, name: string): string {
  if (source.name !== undefined) return source.name.text;
  return ts.isVariableDeclaration(source.parent) && ts.isIdentifier(source.parent.name)
    ? source.parent.name.text
    : name.replace(/^.*\./, '');
}
