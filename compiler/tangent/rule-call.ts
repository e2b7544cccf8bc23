import { Names } from '../emit/names.js';
import { memberText, tangentTypeText } from '../emit/shapes.js';
import type { Type } from '../ir/ir.js';
import { canBeActive } from '../ir/types.js';
import { activeParameters } from './helper-calls.js';
import type { RuleAnalysis } from './rule-analysis.js';

/** What a function that applies a rule is printed with. */
export interface RuleText {
  readonly name: string;
  /** What the generated module calls the function itself and the rule for it. */
  readonly target: string;
  readonly rule: string;
  readonly bang: string;
  runtimeName(fn: string): string;
}

/**
 * Prints a function with tangents for one whose derivative the user gives: the sum of what the rule makes of 1, times
 * the tangents.
 */
export function printRuleCall(analysis: RuleAnalysis, request: RuleText): string {
  const { rule } = analysis;
  const { name, target } = request;
  const taken = [
    target,
    request.rule,
    ...['dot', 'zerosLike'].map((fn) => request.runtimeName(fn)),
  ];
  const names = new Names(new Set([...taken, ...rule.parameters]));
  const active = activeParameters(analysis);
  const tangents = new Map(active.map((i) => [i, names.declare(`d${rule.parameters[i] ?? ''}`)]));
  const given = rule.parameters.map(
    (parameter, i) => `${parameter}: ${typeText(analysis, i, request)}`,
  );
  const along = active.map((i) => {
    const type = rule.keys.get(i)?.type;
    return `${tangents.get(i) ?? ''}: ${type === undefined ? 'number' : tangentTypeText(type)}`;
  });
  const list = rule.parameters.join(', ');
  const call = `${request.rule}(${list}, 1)`;
  const head = `function ${name}(${[...given, ...along].join(', ')}): { value: number; dvalue: number } {`;
  const parts = active.flatMap((i) => {
    const key = rule.keys.get(i);
    return key === undefined ? [] : [{ ...key, tangent: tangents.get(i) ?? '' }];
  });
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && only.type.kind === 'number')
    return `${head}\nreturn { value: ${target}(${list}), dvalue: ${call}.${only.key} * ${only.tangent} };\n}`;
  const derivatives = names.declare('derivatives');
  const lines = [`const ${derivatives} = ${call};`];
  const numbers = parts.filter(({ type }) => type.kind === 'number');
  const first = numbers.map(({ key, tangent }) => `${derivatives}.${key} * ${tangent}`).join(' + ');
  const others = parts.filter(({ type }) => type.kind !== 'number');
  const sum = names.declare('dvalue');
  lines.push(`${others.length === 0 ? 'const' : 'let'} ${sum} = ${first === '' ? '0' : first};`);
  for (const { key, type, tangent } of others)
    lines.push(...dotLines(type, `${derivatives}.${key}`, tangent, { ...request, sum }));
  const entry = sum === 'dvalue' ? sum : `dvalue: ${sum}`;
  return [head, ...lines, `return { value: ${target}(${list}), ${entry} };`, '}'].join('\n');
}

/** The type of a parameter: that of the rule's own. */
function typeText({ rule }: RuleAnalysis, i: number, request: RuleText): string {
  const { type } = rule.node.parameters[i] ?? {};
  const isPlain =
    type !== undefined && /^(readonly )?(number|boolean|string)(\[\])*$/.test(type.getText());
  return isPlain ? type.getText() : `Parameters<typeof ${request.rule}>[${String(i)}]`;
}

interface DotStyle {
  readonly sum: string;
  readonly bang: string;
  runtimeName(fn: string): string;
}

/** Statements that add the products of all numbers in two values of one shape to a sum. */
function dotLines(type: Type, a: string, b: string, style: DotStyle, depth = 0): string[] {
  const { sum, bang } = style;
  switch (type.kind) {
    case 'number':
      return [`${sum} += ${a} * ${b};`];
    case 'matrix':
      return [`${sum} += ${style.runtimeName('dot')}(${a}, ${b});`];
    case 'array': {
      const i = 'ijklmn'[depth] ?? `i${String(depth)}`;
      const [x, y] = [`${a}[${i}]${bang}`, `${b}[${i}]${bang}`];
      const inner = dotLines(type.element, x, y, style, depth + 1);
      return [`for (let ${i} = 0; ${i} < ${a}.length; ${i}++) {`, ...inner, '}'];
    }
    case 'tuple':
      return type.elements.flatMap((part, i) =>
        canBeActive(part)
          ? dotLines(part, `${a}[${String(i)}]`, `${b}[${String(i)}]`, style, depth)
          : [],
      );
    case 'object':
      return type.fields.flatMap((field) => {
        if (!canBeActive(field.type)) return [];
        const [x, y] = [memberText(a, field.name), memberText(b, field.name)];
        return dotLines(field.type, x, y, style, depth);
      });
    default:
      return [];
  }
}
