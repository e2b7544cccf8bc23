import { ts } from 'ts-morph';
import type { Type } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import { lowerType } from '../types.js';

/** What a rule and its function agree on. */
export interface Fit {
  readonly parameters: readonly string[];
  readonly keys: ReadonlyMap<number, { readonly key: string; readonly type: Type }>;
  readonly result: Type;
}

/** Why a rule and its function do not agree. */
export interface Misfit {
  readonly of: 'parameters' | 'result';
  readonly problem: string;
}

/** Holds the signature of a rule against that of its function. */
export function fitRule(
  checker: ts.TypeChecker,
  rule: ts.Signature,
  target: ts.Signature,
  place: ts.Node,
): Fit | Misfit {
  const typeOf = (symbol: ts.Symbol): ts.Type => checker.getTypeOfSymbolAtLocation(symbol, place);
  const given = rule.getParameters();
  const own = target.getParameters();
  const misfit = misfitOfParameters(checker, given, own, typeOf);
  if (misfit !== null) return { of: 'parameters', problem: misfit };

  const result = lowerType(checker.getReturnTypeOfSignature(target), checker);
  if (result === null || !canBeActive(result))
    return { of: 'result', problem: 'the function gives nothing to differentiate' };
  const adjoint = given.at(-1);
  const adjointType = adjoint === undefined ? null : lowerType(typeOf(adjoint), checker);
  if (adjoint === undefined || adjointType === null || !isTangentOf(adjointType, result, true)) {
    const name = adjoint?.name ?? 'dvalue';
    return { of: 'parameters', problem: `the type of "${name}" is not that of the result` };
  }

  const parameters = own.map((_, i) => nameOf(given[i], i));
  const keys = new Map<number, { readonly key: string; readonly type: Type }>();
  const returned = checker.getReturnTypeOfSignature(rule);
  for (const field of checker.getPropertiesOfType(returned)) {
    const at = parameters.findIndex((name) => `d${name}` === field.name);
    const parameter = own[at];
    if (parameter === undefined)
      return { of: 'result', problem: `"${field.name}" is the derivative of no parameter` };
    const type = lowerType(checker.getNonNullableType(typeOf(parameter)), checker);
    const derivative = lowerType(typeOf(field), checker);
    const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0;
    if (type === null || derivative === null || isOptional || !isTangentOf(derivative, type, false))
      return {
        of: 'result',
        problem: `the type of "${field.name}" is not that of "${parameter.name}"`,
      };
    keys.set(at, { key: field.name, type: derivative });
  }
  return keys.size === 0
    ? { of: 'result', problem: 'it has no derivative of a parameter' }
    : { parameters, keys, result };
}

function misfitOfParameters(
  checker: ts.TypeChecker,
  given: readonly ts.Symbol[],
  own: readonly ts.Symbol[],
  typeOf: (symbol: ts.Symbol) => ts.Type,
): string | null {
  if ([...own, ...given].some(isRest))
    return 'a rest parameter is nothing that a rule can give the derivative of';
  if (given.length !== own.length + 1) {
    const expected = `${String(own.length + 1)}: its own and the adjoint of the result`;
    return `there are ${String(given.length)}, and there should be ${expected}`;
  }
  for (const [i, parameter] of own.entries()) {
    const mine = given[i];
    if (mine === undefined) continue;
    const isElsewhere = own.some(({ name }, at) => at !== i && name === mine.name);
    if (isElsewhere) return `"${mine.name}" stands where the function has "${parameter.name}"`;
    const type = checker.getNonNullableType(typeOf(parameter));
    if (!checker.isTypeAssignableTo(type, typeOf(mine)))
      return `the type of "${mine.name}" is not that of "${parameter.name}"`;
  }
  return null;
}

function isRest({ valueDeclaration }: ts.Symbol): boolean {
  return (
    valueDeclaration !== undefined &&
    ts.isParameter(valueDeclaration) &&
    valueDeclaration.dotDotDotToken !== undefined
  );
}

/** A destructured parameter number i is called `arg<i>`. */
function nameOf(symbol: ts.Symbol | undefined, i: number): string {
  const declaration = symbol?.valueDeclaration;
  const isNamed =
    declaration !== undefined && ts.isParameter(declaration) && ts.isIdentifier(declaration.name);
  return isNamed && symbol !== undefined ? symbol.name : `arg${String(i)}`;
}

/** Whether values of one type can hold the derivatives of values of another; `isExact`: in the same kind of arrays. */
function isTangentOf(tangent: Type, type: Type, isExact: boolean): boolean {
  if (!canBeActive(type) || !canBeActive(tangent)) return false;
  switch (type.kind) {
    case 'array':
      if (tangent.kind !== 'array' || (isExact && tangent.container !== type.container))
        return false;
      return isTangentOf(tangent.element, type.element, isExact);
    case 'tuple':
      if (tangent.kind !== 'tuple' || tangent.elements.length !== type.elements.length)
        return false;
      return type.elements.every((element, i) => {
        const part = tangent.elements[i];
        return !canBeActive(element) || (part !== undefined && isTangentOf(part, element, isExact));
      });
    case 'object': {
      if (tangent.kind !== 'object') return false;
      return type.fields
        .filter((field) => canBeActive(field.type))
        .every((field) => {
          const part = tangent.fields.find(({ name }) => name === field.name);
          if (part === undefined || part.optional || field.optional) return false;
          return isTangentOf(part.type, field.type, isExact);
        });
    }
    default:
      return tangent.kind === type.kind;
  }
}
