import { type Kernel } from '../runtime/matmul/kernel.js';

/** The three products as the definition says them. */
export const naive: Omit<Kernel, 'name'> = {
  plain(a, b, m, k, n) {
    const c = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
        c[i * n + j] = sum;
      }
    }
    return c;
  },

  transposedFirst(a, b, m, k, n) {
    const c = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[p * m + i] * b[p * n + j];
        c[i * n + j] = sum;
      }
    }
    return c;
  },

  transposedSecond(a, b, m, k, n) {
    const c = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[i * k + p] * b[j * k + p];
        c[i * n + j] = sum;
      }
    }
    return c;
  },
};
