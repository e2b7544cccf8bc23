import { ts } from 'ts-morph';
import { isReference } from '../ir/ir.js';
import { bare, methodOf, returnedBy, type Source } from './source.js';

/** The variables whose memory an expression may give out, or hold in its elements. */
export function sharedBy(source: Source, given: ts.Expression): ts.Symbol[] {
  const node = bare(given);
  if (ts.isIdentifier(node)) {
    const symbol = source.symbolOf(node);
    return symbol !== undefined && source.isReference(symbol) ? [symbol] : [];
  }
  if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node))
    return isReference(source.typeOf(node)) ? sharedBy(source, node.expression) : [];
  if (ts.isConditionalExpression(node))
    return [...sharedBy(source, node.whenTrue), ...sharedBy(source, node.whenFalse)];
  if (ts.isBinaryExpression(node) && isReference(source.typeOf(node)))
    return [...sharedBy(source, node.left), ...sharedBy(source, node.right)];
  if (ts.isSpreadElement(node)) return holdsReferences(source, node.expression);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.flatMap((element) => sharedWhereReference(source, element));
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((property) => {
      if (ts.isShorthandPropertyAssignment(property))
        return sharedWhereReference(source, property.name);
      if (ts.isPropertyAssignment(property))
        return sharedWhereReference(source, property.initializer);
      return ts.isSpreadAssignment(property) ? holdsReferences(source, property.expression) : [];
    });
  }
  if (!ts.isCallExpression(node)) return [];
  if (source.calleeOf(node) !== null) {
    const isShared = isReference(source.typeOf(node));
    return isShared ? node.arguments.flatMap((arg) => sharedWhereReference(source, arg)) : [];
  }
  const [, mapper] = node.arguments;
  if (source.globalCall(node, 'Array') === 'from')
    return mapper !== undefined && ts.isArrowFunction(mapper)
      ? returnedBy(mapper).flatMap((result) => sharedWhereReference(source, result))
      : node.arguments.flatMap((arg) => holdsReferences(source, arg));
  const method = methodOf(node);
  const [callback] = node.arguments;
  if (method === null) return [];
  if (method.name === 'map' && callback !== undefined && ts.isArrowFunction(callback))
    return returnedBy(callback).flatMap((result) => sharedWhereReference(source, result));
  if (method.name === 'fill' || method.name === 'subarray') return sharedBy(source, method.object);
  if (method.name === 'at' || method.name === 'pop' || method.name === 'find')
    return sharedBy(source, method.object);
  return [method.object, ...(method.name === 'concat' ? node.arguments : [])].flatMap((part) =>
    holdsReferences(source, part),
  );
}

function sharedWhereReference(source: Source, node: ts.Expression): ts.Symbol[] {
  if (ts.isSpreadElement(node)) return holdsReferences(source, node.expression);
  return isReference(source.typeOf(node)) ? sharedBy(source, node) : [];
}

/** What a shallow copy shares with the original: nothing unless the elements are references. */
function holdsReferences(source: Source, node: ts.Expression): ts.Symbol[] {
  const type = source.typeOf(node);
  const parts =
    type.kind === 'array'
      ? [type.element]
      : type.kind === 'tuple'
        ? type.elements
        : type.kind === 'object'
          ? type.fields.map((field) => field.type)
          : [];
  return parts.some(isReference) ? sharedBy(source, node) : [];
}
