import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { matmul, ones } from '@chainrule/runtime';
import { kernelFor, useKernel } from '../../runtime/matmul/choose.js';
import { kernelBytes } from '../../runtime/matmul/kernel-bytes.js';

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Instance {
  readonly exports: { readonly memory: Memory };
}

/** The part of WebAssembly that is used. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => Instance;
}

const real = (globalThis as unknown as { WebAssembly: WebAssemblyLike }).WebAssembly;

afterEach(() => {
  vi.unstubAllGlobals();
  useKernel();
});

const large = (): string => kernelFor(64, 64, 64).name;

describe('the choice of a kernel', () => {
  it('is WebAssembly for large products, JavaScript for small ones and vectors', () => {
    expect(large()).toBe('wasm');
    expect(kernelFor(8, 8, 8).name).toBe('javascript');
    expect(kernelFor(1, 1000, 1000).name).toBe('javascript');
    expect(kernelFor(1000, 1000, 1).name).toBe('javascript');
  });

  it.each([
    ['WebAssembly is missing', { WebAssembly: undefined }],
    ['atob is missing', { atob: undefined }],
    [
      'compiling is forbidden or SIMD missing',
      {
        WebAssembly: {
          Module: class {
            constructor() {
              throw new Error('CompileError');
            }
          },
        },
      },
    ],
  ])('falls back to JavaScript where %s', (_, globals) => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    useKernel();
    expect(large()).toBe('javascript');
    expect(matmul(ones(40, 30), ones(30, 20)).data).toEqual(new Float64Array(800).fill(30));
    expect(() => useKernel('wasm')).toThrow('useKernel: WebAssembly with SIMD is not available');
    expect(large()).toBe('javascript');
  });

  it('is made once, at the first large product', () => {
    let instances = 0;
    class Counted extends real.Instance {
      constructor(module: object) {
        super(module);
        instances++;
      }
    }
    vi.stubGlobal('WebAssembly', { Module: real.Module, Instance: Counted });
    useKernel();
    matmul(ones(5, 5), ones(5, 5));
    expect(instances).toBe(0);
    for (let i = 0; i < 3; i++) matmul(ones(50, 50), ones(50, 50));
    expect(instances).toBe(1);
  });

  it('can be forced', () => {
    for (const name of ['javascript', 'wasm'] as const) {
      useKernel(name);
      expect(large()).toBe(name);
      expect(kernelFor(1, 1, 1).name).toBe(name);
    }
  });
});

describe('the WebAssembly module', () => {
  const bytes = Buffer.from(kernelBytes, 'base64');

  it('is what its source gives', () => {
    const script = fileURLToPath(new URL('../../scripts/build-kernel.js', import.meta.url));
    expect(() => execFileSync(process.execPath, [script, '--check'])).not.toThrow();
  });

  it('is small enough for browsers to compile it at once', () => {
    expect(bytes.length).toBeLessThan(4096);
  });

  it('has a memory that never grows', () => {
    const { memory } = new real.Instance(new real.Module(bytes)).exports;
    const size = memory.buffer.byteLength;
    expect(() => memory.grow(1)).toThrow(RangeError);
    expect(memory.buffer.byteLength).toBe(size);
  });
});
