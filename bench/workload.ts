import { type Matrix } from '@chainrule/runtime';
import { type Kernel } from '../runtime/matmul/kernel.js';

export type Value = number | Float32Array | Float64Array | Matrix;

/** What a gradient function returns: `value`, and `d<param>` for each differentiated parameter in their order. */
export type Gradient = Readonly<Record<string, Value>> & { readonly value: number };

export type Primal = (...args: readonly Value[]) => number;
export type GradientFunction = (...args: readonly Value[]) => Gradient;

/** A row of the table. The differentiated parameters of a workload come first, then the constant ones. */
export interface Workload {
  readonly title: string;
  /** The function, its file under workloads/, and with `_grad` its gradient under hand-written/. */
  readonly name: string;
  readonly primal: Primal;
  readonly handWritten: GradientFunction;
  /** Calls take these in turn: a power of two of them. */
  readonly inputs: readonly (readonly Value[])[];
  /** What the matrix products of the primal and the generated gradient are computed with. */
  readonly kernel: Kernel['name'] | undefined;
  /** The step of the finite differences: a small one where the function has kinks nearby. */
  readonly step: number;
}

/** Checks the inputs against the parameters, then forgets the parameters so that workloads fit into one list. */
export function workload<Args extends readonly Value[]>(
  title: string,
  primal: (...args: Args) => number,
  handWritten: (...args: Args) => Gradient,
  inputs: readonly Args[],
  { kernel, step = 1e-4 }: { kernel?: Kernel['name']; step?: number } = {},
): Workload {
  return {
    title,
    name: primal.name,
    primal: primal as Primal,
    handWritten: handWritten as GradientFunction,
    inputs,
    kernel,
    step,
  };
}

/** The keys of the derivatives, `value` left out, in the order of the parameters. */
export function derivativeKeys(gradient: Gradient): string[] {
  return Object.keys(gradient).filter((key) => key !== 'value');
}
