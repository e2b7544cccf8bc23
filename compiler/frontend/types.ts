import { ts } from 'ts-morph';
import { mayHoldNumbers } from '../ir/types.js';
import { isRuntimeMatrix } from './runtime-names.js';
import {
  booleanType,
  isReference,
  matrixType,
  numberType,
  optionalNumberType,
  opaqueType,
  type Container,
  type Field,
  type Type,
} from '../ir/ir.js';

const containers: ReadonlySet<string> = new Set<Container>([
  'Float64Array',
  'Float32Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
]);

const deepest = 8;

/** What the type parameters of generic functions stand for where they are called. */
export type TypeArguments = ReadonlyMap<ts.Type, Type | null>;

/**
 * The IR's type of a TypeScript type. Null where it is `any` or `unknown`, of which nothing can be known; opaque where
 * no number can be reached that we could differentiate.
 */
export function lowerType(
  type: ts.Type,
  checker: ts.TypeChecker,
  depth = 0,
  known: TypeArguments = new Map(),
): Type | null {
  const flags = type.flags;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return null;
  if (flags & ts.TypeFlags.EnumLike) return opaqueType;
  if (flags & ts.TypeFlags.NumberLike) return numberType;
  if (flags & ts.TypeFlags.BooleanLike) return booleanType;
  if (type.isUnion()) return lowerUnion(type, checker, depth, known);
  if (flags & ts.TypeFlags.TypeParameter) {
    const given = known.get(type);
    if (given !== undefined) return given;
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type
      ? opaqueType
      : lowerType(constraint, checker, depth, known);
  }
  if (!(flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || depth > deepest)
    return opaqueType;
  if (checker.isTupleType(type)) {
    const elements = checker.getTypeArguments(type as ts.TypeReference);
    return lowerAll(elements, checker, depth, known, (types) => ({
      kind: 'tuple',
      elements: types,
    }));
  }
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    const inner = element === undefined ? null : lowerType(element, checker, depth + 1, known);
    return inner === null ? null : { kind: 'array', container: 'Array', element: inner };
  }
  if (isRuntimeMatrix(type)) return matrixType;
  const name = type.getSymbol()?.name ?? '';
  if (containers.has(name))
    return { kind: 'array', container: name as Container, element: numberType };
  return lowerObject(type, checker, depth, known);
}

function lowerUnion(
  type: ts.UnionType,
  checker: ts.TypeChecker,
  depth: number,
  known: TypeArguments,
): Type | null {
  const nullish = ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void;
  const members = type.types.filter((member) => !(member.flags & nullish));
  const lowered = members.map((member) => lowerType(member, checker, depth, known));
  const [first] = lowered;
  if (first === undefined || first === null) return first === null ? null : opaqueType;
  if (lowered.every((other) => other !== null && sameType(first, other)))
    return first.kind === 'number' && members.length < type.types.length
      ? optionalNumberType
      : first;
  return mergeObjects(lowered) ?? opaqueWith(lowered);
}

/** What a value may be in place of one that is there. */
export interface Missing {
  readonly canBeNull: boolean;
  readonly canBeUndefined: boolean;
}

export function missingKinds(type: ts.Type): Missing {
  const members = type.isUnion() ? type.types : [type];
  const has = (flag: ts.TypeFlags): boolean =>
    members.some((member) => (member.flags & flag) !== 0);
  return { canBeNull: has(ts.TypeFlags.Null), canBeUndefined: has(ts.TypeFlags.Undefined) };
}

/** What an expression may be in place of a value; either where the project does not tell them apart. */
export function missingAt(checker: ts.TypeChecker, node: ts.Expression): Missing {
  if (checker.isTypeAssignableTo(checker.getUndefinedType(), checker.getNumberType()))
    return { canBeNull: true, canBeUndefined: true };
  return missingKinds(checker.getTypeAtLocation(node));
}

/** Whether there is a value of a type in another one of it, as in a tree. */
export function containsItself(
  checker: ts.TypeChecker,
  type: ts.Type,
  place: ts.Node,
  around: readonly ts.Type[] = [],
): boolean {
  const lowered = lowerType(type, checker);
  if (lowered === null || !isReference(lowered)) return false;
  if (around.includes(type)) return true;
  return partTypes(checker, type, place).some((part) =>
    containsItself(checker, part, place, [...around, type]),
  );
}

