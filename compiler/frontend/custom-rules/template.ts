import type { ts } from 'ts-morph';
import { canBeActive } from '../../ir/types.js';
import { lowerType } from '../types.js';

/** What a rule for a function looks like, its formulas left open. */
export function ruleTemplate(
  checker: ts.TypeChecker,
  name: string,
  signature: ts.Signature,
  place: ts.Node,
): string {
  const parameters = signature.getParameters().map((parameter) => {
    const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, place));
    return { name: parameter.name, type };
  });
  const textOf = (type: ts.Type): string =>
    checker.typeToString(checker.getBaseTypeOfLiteralType(type));
  const derivativeOf = (type: ts.Type): string => textOf(type).replace(/\breadonly /g, '');
  const active = parameters.filter(({ type }) => {
    const lowered = lowerType(type, checker);
    return lowered !== null && canBeActive(lowered);
  });
  const given = [
    ...parameters.map(({ name: parameter, type }) => `${parameter}: ${textOf(type)}`),
    `dvalue: ${derivativeOf(checker.getReturnTypeOfSignature(signature))}`,
  ];
  const keys = active.map(({ name: parameter, type }) => `d${parameter}: ${derivativeOf(type)}`);
  const values = active.map(({ name: parameter, type }) => {
    const isScaled = [type, checker.getReturnTypeOfSignature(signature)].every(
      (each) => lowerType(each, checker)?.kind === 'number',
    );
    return `d${parameter}: ${isScaled ? 'dvalue * …' : '…'}`;
  });
  return [
    `/** @derivative of=${name} */`,
    `export function ${name}_pullback(${given.join(', ')}): { ${keys.join('; ')} } {`,
    `  return { ${values.join(', ')} };`,
    '}',
  ].join('\n');
}
