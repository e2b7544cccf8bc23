/** The elements of C, an m×n matrix, from those of two others; k is the length that their product sums over. */
export type Product = (
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
) => Float64Array;

/** One implementation of the three products. Their shapes have been checked. */
export interface Kernel {
  readonly name: 'wasm' | 'javascript';
  /** A·B, of an m×k and a k×n matrix. */
  readonly plain: Product;
  /** Aᵀ·B, of a k×m and a k×n matrix. */
  readonly transposedFirst: Product;
  /** A·Bᵀ, of an m×k and an n×k matrix. */
  readonly transposedSecond: Product;
}
