export type Category = 'your code' | 'not supported yet' | 'a bug of ours';

export interface Entry {
  readonly severity: 'error' | 'warning';
  readonly category: Category;
  /** What is wrong; `{name}` marks a hole. */
  readonly message: string;
  /** What to do; `{name}` marks a hole. */
  readonly advice: string;
}

/**
 * Every message of the compiler. CR1xx: source, types and annotation; CR2xx: language; CR3xx: derivatives;
 * CR4xx: files and configuration; CR9xx: bugs of ours.
 */
export const codes = {
  CR101: {
    severity: 'error',
    category: 'your code',
    message: 'TypeScript reports: {text}',
    advice: 'Fix the error; chainrule only differentiates files that type-check.',
  },
  CR201: {
    severity: 'error',
    category: 'not supported yet',
    message: '{what} cannot be differentiated yet.',
    advice: '{advice}',
  },
  CR202: {
    severity: 'error',
    category: 'your code',
    message: 'The type of {what} is any or unknown, so that its derivative cannot be known.',
    advice: 'Give it a type: number, number[], Float64Array, an interface of these, …',
  },
  CR203: {
    severity: 'error',
    category: 'your code',
    message: 'A number that depends on {names} goes through {what}, whose derivative is not known.',
    advice: 'Write the computation with operators, Math functions and functions of your project.',
  },
  CR204: {
    severity: 'error',
    category: 'your code',
    message: 'The function changes {what}, which lives outside of it.',
    advice: 'Pass the state as a parameter, or keep it in a local variable.',
  },
  CR205: {
    severity: 'error',
    category: 'your code',
    message: 'The module constant {name} is neither exported nor a constant expression.',
    advice: 'Export it, so that the generated file can import it.',
  },
  CR206: {
    severity: 'error',
    category: 'not supported yet',
    message: 'The function {name} cannot be differentiated inside its caller: {reason}.',
    advice: 'Write its code in the place of the call.',
  },
  CR207: {
    severity: 'error',
    category: 'not supported yet',
    message: 'The value {what} is needed backwards but cannot be saved at this place.',
    advice:
      'Give it a statement of its own, `const name = …;`, before this one; write a `for` loop in place of a callback.',
  },
  CR208: {
    severity: 'error',
    category: 'not supported yet',
    message:
      'The array or object {what} takes a way on which its derivative cannot be followed yet.',
    advice: '{advice}',
  },
  CR209: {
    severity: 'error',
    category: 'your code',
    message:
      'The function {name} is called with {names}, and its source is not part of the project.',
    advice: 'Write a rule for it: a function with `@derivative of={name}` in its JSDoc.',
  },
  CR210: {
    severity: 'error',
    category: 'your code',
    message: 'A Matrix is immutable: {what} cannot be written to.',
    advice: 'Fill a Float64Array and make the matrix of it: `fromData(rows, cols, data)`.',
  },
  CR301: {
    severity: 'error',
    category: 'your code',
    message:
      'The value of {name} has no derivative: it depends on no parameter in a differentiable way.',
    advice:
      'Check that a parameter reaches the result, or name parameters with `wrt=` to get zeros.',
  },
  CR302: {
    severity: 'warning',
    category: 'your code',
    message: 'The derivative of {name} with respect to {parameter} is zero everywhere.',
    advice: 'Leave {parameter} out of `wrt=` if that is meant.',
  },
  CR303: {
    severity: 'warning',
    category: 'your code',
    message: 'The gradient ends at {fn}, whose derivative is zero.',
    advice: 'Wrap the argument in `stopGradient(…)` if that is meant.',
  },
  CR304: {
    severity: 'error',
    category: 'your code',
    message: 'The mode grad needs a function that returns a number; {name} returns {type}.',
    advice:
      'Return one number, as in `return Math.hypot(...misses)`. For an array, a tuple or an object of numbers, write `/** @differentiable emit=vjp */` or `emit=jvp`.',
  },
  CR306: {
    severity: 'error',
    category: 'your code',
    message: '{name} returns {type}, which has no derivative.',
    advice: 'Return a number, or an array, a tuple or an object of numbers.',
  },
  CR305: {
    severity: 'error',
    category: 'not supported yet',
    message: 'The second derivative of "{name}" cannot be generated yet: {reason}',
    advice: 'Leave out `hvp`, or write it with the constructs that forward mode takes.',
  },
  CR102: {
    severity: 'error',
    category: 'your code',
    message: 'The annotation does not understand "{text}".',
    advice:
      'Write parameters and modes with commas and no spaces, as in `/** @differentiable wrt=w,b emit=grad,into */`; a description goes above it.',
  },
  CR103: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is not a parameter of "{function}".',
    advice: '{hint}',
  },
  CR104: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is not a mode that can be emitted.',
    advice: '{hint}',
  },
  CR105: {
    severity: 'error',
    category: 'your code',
    message: '{what} is given twice.',
    advice: 'Keep one of them.',
  },
  CR106: {
    severity: 'error',
    category: 'your code',
    message: '`@differentiable` stands on {what}.',
    advice:
      'Move it into the JSDoc of an exported function: `export function f` or `export const f`.',
  },
  CR107: {
    severity: 'error',
    category: 'your code',
    message:
      '"{name}" is a method or belongs to an object; only functions of the module can be differentiated.',
    advice: 'Move the computation into an exported function and call that.',
  },
  CR108: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is annotated but not exported.',
    advice: 'Export it: the generated file has to import its types.',
  },
  CR109: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" has overloads.',
    advice: 'Annotate a function with a single signature; it may call the implementation.',
  },
  CR110: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is async.',
    advice: 'Compute the value in a function that returns a number, and await outside of it.',
  },
  CR111: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is a generator.',
    advice: 'Compute the value in an ordinary function that returns it.',
  },
  CR112: {
    severity: 'error',
    category: 'your code',
    message:
      '`@differentiable` is written as a decorator; TypeScript has no decorators on functions.',
    advice: 'Write it in the JSDoc: `/** @differentiable */` on the line before the function.',
  },
  CR113: {
    severity: 'error',
    category: 'your code',
    message: '`@differentiable` stands in an ordinary comment and would have no effect.',
    advice:
      'Write it in a JSDoc comment, `/** @differentiable */`, on the line before the function.',
  },
  CR114: {
    severity: 'error',
    category: 'your code',
    message: 'The annotated default export has no name.',
    advice:
      'Give it one, as in `export default function loss`: the gradient is then called `loss_grad`.',
  },
  CR115: {
    severity: 'error',
    category: 'your code',
    message: 'Two parameters of "{function}" would share the key "{key}" of the result.',
    advice: 'Rename the parameter "{name}".',
  },
  CR116: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" is declared with `{keyword}` and could be replaced while the program runs.',
    advice: 'Declare it with `const`, or as a function.',
  },
  CR117: {
    severity: 'error',
    category: 'your code',
    message: 'The annotation applies to several variables at once.',
    advice: 'Declare each of them in a statement of its own.',
  },
  CR118: {
    severity: 'error',
    category: 'your code',
    message: '"{name}" has no body.',
    advice: 'Annotate the function where it is implemented.',
  },
  CR401: {
    severity: 'error',
    category: 'your code',
    message: '{output} exists and was not generated by chainrule; it is left alone.',
    advice: 'Move or rename that file: chainrule writes the derivatives of {source} there.',
  },
  CR402: {
    severity: 'error',
    category: 'your code',
    message: '{file} lies outside of the project ({root}).',
    advice: 'Run chainrule in the project to which the file belongs.',
  },
  CR403: {
    severity: 'warning',
    category: 'your code',
    message: 'The configuration {file} was read with errors: {text}',
    advice: 'Fix the configuration; what could be read of it is used.',
  },
  CR404: {
    severity: 'error',
    category: 'your code',
    message: '{output} would be generated from {other} as well.',
    advice: 'Rename one of the two sources.',
  },
  CR405: {
    severity: 'error',
    category: 'your code',
    message: '{file} could not be read or written: {text}',
    advice: 'Check that it exists and its permissions.',
  },
  CR406: {
    severity: 'error',
    category: 'your code',
    message: 'The Prettier configuration for {output} failed: {text}',
    advice: 'Fix the configuration, or the plugins that it names.',
  },
  CR900: {
    severity: 'error',
    category: 'a bug of ours',
    message: 'chainrule failed on function "{name}": {text}',
    advice: 'Please report this with the function. Other functions are not affected.',
  },
  CR901: {
    severity: 'error',
    category: 'a bug of ours',
    message: 'chainrule failed on this file: {text}',
    advice: 'Please report this with the file. Other files are not affected.',
  },
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof codes;

type HoleNames<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | HoleNames<Rest>
  : never;

/** The holes that the message and the advice of a code leave open. */
export type Holes<C extends Code> = Record<
  HoleNames<(typeof codes)[C]['message']> | HoleNames<(typeof codes)[C]['advice']>,
  string | number
>;
