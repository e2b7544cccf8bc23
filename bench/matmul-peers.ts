import { type Candidate, type Shape } from './matmul-shapes.js';
import { arePeersInstalled, loadPackage, loadTensorFlow } from './peers.js';

/** A library to compare with. */
export interface Peer {
  readonly name: string;
  /** A·B with operands in the library's own form, made before anything is timed. */
  candidate(shape: Shape, a: Float64Array, b: Float64Array): Candidate;
}

/**
 * The peers that `npm install --prefix bench` has installed, each loaded when it is asked for. TensorFlow comes last: its
 * memory grows, which slows the loops over typed arrays of the whole process down from then on.
 */
export async function* loadPeers(): AsyncGenerator<Peer> {
  if (!arePeersInstalled()) return;
  yield await mlMatrix();
  yield await tensorFlow();
}

interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>;
  tensor2d(data: Float32Array, shape: readonly [number, number]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
}

async function tensorFlow(): Promise<Peer> {
  const tf = await loadTensorFlow<TensorFlow>('wasm');
  return {
    name: 'tfjs wasm, f32',
    candidate({ m, k, n }, a, b) {
      const first = tf.tensor2d(Float32Array.from(a), [m, k]);
      const second = tf.tensor2d(Float32Array.from(b), [k, n]);
      const run = (): Float32Array => {
        const product = tf.matMul(first, second);
        const data = product.dataSync();
        product.dispose();
        return data;
      };
      return { run, digits: 5 };
    },
  };
}

/** Its rows are arrays of their own: `data` is what its other functions read too. */
interface MlMatrix {
  readonly data: readonly Float64Array[];
  mmul(other: MlMatrix): MlMatrix;
}

interface MlMatrixPackage {
  readonly Matrix: { from1DArray(rows: number, cols: number, data: Float64Array): MlMatrix };
}

async function mlMatrix(): Promise<Peer> {
  const { Matrix } = await loadPackage<MlMatrixPackage>('ml-matrix');
  return {
    name: 'ml-matrix',
    candidate({ m, k, n }, a, b) {
      const first = Matrix.from1DArray(m, k, a);
      const second = Matrix.from1DArray(k, n, b);
      return { run: () => first.mmul(second).data, digits: 13 };
    },
  };
}
