export { colourHessian, type HessianColouring } from './jacobian/colour-hessian.js';
export {
  colourJacobian,
  type Colours,
  type JacobianColouring,
} from './jacobian/colour-jacobian.js';
export { hessian, type HessianProduct } from './jacobian/hessian.js';
export {
  jacobian,
  type JacobianProduct,
  type JacobianProducts,
  type TransposedProduct,
} from './jacobian/jacobian.js';
export { type Numbers, type Tangent } from './jacobian/numbers.js';
export { sparseHessian } from './jacobian/sparse-hessian.js';
export { sparseJacobian } from './jacobian/sparse-jacobian.js';
export { toDense, toTriplets, type SparseMatrix } from './jacobian/sparse-matrix.js';
export { nonZeroPattern, sparsePattern, type SparsePattern } from './jacobian/sparse-pattern.js';
export { copy, addTo, zerosLike } from './matrix/accumulate.js';
export { leakyRelu, relu, sigmoid, softplus, step } from './matrix/activations.js';
export { add } from './matrix/add.js';
export {
  binaryCrossEntropy,
  binaryCrossEntropyPullback,
  binaryCrossEntropyTargetPullback,
} from './matrix/binary-cross-entropy.js';
export { broadcastLike } from './matrix/broadcast.js';
export { cholesky, choleskyPullback, choleskyTangent } from './matrix/cholesky.js';
export { concatCols, concatRows } from './matrix/concat.js';
export {
  crossEntropy,
  crossEntropyPullback,
  crossEntropyTargetPullback,
  softmaxCrossEntropy,
  softmaxCrossEntropyPullback,
  softmaxCrossEntropyTargetPullback,
} from './matrix/cross-entropy.js';
export { det, detPullback, detPullbackTangent, logDet } from './matrix/det.js';
export { div } from './matrix/div.js';
export { abs, cos, exp, log, neg, sin, sqrt, tanh } from './matrix/elementary.js';
export {
  absPullback,
  leakyReluPullback,
  reluPullback,
  sigmoidPullback,
  softplusPullback,
  sqrtPullback,
  tanhPullback,
} from './matrix/elementwise-pullbacks.js';
export { keepUnlessAtLeast, keepUnlessLess } from './matrix/keep.js';
export { logSumExp, logSumExpPullback } from './matrix/log-sum-exp.js';
export { fromData, identity, matrix, oneHot, ones, zeros } from './matrix/make.js';
export { type Axis, type Matrix, type Operand } from './matrix/matrix.js';
export { max, maxPullback, min, minPullback } from './matrix/max-min.js';
export { maximum } from './matrix/maximum.js';
export { minimum } from './matrix/minimum.js';
export { mul } from './matrix/mul.js';
export { pow, powExponentPullback, powPullback } from './matrix/pow.js';
export { dot, norm, normPullback, trace, transpose } from './matrix/products.js';
export { randn, seededRandom } from './matrix/random.js';
export { divisorPullback, safeDiv } from './matrix/safe-div.js';
export { get, repeat, reshape } from './matrix/shape.js';
export { gatherRows, padCols, padRows, scatterRows, sliceCols, sliceRows } from './matrix/slice.js';
export { logSoftmax, logSoftmaxPullback, softmax, softmaxPullback } from './matrix/softmax.js';
export { inv, inverseTransposed, solve, solveTransposed } from './matrix/solve.js';
export { halfMse, l2, mse, msePullback } from './matrix/squared-error.js';
export { sub } from './matrix/sub.js';
export { mean, sum, sumLike, sumRepeats, sumTo } from './matrix/sum.js';
export { matmul, matmulNT, matmulTN } from './matmul/index.js';
export { stopGradient } from './stop-gradient.js';
export { Tape } from './tape.js';
