import { matrixRule, type MatrixRule } from './matrix-rule.js';

/**
 * The functions of matrices. An elementwise rule says what one element passes on; where an operand was stretched to the
 * shape of the result, its adjoint is summed over what it was stretched along.
 */
const elementwise: readonly MatrixRule[] = [
  matrixRule('C = add(A, B)', { A: 'dC', B: 'dC' }, 'elementwise'),
  matrixRule('C = sub(A, B)', { A: 'dC', B: 'neg(dC)' }, 'elementwise'),
  matrixRule('C = mul(A, B)', { A: 'mul(dC, B)', B: 'mul(dC, A)' }, 'elementwise'),
  matrixRule(
    'C = div(A, B)',
    { A: 'safeDiv(dC, B)', B: 'divisorPullback(dC, C, B)' },
    'elementwise',
  ),
  matrixRule(
    'C = pow(A, P)',
    { A: 'powPullback(dC, A, P)', P: 'powExponentPullback(dC, A, P)' },
    'elementwise',
  ),
  // A tie goes to the first argument, and so does NaN that is there.
  matrixRule(
    'C = maximum(A, B)',
    { A: 'keepUnlessLess(dC, A, B)', B: 'keepUnlessAtLeast(dC, A, B)' },
    'elementwise',
  ),
  matrixRule(
    'C = minimum(A, B)',
    { A: 'keepUnlessLess(dC, B, A)', B: 'keepUnlessAtLeast(dC, B, A)' },
    'elementwise',
  ),
  matrixRule('Y = neg(X)', { X: 'neg(dY)' }, 'elementwise'),
  matrixRule('Y = exp(X)', { X: 'mul(dY, Y)' }, 'elementwise'),
  matrixRule('Y = log(X)', { X: 'safeDiv(dY, X)' }, 'elementwise'),
  matrixRule('Y = sqrt(X)', { X: 'sqrtPullback(dY, Y)' }, 'elementwise'),
  matrixRule('Y = abs(X)', { X: 'absPullback(dY, X)' }, 'elementwise'),
  matrixRule('Y = sin(X)', { X: 'mul(dY, cos(X))' }, 'elementwise'),
  matrixRule('Y = cos(X)', { X: 'neg(mul(dY, sin(X)))' }, 'elementwise'),
  matrixRule('Y = tanh(X)', { X: 'tanhPullback(dY, Y)' }, 'elementwise'),
  matrixRule('Y = sigmoid(X)', { X: 'sigmoidPullback(dY, Y)' }, 'elementwise'),
  matrixRule('Y = softplus(X)', { X: 'softplusPullback(dY, X)' }, 'elementwise'),
  matrixRule('Y = relu(X)', { X: 'reluPullback(dY, Y)' }, 'elementwise'),
  matrixRule(
    'Y = leakyRelu(X, p)',
    { X: 'leakyReluPullback(dY, X, p)', p: 'mul(dY, minimum(X, 0))' },
    'elementwise',
  ),
  matrixRule('Y = step(X)', { X: '0' }, 'elementwise'),
];

const linearAlgebra: readonly MatrixRule[] = [
  matrixRule(
    'C = matmul(A, B)',
    { A: 'matmul(dC, transpose(B))', B: 'matmul(transpose(A), dC)' },
    { A: 'matmul(tA, B)', B: 'matmul(A, tB)' },
  ),
  matrixRule(
    'C = matmulNT(A, B)',
    { A: 'matmul(dC, B)', B: 'matmulTN(dC, A)' },
    { A: 'matmulNT(tA, B)', B: 'matmulNT(A, tB)' },
  ),
  matrixRule(
    'C = matmulTN(A, B)',
    { A: 'matmulNT(B, dC)', B: 'matmul(A, dC)' },
    { A: 'matmulTN(tA, B)', B: 'matmulTN(A, tB)' },
  ),
  matrixRule('C = transpose(A)', { A: 'transpose(dC)' }, { A: 'transpose(tA)' }),
  matrixRule(
    's = dot(A, B)',
    { A: 'mul(ds, B)', B: 'mul(ds, A)' },
    { A: 'dot(tA, B)', B: 'dot(A, tB)' },
  ),
  matrixRule('s = trace(A)', { A: 'mul(ds, identity(rows(A)))' }, { A: 'trace(tA)' }),
  matrixRule(
    'n = norm(A)',
    { A: 'normPullback(dn, A, n)' },
    { A: 'dot(tA, normPullback(1, A, n))' },
  ),
  matrixRule(
    'X = solve(A, B)',
    { A: 'neg(matmul(solveTransposed(A, dX), transpose(X)))', B: 'solveTransposed(A, dX)' },
    { A: 'neg(solve(A, matmul(tA, X)))', B: 'solve(A, tB)' },
  ),
  matrixRule(
    'X = solveTransposed(A, B)',
    { A: 'neg(matmul(X, transpose(solve(A, dX))))', B: 'solve(A, dX)' },
    { A: 'neg(solveTransposed(A, matmulTN(tA, X)))', B: 'solveTransposed(A, tB)' },
  ),
  matrixRule(
    'B = inv(A)',
    { A: 'neg(matmul(matmul(transpose(B), dB), transpose(B)))' },
    { A: 'neg(matmul(matmul(B, tA), B))' },
  ),
  matrixRule('d = det(A)', { A: 'detPullback(dd, A, d)' }, { A: 'dot(tA, detPullback(1, A, d))' }),
  matrixRule(
    'l = logDet(A)',
    { A: 'mul(dl, inverseTransposed(A))' },
    { A: 'dot(tA, inverseTransposed(A))' },
  ),
  matrixRule('L = cholesky(A)', { A: 'choleskyPullback(dL, L)' }, { A: 'choleskyTangent(tA, L)' }),
];

