import fc from 'fast-check';
import { fromData, type Matrix } from '@chainrule/runtime';

const sometimes = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 99 }) },
);

/** Random matrices of at most rows×cols, most elements 0, the others small integers: sums of them are exact. */
export function sparseMatrices(rows: number, cols: number): fc.Arbitrary<Matrix> {
  return fc
    .tuple(fc.nat({ max: rows }), fc.nat({ max: cols }))
    .chain(([r, c]) =>
      fc
        .array(sometimes, { minLength: r * c, maxLength: r * c })
        .map((data) => fromData(r, c, data)),
    );
}
