import type { ApplyOp } from '../ir/ir.js';
import { isMatrixPart, isRuntimeCall } from '../ir/matrix-functions.js';
import { primary, PRIMARY, wrap, type Text } from './expression.js';

/** How a generated file writes elements, and what it calls the functions of the runtime. */
export interface RuntimeStyle {
  readonly bang: string;
  runtimeName(fn: string): string;
}

/** An operation of matrices as a call of the runtime, or as a part of a matrix; null for functions of numbers. */
export function runtimeText(op: ApplyOp, args: readonly Text[], style: RuntimeStyle): Text | null {
  const [first, index] = args;
  if (isMatrixPart(op.fn) && first !== undefined) {
    const matrix = wrap(first, PRIMARY);
    if (op.fn !== 'at') return primary(`${matrix}.${op.fn}`);
    return primary(`${matrix}.data[${index?.text ?? ''}]${style.bang}`);
  }
  if (op.fn === 'matrixOf') return matrixText(style.runtimeName('matrix'), args);
  if (!isRuntimeCall(op)) return null;
  const name = style.runtimeName(op.fn === 'clone' ? 'copy' : op.fn);
  return primary(`${name}(${args.map(({ text }) => text).join(', ')})`);
}

/** `matrix([[a, b], [c, d]])` */
function matrixText(name: string, [rows, cols, ...elements]: readonly Text[]): Text {
  const width = Number(cols?.text ?? 0);
  const lines = Array.from({ length: Number(rows?.text ?? 0) }, (_, i) =>
    elements
      .slice(i * width, (i + 1) * width)
      .map(({ text }) => text)
      .join(', '),
  );
  return primary(`${name}([${lines.map((line) => `[${line}]`).join(', ')}])`);
}
