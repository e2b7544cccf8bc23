import { parseFormula, type Formula } from './formula.js';

type Split<T extends string> = T extends `${infer Head}, ${infer Rest}` ? Head | Split<Rest> : T;

/** The names of the inputs in a signature such as `z = Math.atan2(y, x)`, `z = a * b` or `z = -a`. */
export type Inputs<S extends string> = S extends `${string} = ${string}(${infer Args})`
  ? Split<Args>
  : S extends `${string} = -${infer Arg}`
    ? Arg
    : S extends `${string} = ${infer Left} ${string} ${infer Right}`
      ? Left | Right
      : never;

export interface RuleOptions {
  /** Names for parts that several formulas share. */
  readonly where?: Readonly<Record<string, string>>;
  /** Where the value is finite and the derivative is infinite: a zero adjoint stays zero there. */
  readonly singular?: string;
  /** The tangent of the result in the tangents `t<input>`, where that is shorter than the sum of the adjoints' formulas. */
  readonly tangent?: string;
  /** Where the value itself is infinite: a zero adjoint stays zero if the value may have gone unused. */
  readonly infinite?: string;
}

/** How the adjoints of the inputs follow from the adjoint `d<result>` of the result. */
export interface Rule {
  readonly inputs: readonly string[];
  readonly result: string;
  readonly fn: string;
  /** By input: its contribution, linear in the adjoint of the result. Null: the derivative is zero. */
  readonly adjoints: Readonly<Record<string, Formula | null>>;
  readonly where: Readonly<Record<string, Formula>>;
  readonly singular: Formula | null;
  readonly infinite: Formula | null;
  readonly tangent: Formula | null;
}

/** `signature` with the partial derivative of the result in each input. */
export function partials<S extends string>(
  signature: S,
  formulas: Readonly<Record<Inputs<S>, string>>,
  options: RuleOptions = {},
): Rule {
  const { result, ...rest } = parseSignature(signature);
  const adjoints: Record<string, Formula | null> = {};
  for (const [input, text] of Object.entries<string>(formulas)) {
    const partial = parseFormula(text);
    adjoints[input] =
      text === '0'
        ? null
        : { kind: 'apply', fn: '*', args: [partial, { kind: 'name', name: `d${result}` }] };
  }
  return { result, ...rest, adjoints, ...parseOptions(options) };
}

/** `signature` with the contribution to each input's adjoint, in terms of the adjoint `d<result>`. */
export function adjoints<S extends string>(
  signature: S,
  formulas: Readonly<Record<Inputs<S>, string>>,
  options: RuleOptions = {},
): Rule {
  const parsed: Record<string, Formula | null> = {};
  for (const [input, text] of Object.entries<string>(formulas)) parsed[input] = parseFormula(text);
  return { ...parseSignature(signature), adjoints: parsed, ...parseOptions(options) };
}

function parseOptions(
  options: RuleOptions,
): Pick<Rule, 'where' | 'singular' | 'infinite' | 'tangent'> {
  const where = Object.entries(options.where ?? {}).map(([name, text]) => [
    name,
    parseFormula(text),
  ]);
  return {
    where: Object.fromEntries(where) as Record<string, Formula>,
    singular: options.singular === undefined ? null : parseFormula(options.singular),
    infinite: options.infinite === undefined ? null : parseFormula(options.infinite),
    tangent: options.tangent === undefined ? null : parseFormula(options.tangent),
  };
}

export function parseSignature(signature: string): Pick<Rule, 'inputs' | 'result' | 'fn'> {
  const [result, call] = signature.split(' = ');
  if (result === undefined || call === undefined)
    throw new Error(`Malformed signature "${signature}"`);
  const formula = parseFormula(call);
  if (formula.kind !== 'apply') throw new Error(`Malformed signature "${signature}"`);
  const inputs = formula.args.map((arg) => {
    if (arg.kind !== 'name') throw new Error(`Malformed signature "${signature}"`);
    return arg.name;
  });
  return { inputs, result, fn: formula.fn };
}
