import { add, matmul, relu, softmaxCrossEntropy, type Matrix } from '@chainrule/runtime';

/**
 * Softmax cross-entropy of a network with one hidden layer, on a batch: a row of `x` and of `y` for each sample.
 * @differentiable wrt=w1,b1,w2,b2
 */
export function mlp(w1: Matrix, b1: Matrix, w2: Matrix, b2: Matrix, x: Matrix, y: Matrix): number {
  const hidden = relu(add(matmul(x, w1), b1));
  const logits = add(matmul(hidden, w2), b2);
  return softmaxCrossEntropy(y, logits);
}
