import type { ts } from 'ts-morph';
import type { Type } from '../../ir/ir.js';
import type { FunctionSource } from '../lower/callees.js';

/** A derivative that the user gives: from the parameters of a function and the adjoint of its result to their adjoints. */
export interface CustomRule {
  readonly node: FunctionSource;
  readonly name: ts.Identifier;
  /** The function whose derivative it gives. */
  readonly target: ts.SignatureDeclaration;
  readonly targetName: string;
  /** The names of the parameters, that of the adjoint left out. */
  readonly parameters: readonly string[];
  /** By the number of a parameter: the key of its derivative in the result, and the type of that derivative. */
  readonly keys: ReadonlyMap<number, { readonly key: string; readonly type: Type }>;
  /** The type of what the function gives. */
  readonly result: Type;
}

/** What stands for a rule that cannot be used. */
export interface BrokenRule {
  readonly name: string;
  readonly targetName: string;
  readonly isBroken: true;
}
