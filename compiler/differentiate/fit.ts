import { placeOf, sameShape, shapeOf, type Extent, type Shape } from '../analysis/shapes.js';
import type { ApplyOp, Value } from '../ir/ir.js';
import { isMatrixOp } from '../ir/matrix-functions.js';
import { matrixRuleOf } from '../rules/index.js';
import type { Backward } from './backward.js';

/**
 * The contribution of an elementwise operation in the shape of its operand `i`: summed over what the operand was
 * stretched along. Nothing is emitted where the shapes are known to be the same.
 */
export function fitted(b: Backward, op: ApplyOp, i: number, amount: Value): Value {
  if (!isMatrixOp(op) || matrixRuleOf(op, b.definitions)?.isElementwise !== true) return amount;
  const operand = op.args[i];
  const { builder, definitions } = b;
  if (amount.type.kind !== 'matrix' || operand === undefined) return amount;
  if (operand.type.kind === 'number') return builder.apply('sum', [amount]);
  if (sameShape(operand, op.result, definitions)) return amount;
  const shape = shapeOf(operand, definitions);
  const like = likeOf(operand, shape);
  if (like !== null) return builder.apply('sumLike', [amount, like]);
  return builder.apply('sumTo', [amount, ...extentValues(b, shape)]);
}

/** Zeros in the shape of a matrix, made from what its shape comes from. */
export function zerosFor(b: Backward, value: Value): Value {
  const { builder } = b;
  if (value.type.kind !== 'matrix') return builder.literal(0);
  const shape = shapeOf(value, b.definitions);
  const like = likeOf(value, shape);
  return like === null
    ? builder.apply('zeros', extentValues(b, shape))
    : builder.apply('zerosLike', [like]);
}

/** A matrix of the shape: one with a name, which is more likely to be at hand. */
function likeOf(matrix: Value, { rows, cols }: Shape): Value | null {
  const isOne = rows.kind === 'of' && cols.kind === 'of' && rows.matrix === cols.matrix;
  const whole = isOne && rows.axis === 'rows' && cols.axis === 'cols' ? rows.matrix : null;
  if (whole !== null && whole.variable !== null) return whole;
  return matrix.variable === null ? whole : matrix;
}

function extentValues(b: Backward, { rows, cols }: Shape): [Value, Value] {
  return [extentValue(b, rows), extentValue(b, cols)];
}

function extentValue({ builder }: Backward, extent: Extent): Value {
  switch (extent.kind) {
    case 'constant':
      return builder.literal(extent.value);
    case 'number':
      return extent.value;
    case 'of': {
      const { axis, matrix } = placeOf(extent);
      return builder.apply(axis, [matrix]);
    }
  }
}
