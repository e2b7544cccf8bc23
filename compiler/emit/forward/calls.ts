import type { ts } from 'ts-morph';
import type { SavePoint } from '../../frontend/lower/context.js';
import type { Tape } from '../../ir/ir.js';
import { printExpression } from './expansions.js';
import type { ForwardPrinter } from './printer.js';
import { declareCell, declareStack, isAtRoot } from './tapes.js';

/** Where the name of a part of a statement is declared: an argument is needed where the helper's statements begin. */
export function placeOfPart(
  { edits }: ForwardPrinter,
  statement: ts.Node,
  expression: ts.Node,
): ts.Node {
  const helper = edits.expanded
    .get(statement)
    ?.find(({ call }) => call.pos <= expression.pos && expression.end <= call.end);
  return helper?.call ?? statement;
}

/**
 * Calls the forward half of a pair: `const f_call = f_forward(x);` in front of the statement, which then says
 * `f_call.value`, or `(f_call = f_forward(x)).value` in the place of a call that may not run.
 */
export function saveCall(
  printer: ForwardPrinter,
  { statement, isHoisted, expression, forward }: SavePoint & { kind: 'call' },
  tape: Tape,
): void {
  const { edits, names } = printer;
  edits.replaced.set(expression.expression, forward);
  const call = printExpression(printer, expression);
  const isCell = tape.form.kind === 'cell';
  if (isHoisted) {
    const place = placeOfPart(printer, statement, expression);
    const name = isCell ? names.of(tape.variable) : names.declare(tape.variable.name.slice(0, -1));
    const isConstant = !isCell || isAtRoot(printer, statement);
    edits.add(edits.before, place, `${isConstant ? 'const ' : ''}${name} = ${call};`);
    edits.replaced.set(expression, `${name}.value`);
    if (!isConstant) declareCell(printer, tape);
    if (isCell) return;
    declareStack(printer, tape);
    edits.add(edits.before, place, `${names.of(tape.variable)}.push(${name});`);
    return;
  }
  if (isCell) declareCell(printer, tape);
  else declareStack(printer, tape);
  const name = names.of(tape.variable);
  const target = isCell ? name : `${name}[${name}.length]`;
  edits.replaced.set(expression, `(${target} = ${call}).value`);
}
