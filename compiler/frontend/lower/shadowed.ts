import { ts } from 'ts-morph';
import { isReference } from '../../ir/ir.js';
import { canBeActive } from '../../ir/types.js';
import { containsItself, lowerType, missingKinds, partTypes } from '../types.js';
import type { Context } from './context.js';

/** Refuses a parameter of which no derivative of the same shape can be made: arrays that may be null, trees. */
export function refuseWithoutShape(cx: Context, parameter: ts.ParameterDeclaration): void {
  const type = cx.checker.getTypeAtLocation(parameter);
  if (parameter.initializer === undefined) refuse(cx, parameter, type);
  else refuse(cx, parameter, cx.checker.getNonNullableType(type));
}

function refuse(cx: Context, parameter: ts.ParameterDeclaration, type: ts.Type): void {
  const { checker } = cx;
  const lowered = lowerType(type, checker);
  if (lowered === null || !canBeActive(lowered)) return;
  if (!isReference(lowered) && lowered.kind !== 'matrix') return;
  const { canBeNull, canBeUndefined } = missingKinds(type);
  if (canBeNull || canBeUndefined) {
    cx.unsupported(
      parameter.name,
      `${nameOf(parameter)}, in which ${checker.typeToString(type)} may be ${canBeNull ? 'null' : 'undefined'},`,
      'Make it an optional field of an object, whose derivative then lacks the field too.',
    );
  }
  if (containsItself(checker, type, parameter)) {
    cx.unsupported(
      parameter.name,
      `${nameOf(parameter)}, whose type ${checker.typeToString(type)} contains itself,`,
      'Use arrays, with the places of the parts as numbers.',
    );
  }
  for (const part of partTypes(checker, type, parameter)) refuse(cx, parameter, part);
}

const nameOf = ({ name }: ts.ParameterDeclaration): string =>
  ts.isIdentifier(name) ? `"${name.text}"` : 'This parameter';
