import type { Fn, Init, Key, Op, Region, Type, Value } from './ir.js';

/** The IR of a function as text, and of its backward sweeps. */
export function printFn(fn: Fn, backward: readonly Region[] = []): string {
  const printer = new Printer();
  const params = fn.params
    .map((param) => `${printer.name(param)}: ${typeName(param.type)}`)
    .join(', ');
  const lines = [`fn ${fn.name}(${params}) {`, ...printer.region(fn.body, '  '), '}'];
  for (const sweep of backward) lines.push('backward {', ...printer.region(sweep, '  '), '}');
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

/** Names values after their variables, or %k in the order of their appearance in the function. */
class Printer {
  private readonly names = new Map<Value, string>();
  private readonly counts = new Map<string, number>();
  private inner = 0;

  name(value: Value): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name =
      value.variable === null ? `%${String(this.inner++)}` : this.version(value.variable.name);
    this.names.set(value, name);
    return name;
  }

  /** `x`, `x.1`, `x.2`: the values that a variable takes one after the other. */
  private version(name: string): string {
    const count = this.counts.get(name) ?? 0;
    this.counts.set(name, count + 1);
    return count === 0 ? name : `${name}.${String(count)}`;
  }

  private list(values: readonly Value[]): string {
    return values.map((value) => this.name(value)).join(', ');
  }

  region(region: Region, indent: string): string[] {
    const lines = region.ops.flatMap((op) => this.op(op, indent));
    return region.yields.length === 0
      ? lines
      : [...lines, `${indent}yield ${this.list(region.yields)}`];
  }

  private op(op: Op, indent: string): string[] {
    const inner = `${indent}  `;
    switch (op.kind) {
      case 'literal':
        return [
          `${indent}${this.name(op.result)} = literal ${JSON.stringify(op.value) ?? 'undefined'}`,
        ];
      case 'apply':
        return [`${indent}${this.name(op.result)} = ${op.fn} ${this.list(op.args)}`];
      case 'opaque':
        return [
          `${indent}${this.name(op.result)} = opaque \`${op.text}\` ${this.list(op.args)}`.trimEnd(),
        ];
      case 'call':
        return [`${indent}${this.name(op.result)} = call ${op.callee.name} ${this.list(op.args)}`];
      case 'alloc':
        return [`${indent}${this.name(op.result)} = alloc ${this.init(op.init)}`];
      case 'load':
        return [
          `${indent}${this.name(op.result)} = load ${this.name(op.object)}${this.key(op.key)}`,
        ];
      case 'store':
        return [
          `${indent}store ${this.name(op.object)}${this.key(op.key)} = ${this.name(op.value)}`,
        ];
      case 'if': {
        const results = op.results.length === 0 ? '' : `${this.list(op.results)} = `;
        const lines = [
          `${indent}${results}if ${this.name(op.cond)} {`,
          ...this.region(op.then, inner),
        ];
        if (op.else.ops.length > 0 || op.else.yields.length > 0)
          lines.push(`${indent}} else {`, ...this.region(op.else, inner));
        return [...lines, `${indent}}`];
      }
      case 'loop': {
        const state = op.params
          .map((param, i) => `${this.name(param)} = ${this.name(op.inits[i])}`)
          .join(', ');
        const leave = op.leave === null ? [] : [`${inner}leave if ${this.name(op.leave)}`];
        const lines = [
          `${indent}loop (${state}) while {`,
          ...this.region(op.test, inner),
          `${indent}} do {`,
          ...this.region(op.body, inner),
          ...leave,
          `${indent}}`,
        ];
        const results = op.results.length === 0 ? '' : `${indent}${this.list(op.results)} = `;
        return results === ''
          ? lines
          : [`${results}${(lines[0] ?? '').trimStart()}`, ...lines.slice(1)];
      }
      case 'push':
        return [`${indent}push ${op.tape.variable.name}, ${this.name(op.value)}`];
      case 'pop': {
        const index = op.index === null ? '' : `[${this.name(op.index)}]`;
        return [`${indent}${this.name(op.result)} = pop ${op.tape.variable.name}${index}`];
      }
    }
  }

  private key(key: Key): string {
    return typeof key === 'string' ? `.${key}` : `[${this.name(key)}]`;
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
      case 'zerosLike':
        return `zeros like ${this.name(init.source)}`;
    }
  }
}
