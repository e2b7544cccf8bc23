import { parseFormula, type Formula } from './formula.js';
import { parseSignature, type Inputs } from './rule.js';

/**
 * How the tangent of a function of matrices follows from those of its inputs. The functions that only generated code
 * calls have no more than that.
 */
export interface TangentRule {
  readonly inputs: readonly string[];
  readonly result: string;
  readonly fn: string;
  /** By input: what its tangent `t<input>` adds to the tangent of the result. */
  readonly tangents: Readonly<Record<string, Formula | undefined>>;
}

/**
 * A function that is linear in its first input, the adjoint that it takes back: its tangent is made by the same call.
 * The other inputs are those that have a formula.
 */
function linear<S extends string>(
  signature: S,
  formulas?: Readonly<Partial<Record<Inputs<S>, string>>>,
): TangentRule {
  const { inputs, result, fn } = parseSignature(signature);
  const [first = '', ...rest] = inputs;
  const call = `${fn}(${[`t${first}`, ...rest].join(', ')})`;
  const tangents = [
    [first, parseFormula(call)] as const,
    ...Object.entries<string | undefined>(formulas ?? {}).map(
      ([input, text]) => [input, text === undefined ? text : parseFormula(text)] as const,
    ),
  ];
  return { inputs, result, fn, tangents: Object.fromEntries(tangents) };
}

/** `divisorPullback(D, tX, X)` is −tX·D/X: the tangent of a quotient D by X in X, zero where D and X are. */
const elementwise: readonly TangentRule[] = [
  linear('D = safeDiv(G, X)', { X: 'divisorPullback(D, tX, X)' }),
  linear('D = divisorPullback(G, Z, B)', {
    Z: 'divisorPullback(G, tZ, B)',
    B: 'divisorPullback(D, tB, B)',
  }),
  linear('D = powPullback(G, A, P)', {
    A: 'powPullback(mul(mul(G, P), tA), A, sub(P, 1))',
    P: 'add(mul(mul(G, tP), pow(A, sub(P, 1))), powExponentPullback(mul(mul(G, P), tP), A, sub(P, 1)))',
  }),
  linear('D = powExponentPullback(G, A, P)', {
    A: 'add(mul(mul(G, tA), pow(A, sub(P, 1))), powExponentPullback(mul(mul(G, P), tA), A, sub(P, 1)))',
    P: 'powExponentPullback(mul(D, tP), A, 0)',
  }),
  linear('D = keepUnlessLess(G, A, B)'),
  linear('D = keepUnlessAtLeast(G, A, B)'),
  linear('D = sqrtPullback(G, Y)', { Y: 'divisorPullback(D, tY, Y)' }),
  linear('D = absPullback(G, X)'),
  linear('D = tanhPullback(G, Y)', { Y: 'mul(mul(-2, mul(G, Y)), tY)' }),
  linear('D = sigmoidPullback(G, Y)', { Y: 'mul(mul(G, sub(1, mul(2, Y))), tY)' }),
  linear('D = softplusPullback(G, X)', { X: 'sigmoidPullback(mul(G, tX), sigmoid(X))' }),
  linear('D = reluPullback(G, Y)'),
  linear('D = leakyReluPullback(G, X, p)', { p: 'mul(tp, keepUnlessLess(G, 0, X))' }),
];

const linearAlgebra: readonly TangentRule[] = [
  linear('D = normPullback(g, A, n)', {
    A: 'normPullback(g, tA, n)',
    n: 'divisorPullback(D, tn, n)',
  }),
  // The cofactors, which the determinant itself says only where it is not 0.
  linear('D = detPullback(g, A, d)', { A: 'detPullbackTangent(g, tA, A, d)' }),
  {
    ...linear('R = inverseTransposed(A)'),
    tangents: { A: parseFormula('neg(matmul(matmulNT(R, tA), R))') },
  },
  linear('D = choleskyPullback(G, L)', {
    L: 'sub(choleskyPullback(solveTransposed(L, matmulTN(tL, G)), L), add(solveTransposed(L, matmulTN(tL, D)), transpose(solveTransposed(L, matmulTN(tL, D)))))',
  }),
];

const shape: readonly TangentRule[] = [
  linear('D = broadcastLike(G, A)'),
  linear('D = sumLike(G, A)'),
  linear('D = sumTo(G, r, c)'),
  linear('D = padRows(G, start, rows)'),
  linear('D = padCols(G, start, cols)'),
  linear('D = scatterRows(G, indices, rows)'),
  { ...linear('D = addTo(A, B)'), tangents: { A: parseFormula('tA'), B: parseFormula('tB') } },
];

const reductions: readonly TangentRule[] = [
  linear('D = maxPullback(g, A, v)'),
  linear('D = maxPullback(G, A, V, axis)'),
  linear('D = minPullback(g, A, v)'),
  linear('D = minPullback(G, A, V, axis)'),
  linear('D = logSumExpPullback(G, A, V)', { A: 'mul(D, tA)', V: 'neg(mul(D, tV))' }),
  linear('D = softmaxPullback(G, Y, axis)', {
    Y: 'sub(mul(tY, sub(G, sum(mul(G, Y), axis))), mul(Y, sum(mul(G, tY), axis)))',
  }),
  linear('D = logSoftmaxPullback(G, Y, axis)', {
    Y: 'neg(mul(mul(exp(Y), sum(G, axis)), tY))',
  }),
];

const losses: readonly TangentRule[] = [
  linear('D = msePullback(g, Y, O)', {
    Y: 'mul(-2 * g / (rows(O) * cols(O)), tY)',
    O: 'mul(2 * g / (rows(O) * cols(O)), tO)',
  }),
  linear('D = crossEntropyPullback(g, Y, P)', {
    Y: 'crossEntropyPullback(g, tY, P)',
    P: 'divisorPullback(D, tP, P)',
  }),
  linear('D = crossEntropyTargetPullback(g, P, Y)', { P: 'crossEntropyPullback(g, tP, P)' }),
  linear('D = softmaxCrossEntropyPullback(g, Y, Z)', {
    Y: 'softmaxCrossEntropyPullback(g, tY, Z)',
    Z: 'mul(mul(g / rows(Z), sum(Y, 1)), softmaxPullback(tZ, softmax(Z, 1), 1))',
  }),
  linear('D = softmaxCrossEntropyTargetPullback(g, Z)', {
    Z: 'mul(-g / rows(Z), sub(tZ, sum(mul(softmax(Z, 1), tZ), 1)))',
  }),
  linear('D = binaryCrossEntropyPullback(g, Y, P)', {
    Y: 'safeDiv(mul(-g / (rows(P) * cols(P)), tY), mul(P, sub(1, P)))',
    P: 'mul(mul(g / (rows(P) * cols(P)), tP), add(safeDiv(safeDiv(sub(1, Y), sub(1, P)), sub(1, P)), safeDiv(safeDiv(Y, P), P)))',
  }),
  linear('D = binaryCrossEntropyTargetPullback(g, P)', {
    P: 'safeDiv(mul(-g / (rows(P) * cols(P)), tP), mul(P, sub(1, P)))',
  }),
];

/** What generated code calls, by function and number of arguments. */
export const pullbackRules: ReadonlyMap<string, TangentRule> = new Map(
  [...elementwise, ...linearAlgebra, ...shape, ...reductions, ...losses].map((rule) => [
    `${rule.fn}/${String(rule.inputs.length)}`,
    rule,
  ]),
);
