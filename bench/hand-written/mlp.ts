import { type Matrix } from '@chainrule/runtime';
import { addProduct, transposed } from './products.js';

/**
 * One forward and one backward sweep over plain arrays. Products are added to what is there: the biases in the forward
 * sweep. Whatever is elementwise happens in place, and the softmax of the loss is that of its derivative.
 */
export function mlp_grad(
  w1: Matrix,
  b1: Matrix,
  w2: Matrix,
  b2: Matrix,
  x: Matrix,
  y: Matrix,
): { value: number; dw1: Matrix; db1: Matrix; dw2: Matrix; db2: Matrix } {
  const batch = x.rows;
  const inputs = x.cols;
  const units = w1.cols;
  const classes = w2.cols;

  const hidden = repeated(b1.data, batch);
  addProduct(x.data, inputs, 1, w1.data, hidden, batch, inputs, units);
  for (let k = 0; k < hidden.length; k++) if (hidden[k] < 0) hidden[k] = 0;
  const dlogits = repeated(b2.data, batch);
  addProduct(hidden, units, 1, w2.data, dlogits, batch, units, classes);
  const value = lossAndAdjoint(y.data, dlogits, batch, classes);

  const dw2 = new Float64Array(units * classes);
  addProduct(hidden, 1, units, dlogits, dw2, units, batch, classes);
  const db2 = columnSums(dlogits, batch, classes);
  const dhidden = new Float64Array(batch * units);
  addProduct(
    dlogits,
    classes,
    1,
    transposed(w2.data, units, classes),
    dhidden,
    batch,
    classes,
    units,
  );
  for (let k = 0; k < dhidden.length; k++) if (hidden[k] <= 0) dhidden[k] = 0;
  const dw1 = new Float64Array(inputs * units);
  addProduct(x.data, 1, inputs, dhidden, dw1, inputs, batch, units);
  const db1 = columnSums(dhidden, batch, units);

  return {
    value,
    dw1: { rows: inputs, cols: units, data: dw1 },
    db1: { rows: 1, cols: units, data: db1 },
    dw2: { rows: units, cols: classes, data: dw2 },
    db2: { rows: 1, cols: classes, data: db2 },
  };
}

/** The softmax cross-entropy of the logits, which its derivatives take the place of. */
function lossAndAdjoint(
  targets: Float64Array,
  logits: Float64Array,
  batch: number,
  classes: number,
): number {
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    const start = i * classes;
    const stop = start + classes;
    let largest = -Infinity;
    for (let k = start; k < stop; k++) if (logits[k] > largest) largest = logits[k];
    let total = 0;
    let mass = 0;
    for (let k = start; k < stop; k++) {
      const shifted = logits[k] - largest;
      const power = Math.exp(shifted);
      total += power;
      mass += targets[k];
      loss -= targets[k] * shifted;
      logits[k] = power;
    }
    loss += mass * Math.log(total);
    const share = mass / total;
    for (let k = start; k < stop; k++) logits[k] = (logits[k] * share - targets[k]) / batch;
  }
  return loss / batch;
}

function repeated(row: Float64Array, times: number): Float64Array {
  const rows = new Float64Array(times * row.length);
  for (let i = 0; i < times; i++) rows.set(row, i * row.length);
  return rows;
}

function columnSums(data: Float64Array, rows: number, cols: number): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    for (let j = 0; j < cols; j++) sums[j] += data[start + j];
  }
  return sums;
}
