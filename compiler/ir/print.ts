import type { Fn, Init, Key, Literal, Op, Region, Tape, Type, Value, Variable } from './ir.js';
import type { Saves } from './saves.js';
import { allOps } from './walk.js';

/** The IR of a function as text, with its backward sweeps and what the forward sweep saves for them. */
export function printFn(fn: Fn, backward: readonly Region[], saves: Saves): string {
  const printer = new Printer([fn.body, ...backward]);
  const params = fn.params
    .map((param) => `${printer.name(param)}: ${typeName(param.type)}`)
    .join(', ');
  const lines = [`fn ${fn.name}(${params}) {`, ...printer.region(fn.body, '  '), '}'];
  for (const sweep of backward) lines.push('backward {', ...printer.region(sweep, '  '), '}');
  const tapes = printer.tapes(saves).map((line) => `  ${line}`);
  if (tapes.length > 0) lines.push('tapes {', ...tapes, '}');
  return `${lines.join('\n')}\n`;
}

export function typeName(type: Type): string {
  switch (type.kind) {
    case 'array':
      return type.container === 'Array' ? `${typeName(type.element)}[]` : type.container;
    case 'tuple':
      return `[${type.elements.map(typeName).join(', ')}]`;
    case 'object':
      return `{ ${type.fields.map((field) => `${field.name}${field.optional ? '?' : ''}: ${typeName(field.type)}`).join(', ')} }`;
    default:
      return type.kind;
  }
}

/**
 * Names values after their variables, or %k in the order of their appearance in the function. A literal without a name
 * stands where it is read.
 */
class Printer {
  private readonly names = new Map<Value, string>();
  private readonly tapeNames = new Map<Variable, string>();
  private readonly counts = new Map<string, number>();
  private readonly tapeCounts = new Map<string, number>();
  private inner = 0;

  constructor(all: readonly Region[]) {
    for (const region of all) {
      for (const op of allOps(region)) {
        if (op.kind === 'literal' && op.result.variable === null)
          this.names.set(op.result, literalText(op.value));
      }
    }
  }

