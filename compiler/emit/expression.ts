/** Text of an expression and how tightly its outermost operator binds. */
export interface Text {
  readonly text: string;
  readonly precedence: number;
}

export const PRIMARY = 20;
const UNARY = 14;
const POWER = 13;
const PRODUCT = 12;
const SUM = 11;

const binary: Readonly<Record<string, number>> = {
  '**': POWER,
  '*': PRODUCT,
  '/': PRODUCT,
  '%': PRODUCT,
  '+': SUM,
  '-': SUM,
  '<<': 10,
  '>>': 10,
  '>>>': 10,
  '<': 9,
  '<=': 9,
  '>': 9,
  '>=': 9,
  '===': 8,
  '!==': 8,
  '==': 8,
  '!=': 8,
  '&': 7,
  '^': 6,
  '|': 5,
  '&&': 4,
  '||': 3,
};
export const CONDITIONAL = 2;

export function primary(text: string): Text {
  return { text, precedence: PRIMARY };
}

export function wrap(part: Text, least: number): string {
  return part.precedence < least ? `(${part.text})` : part.text;
}

/** `fn(args)` as it is written in TypeScript. */
export function applyText(fn: string, args: readonly Text[]): Text {
  const [a, b] = args;
  if (a === undefined) return primary(`${fn}()`);
  switch (fn) {
    case 'copy':
    case 'stopGradient':
      return a;
    case 'neg':
      return negate(a);
    case '!':
      return not(a);
    case '~':
      return { text: `~${wrap(a, UNARY)}`, precedence: UNARY };
    case 'sigmoid':
      return { text: `1 / (1 + Math.exp(${negate(a).text}))`, precedence: PRODUCT };
    case 'softplus':
      return {
        text: `Math.max(${a.text}, 0) + Math.log1p(Math.exp(-Math.abs(${a.text})))`,
        precedence: SUM,
      };
    default:
  }
  const precedence = binary[fn];
  if (precedence === undefined || b === undefined)
    return primary(`${fn}(${args.map((arg) => arg.text).join(', ')})`);
  return { text: binaryText(fn, a, b, precedence), precedence };
}

function binaryText(fn: string, a: Text, b: Text, precedence: number): string {
  if (fn === '**') return `${wrap(a, UNARY + 1)} ** ${wrap(b, POWER)}`;
  const left = wrap(a, precedence);
  // A product of products and a sum of sums need no parentheses.
  const isChain =
    (fn === '*' && !/[/%]/.test(topLevel(b.text))) || (fn === '+' && b.precedence === SUM);
  const right = wrap(b, isChain ? precedence : precedence + 1);
  return `${left} ${fn} ${right.startsWith('-') ? `(${right})` : right}`;
}

/** The text without what stands in parentheses or brackets. */
function topLevel(text: string): string {
  let depth = 0;
  let result = '';
  for (const character of text) {
    if (character === '(' || character === '[') depth++;
    if (depth === 0) result += character;
    if (character === ')' || character === ']') depth--;
  }
  return result;
}

function negate(a: Text): Text {
  if (a.precedence >= UNARY && !a.text.startsWith('-'))
    return { text: `-${a.text}`, precedence: UNARY };
  if (a.precedence === PRODUCT && !a.text.startsWith('-') && !topLevel(a.text).includes('**')) {
    return { text: `-${a.text}`, precedence: PRODUCT };
  }
  return { text: `-(${a.text})`, precedence: UNARY };
}

const opposite: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
};

/** A condition without the `Boolean(…)` that it implies. */
export function conditionText(cond: Text): Text {
  const inner =
    cond.precedence === PRIMARY ? /^Boolean\(([\w.[\]]+)\)$/.exec(cond.text)?.[1] : undefined;
  return inner === undefined ? cond : primary(inner);
}

function not(given: Text): Text {
  const a = conditionText(given);
  if (a.text.startsWith('!') && a.precedence === UNARY) return primary(a.text.slice(1));
  const [equality, second] = a.text.match(/ [!=]==? /g) ?? [];
  if (a.precedence === 8 && equality !== undefined && second === undefined) {
    return {
      text: a.text.replace(equality, ` ${opposite[equality.trim()] ?? '!=='} `),
      precedence: 8,
    };
  }
  return { text: `!${wrap(a, UNARY)}`, precedence: UNARY };
}

export function conditionalText(cond: Text, then: Text, otherwise: Text): Text {
  return {
    text: `${wrap(conditionText(cond), CONDITIONAL + 1)} ? ${wrap(then, CONDITIONAL + 1)} : ${wrap(otherwise, CONDITIONAL)}`,
    precedence: CONDITIONAL,
  };
}

/** A number as a literal. */
export function numberText(value: number): Text {
  if (Number.isNaN(value)) return primary('NaN');
  const named: readonly (readonly [number, string])[] = [
    [Math.LN2, 'Math.LN2'],
    [Math.LN10, 'Math.LN10'],
    [Infinity, 'Infinity'],
  ];
  const name = named.find(([known]) => known === Math.abs(value))?.[1] ?? String(Math.abs(value));
  const negative = value < 0 || Object.is(value, -0);
  return negative ? { text: `-${name}`, precedence: UNARY } : primary(name);
}
