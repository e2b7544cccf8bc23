import { ts } from 'ts-morph';
import type { Context } from './context.js';

/** Notes what the type parameters of a generic function stand for in a call, by its parameters and its result. */
export function noteTypeArguments(
  cx: Context,
  call: ts.CallExpression,
  source: ts.SignatureDeclaration,
): void {
  if (source.typeParameters === undefined) return;
  const { checker } = cx;
  for (const parameter of source.typeParameters) {
    const type = checker.getTypeAtLocation(parameter);
    // Without a constraint nothing is known of it unless the call tells.
    if (checker.getBaseConstraintOfType(type) === undefined) cx.typeArguments.set(type, null);
    else cx.typeArguments.delete(type);
  }
  const signature = checker.getResolvedSignature(call);
  if (signature?.declaration !== source) return;
  const pairs = source.parameters.flatMap((parameter, i): [ts.Type, ts.Type][] => {
    const symbol = signature.parameters[i];
    if (symbol === undefined) return [];
    return [
      [checker.getTypeAtLocation(parameter), checker.getTypeOfSymbolAtLocation(symbol, call)],
    ];
  });
  const declared = checker.getSignatureFromDeclaration(source)?.getReturnType();
  if (declared !== undefined) pairs.push([declared, signature.getReturnType()]);
  for (const [general, special] of pairs) match(cx, general, special, 0);
}

/** Compares a type with what it has become in a call. */
function match(cx: Context, general: ts.Type, special: ts.Type, depth: number): void {
  const { checker } = cx;
  if (general === special || depth > 6) return;
  if (general.flags & ts.TypeFlags.TypeParameter) {
    const known = cx.typeArguments.get(general);
    if (known === undefined || known === null) cx.typeArguments.set(general, cx.lowered(special));
    return;
  }
  if (isReference(checker, general) && isReference(checker, special)) {
    const inner = checker.getTypeArguments(special);
    checker.getTypeArguments(general).forEach((argument, i) => {
      const other = inner[i];
      if (other !== undefined) match(cx, argument, other, depth + 1);
    });
    return;
  }
  if (general.isUnion()) {
    const members = special.isUnion() ? special.types : [special];
    const open = general.types.filter((member) => member.flags & ts.TypeFlags.TypeParameter);
    const left = members.filter((member) => !general.types.includes(member));
    const [parameter] = open;
    const [member] = left;
    if (open.length === 1 && left.length === 1 && parameter !== undefined && member !== undefined)
      match(cx, parameter, member, depth + 1);
    return;
  }
  for (const property of checker.getPropertiesOfType(general)) {
    const other = special.getProperty(property.name);
    if (other === undefined) continue;
    match(cx, checker.getTypeOfSymbol(property), checker.getTypeOfSymbol(other), depth + 1);
  }
}

function isReference(checker: ts.TypeChecker, type: ts.Type): type is ts.TypeReference {
  return checker.isArrayType(type) || checker.isTupleType(type);
}
