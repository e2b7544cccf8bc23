/**
 * Two regressions on Fisher's iris by gradient descent, all flowers in each step: the width of the petals from the other
 * three measurements, and the species from all four. The gradients are generated from models.ts.
 */
import { add, matmul, mean, mul, pow, sliceCols, sub, zeros } from '@chainrule/runtime';
import { countRight, test, training, type Flowers } from './iris.js';
import { linearLoss } from './models.js';
import { linearLoss_grad, softmaxLoss_grad } from './models_grad.js';

const steps = 500;

function report(step: number, loss: number): void {
  if (step % 100 === 0) console.log(`step ${String(step).padStart(3)}  loss ${loss.toFixed(4)}`);
}

function linearRegression(): void {
  console.log('Linear regression of the width of the petals');
  const split = ({ x }: Flowers) => ({ x: sliceCols(x, 0, 3), y: sliceCols(x, 3) });
  const { x, y } = split(training);
  let w = zeros(3, 1);
  let b = 0;
  for (let step = 0; step <= steps; step++) {
    const { value, dw, db } = linearLoss_grad(w, b, x, y);
    report(step, value);
    w = sub(w, mul(0.1, dw));
    b -= 0.1 * db;
  }
  const held = split(test);
  const rest = linearLoss(w, b, held.x, held.y);
  const variance = mean(pow(sub(held.y, mean(held.y)), 2));
  console.log(`test: ${(100 * (1 - rest / variance)).toFixed(1)} % of the variance explained`);
}

function softmaxRegression(): void {
  console.log('Softmax regression of the species');
  const decay = 1e-3;
  let w = zeros(4, 3);
  let b = zeros(1, 3);
  for (let step = 0; step <= steps; step++) {
    const { value, dw, db } = softmaxLoss_grad(w, b, training.x, training.y, decay);
    report(step, value);
    w = sub(w, mul(0.5, dw));
    b = sub(b, mul(0.5, db));
  }
  const right = countRight(add(matmul(test.x, w), b), test);
  console.log(`test: ${right} of ${test.species.length} flowers right`);
}

linearRegression();
softmaxRegression();
