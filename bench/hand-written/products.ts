/**
 * Adds A·B to C, of an m×k and a k×n matrix. The element of A in row i and column p is `a[i * aRow + p * aStep]`, so
 * that a transposed A is read where it is. Four rows of C and four rows of B at a time: sixteen elements of A stay in
 * registers along the rows.
 */
export function addProduct(
  a: Float64Array,
  aRow: number,
  aStep: number,
  b: Float64Array,
  c: Float64Array,
  m: number,
  k: number,
  n: number,
): void {
  const mFours = m - (m % 4);
  const kFours = k - (k % 4);
  for (let i = 0; i < mFours; i += 4) {
    for (let p = 0; p < kFours; p += 4) {
      addFourByFour(a, i * aRow + p * aStep, aRow, aStep, b, p * n, c, i * n, n);
    }
    for (let p = kFours; p < k; p++) {
      addFourByOne(a, i * aRow + p * aStep, aRow, b, p * n, c, i * n, n);
    }
  }
  for (let i = mFours; i < m; i++) {
    for (let p = 0; p < k; p++) addRow(a[i * aRow + p * aStep], b, p * n, c, i * n, n);
  }
}

function addFourByFour(
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
  const a2 = a0 + 2 * aRow;
  const a3 = a0 + 3 * aRow;
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
  const b2 = b0 + 2 * n;
  const b3 = b0 + 3 * n;
  const c1 = c0 + n;
  const c2 = c0 + 2 * n;
  const c3 = c0 + 3 * n;
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

function addFourByOne(
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

function addRow(
  factor: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  c0: number,
  n: number,
): void {
  for (let j = 0; j < n; j++) c[c0 + j] += factor * b[b0 + j];
}

/** The transpose of a matrix with so many rows and columns. */
export function transposed(data: Float64Array, rows: number, cols: number): Float64Array {
  const result = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j];
  }
  return result;
}
