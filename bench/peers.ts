import { existsSync } from 'node:fs';

/** Whether `npm install --prefix bench` has installed the packages to compare with. */
export function arePeersInstalled(): boolean {
  return existsSync(new URL('node_modules/ml-matrix', import.meta.url));
}

/** The packages are not there in most checkouts: nothing of them may be needed to check the types. */
export async function loadPackage<Module>(name: string): Promise<Module> {
  return (await import(name)) as Module;
}

/** TensorFlow with a backend, in one thread as the others; in single precision, because it has no other. */
export async function loadTensorFlow<TensorFlow extends Backends>(
  backend: 'cpu' | 'wasm',
): Promise<TensorFlow> {
  const tf = await loadPackage<TensorFlow>('@tensorflow/tfjs');
  if (backend === 'wasm') {
    const { setThreadsCount } = await loadPackage<Threads>('@tensorflow/tfjs-backend-wasm');
    setThreadsCount(1);
  }
  await tf.setBackend(backend);
  return tf;
}

interface Backends {
  readonly setBackend: (name: string) => Promise<boolean>;
}

interface Threads {
  readonly setThreadsCount: (count: number) => void;
}
