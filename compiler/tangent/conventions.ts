import { ts } from 'ts-morph';
import { conventionMark } from '../emit/convention-mark.js';
import { bare } from './source.js';
import type { Writer } from './writer.js';

/**
 * Whether a choice in a generated gradient gives a zero that stands in for a formula at a point that depends on the
 * parameters, as in `y === 0 ? 0 : y * x ** (y - 1)`. The formula around the point tells the tangent, not the zero:
 * what is zero there need not stay zero.
 */
export function isConvention(w: Writer, condition: ts.Expression, zero: ts.Expression): boolean {
  return isMarked(zero) && isVariedTest(w, condition);
}

/** Refuses such a choice where it is written as statements. */
export function refuseConvention(w: Writer, statement: ts.IfStatement): void {
  if (isMarked(statement) && isVariedTest(w, statement.expression))
    w.source.unsupported(statement, 'A derivative that holds by convention at single points');
}

function isMarked(node: ts.Node): boolean {
  const { text } = node.getSourceFile();
  return text.slice(node.getFullStart(), node.getStart()).includes(conventionMark);
}

/** Whether a test reads what depends on the parameters, be it by way of a test with a name. */
function isVariedTest(w: Writer, node: ts.Node): boolean {
  if (ts.isIdentifier(node)) {
    const symbol = w.source.symbolOf(node);
    if (symbol === undefined) return false;
    if (w.analysis.cells.of(symbol).varied) return true;
    const declaration = symbol.valueDeclaration;
    if (w.source.declaredType(symbol).kind !== 'boolean') return false;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
    const { initializer } = declaration;
    return initializer === undefined || isVariedTest(w, bare(initializer));
  }
  return ts.forEachChild(node, (child) => isVariedTest(w, child) || undefined) ?? false;
}
