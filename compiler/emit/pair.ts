import { ts } from 'ts-morph';
import type { Gradient } from '../differentiate/gradient.js';
import { missingKinds } from '../frontend/types.js';
import type { Lowered } from '../frontend/lower/function.js';
import { isOnTape, type Tape, type Type } from '../ir/ir.js';
import { allOps } from '../ir/walk.js';
import { objectText, SweepPrinter, type FunctionOptions, type FunctionText } from './function.js';
import { fieldText, listText, savedText, tangentTypeText } from './shapes.js';
import { usedNames } from './used-names.js';

/** What the two halves are called, and the type of what the one leaves for the other. */
export interface PairNames {
  readonly forward: string;
  readonly backward: string;
  readonly saved: string;
  readonly isExported: boolean;
}

/**
 * Prints a function in two halves: `f_forward` gives its value and an object of what the backward sweep needs,
 * `f_backward` the derivatives of the parameters from that of the value. It may be called several times.
 */
export function printPair(
  lowered: Lowered,
  gradient: Gradient,
  options: FunctionOptions,
  names: PairNames,
): FunctionText {
  return new PairPrinter(lowered, gradient, options, names).print();
}

/** Something that is handed from one half to the other. */
interface Field {
  readonly name: string;
  readonly type: string;
  /** How the backward half comes by its own: reading it takes nothing away from what was saved. */
  readonly own: 'same' | 'counter' | 'tape' | 'list';
}

class PairPrinter extends SweepPrinter {
  private readonly savedName: string;
  private readonly seedName: string;

  constructor(
    lowered: Lowered,
    gradient: Gradient,
    options: FunctionOptions,
    private readonly pair: PairNames,
  ) {
    super(lowered, gradient, options);
    this.savedName = this.names.declare('saved');
    this.seedName = this.names.declare('dvalue');
    const variable = options.seed?.variable;
    if (variable !== undefined && variable !== null) this.names.assign(variable, this.seedName);
  }

  print(): FunctionText {
    const { lowered, options, pair } = this;
    const { name } = lowered.fn;
    const [sweep] = this.gradient.sweeps;
    if (sweep === undefined) throw new Error('A pair without a backward sweep');
    const first = this.firstLines();
    const forward = this.forwardLines();
    const backward = this.sweepLines(sweep);
    const fields = this.fields([...backward.lines, `[${backward.derivatives.join(', ')}];`]);
    const saved = objectText(fields.map((field) => [field.name, field.name]));
    const value = this.names.of(lowered.cx.valueVariable);
    const keyword = pair.isExported ? 'export ' : '';
    const about = options.summary === '' ? '' : `: ${options.summary}`;
    const text = [
      `/** What \`${pair.backward}\` needs to know of a call of \`${name}\`. */`,
      `${keyword}interface ${pair.saved} {`,
      ...fields.map((field) => `readonly ${field.name}: ${field.type};`),
      '}',
      '',
      `/** Value of \`${name}\`, and what its backward half needs${about} */`,
      `${keyword}function ${pair.forward}${this.typeParameters()}(${this.parameterList()}): { value: ${options.resultType}; saved: ${pair.saved} } {`,
      ...first,
      ...this.forward.declarations,
      ...forward,
      '',
      `return ${objectText([
        ['value', value],
        ['saved', saved],
      ])};`,
      '}',
      '',
      `/** Derivatives of the parameters of \`${name}\` from that of its value. */`,
      `${keyword}function ${pair.backward}(${this.savedName}: ${pair.saved}, ${this.seedName}: ${tangentTypeText(lowered.result.type)}): { ${this.keyTypes().join('; ')} } {`,
      ...this.unpack(fields),
      ...backward.lines,
      '',
      `return ${objectText(this.derivativeEntries(backward.derivatives))};`,
      '}',
    ];
    return { text: text.join('\n'), usesTape: this.forward.usesTape };
  }

