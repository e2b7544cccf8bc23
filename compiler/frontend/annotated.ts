import type { ArrowFunction, FunctionDeclaration, FunctionExpression } from 'ts-morph';

export type Mode = 'grad' | 'into' | 'vjp' | 'jvp' | 'hvp';

/** An exported function that carries `@differentiable`. */
export interface AnnotatedFunction {
  /** The name under which it is exported. */
  readonly name: string;
  readonly node: FunctionDeclaration | FunctionExpression | ArrowFunction;
  /** Names given by `wrt=`; null where it is left out. */
  readonly wrt: readonly string[] | null;
  /** Modes given by `emit=`; null where it is left out. */
  readonly emit: readonly Mode[] | null;
  /** First paragraph of the JSDoc's description on one line, or ''. */
  readonly summary: string;
}
