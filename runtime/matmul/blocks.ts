/** The memory of the kernel, and its functions: see kernel.wat. All addresses are in bytes. */
export interface Memory {
  readonly floats: Float64Array;
  packColumns(source: number, target: number, rows: number, cols: number): void;
  packRows(source: number, target: number, rows: number, cols: number): void;
  multiply(
    a: number,
    b: number,
    c: number,
    cRow: number,
    m: number,
    k: number,
    n: number,
    add: number,
  ): void;
  closeGaps(c: number, rows: number, cols: number, rowBytes: number): void;
}

/** A is given as m×k or, transposed, as k×m; B as k×n or n×k. */
export interface Layout {
  readonly aIsTransposed: boolean;
  readonly bIsTransposed: boolean;
}

/**
 * Blocks have at most so many rows and columns. A strip of four by 256 numbers stays in the first cache, the blocks in
 * the second and third.
 */
const maxLength = 256;

/** What a block takes in the memory, in numbers. Strips at the edge reach over it by three rows at most. */
const room = (maxLength + 4) * maxLength;
const staged = 0;
const packedA = room;
const packedB = 2 * room;
const blockOfC = 3 * room;

/** C in blocks: each the sum of products of a block of A and one of B, which are copied into the kernel's memory. */
export function multiplyInBlocks(
  memory: Memory,
  layout: Layout,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): Float64Array {
  const c = new Float64Array(m * n);
  const mStep = blockSize(m);
  const kStep = blockSize(k);
  const nStep = blockSize(n);
  for (let i = 0; i < m; i += mStep) {
    const rows = Math.min(mStep, m - i);
    for (let j = 0; j < n; j += nStep) {
      const cols = Math.min(nStep, n - j);
      const wide = 4 * Math.ceil(cols / 4);
      for (let p = 0; p < k; p += kStep) {
        const depth = Math.min(kStep, k - p);
        if (layout.aIsTransposed) {
          stage(memory, a, m, p, i, depth, rows);
          memory.packColumns(8 * staged, 8 * packedA, depth, rows);
        } else {
          stage(memory, a, k, i, p, rows, depth);
          memory.packRows(8 * staged, 8 * packedA, rows, depth);
        }
        if (layout.bIsTransposed) {
          stage(memory, b, k, j, p, cols, depth);
          memory.packRows(8 * staged, 8 * packedB, cols, depth);
        } else {
          stage(memory, b, n, p, j, depth, cols);
          memory.packColumns(8 * staged, 8 * packedB, depth, cols);
        }
        const add = p > 0 ? 1 : 0;
        memory.multiply(8 * packedA, 8 * packedB, 8 * blockOfC, 8 * wide, rows, depth, cols, add);
      }
      copyOut(memory, c, n, i, j, rows, cols);
    }
  }
  return c;
}

/** Blocks of about the same size, whole tiles but for the last. */
function blockSize(length: number): number {
  const blocks = Math.ceil(length / maxLength);
  return 4 * Math.ceil(length / blocks / 4);
}

/** Copies a block of a matrix with `width` columns to the kernel's memory. */
function stage(
  { floats }: Memory,
  data: Float64Array,
  width: number,
  firstRow: number,
  firstCol: number,
  rows: number,
  cols: number,
): void {
  const first = firstRow * width + firstCol;
  if (cols === width) {
    const all = data.length === rows * cols;
    floats.set(all ? data : data.subarray(first, first + rows * cols), staged);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const from = first + i * width;
    floats.set(data.subarray(from, from + cols), staged + i * cols);
  }
}

/** Copies a finished block to its place in C, a matrix with `width` columns. */
function copyOut(
  memory: Memory,
  c: Float64Array,
  width: number,
  firstRow: number,
  firstCol: number,
  rows: number,
  cols: number,
): void {
  const { floats } = memory;
  const wide = 4 * Math.ceil(cols / 4);
  if (cols === width) {
    if (wide !== cols) memory.closeGaps(8 * blockOfC, rows, cols, 8 * wide);
    c.set(floats.subarray(blockOfC, blockOfC + rows * cols), firstRow * width);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const from = blockOfC + i * wide;
    c.set(floats.subarray(from, from + cols), (firstRow + i) * width + firstCol);
  }
}