  /** What the backward half reads of the forward half: names that are there at its end, and what was saved. */
  private fields(lines: readonly string[]): Field[] {
    const used = usedNames(lines.join('\n'));
    const fields = new Map<string, Field>();
    for (const { name, value, node } of this.lowered.parameters) {
      if (!this.read.has(name)) continue;
      const optional = ts.isIdentifier(node.name) ? this.missingType(node) : '';
      fields.set(name, { name, type: savedType(value.type) + optional, own: 'same' });
    }
    for (const [name, value] of this.read) {
      if (fields.has(name)) continue;
      const type = value.type.kind === 'number' ? savedText(value.type) : savedType(value.type);
      fields.set(name, { name, type, own: 'same' });
    }
    for (const sweep of this.gradient.sweeps) {
      for (const op of allOps(sweep.backward)) {
        if (op.kind !== 'opaque' || op.args.length === 0 || fields.has(op.text)) continue;
        fields.set(op.text, { name: op.text, type: 'unknown', own: 'same' });
      }
    }
    for (const field of this.tapes()) fields.set(field.name, field);
    return [...fields.values()].filter(({ name }) => used.has(name));
  }

  /** What a parameter may be other than a value of its type. */
  private missingType(node: ts.ParameterDeclaration): string {
    if (node.initializer !== undefined) return '';
    const { canBeNull, canBeUndefined } = missingKinds(
      this.lowered.cx.checker.getTypeAtLocation(node),
    );
    const isOptional = node.questionToken !== undefined || canBeUndefined;
    return `${isOptional ? ' | undefined' : ''}${canBeNull ? ' | null' : ''}`;
  }

  private tapes(): Field[] {
    const { values, objects, overwritten, trips } = this.gradient.saves;
    const tapesOf = new Set([...values.values(), ...objects.values(), ...overwritten.values()]);
    const field = (tape: Tape, isCounter: boolean): Field => {
      const name = this.names.of(tape.variable);
      const { form, type } = tape;
      if (form.kind === 'cell')
        return { name, type: savedType(type), own: isCounter ? 'counter' : 'same' };
      const isPlain = isOnTape(type);
      if (form.kind === 'indexed') {
        const array = type.kind === 'boolean' ? 'Uint8Array' : 'Float64Array';
        return { name, type: array, own: 'same' };
      }
      if (isPlain) return { name, type: this.options.tape, own: 'tape' };
      return { name, type: listOf(type), own: 'list' };
    };
    return [
      ...[...tapesOf].map((tape) => field(tape, false)),
      ...[...trips.values()].map((tape) => field(tape, true)),
    ];
  }

  private unpack(fields: readonly Field[]): string[] {
    const list = (own: Field['own']): string => {
      const names = fields.filter((field) => field.own === own).map(({ name }) => name);
      return names.join(', ');
    };
    const [same, counters] = [list('same'), list('counter')];
    return [
      ...(same === '' ? [] : [`const { ${same} } = ${this.savedName};`]),
      ...(counters === '' ? [] : [`let { ${counters} } = ${this.savedName};`]),
      ...fields.flatMap(({ name, own }) =>
        own === 'tape' || own === 'list'
          ? [`const ${name} = ${this.savedName}.${name}.${own === 'tape' ? 'reader' : 'slice'}();`]
          : [],
      ),
    ];
  }
}

function listOf(type: Type): string {
  return listText(type.kind === 'record' ? type.text : savedText(type));
}

/** The type of something saved, as far as the backward sweep reads it. */
function savedType(type: Type): string {
  switch (type.kind) {
    case 'number':
    case 'boolean':
      return type.kind;
    case 'record':
      return type.text;
    case 'matrix':
      return 'Matrix';
    case 'array':
      return type.container === 'Array'
        ? `ReadonlyArray<${savedType(type.element)}>`.replace(
            /^ReadonlyArray<(\w+)>$/,
            'readonly $1[]',
          )
        : type.container;
    case 'tuple':
      return `readonly [${type.elements.map(savedType).join(', ')}]`;
    case 'object': {
      const fields = type.fields.map(({ name, type: inner, optional, missing }) => {
        const isOptional = optional && missing !== 'null';
        const absent = `${isOptional ? ' | undefined' : ''}${missing === undefined ? '' : ' | null'}`;
        return `readonly ${fieldText(name)}${isOptional ? '?' : ''}: ${savedType(inner)}${absent}`;
      });
      return `{ ${fields.join('; ')} }`;
    }
    case 'opaque':
      return 'unknown';
  }
}
