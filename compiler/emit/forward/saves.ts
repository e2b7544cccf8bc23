import { ts } from 'ts-morph';
import type { LoopOp, StoreOp, Tape, Value } from '../../ir/ir.js';
import type { Flag, SavePoint } from '../../frontend/lower/context.js';
import type { Lowered } from '../../frontend/lower/function.js';
import { memberText, tangentTypeText } from '../shapes.js';
import { printExpression } from './expansions.js';
import type { ForwardPrinter } from './printer.js';
import { placeOfPart, saveCall } from './calls.js';
import { declareCell, declareStack, declareTape, isAtRoot, placeText } from './tapes.js';

/** Notes where in the author's statements everything is saved that the backward sweep needs. */
export function prepareSaves(printer: ForwardPrinter): void {
  const { saves, lowered } = printer;
  const { cx } = lowered;
  for (const expansion of cx.expansions) {
    const edits = printer.editsOf(expansion.parent);
    edits.replaced.set(expansion.call, expansion.result);
    edits.add(edits.expanded, expansion.statement, expansion);
  }
  const calls = [...saves.values].filter(([value]) => isCall(printer, value));
  for (const [value, tape] of calls.sort(([a], [b]) => endOf(printer, a) - endOf(printer, b))) {
    const point = cx.savePoints.get(value);
    if (point?.kind !== 'call') continue;
    printer.within(point.expansion ?? null, () => {
      saveCall(printer, point, tape);
    });
  }
  for (const [value, tape] of innerFirst(printer, [...saves.values])) {
    if (isCall(printer, value)) continue;
    const expansion = cx.savePoints.get(value)?.expansion ?? null;
    printer.within(expansion, () => {
      saveValue(printer, value, tape);
    });
  }
  for (const tape of saves.objects.values()) declareStack(printer, tape);
  // The backward sweep met them last first.
  for (const [store, tape] of [...saves.overwritten].reverse())
    saveOverwritten(printer, store, tape);
  for (const [loop, tape] of saves.trips) {
    const expansion = loop.origin === null ? null : (cx.originExpansions.get(loop.origin) ?? null);
    printer.within(expansion, () => {
      countTrips(printer, loop, tape);
    });
  }
}

/** A part of a statement is named before the parts that it stands in, which then use its name. */
function innerFirst(
  { lowered }: ForwardPrinter,
  saves: readonly (readonly [Value, Tape])[],
): (readonly [Value, Tape])[] {
  const sizeOf = ([value]: readonly [Value, Tape]): number => {
    const point = lowered.cx.savePoints.get(value);
    return point?.kind === 'hoist' ? point.expression.getWidth() : 0;
  };
  const nested = saves.filter((save) =>
    saves.some((other) => other !== save && isWithin(lowered, other[0], save[0])),
  );
  const sorted = [...nested].sort((a, b) => sizeOf(a) - sizeOf(b));
  return [...saves.filter((save) => !nested.includes(save)), ...sorted];
}

/** Whether the expression of one value stands inside of that of another. */
function isWithin({ cx }: Lowered, inner: Value, outer: Value): boolean {
  const [a, b] = [inner, outer].map((value) => cx.savePoints.get(value));
  if (a?.kind !== 'hoist' || b?.kind !== 'hoist' || a.statement !== b.statement) return false;
  return b.expression.pos <= a.expression.pos && a.expression.end <= b.expression.end;
}

function isCall({ lowered }: ForwardPrinter, value: Value): boolean {
  return lowered.cx.savePoints.get(value)?.kind === 'call';
}

/** Where a call ends: an argument of another one comes before that. */
function endOf({ lowered }: ForwardPrinter, record: Value): number {
  const point = lowered.cx.savePoints.get(record);
  return point?.kind === 'call' ? point.expression.end - point.expression.getWidth() / 1e9 : 0;
}

/** Saves a value at the place that lowering has found for it. */
function saveValue(printer: ForwardPrinter, value: Value, tape: Tape): void {
  const point = printer.lowered.cx.savePoints.get(value);
  if (point === undefined || point.kind === 'call')
    throw new Error('A value without a place to save it');
  if (point.kind === 'hoist') {
    hoist(printer, point.statement, point.expression, tape);
    return;
  }
  if (point.kind === 'before') {
    saveBefore(printer, point.statement, partText(printer, point.expression), tape);
    return;
  }
  const name = value.variable?.name ?? 'value';
  if (tape.form.kind === 'cell') {
    saveInCell(printer, tape, point, name);
    return;
  }
  const text = tape.type.kind === 'boolean' ? `${name} ? 1 : 0` : name;
  declareTape(printer, tape);
  const { edits } = printer;
  const line = saveLine(printer, tape, text);
  if (point.kind === 'loop-start') edits.add(startOf(printer, point), point.statement, line);
  else if (point.kind === 'after') {
    const { flag } = point;
    edits.add(edits.after, point.statement, (jump) =>
      flag === undefined
        ? line
        : saveLine(printer, tape, leavesBy(printer, flag, jump) ? '1' : '0'),
    );
  } else saveAround(printer, tape, point.kind, line);
}

/** Saves a value that has a variable of its own, assigned once or where it is computed. */
function saveInCell(
  printer: ForwardPrinter,
  tape: Tape,
  point: Exclude<SavePoint, { kind: 'hoist' | 'before' | 'call' }>,
  name: string,
): void {
  const { edits } = printer;
  const tapeName = printer.names.of(tape.variable);
  const line = `${tapeName} = ${name};`;
  if (point.kind === 'function-start' || point.kind === 'result') {
    saveAround(printer, tape, point.kind, line);
    return;
  }
  const { statement } = point;
  if (point.kind === 'loop-start') {
    declareCell(printer, tape);
    edits.add(startOf(printer, point), statement, line);
    return;
  }
  const { flag } = point;
  if (flag === undefined && isAtRoot(printer, statement)) {
    edits.add(edits.after, statement, () => `const ${line}`);
    return;
  }
  declareCell(printer, tape);
  edits.add(edits.after, statement, (jump) => {
    if (flag === undefined) return line;
    return leavesBy(printer, flag, jump) ? `${tapeName} = true;` : '';
  });
}

