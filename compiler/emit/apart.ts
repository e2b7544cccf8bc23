import type { Type } from '../ir/ir.js';

/** The statement that refuses two arguments of one type that share memory. */
export function apartLine(x: string, y: string, type: Type, isOptional: boolean): string {
  const isTyped = type.kind === 'array' && type.container !== 'Array';
  const overlaps = `${x}.buffer === ${y}.buffer && ${x}.byteOffset < ${y}.byteOffset + ${y}.byteLength && ${y}.byteOffset < ${x}.byteOffset + ${x}.byteLength`;
  const given = isOptional ? `${x} !== undefined && ${y} !== undefined && ` : '';
  return `if (${given}${isTyped ? overlaps : `${x} === ${y}`}) throw new Error('${x} and ${y} share memory, and one of them is written');`;
}
