import { javascriptKernel } from './javascript.js';
import { type Kernel } from './kernel.js';
import { wasmKernel } from './wasm.js';

/** The kernel of all products, whatever their size, while a test or a bench asks for one. */
let forced: Kernel | undefined;

/** The kernel of large products, from the first of them on. */
let chosen: Kernel | undefined;

/** The kernel of a product of an m×k and a k×n matrix. */
export function kernelFor(m: number, k: number, n: number): Kernel {
  if (forced) return forced;
  if (!isWorthCopying(m, k, n)) return javascriptKernel;
  return (chosen ??= wasmKernel() ?? javascriptKernel);
}

/**
 * For tests and benches: one kernel for everything, or with nothing the choice made afresh.
 *
 * @throws {Error} where there is no WebAssembly to use.
 */
export function useKernel(name?: Kernel['name']): void {
  chosen = undefined;
  forced = name === 'wasm' ? wasmKernel() : name && javascriptKernel;
  if (name && !forced) throw new Error('useKernel: WebAssembly with SIMD is not available');
}

/**
 * Whether a product makes good for the time that its copies into the memory of WebAssembly and back take. One with a
 * vector is as long in copying as in multiplying.
 */
function isWorthCopying(m: number, k: number, n: number): boolean {
  return m > 1 && n > 1 && m * k * n >= 700;
}
