import type { ts } from 'ts-morph';
import { numberOf, type Definitions } from '../../ir/build.js';
import { isOnTape, type Extent, type Tape, type Value } from '../../ir/ir.js';
import { listText, savedText } from '../shapes.js';
import { printExpression } from './expansions.js';
import type { ForwardPrinter } from './printer.js';

/** Whether a statement runs once and what it declares is in scope of the backward sweep. */
export function isAtRoot(printer: ForwardPrinter, { parent }: ts.Node): boolean {
  const { at } = printer;
  if (at === null) {
    const { root } = printer.lowered;
    return !printer.isLabelled && (parent === root.body || parent === root);
  }
  const isTop = at.label === null && (parent === at.source.body || parent === at.source);
  return isTop && printer.within(at.parent, () => isAtRoot(printer, at.statement));
}

/** Declares the variable of a single value, ahead of everything. */
export function declareCell(printer: ForwardPrinter, { type, variable }: Tape): void {
  const name = printer.names.of(variable);
  const zero =
    type.kind === 'number' && isOnTape(type) ? ' = 0' : type.kind === 'boolean' ? ' = false' : null;
  printer.declare(zero === null ? `let ${name}!: ${savedText(type)};` : `let ${name}${zero};`);
}

/** Declares what takes the values of many iterations: an array by index where the loop has a counter. */
export function declareTape(printer: ForwardPrinter, tape: Tape): void {
  if (tape.form.kind === 'indexed') declareIndexed(printer, tape, tape.form.extents);
  else declareStack(printer, tape);
}

/** Declares a tape, ahead of everything. */
export function declareStack(printer: ForwardPrinter, tape: Tape): void {
  if (printer.declared.has(tape)) return;
  printer.declared.add(tape);
  const name = printer.names.of(tape.variable);
  if (!isOnTape(tape.type)) {
    printer.declare(`const ${name}: ${listText(savedText(tape.type))} = [];`);
    return;
  }
  printer.usesTape = true;
  printer.declare(`const ${name} = new ${printer.tapeClass}();`);
}

/** Declares an array with an element for each iteration, in front of the outermost loop. */
function declareIndexed(printer: ForwardPrinter, tape: Tape, extents: readonly Extent[]): void {
  if (printer.declared.has(tape)) return;
  printer.declared.add(tape);
  const [outermost] = extents;
  const point =
    outermost === undefined ? undefined : printer.lowered.cx.savePoints.get(outermost.index);
  if (point?.kind !== 'loop-start') throw new Error('A counter without a loop');
  const lengths = extents.map((extent) => lengthText(printer, extent));
  const length = lengths.length === 1 ? lengths[0] : lengths.map(asFactor).join(' * ');
  const type = tape.type.kind === 'boolean' ? 'Uint8Array' : 'Float64Array';
  const edits = printer.editsOf(point.expansion ?? null);
  const name = printer.names.of(tape.variable);
  edits.add(edits.before, point.statement, `const ${name} = new ${type}(${length ?? ''});`);
}

/** How many iterations a loop has: a bound below 0 is none. */
function lengthText(printer: ForwardPrinter, extent: Extent): string {
  const text = widthText(printer, extent);
  return isLength(extent.bound, printer.lowered.cx.definitions) ? text : `Math.max(${text}, 0)`;
}

/** How many iterations a loop has that has any. */
function widthText(printer: ForwardPrinter, { bound, boundIsInteger }: Extent): string {
  const text = boundText(printer, bound);
  return boundIsInteger ? text : `Math.ceil(${text})`;
}

/** The place of this iteration in the array of a tape: `(i * m + j) * n + k`. */
export function placeText(printer: ForwardPrinter, extents: readonly Extent[]): string {
  return extents.reduce((row, extent) => {
    const name = extent.index.variable?.name ?? 'i';
    if (row === '') return name;
    return `${asFactor(row)} * ${asFactor(widthText(printer, extent))} + ${name}`;
  }, '');
}

function asFactor(text: string): string {
  return /^[\w.]+(\([^()]*\))?$/.test(text) ? text : `(${text})`;
}

/** Whether a bound is made of lengths and constants in a way that it is never negative. */
function isLength(bound: Value, definitions: Definitions): boolean {
  const op = definitions.get(bound);
  if (op?.kind === 'literal') return typeof op.value === 'number' && op.value >= 0;
  if (op?.kind === 'load') return op.key === 'length';
  if (op?.kind !== 'apply') return false;
  if (op.fn === 'rows' || op.fn === 'cols') return true;
  const adds = op.fn === '+' || op.fn === '*' || op.fn === 'copy';
  return adds && op.args.every((arg) => isLength(arg, definitions));
}

/** The text of a loop's bound. */
function boundText(printer: ForwardPrinter, bound: Value): string {
  const { cx } = printer.lowered;
  if (bound.variable !== null) return bound.variable.name;
  const op = cx.definitions.get(bound);
  if (op?.kind === 'load' && op.object.variable !== null)
    return `${op.object.variable.name}.length`;
  const node = cx.nodes.get(op?.kind === 'load' ? op.object : bound);
  if (node === undefined && op?.kind === 'apply' && op.args.length === 2) {
    // A bound from which a test has taken a constant.
    const [left, right] = op.args;
    return `${boundText(printer, left)} ${op.fn} ${String(numberOf(right, cx.definitions))}`;
  }
  if (node === undefined) throw new Error('A bound without a place in the source');
  const text = printExpression(printer, node);
  return op?.kind === 'load' ? `${text}.length` : text;
}