/** Whether a jump takes the exit that a flag stands for. */
function leavesBy({ lowered, at }: ForwardPrinter, flag: Flag, jump: ts.Node | null): boolean {
  return jump !== null && lowered.cx.jumpFlags.get(at)?.get(jump) === flag;
}

function startOf(
  { edits }: ForwardPrinter,
  point: SavePoint & { kind: 'loop-start' },
): Map<ts.Node, string[]> {
  return point.isBehindTest ? edits.loopEntered : edits.loopStart;
}

/** The line that saves into an array or onto a tape. */
function saveLine(printer: ForwardPrinter, tape: Tape, text: string): string {
  const name = printer.names.of(tape.variable);
  if (tape.form.kind === 'indexed')
    return `${name}[${placeText(printer, tape.form.extents)}] = ${text};`;
  return `${name}.push(${text});`;
}

/** Saves a parameter or the result of a helper, or a parameter of the function itself. */
function saveAround(
  printer: ForwardPrinter,
  tape: Tape,
  kind: 'function-start' | 'result',
  line: string,
): void {
  const { at, edits } = printer;
  if (at === null) {
    printer.declare(`const ${line}`);
    return;
  }
  const lines = kind === 'result' ? edits.finished : edits.entered;
  if (tape.form.kind !== 'cell') lines.push(line);
  else if (printer.within(at.parent, () => isAtRoot(printer, at.statement)))
    lines.push(`const ${line}`);
  else {
    declareCell(printer, tape);
    lines.push(line);
  }
}

/** Saves the value of an expression in front of a statement that may change it. */
function saveBefore(printer: ForwardPrinter, statement: ts.Node, text: string, tape: Tape): void {
  const { edits } = printer;
  const name = printer.names.of(tape.variable);
  if (tape.form.kind !== 'cell') {
    declareTape(printer, tape);
    edits.add(edits.before, statement, saveLine(printer, tape, text));
  } else if (isAtRoot(printer, statement))
    edits.add(edits.before, statement, `const ${name} = ${text};`);
  else {
    declareCell(printer, tape);
    edits.add(edits.before, statement, `${name} = ${text};`);
  }
}

/** Computes a part of a statement in front of it, so that its value can be saved and used. */
function hoist(
  printer: ForwardPrinter,
  statement: ts.Node,
  expression: ts.Expression,
  tape: Tape,
): void {
  const { edits, names } = printer;
  const place = placeOfPart(printer, statement, expression);
  const isCell = tape.form.kind === 'cell';
  const isConstant = isCell && isAtRoot(printer, statement);
  let name = edits.replaced.get(expression);
  if (name === undefined) {
    name = names.declare(tape.variable.name.replace(/_saved$/, ''));
    if (isConstant) names.assign(tape.variable, name);
    const type = tape.type.kind === 'tuple' ? `: ${tangentTypeText(tape.type)}` : '';
    const text = partText(printer, expression);
    edits.add(edits.before, place, `const ${name}${type} = ${text};`);
    edits.replaced.set(expression, name);
  }
  if (isConstant) return;
  if (isCell) {
    declareCell(printer, tape);
    edits.add(edits.before, place, `${names.of(tape.variable)} = ${name};`);
    return;
  }
  declareTape(printer, tape);
  const text = tape.type.kind === 'boolean' ? `${name} ? 1 : 0` : name;
  edits.add(edits.before, place, saveLine(printer, tape, text));
}

/** The text of a part that is saved, with the mark that an element is there under options that doubt it. */
function partText(printer: ForwardPrinter, expression: ts.Expression): string {
  const bang = ts.isElementAccessExpression(expression) ? printer.bang : '';
  return printExpression(printer, expression) + bang;
}

/** Saves what a store overwrites. */
function saveOverwritten(printer: ForwardPrinter, store: StoreOp, tape: Tape): void {
  const place = printer.lowered.cx.stores.get(store);
  if (place === undefined) throw new Error('A store without a place in the source');
  const { expansion, statement, key } = place;
  printer.within(expansion, () => {
    const { edits, bang } = printer;
    const object = printExpression(printer, place.object);
    const slot =
      typeof key === 'string'
        ? memberText(object, key)
        : `${object}[${printExpression(printer, key)}]${bang}`;
    declareTape(printer, tape);
    edits.add(edits.before, statement, saveLine(printer, tape, slot));
  });
}

/** Counts the iterations of a loop that the backward sweep cannot count itself. */
function countTrips(printer: ForwardPrinter, loop: LoopOp, tape: Tape): void {
  const node = loop.origin === null ? undefined : printer.lowered.cx.originNodes.get(loop.origin);
  if (node === undefined) throw new Error('A loop without a place in the source');
  const { edits, names } = printer;
  if (tape.form.kind === 'cell') {
    const name = names.of(tape.variable);
    printer.declare(`let ${name} = 0;`);
    edits.add(edits.loopStart, node, `${name}++;`);
    return;
  }
  const name = names.declare('trips');
  declareStack(printer, tape);
  edits.add(edits.before, node, `let ${name} = 0;`);
  edits.add(edits.loopStart, node, `${name}++;`);
  edits.add(edits.after, node, () => `${names.of(tape.variable)}.push(${name});`);
}
