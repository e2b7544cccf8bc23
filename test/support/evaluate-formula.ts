import type { Formula } from '../../compiler/rules/formula.js';
import type { Rule } from '../../compiler/rules/rule.js';

/** The functions of formulas and of rules, written out apart from the compiler. */
const operators: Readonly<Record<string, (...args: number[]) => number>> = {
  copy: (a = NaN) => a,
  neg: (a = NaN) => -a,
  '+': (a = NaN, b = NaN) => a + b,
  '-': (a = NaN, b = NaN) => a - b,
  '*': (a = NaN, b = NaN) => a * b,
  '/': (a = NaN, b = NaN) => a / b,
  '%': (a = NaN, b = NaN) => a % b,
  '**': (a = NaN, b = NaN) => a ** b,
  '&': (a = NaN, b = NaN) => a & b,
  '|': (a = NaN, b = NaN) => a | b,
  '^': (a = NaN, b = NaN) => a ^ b,
  '~': (a = NaN) => ~a,
  '<<': (a = NaN, b = NaN) => a << b,
  '>>': (a = NaN, b = NaN) => a >> b,
  '>>>': (a = NaN, b = NaN) => a >>> b,
  '<': (a = NaN, b = NaN) => Number(a < b),
  '<=': (a = NaN, b = NaN) => Number(a <= b),
  '>': (a = NaN, b = NaN) => Number(a > b),
  '>=': (a = NaN, b = NaN) => Number(a >= b),
  '===': (a = NaN, b = NaN) => Number(a === b),
  '!==': (a = NaN, b = NaN) => Number(a !== b),
  '&&': (a = NaN, b = NaN) => a && b,
  '||': (a = NaN, b = NaN) => a || b,
  relu: (x = NaN) => (x > 0 ? x : 0),
  leakyRelu: (x = NaN, p = NaN) => (x > 0 ? x : p * x),
  step: (x = NaN) => Number(x > 0),
  sigmoid: (z = NaN) => 1 / (1 + Math.exp(-z)),
  softplus: (z = NaN) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
};

export function functionOf(fn: string): (...args: number[]) => number {
  const known =
    operators[fn] ?? Object.getOwnPropertyDescriptor(Math, fn.replace('Math.', ''))?.value;
  if (typeof known !== 'function') throw new Error(`no function ${fn}`);
  return known;
}

/** The number that a formula stands for; truth is 1. */
export function evaluate(formula: Formula, numberOf: (name: string) => number): number {
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'name':
      return numberOf(formula.name);
    case 'apply':
      return functionOf(formula.fn)(...formula.args.map((arg) => evaluate(arg, numberOf)));
    case 'select': {
      const arm = evaluate(formula.cond, numberOf) === 0 ? formula.else : formula.then;
      return evaluate(arm, numberOf);
    }
  }
}

/** What each input receives by a rule at a point, for the adjoint of the result. */
export function adjointsAt(rule: Rule, at: readonly number[], adjoint: number): number[] {
  const numberOf = (name: string): number => {
    if (name === `d${rule.result}`) return adjoint;
    if (name === rule.result) return functionOf(rule.fn)(...at);
    const part = rule.where[name];
    return part === undefined ? (at[rule.inputs.indexOf(name)] ?? NaN) : evaluate(part, numberOf);
  };
  return rule.inputs.map((input) => {
    const formula = rule.adjoints[input];
    if (formula === undefined) throw new Error(`no adjoint of ${input} in ${rule.fn}`);
    return formula === null ? 0 : evaluate(formula, numberOf);
  });
}
