import { type Kernel } from './kernel.js';

/** The kernel without WebAssembly. A row and a column of so many numbers are the same array, one as good as the other. */
export const javascriptKernel: Kernel = {
  name: 'javascript',
  plain(a, b, m, k, n) {
    if (n === 1) return dots(a, b, m, k);
    return accumulate(a, k, 1, b, m, k, n);
  },
  transposedFirst(a, b, m, k, n) {
    if (n === 1) return accumulate(b, k, 1, a, 1, k, m);
    return accumulate(a, 1, m, b, m, k, n);
  },
  transposedSecond(a, b, m, k, n) {
    if (n === 1) return dots(a, b, m, k);
    if (m === 1) return dots(b, a, n, k);
    return accumulate(a, k, 1, transposed(b, n, k), m, k, n);
  },
};

/**
 * Each row of C is the sum of the rows of B times the elements of a row of A. Four rows of C and four rows of B at a
 * time: sixteen elements of A stay in registers while the rows are passed over once.
 *
 * The element of A in row i and column p is `a[i * aRow + p * aStep]`, so that Aᵀ·B only reads A down its columns.
 */
function accumulate(
  a: Float64Array,
  aRow: number,
  aStep: number,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): Float64Array {
  const c = new Float64Array(m * n);
  const mFours = m - (m % 4);
  const kFours = k - (k % 4);
  for (let i = 0; i < mFours; i += 4) {
    for (let p = 0; p < kFours; p += 4) {
      fourRowsTimesFour(a, i * aRow + p * aStep, aRow, aStep, b, p * n, c, i * n, n);
    }
    for (let p = kFours; p < k; p++) {
      fourRowsTimesOne(a, i * aRow + p * aStep, aRow, b, p * n, c, i * n, n);
    }
  }
  for (let i = mFours; i < m; i++) {
    for (let p = 0; p < kFours; p += 4) {
      oneRowTimesFour(a, i * aRow + p * aStep, aStep, b, p * n, c, i * n, n);
    }
    for (let p = kFours; p < k; p++) {
      oneRowTimesOne(a[i * aRow + p * aStep], b, p * n, c, i * n, n);
    }
  }
  return c;
}

function fourRowsTimesFour(
  a: Float64Array,
  a0: number,
  aRow: number,
  aStep: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  c0: number,
  n: number,
): void {
  const a1 = a0 + aRow;
  const a2 = a1 + aRow;
  const a3 = a2 + aRow;
  const a00 = a[a0];
  const a01 = a[a0 + aStep];
  const a02 = a[a0 + 2 * aStep];
  const a03 = a[a0 + 3 * aStep];
  const a10 = a[a1];
  const a11 = a[a1 + aStep];
  const a12 = a[a1 + 2 * aStep];
  const a13 = a[a1 + 3 * aStep];
  const a20 = a[a2];
  const a21 = a[a2 + aStep];
  const a22 = a[a2 + 2 * aStep];
  const a23 = a[a2 + 3 * aStep];
  const a30 = a[a3];
  const a31 = a[a3 + aStep];
  const a32 = a[a3 + 2 * aStep];
  const a33 = a[a3 + 3 * aStep];
  const b1 = b0 + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  const c1 = c0 + n;
  const c2 = c1 + n;
  const c3 = c2 + n;
  for (let j = 0; j < n; j++) {
    const x0 = b[b0 + j];
    const x1 = b[b1 + j];
    const x2 = b[b2 + j];
    const x3 = b[b3 + j];
    c[c0 + j] += a00 * x0 + a01 * x1 + a02 * x2 + a03 * x3;
    c[c1 + j] += a10 * x0 + a11 * x1 + a12 * x2 + a13 * x3;
    c[c2 + j] += a20 * x0 + a21 * x1 + a22 * x2 + a23 * x3;
    c[c3 + j] += a30 * x0 + a31 * x1 + a32 * x2 + a33 * x3;
  }
}

function fourRowsTimesOne(
  a: Float64Array,
  a0: number,
  aRow: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  c0: number,
  n: number,
): void {
  const a00 = a[a0];
  const a10 = a[a0 + aRow];
  const a20 = a[a0 + 2 * aRow];
  const a30 = a[a0 + 3 * aRow];
  const c1 = c0 + n;
  const c2 = c1 + n;
  const c3 = c2 + n;
  for (let j = 0; j < n; j++) {
    const x = b[b0 + j];
    c[c0 + j] += a00 * x;
    c[c1 + j] += a10 * x;
    c[c2 + j] += a20 * x;
    c[c3 + j] += a30 * x;
  }
}

function oneRowTimesFour(
  a: Float64Array,
  a0: number,
  aStep: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  c0: number,
  n: number,
): void {
  const a00 = a[a0];
  const a01 = a[a0 + aStep];
  const a02 = a[a0 + 2 * aStep];
  const a03 = a[a0 + 3 * aStep];
  const b1 = b0 + n;
  const b2 = b1 + n;
  const b3 = b2 + n;
  for (let j = 0; j < n; j++) {
    c[c0 + j] += a00 * b[b0 + j] + a01 * b[b1 + j] + a02 * b[b2 + j] + a03 * b[b3 + j];
  }
}

function oneRowTimesOne(
  factor: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  c0: number,
  n: number,
): void {
  for (let j = 0; j < n; j++) c[c0 + j] += factor * b[b0 + j];
}

/** The product of a matrix and a column: its rows times the column, four at a time. */
function dots(a: Float64Array, column: Float64Array, rows: number, k: number): Float64Array {
  const c = new Float64Array(rows);
  const fours = rows - (rows % 4);
  for (let i = 0; i < fours; i += 4) {
    const a0 = i * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    const a3 = a2 + k;
    let c0 = 0;
    let c1 = 0;
    let c2 = 0;
    let c3 = 0;
    for (let p = 0; p < k; p++) {
      const x = column[p];
      c0 += a[a0 + p] * x;
      c1 += a[a1 + p] * x;
      c2 += a[a2 + p] * x;
      c3 += a[a3 + p] * x;
    }
    c[i] = c0;
    c[i + 1] = c1;
    c[i + 2] = c2;
    c[i + 3] = c3;
  }
  for (let i = fours; i < rows; i++) {
    const a0 = i * k;
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a[a0 + p] * column[p];
    c[i] = sum;
  }
  return c;
}

/** The transpose of a matrix with so many rows and columns. */
function transposed(data: Float64Array, rows: number, cols: number): Float64Array {
  const result = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j];
  }
  return result;
}
