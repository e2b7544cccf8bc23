import type { Gradient, Sweep } from '../differentiate/gradient.js';
import type { Lowered } from '../frontend/lower/function.js';
import { isReference, type Type, type Value } from '../ir/ir.js';
import { typeName } from '../ir/print.js';
import { apartLine } from './apart.js';
import { clearLines } from './clear.js';
import { SweepPrinter, type FunctionOptions, type FunctionText } from './function.js';
import { putBackLines } from './shapes.js';

/** Prints `f_grad_into`, which writes the gradient into the caller's arrays. */
export function printInto(
  lowered: Lowered,
  gradient: Gradient,
  options: FunctionOptions,
): FunctionText {
  return new IntoPrinter(lowered, gradient, options).print();
}

class IntoPrinter extends SweepPrinter {
  /** What the parameter is called that takes the gradient. */
  private readonly target = this.names.declare('grad');

  print(): FunctionText {
    const { lowered, options } = this;
    const { name } = lowered.fn;
    const parameters = [`${this.target}: { ${this.keyTypes().join('; ')} }`, this.parameterList()];
    const about = options.summary === '' ? '' : `: ${options.summary}`;
    const lines = [
      `/** Value of \`${name}\`, and its gradient written into the arrays of \`${this.target}\`, which must have memory of their own${about} */`,
      `export function ${name}_grad_into${this.typeParameters()}(${parameters.filter((text) => text !== '').join(', ')}): number {`,
      ...this.bodyLines(),
      '}',
    ];
    return { text: lines.join('\n'), usesTape: this.forward.usesTape };
  }

  private slotOf(param: Value): string {
    return `${this.target}.d${this.parameterName(param)}`;
  }

  /** An array of the gradient that shared memory with another one, or with an argument, would spoil both. */
  protected override firstLines(): string[] {
    const { wrt } = this.gradient;
    const given = this.lowered.parameters.map(({ value, name, node }) => ({
      type: value.type,
      text: name,
      isOptional: node.questionToken !== undefined,
    }));
    const slots = wrt.map((param) => ({
      type: param.type,
      text: this.slotOf(param),
      isOptional: false,
    }));
    const apart = slots.flatMap((slot, i) =>
      [...given, ...slots.slice(i + 1)].flatMap((other) =>
        isOwnTangent(slot.type) && typeName(slot.type) === typeName(other.type)
          ? [apartLine(slot.text, other.text, slot.type, other.isOptional)]
          : [],
      ),
    );
    return [...super.firstLines(), ...apart];
  }

  /** The shadows that are the caller's arrays: those of parameters, where the backward sweep makes them. */
  protected override givenShadows(sweep: Sweep): ReadonlyMap<Value, string> {
    const given = new Map<Value, string>();
    this.gradient.wrt.forEach((param, i) => {
      const derivative = sweep.backward.yields[i];
      const made = sweep.backward.ops.find(
        (op) => op.kind === 'alloc' && op.result === derivative && op.init.kind === 'zerosLike',
      );
      if (made !== undefined && derivative !== undefined && isReference(param.type))
        given.set(derivative, this.slotOf(param));
    });
    return given;
  }

  protected override resultLines(
    value: string,
    derivatives: readonly string[],
    sweep: Sweep,
  ): string[] {
    const given = this.givenShadows(sweep);
    const bang = this.options.bang ? '!' : '';
    const lines = this.gradient.wrt.flatMap((param, i): string[] => {
      const derivative = sweep.backward.yields[i];
      if (derivative !== undefined && given.has(derivative)) return [];
      const slot = this.slotOf(param);
      const text = derivatives[i] ?? '0';
      if (param.type.kind === 'number') return [`${slot} = ${text};`];
      const name = this.names.declare(`d${this.parameterName(param)}`);
      const made = name === text ? [] : [`const ${name} = ${text};`];
      if (param.type.kind === 'matrix') {
        const differs = ['rows', 'cols'].map((axis) => `${slot}.${axis} !== ${name}.${axis}`);
        const check = `if (${differs.join(' || ')}) throw new RangeError('${slot} has another shape');`;
        return [...made, check, `${slot}.data.set(${name}.data);`];
      }
      return [
        ...made,
        ...clearLines(param.type, slot, name, bang),
        ...putBackLines(param.type, slot, name, bang),
      ];
    });
    return [...lines, `return ${value};`];
  }
}

/** Whether a type of memory is that of its derivatives too, so that both can be the same. */
function isOwnTangent(type: Type): boolean {
  const isPart = (part: Type): boolean => part.kind === 'number' || isOwnTangent(part);
  switch (type.kind) {
    case 'array':
      return isPart(type.element);
    case 'tuple':
      return type.elements.every(isPart);
    case 'object':
      return type.fields.every((field) => isPart(field.type));
    default:
      return false;
  }
}
