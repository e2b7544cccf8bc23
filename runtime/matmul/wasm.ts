import { multiplyInBlocks, type Layout, type Memory } from './blocks.js';
import { type Kernel } from './kernel.js';
import { kernelBytes } from './kernel-bytes.js';

/** The WebAssembly kernel, or nothing where WebAssembly or its SIMD is missing or forbidden. */
export function wasmKernel(): Kernel | undefined {
  const memory = instantiate();
  if (!memory) return undefined;
  const product =
    (layout: Layout): Kernel['plain'] =>
    (a, b, m, k, n) =>
      multiplyInBlocks(memory, layout, a, b, m, k, n);
  return {
    name: 'wasm',
    plain: product({ aIsTransposed: false, bIsTransposed: false }),
    transposedFirst: product({ aIsTransposed: true, bIsTransposed: false }),
    transposedSecond: product({ aIsTransposed: false, bIsTransposed: true }),
  };
}

/** What is used of the standard library of browsers and Node, which the types of plain ECMAScript do not have. */
interface Host {
  readonly atob: (base64: string) => string;
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
}

type Exports = Omit<Memory, 'floats'> & { readonly memory: { readonly buffer: ArrayBuffer } };

function instantiate(): Memory | undefined {
  try {
    // Constructors, because they are synchronous: browsers allow it for a module as small as this one.
    const { atob, WebAssembly } = globalThis as unknown as Host;
    const bytes = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { memory, packColumns, packRows, multiply, closeGaps } = exports as Exports;
    const floats = new Float64Array(memory.buffer);
    return { floats, packColumns, packRows, multiply, closeGaps };
  } catch {
    // No WebAssembly, no SIMD, or a content security policy without 'wasm-unsafe-eval'.
    return undefined;
  }
}