  name(value: Value): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name =
      value.variable === null ? `%${String(this.inner++)}` : this.version(value.variable.name);
    this.names.set(value, name);
    return name;
  }

  /** `x`, `x.1`, `x.2`: the values that a variable takes one after the other. */
  private version(name: string, counts = this.counts): string {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}.${String(count)}`;
  }

  private tape({ variable }: Tape): string {
    const name = this.tapeNames.get(variable) ?? this.version(variable.name, this.tapeCounts);
    this.tapeNames.set(variable, name);
    return name;
  }

  private list(values: readonly Value[]): string {
    return values.map((value) => this.name(value)).join(', ');
  }

  region(region: Region, indent: string): string[] {
    const lines = region.ops.flatMap((op) => this.op(op).map((line) => `${indent}${line}`));
    return region.yields.length === 0
      ? lines
      : [...lines, `${indent}yield ${this.list(region.yields)}`];
  }

  private op(op: Op): string[] {
    switch (op.kind) {
      case 'literal':
        return op.result.variable === null
          ? []
          : [`${this.name(op.result)} = ${literalText(op.value)}`];
      case 'apply':
        return [`${this.name(op.result)} = ${this.applied(op.fn, op.args)}`];
      case 'opaque':
        return [`${this.name(op.result)} = opaque \`${op.text}\` ${this.list(op.args)}`.trimEnd()];
      case 'call':
        return [`${this.name(op.result)} = call ${op.callee.name}(${this.list(op.args)})`];
      case 'alloc':
        return [`${this.name(op.result)} = alloc ${this.init(op.init)}`];
      case 'load':
        return [`${this.name(op.result)} = load ${this.slot(op.object, op.key)}`];
      case 'store':
        return [`store ${this.slot(op.object, op.key)} = ${this.name(op.value)}`];
      case 'if': {
        const { then, else: otherwise } = op;
        const lines = [
          `${this.assigned(op.results)}if ${this.name(op.cond)} {`,
          ...this.region(then, '  '),
        ];
        if (otherwise.ops.length > 0 || otherwise.yields.length > 0)
          lines.push('} else {', ...this.region(otherwise, '  '));
        return [...lines, '}'];
      }
      case 'loop': {
        const state = op.params
          .map((param, i) => `${this.name(param)} = ${this.name(op.inits[i])}`)
          .join(', ');
        const leave = op.leave === null ? [] : [`  leave if ${this.name(op.leave)}`];
        const [head, ...rest] = this.head(op.test);
        const lines = [...rest, ...this.region(op.body, '  '), ...leave, '}'];
        // The results are named last: they are what the variables hold behind the loop.
        return [`${this.assigned(op.results)}loop (${state}) ${head}`, ...lines];
      }
      case 'push':
        return [`push ${this.tape(op.tape)}, ${this.name(op.value)}`];
      case 'pop': {
        const index = op.index === null ? '' : `[${this.name(op.index)}]`;
        return [`${this.name(op.result)} = pop ${this.tape(op.tape)}${index}`];
      }
    }
  }

  /** `while test {`, with the test in one line where it is one operation. */
  private head(test: Region): [string, ...string[]] {
    const [only, ...others] = test.ops.filter(
      (op) => op.kind !== 'literal' || op.result.variable !== null,
    );
    const [cond] = test.yields;
    if (only === undefined) return [`while ${this.list(test.yields)} {`];
    if (others.length === 0 && only.kind === 'apply' && only.result === cond)
      return [`while ${this.applied(only.fn, only.args)} {`];
    return ['while {', ...this.region(test, '  '), '} do {'];
  }

  private assigned(results: readonly Value[]): string {
    return results.length === 0 ? '' : `${this.list(results)} = `;
  }

  /** Operators stand between their operands. */
  private applied(fn: string, args: readonly Value[]): string {
    const [left, right] = args;
    if (left !== undefined && right !== undefined && args.length === 2 && /^\W+$/.test(fn))
      return `${this.name(left)} ${fn} ${this.name(right)}`;
    if (fn === 'copy') return `copy ${this.list(args)}`;
    return fn === 'neg' || /^\W+$/.test(fn)
      ? `${fn === 'neg' ? '-' : fn}${this.list(args)}`
      : `${fn}(${this.list(args)})`;
  }

  private slot(object: Value, key: Key): string {
    return `${this.name(object)}${typeof key === 'string' ? `.${key}` : `[${this.name(key)}]`}`;
  }

  private init(init: Init): string {
    switch (init.kind) {
      case 'zeros':
        return `zeros ${this.name(init.length)}`;
      case 'fill':
        return `fill ${this.name(init.length)}, ${this.name(init.value)}`;
      case 'elements':
        return `[${this.list(init.values)}]`;
      case 'fields':
        return `{ ${init.names.map((name, i) => `${name}: ${this.name(init.values[i])}`).join(', ')} }`;
      case 'copy': {
        const bounds = [init.start, init.end].filter((value) => value !== null);
        return `copy ${this.list([init.source, ...bounds])}`;
      }
      case 'elementsOf':
        return `elements of ${this.name(init.matrix)}`;
      case 'zerosLike':
        return `zeros like ${this.name(init.source)}`;
    }
  }

  /** One line for each tape and what is put on it. */
  tapes({ values, overwritten, trips }: Saves): string[] {
    const line = (tape: Tape, what: string): string =>
      `${this.tape(tape)}: ${this.form(tape)} of ${what}`;
    return [
      ...[...values].map(([value, tape]) => line(tape, this.name(value))),
      ...[...overwritten].map(([store, tape]) =>
        line(tape, `${this.slot(store.object, store.key)} before ${this.origin(store)}`),
      ),
      ...[...trips].map(([loop, tape]) => line(tape, `the trips of ${this.origin(loop)}`)),
    ];
  }

  private form({ form }: Tape): string {
    if (form.kind !== 'indexed') return form.kind;
    const lengths = form.extents.map(({ bound }) => `[${this.name(bound)}]`);
    const places = form.extents.map(({ index }) => this.name(index));
    return `array${lengths.join('')} at ${places.join(', ')}`;
  }

  private origin({ origin }: Op): string {
    return `\`${origin?.text ?? ''}\``;
  }
}

function literalText(value: Literal): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}
