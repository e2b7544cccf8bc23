import { type Matrix } from '@chainrule/runtime';
import { arePeersInstalled, loadTensorFlow } from './peers.js';
import { type Gradient } from './workload.js';

/** A library that computes the gradient of workloads/mlp.ts. */
export interface Peer {
  readonly name: string;
  /** Its gradient at these arguments, which it takes into its own form before anything is timed. */
  readonly gradientAt: (...args: readonly Matrix[]) => () => Gradient;
}

/** Those that `npm install --prefix bench` has installed; the one whose memory grows last: see matmul-peers.ts. */
export async function* loadPeers(): AsyncGenerator<Peer> {
  if (!arePeersInstalled()) return;
  for (const backend of ['cpu', 'wasm'] as const) {
    const tf = await loadTensorFlow<TensorFlow>(backend);
    yield { name: `tfjs ${backend}, f32`, gradientAt: (...args) => gradientAt(tf, ...args) };
  }
}

interface Tensor {
  dataSync(): Float32Array;
}

type Network = (...parameters: readonly Tensor[]) => Tensor;

interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>;
  tensor2d(data: Float32Array, shape: readonly [number, number]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  relu(a: Tensor): Tensor;
  readonly losses: { softmaxCrossEntropy(y: Tensor, logits: Tensor): Tensor };
  valueAndGrads(
    f: Network,
  ): (parameters: readonly Tensor[]) => { value: Tensor; grads: readonly Tensor[] };
  tidy<Result>(f: () => Result): Result;
}

function gradientAt(tf: TensorFlow, ...args: readonly Matrix[]): () => Gradient {
  const tensors = args.map(({ rows, cols, data }) =>
    tf.tensor2d(Float32Array.from(data), [rows, cols]),
  );
  const [x, y] = tensors.slice(4);
  const dense = (input: Tensor, w: Tensor, b: Tensor): Tensor => tf.add(tf.matMul(input, w), b);
  const gradient = tf.valueAndGrads((w1, b1, w2, b2) =>
    tf.losses.softmaxCrossEntropy(y, dense(tf.relu(dense(x, w1, b1)), w2, b2)),
  );
  return () =>
    tf.tidy(() => {
      const { value, grads } = gradient(tensors.slice(0, 4));
      const [dw1, db1, dw2, db2] = grads.map((grad) => grad.dataSync());
      return { value: value.dataSync()[0], dw1, db1, dw2, db2 };
    });
}
