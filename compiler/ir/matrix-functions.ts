import type { Value } from './ir.js';

/** Functions whose result is a matrix whatever they are given. */
export const matrixMakers: ReadonlySet<string> = new Set([
  'zeros',
  'ones',
  'identity',
  'oneHot',
  'matrix',
  'matrixOf',
  'fromData',
]);

/** Functions of matrices whose result is a number. */
const numbers: ReadonlySet<string> = new Set([
  ...['rows', 'cols', 'at', 'get', 'dot', 'trace', 'norm', 'det', 'logDet', 'l2'],
  ...['mse', 'halfMse', 'crossEntropy', 'softmaxCrossEntropy', 'binaryCrossEntropy'],
]);

/** Functions that reduce a matrix to a number, or along an axis to a row or a column. */
const reductions: ReadonlySet<string> = new Set(['sum', 'mean', 'max', 'min', 'logSumExp']);

/** Whether a function of matrices with so many arguments gives a number. */
export function isMatrixNumber(fn: string, count: number): boolean {
  return numbers.has(fn) || (reductions.has(fn) && count === 1);
}

/** Parts of a matrix that are at hand without any work: `m.rows`, `m.cols`, `m.data[i]`. */
export function isMatrixPart(fn: string): boolean {
  return fn === 'rows' || fn === 'cols' || fn === 'at';
}

/** Whether the result of a function may be, or share its data with, its first operand. */
export function mayShareData(fn: string): boolean {
  return sharing.has(fn);
}

const sharing: ReadonlySet<string> = new Set([
  ...['copy', 'sumLike', 'sumTo', 'reshape', 'stopGradient'],
]);

/** Whether an operation takes or gives matrices, so that it is a function of the runtime. */
export function isMatrixOp(op: {
  readonly args: readonly Value[];
  readonly result: Value;
}): boolean {
  const { kind } = op.result.type;
  if (kind !== 'number') return kind === 'matrix';
  return op.args.some((arg) => arg.type.kind === 'matrix');
}

/** The functions of the runtime that work on numbers too, as functions of numbers. */
export const ofNumbers: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  neg: 'neg',
  pow: '**',
  exp: 'Math.exp',
  log: 'Math.log',
  sqrt: 'Math.sqrt',
  abs: 'Math.abs',
  tanh: 'Math.tanh',
  sin: 'Math.sin',
  cos: 'Math.cos',
  maximum: 'Math.max',
  minimum: 'Math.min',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  relu: 'relu',
  leakyRelu: 'leakyRelu',
  step: 'step',
};

/** Functions of numbers that the language lacks and the runtime has. */
const lacking: ReadonlySet<string> = new Set(['relu', 'leakyRelu', 'step']);

/** Whether an operation is written as a call of the runtime. */
export function isRuntimeCall(op: {
  readonly fn: string;
  readonly args: readonly Value[];
  readonly result: Value;
}): boolean {
  if (op.fn === 'copy' || op.fn === 'stopGradient') return false;
  return (isMatrixOp(op) && !/^\W/.test(op.fn)) || lacking.has(op.fn);
}