const shape: readonly MatrixRule[] = [
  // Another name for it, and another matrix with the same elements.
  matrixRule('B = copy(A)', { A: 'dB' }, { A: 'tA' }),
  matrixRule('B = clone(A)', { A: 'dB' }, { A: 'clone(tA)' }),
  matrixRule(
    'B = reshape(A, r, c)',
    { A: 'reshape(dB, rows(A), cols(A))', r: '0', c: '0' },
    { A: 'reshape(tA, r, c)' },
  ),
  matrixRule(
    'B = repeat(A, n, axis)',
    { A: 'sumRepeats(dB, n, axis)', n: '0', axis: '0' },
    { A: 'repeat(tA, n, axis)' },
  ),
  matrixRule(
    'B = sumRepeats(A, n, axis)',
    { A: 'repeat(dB, n, axis)', n: '0', axis: '0' },
    { A: 'sumRepeats(tA, n, axis)' },
  ),
  matrixRule(
    'B = sliceRows(A, start)',
    { A: 'padRows(dB, start, rows(A))', start: '0' },
    { A: 'sliceRows(tA, start)' },
  ),
  matrixRule(
    'B = sliceRows(A, start, end)',
    { A: 'padRows(dB, start, rows(A))', start: '0', end: '0' },
    { A: 'sliceRows(tA, start, end)' },
  ),
  matrixRule(
    'B = sliceCols(A, start)',
    { A: 'padCols(dB, start, cols(A))', start: '0' },
    { A: 'sliceCols(tA, start)' },
  ),
  matrixRule(
    'B = sliceCols(A, start, end)',
    { A: 'padCols(dB, start, cols(A))', start: '0', end: '0' },
    { A: 'sliceCols(tA, start, end)' },
  ),
  matrixRule(
    'B = gatherRows(A, indices)',
    { A: 'scatterRows(dB, indices, rows(A))', indices: '0' },
    { A: 'gatherRows(tA, indices)' },
  ),
  // Elements: the adjoint is added in place, which is no formula.
  matrixRule('x = at(A, i)', { A: 'addAt(zerosLike(A), i, dx)', i: '0' }, { A: 'at(tA, i)' }),
  matrixRule(
    'x = get(A, i, j)',
    { A: 'addAt(zerosLike(A), i * cols(A) + j, dx)', i: '0', j: '0' },
    { A: 'get(tA, i, j)' },
  ),
];

const reductions: readonly MatrixRule[] = [
  matrixRule('s = sum(A)', { A: 'broadcastLike(ds, A)' }, { A: 'sum(tA)' }),
  matrixRule('s = sum(A, axis)', { A: 'broadcastLike(ds, A)', axis: '0' }, { A: 'sum(tA, axis)' }),
  matrixRule('m = mean(A)', { A: 'broadcastLike(dm / (rows(A) * cols(A)), A)' }, { A: 'mean(tA)' }),
  matrixRule('v = max(A)', { A: 'maxPullback(dv, A, v)' }, { A: 'dot(tA, maxPullback(1, A, v))' }),
  matrixRule('v = min(A)', { A: 'minPullback(dv, A, v)' }, { A: 'dot(tA, minPullback(1, A, v))' }),
  matrixRule(
    'v = max(A, axis)',
    { A: 'maxPullback(dv, A, v, axis)', axis: '0' },
    { A: 'sum(mul(tA, maxPullback(broadcastLike(1, v), A, v, axis)), axis)' },
  ),
  matrixRule(
    'v = min(A, axis)',
    { A: 'minPullback(dv, A, v, axis)', axis: '0' },
    { A: 'sum(mul(tA, minPullback(broadcastLike(1, v), A, v, axis)), axis)' },
  ),
  matrixRule(
    'v = logSumExp(A)',
    { A: 'logSumExpPullback(dv, A, v)' },
    { A: 'dot(tA, logSumExpPullback(1, A, v))' },
  ),
  matrixRule(
    'v = logSumExp(A, axis)',
    { A: 'logSumExpPullback(dv, A, v)', axis: '0' },
    { A: 'sum(mul(tA, logSumExpPullback(1, A, v)), axis)' },
  ),
  // Both Jacobians are products of a diagonal and a projection: the tangent of softmax is its pullback.
  matrixRule(
    'Y = softmax(A, axis)',
    { A: 'softmaxPullback(dY, Y, axis)', axis: '0' },
    { A: 'softmaxPullback(tA, Y, axis)' },
  ),
  matrixRule(
    'Y = logSoftmax(A, axis)',
    { A: 'logSoftmaxPullback(dY, Y, axis)', axis: '0' },
    { A: 'sub(tA, sum(mul(exp(Y), tA), axis))' },
  ),
];

