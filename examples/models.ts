import { add, l2, matmul, mse, softmaxCrossEntropy, tanh, type Matrix } from '@chainrule/runtime';

/**
 * Linear regression: the mean of squared errors.
 * @differentiable wrt=w,b
 */
export function linearLoss(w: Matrix, b: number, x: Matrix, y: Matrix): number {
  return mse(y, add(matmul(x, w), b));
}

/**
 * Softmax regression with weight decay.
 * @differentiable wrt=w,b
 */
export function softmaxLoss(w: Matrix, b: Matrix, x: Matrix, y: Matrix, decay: number): number {
  const logits = add(matmul(x, w), b);
  return softmaxCrossEntropy(y, logits) + decay * l2(w);
}

/** What a network of two layers has learned. */
export interface Network {
  readonly w1: Matrix;
  readonly b1: Matrix;
  readonly w2: Matrix;
  readonly b2: Matrix;
}

/** The scores of a network, a row for each row of `x`. */
export function scores(net: Network, x: Matrix): Matrix {
  const hidden = tanh(add(matmul(x, net.w1), net.b1));
  return add(matmul(hidden, net.w2), net.b2);
}

/**
 * The loss of the network; y has a 1 in each row, at the right class.
 * @differentiable wrt=net
 */
export function networkLoss(net: Network, x: Matrix, y: Matrix): number {
  return softmaxCrossEntropy(y, scores(net, x));
}