/** The types of elements and fields; a field that may be absent has the type of one that is there. */
export function partTypes(checker: ts.TypeChecker, type: ts.Type, place: ts.Node): ts.Type[] {
  if (type.isUnion()) return type.types.flatMap((member) => partTypes(checker, member, place));
  if (checker.isArrayType(type) || checker.isTupleType(type))
    return [...checker.getTypeArguments(type as ts.TypeReference)];
  return checker
    .getPropertiesOfType(type)
    .map((property) =>
      checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(property, place)),
    );
}

/** What is not looked into, though there may be numbers in these parts of it. */
function opaqueWith(parts: readonly (Type | null)[]): Type {
  const holdsNumbers = parts.some((part) => part !== null && mayHoldNumbers(part));
  return holdsNumbers ? { kind: 'opaque', holdsNumbers } : opaqueType;
}

/** Kinds of object that a field tells apart, as one object that lacks some fields; null where types contradict. */
function mergeObjects(members: readonly (Type | null)[]): Type | null {
  const merged = new Map<string, Field>();
  for (const member of members) {
    if (member?.kind !== 'object') return null;
    for (const field of member.fields) {
      const known = merged.get(field.name);
      if (known !== undefined && !sameType(known.type, field.type)) return null;
      const fields = members.map((other) =>
        other?.kind === 'object' ? other.fields.find(({ name }) => name === field.name) : undefined,
      );
      const partial = fields.includes(undefined);
      const kinds = new Set(fields.map((other) => other?.missing));
      const missing = kinds.size === 1 ? fields[0]?.missing : 'either';
      merged.set(field.name, {
        ...field,
        partial,
        optional: partial || fields.some((other) => other?.optional),
        ...(missing !== undefined && { missing }),
      });
    }
  }
  return { kind: 'object', fields: [...merged.values()] };
}

function lowerAll(
  types: readonly ts.Type[],
  checker: ts.TypeChecker,
  depth: number,
  known: TypeArguments,
  make: (types: Type[]) => Type,
): Type | null {
  const lowered = types.map((type) => lowerType(type, checker, depth + 1, known));
  const found = lowered.filter((type) => type !== null);
  return found.length === lowered.length ? make(found) : null;
}

/** Plain data: no call signature, no methods, not an instance of a class. */
function lowerObject(
  type: ts.Type,
  checker: ts.TypeChecker,
  depth: number,
  known: TypeArguments,
): Type | null {
  const symbol = type.getSymbol();
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Class) {
    return opaqueWith(publicTypes(type, checker, depth, known));
  }
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0)
    return opaqueType;
  const indexed = type.getStringIndexType() ?? type.getNumberIndexType();
  if (indexed !== undefined) return opaqueWith([lowerType(indexed, checker, depth + 1, known)]);
  const fields: Field[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const declaration = property.valueDeclaration ?? property.declarations?.[0];
    if (
      declaration === undefined ||
      property.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)
    ) {
      return opaqueWith(publicTypes(type, checker, depth, known));
    }
    const declared = checker.getTypeOfSymbolAtLocation(property, declaration);
    const inner = lowerType(declared, checker, depth + 1, known);
    if (inner === null) return null;
    const { canBeNull, canBeUndefined } = missingKinds(declared);
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const optional = canBeNull || canBeUndefined || isOptional;
    const field = { name: property.name, type: inner, optional };
    const missing = !canBeUndefined && !isOptional ? 'null' : 'either';
    fields.push(canBeNull ? { ...field, missing } : field);
  }
  return fields.length === 0 ? opaqueType : { kind: 'object', fields };
}

/** The types of the fields of an object with methods that others can read. */
function publicTypes(
  type: ts.Type,
  checker: ts.TypeChecker,
  depth: number,
  known: TypeArguments,
): (Type | null)[] {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const declaration = property.valueDeclaration;
    if (declaration === undefined || property.flags & ts.SymbolFlags.Method) return [];
    if (ts.getCombinedModifierFlags(declaration) & hidden) return [];
    return [
      lowerType(
        checker.getTypeOfSymbolAtLocation(property, declaration),
        checker,
        depth + 1,
        known,
      ),
    ];
  });
}

export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'array':
      return b.kind === 'array' && a.container === b.container && sameType(a.element, b.element);
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.elements.length === b.elements.length &&
        a.elements.every((element, i) => sameType(element, b.elements[i] ?? opaqueType))
      );
    case 'object':
      return (
        b.kind === 'object' &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, i) => {
          const other = b.fields[i];
          return (
            other !== undefined && field.name === other.name && sameType(field.type, other.type)
          );
        })
      );
    default:
      return a.kind === b.kind;
  }
}
