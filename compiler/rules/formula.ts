import type { Builder } from '../ir/build.js';
import type { Value } from '../ir/ir.js';
import { ofNumbers } from '../ir/matrix-functions.js';

/** A derivative formula, parsed once: a small subset of TypeScript's expressions. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'apply'; readonly fn: string; readonly args: readonly Formula[] }
  | {
      readonly kind: 'select';
      readonly cond: Formula;
      readonly then: Formula;
      readonly else: Formula;
    };

const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '===': 3,
  '!==': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '**': 8,
};

/** Parses a formula. Throws an Error that shows the text where it is malformed. */
export function parseFormula(text: string): Formula {
  const tokens =
    text.match(
      /[A-Za-z_][\w.]*|\d+(?:\.\d+)?(?:e-?\d+)?|\*\*|[<>=!]==?|[<>]|&&|\|\||[-+*/%()?:,]/g,
    ) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new Error(`Malformed formula "${text}" at token ${String(at)}`);
  };
  const next = (): string => tokens[at++] ?? fail();
  const expect = (token: string): void => {
    if (next() !== token) fail();
  };

  function primary(): Formula {
    const token = next();
    if (token === '-') return { kind: 'apply', fn: 'neg', args: [binary(7)] };
    if (token === '(') {
      const inner = conditional();
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) return fail();
    if (tokens[at] !== '(') {
      if (token === 'Math.LN2') return { kind: 'number', value: Math.LN2 };
      if (token === 'Math.LN10') return { kind: 'number', value: Math.LN10 };
      return { kind: 'name', name: token };
    }
    at++;
    const args = [conditional()];
    while (tokens[at] === ',') {
      at++;
      args.push(conditional());
    }
    expect(')');
    return { kind: 'apply', fn: token, args };
  }

  function binary(least: number): Formula {
    let left = primary();
    for (;;) {
      const operator = tokens[at] ?? '';
      const strength = precedence[operator] ?? 0;
      if (strength === 0 || strength < least) return left;
      at++;
      const right = binary(operator === '**' ? strength : strength + 1);
      left = { kind: 'apply', fn: operator, args: [left, right] };
    }
  }

  function conditional(): Formula {
    const cond = binary(1);
    if (tokens[at] !== '?') return cond;
    at++;
    const then = conditional();
    expect(':');
    return { kind: 'select', cond, then, else: conditional() };
  }

  const formula = conditional();
  if (at !== tokens.length) fail();
  return formula;
}

/** Appends the operations of a formula, its names bound by `bind`. */
export function instantiate(
  formula: Formula,
  bind: (name: string) => Value,
  builder: Builder,
): Value {
  switch (formula.kind) {
    case 'number':
      return builder.literal(formula.value);
    case 'name':
      return bind(formula.name);
    case 'apply': {
      const args = formula.args.map((arg) => instantiate(arg, bind, builder));
      const isOfNumbers = args.every((arg) => arg.type.kind === 'number');
      return builder.apply((isOfNumbers ? ofNumbers[formula.fn] : null) ?? formula.fn, args);
    }
    case 'select': {
      const cond = instantiate(formula.cond, bind, builder);
      return builder.select(
        cond,
        () => instantiate(formula.then, bind, builder),
        () => instantiate(formula.else, bind, builder),
        isConvention(formula),
      );
    }
  }
}

/** Whether a choice gives zero at single points, as in `b === 0 ? 0 : …`. */
function isConvention({ cond, then }: Formula & { readonly kind: 'select' }): boolean {
  const isAtPoint = (test: Formula): boolean =>
    test.kind === 'apply' && (test.fn === '===' || (test.fn === '&&' && test.args.some(isAtPoint)));
  return then.kind === 'number' && then.value === 0 && isAtPoint(cond);
}
