import { parseFormula, type Formula } from './formula.js';
import { adjoints, type Inputs, type Rule } from './rule.js';

/** A rule of a function of matrices. */
export interface MatrixRule extends Rule {
  /** Whether the function works element by element, and stretches its operands to the shape of the result. */
  readonly isElementwise: boolean;
  /** By input: what its tangent `t<input>` adds to the tangent of the result. Elementwise, the adjoint formula says it. */
  readonly tangents: Readonly<Record<string, Formula | undefined>>;
}

/**
 * `signature` with the contribution to each input's adjoint, '0' where the derivative is zero, and with the
 * contribution of each input's tangent to that of the result.
 */
export function matrixRule<S extends string>(
  signature: S,
  formulas: Readonly<Record<Inputs<S>, string>>,
  tangents: 'elementwise' | Readonly<Partial<Record<Inputs<S>, string>>>,
): MatrixRule {
  const rule = adjoints(signature, formulas);
  const parsed = Object.entries<string>(formulas).map(([input, text]) => [
    input,
    text === '0' ? null : rule.adjoints[input],
  ]);
  return {
    ...rule,
    adjoints: Object.fromEntries(parsed) as Rule['adjoints'],
    isElementwise: tangents === 'elementwise',
    tangents:
      tangents === 'elementwise'
        ? {}
        : Object.fromEntries(
            Object.entries<string | undefined>(tangents).flatMap(([input, text]) =>
              text === undefined ? [] : [[input, parseFormula(text)]],
            ),
          ),
  };
}
