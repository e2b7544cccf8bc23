import { ts } from 'ts-morph';
import { literalOf, numberOf } from '../../ir/build.js';
import { numberType, type Op, type Region, type Type, type Value } from '../../ir/ir.js';
import { ofNumbers } from '../../ir/matrix-functions.js';
import { allOps, operands, regions } from '../../ir/walk.js';
import { hasMatrixRule } from '../../rules/index.js';
import { runtimeName } from '../runtime-names.js';
import type { Context } from './context.js';
import { lowerExpression } from './expressions.js';
import { opaque } from './opaque.js';

const reductions: ReadonlySet<string> = new Set(['sum', 'mean', 'max', 'min', 'logSumExp']);

/** A call of a function of the runtime that takes or gives matrices; null where the call is of something else. */
export function lowerMatrixCall(cx: Context, node: ts.CallExpression): Value | null {
  const name = runtimeName(cx.checker, node.expression);
  if (name === null || name === 'stopGradient') return null;
  const { builder } = cx;
  if (name === 'matrix') return lowerMatrix(cx, node);
  if (name === 'randn' || name === 'seededRandom') return opaque(cx, node, cx.typeOf(node));
  const spread = node.arguments.find((arg) => ts.isSpreadElement(arg));
  if (spread !== undefined)
    return cx.unsupported(spread, `A spread in ${name}`, 'Pass the matrices one by one.');
  const args = node.arguments.map((arg) => lowerExpression(cx, arg));
  const scalar = ofNumbers[name];
  if (scalar !== undefined && args.every((arg) => arg.type.kind === 'number'))
    return builder.apply(scalar, args);
  refuseUnknown(cx, node, args);
  if (reductions.has(name)) return lowerReduction(cx, node, name, args);
  if (name === 'fromData') return lowerFromData(cx, args);
  if (name !== 'copy' && !hasMatrixRule(name, args.length))
    return cx.unsupported(node, `The function ${name}`, 'Write it with other functions.');
  return builder.apply(name === 'copy' ? 'clone' : name, args);
}

/** What an operand may be is decided when the code is generated, not when it runs. */
function refuseUnknown(cx: Context, node: ts.CallExpression, args: readonly Value[]): void {
  args.forEach((arg, i) => {
    const given = node.arguments[i];
    if (given === undefined) return;
    if (arg.type.kind === 'object') {
      cx.unsupported(
        given,
        `"${given.getText()}", an object that is not of the type Matrix of the runtime,`,
        'Make it with fromData, or give it that type.',
      );
    }
    if (arg.type.kind !== 'opaque') return;
    cx.unsupported(
      given,
      `"${given.getText()}", which may be a number or a matrix,`,
      'Give it one type: number or Matrix.',
    );
  });
}

/** `sum(a)`, `sum(a, axis)`, `sum(a, axis, true)`, and as an array `sum(a, axis, false)`. */
function lowerReduction(
  cx: Context,
  node: ts.CallExpression,
  name: string,
  args: readonly Value[],
): Value {
  const { builder } = cx;
  const [matrix, axis, keep] = args;
  if (matrix === undefined || axis === undefined) return builder.apply(name, args);
  const along = numberOf(axis, cx.definitions);
  if (along !== 0 && along !== 1)
    return cx.unsupported(node, `${name} along an axis that is not written out`, 'Write 0 or 1.');
  const reduced = builder.apply(name, [matrix, axis]);
  if (keep === undefined) return reduced;
  const kept = literalOf(keep, cx.definitions);
  if (typeof kept !== 'boolean')
    return cx.unsupported(node, `${name} with a computed third argument`, 'Write true or false.');
  return kept ? reduced : builder.alloc(cx.typeOf(node), { kind: 'elementsOf', matrix: reduced });
}

/** A new array with the elements of another one, or of a matrix. */
export function copied(
  cx: Context,
  type: Type,
  source: Value,
  start: Value | null = null,
  end: Value | null = null,
): Value {
  const matrix = start === null && end === null ? matrixBehind(cx, source) : null;
  if (matrix !== null) return cx.builder.alloc(type, { kind: 'elementsOf', matrix });
  return cx.builder.alloc(type, { kind: 'copy', source, start, end });
}

/** The matrix whose data a reference is. */
function matrixBehind(cx: Context, reference: Value): Value | null {
  const op = cx.definitions.get(reference);
  return op?.kind === 'apply' && op.fn === 'data' ? (op.args[0] ?? null) : null;
}

/**
 * Refuses what would take the data of a matrix as an array of its own: its elements are read one by one, so that each
 * has its place in the adjoint of the matrix.
 */
export function refuseLooseData(cx: Context, body: Region): void {
  const check = (value: Value, op: Op | null): void => {
    if (matrixBehind(cx, value) === null) return;
    const node = cx.nodes.get(value) ?? (op?.origin && cx.originNodes.get(op.origin)) ?? cx.root;
    cx.unsupported(
      node,
      'The data of a matrix as an array',
      'Read its elements, or copy it with `slice()`.',
    );
  };
  for (const op of allOps(body)) {
    for (const value of operands(op)) check(value, op);
    for (const region of regions(op)) for (const value of region.yields) check(value, op);
  }
  for (const value of body.yields) check(value, null);
}

/** `fromData(rows, cols, data)`; of the data of a matrix it is that matrix in another shape. */
function lowerFromData(cx: Context, args: readonly Value[]): Value {
  const { builder } = cx;
  const [rows, cols, data] = args;
  const matrix = data === undefined ? null : matrixBehind(cx, data);
  if (matrix !== null && rows !== undefined && cols !== undefined)
    return builder.apply('reshape', [matrix, rows, cols]);
  return builder.apply('fromData', args);
}

/** `matrix([[a, b], [c, d]])` of numbers, or of an array of rows. */
function lowerMatrix(cx: Context, node: ts.CallExpression): Value {
  const { builder } = cx;
  const [arg] = node.arguments;
  if (arg === undefined) return cx.unsupported(node, 'This call of matrix');
  const rows = rowsOf(arg);
  if (rows === null) return builder.apply('matrix', [lowerExpression(cx, arg)]);
  const [first] = rows;
  const values = rows.flatMap((row) => row.map((element) => lowerExpression(cx, element)));
  return builder.apply('matrixOf', [
    builder.literal(rows.length),
    builder.literal(first?.length ?? 0),
    ...values,
  ]);
}

/** The elements of a literal of rows of the same length. */
function rowsOf(node: ts.Expression): readonly (readonly ts.Expression[])[] | null {
  if (!ts.isArrayLiteralExpression(node)) return null;
  const rows = node.elements.map((row) => (ts.isArrayLiteralExpression(row) ? row.elements : null));
  const known = rows.filter((row) => row !== null);
  const isPlain = known.every(
    (row) => row.length === known[0]?.length && !row.some((element) => ts.isSpreadElement(element)),
  );
  return known.length === rows.length && isPlain ? known : null;
}

/** `m.rows`, `m.cols` and `m.data`. */
export function lowerMatrixPart(cx: Context, node: ts.Node, matrix: Value, name: string): Value {
  if (name !== 'rows' && name !== 'cols' && name !== 'data')
    return cx.unsupported(node, `The property ${name}`);
  return cx.builder.load(numberType, matrix, name);
}

/** Refuses to write into the data of a matrix. */
export function refuseMatrixWrite(cx: Context, reference: Value, node: ts.Node): void {
  if (matrixBehind(cx, reference) !== null)
    cx.refuse('CR210', node, { what: `"${node.getText()}"` });
}
