import { ts } from 'ts-morph';
import { isAssignment } from '../frontend/lower/assignments.js';
import { runtimeName } from '../frontend/runtime-names.js';
import { hasTangentRule, passesDerivative } from '../rules/index.js';
import { cutsGradient } from '../rules/scalar.js';
import type { Analysis } from './analysis.js';
import { bare, methodOf, returnedBy, type Source } from './source.js';

/** Whether one of some parts answers yes. */
type Any = (parts: readonly (ts.Expression | undefined)[]) => boolean;

/** Asks of the variables through which a derivative can flow into an expression, until one answers yes. */
export function anyPart(
  analysis: Analysis,
  source: Source,
  given: ts.Expression,
  ask: (symbol: ts.Symbol) => boolean,
): boolean {
  const node = bare(given);
  const any = (parts: readonly (ts.Expression | undefined)[]): boolean =>
    parts.some((part) => part !== undefined && anyPart(analysis, source, part, ask));
  if (ts.isIdentifier(node)) {
    const symbol = source.symbolOf(node);
    return symbol !== undefined && analysis.isLocal(symbol) && ask(symbol);
  }
  if (ts.isPropertyAccessExpression(node)) return !isExtent(source, node) && any([node.expression]);
  if (ts.isElementAccessExpression(node)) return any([node.expression]);
  if (ts.isPrefixUnaryExpression(node))
    return (
      node.operator !== ts.SyntaxKind.ExclamationToken &&
      node.operator !== ts.SyntaxKind.TildeToken &&
      any([node.operand])
    );
  if (ts.isPostfixUnaryExpression(node)) return any([node.operand]);
  if (ts.isConditionalExpression(node)) return any([node.whenTrue, node.whenFalse]);
  if (isAssignment(node)) {
    const isPlain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return any(isPlain ? [node.right] : [node.left, node.right]);
  }
  if (ts.isBinaryExpression(node)) return anyOperand(node, any);
  if (ts.isSpreadElement(node)) return any([node.expression]);
  if (ts.isArrayLiteralExpression(node)) return any([...node.elements]);
  if (ts.isObjectLiteralExpression(node)) {
    return any(
      node.properties.map((property) =>
        ts.isPropertyAssignment(property)
          ? property.initializer
          : ts.isShorthandPropertyAssignment(property)
            ? property.name
            : ts.isSpreadAssignment(property)
              ? property.expression
              : undefined,
      ),
    );
  }
  if (ts.isTemplateExpression(node)) return any(node.templateSpans.map((span) => span.expression));
  if (ts.isNewExpression(node)) return anyArgument(source, node, any);
  if (ts.isVoidExpression(node) || ts.isTypeOfExpression(node)) return false;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return any([node.expression]);
  return ts.isCallExpression(node) && anyOfCall(analysis, source, node, any);
}

/** `a.length`, `m.rows`, `m.cols` */
function isExtent(source: Source, { name, expression }: ts.PropertyAccessExpression): boolean {
  if (name.text === 'length') return true;
  return (name.text === 'rows' || name.text === 'cols') && source.isMatrix(expression);
}

/** What passes a derivative on through an operator. */
function anyOperand(node: ts.BinaryExpression, any: Any): boolean {
  const { left, right, operatorToken } = node;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
    case ts.SyntaxKind.MinusToken:
    case ts.SyntaxKind.AsteriskToken:
    case ts.SyntaxKind.SlashToken:
    case ts.SyntaxKind.PercentToken:
    case ts.SyntaxKind.AsteriskAsteriskToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return any([left, right]);
    case ts.SyntaxKind.CommaToken:
      return any([right]);
    default:
      return false;
  }
}

/** The length of a new array passes nothing on; all else may. */
function anyArgument(source: Source, node: ts.NewExpression, any: Any): boolean {
  const given = [...(node.arguments ?? [])];
  const [first] = given;
  const isLength =
    first !== undefined &&
    given.length === 1 &&
    source.typeOf(node).kind === 'array' &&
    source.typeOf(first).kind === 'number';
  return !isLength && any(given);
}

function anyOfCall(analysis: Analysis, source: Source, node: ts.CallExpression, any: Any): boolean {
  const math = source.mathCall(node);
  if (math !== null) return !cutsGradient(`Math.${math}`) && any([...node.arguments]);
  if (source.isStopGradient(node)) return false;
  const matrix = source.matrixCall(node);
  if (matrix !== null) {
    const { fn, count } = matrix;
    return any(node.arguments.filter((_, i) => passesDerivative(fn, count, i)));
  }
  const callee = analysis.calleeAt(node);
  if (callee !== null) {
    if (!callee.isResultVaried) return false;
    return any(node.arguments.filter((_, i) => callee.isReadParameter(i)));
  }
  const [first, second] = node.arguments;
  if (source.globalCall(node, 'Array') === 'from' && second !== undefined)
    return ts.isArrowFunction(second) ? any(returnedBy(second)) : any([first]);
  const method = methodOf(node);
  if (method === null || source.isGlobal(method.object)) {
    return !isTest(source, node) && any([...node.arguments]);
  }
  const arrow = first !== undefined && ts.isArrowFunction(first) ? first : null;
  switch (method.name) {
    case 'map':
      if (arrow !== null) return any(returnedBy(arrow));
      return !isConstantFunction(source, first) && any([method.object]);
    case 'reduce':
      return any([second ?? method.object, ...(arrow === null ? [] : returnedBy(arrow))]);
    case 'some':
    case 'every':
    case 'includes':
    case 'indexOf':
    case 'findIndex':
    case 'keys':
      return false;
    case 'filter':
    case 'slice':
    case 'subarray':
      return any([method.object]);
    default:
      return !isTest(source, node) && any([method.object, ...node.arguments]);
  }
}

/** Whether an expression names a function of the runtime whose result depends on shapes only, as `zerosLike`. */
function isConstantFunction(source: Source, node: ts.Expression | undefined): boolean {
  const fn = node === undefined ? null : runtimeName(source.checker, node);
  return fn !== null && hasTangentRule(fn, 1) && !passesDerivative(fn, 1, 0);
}

/** Whether a call only answers yes or no. */
function isTest(source: Source, node: ts.Expression): boolean {
  const { flags } = source.checker.getTypeAtLocation(node);
  return (flags & (ts.TypeFlags.BooleanLike | ts.TypeFlags.Void)) !== 0;
}