/** The mean along an axis, by the number of elements along it. */
export const meanAlong: readonly [MatrixRule, MatrixRule] = [
  matrixRule(
    'm = mean(A, axis)',
    { A: 'broadcastLike(div(dm, rows(A)), A)', axis: '0' },
    { A: 'mean(tA, axis)' },
  ),
  matrixRule(
    'm = mean(A, axis)',
    { A: 'broadcastLike(div(dm, cols(A)), A)', axis: '0' },
    { A: 'mean(tA, axis)' },
  ),
];

const losses: readonly MatrixRule[] = [
  matrixRule(
    'l = mse(Y, O)',
    { Y: 'msePullback(dl, O, Y)', O: 'msePullback(dl, Y, O)' },
    { Y: 'dot(tY, msePullback(1, O, Y))', O: 'dot(tO, msePullback(1, Y, O))' },
  ),
  matrixRule(
    'l = halfMse(Y, O)',
    { Y: 'mul(dl, sub(Y, O))', O: 'mul(dl, sub(O, Y))' },
    { Y: 'dot(tY, sub(Y, O))', O: 'dot(tO, sub(O, Y))' },
  ),
  matrixRule(
    'l = crossEntropy(Y, P)',
    { Y: 'crossEntropyTargetPullback(dl, P, Y)', P: 'crossEntropyPullback(dl, Y, P)' },
    {
      Y: 'dot(tY, crossEntropyTargetPullback(1, P, Y))',
      P: 'dot(tP, crossEntropyPullback(1, Y, P))',
    },
  ),
  matrixRule(
    'l = softmaxCrossEntropy(Y, Z)',
    { Y: 'softmaxCrossEntropyTargetPullback(dl, Z)', Z: 'softmaxCrossEntropyPullback(dl, Y, Z)' },
    {
      Y: 'dot(tY, softmaxCrossEntropyTargetPullback(1, Z))',
      Z: 'dot(tZ, softmaxCrossEntropyPullback(1, Y, Z))',
    },
  ),
  matrixRule(
    'l = binaryCrossEntropy(Y, P)',
    { Y: 'binaryCrossEntropyTargetPullback(dl, P)', P: 'binaryCrossEntropyPullback(dl, Y, P)' },
    {
      Y: 'dot(tY, binaryCrossEntropyTargetPullback(1, P))',
      P: 'dot(tP, binaryCrossEntropyPullback(1, Y, P))',
    },
  ),
  matrixRule('l = l2(W)', { W: 'mul(2 * dl, W)' }, { W: '2 * dot(tW, W)' }),
];

/** Matrices made of arrays, whose elements receive those of the adjoint one by one. */
const fromArrays: readonly MatrixRule[] = [
  matrixRule(
    'C = fromData(r, c, data)',
    { r: '0', c: '0', data: 'dC' },
    { data: 'fromData(r, c, tdata)' },
  ),
  matrixRule('C = matrix(data)', { data: 'dC' }, { data: 'matrix(tdata)' }),
];

/** What has no derivative: shapes, and matrices made of shapes and labels. */
const constants: readonly MatrixRule[] = [
  matrixRule('n = rows(A)', { A: '0' }, {}),
  matrixRule('n = cols(A)', { A: '0' }, {}),
  matrixRule('Y = zeros(r, c)', { r: '0', c: '0' }, {}),
  matrixRule('Y = ones(r, c)', { r: '0', c: '0' }, {}),
  matrixRule('Y = identity(n)', { n: '0' }, {}),
  matrixRule('Y = oneHot(labels, depth)', { labels: '0', depth: '0' }, {}),
  matrixRule('Y = zerosLike(A)', { A: '0' }, {}),
];

/** By function and number of arguments. */
export const matrixRules: ReadonlyMap<string, MatrixRule> = new Map(
  [
    ...elementwise,
    ...linearAlgebra,
    ...shape,
    ...reductions,
    ...losses,
    ...fromArrays,
    ...constants,
  ].map((rule) => [`${rule.fn}/${String(rule.inputs.length)}`, rule]),
);
