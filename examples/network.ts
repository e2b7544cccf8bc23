/**
 * A network of two layers learns the species of Fisher's iris from batches of 20 flowers in random order. The gradient is
 * the one that chainrule has generated from `networkLoss` in models.ts.
 */
import { gatherRows, mul, randn, seededRandom, sub, zeros } from '@chainrule/runtime';
import { countRight, test, training } from './iris.js';
import { networkLoss, scores, type Network } from './models.js';
import { networkLoss_grad } from './models_grad.js';

const hidden = 8;
const epochs = 40;
const batch = 20;
const rate = 0.2;

const random = seededRandom(1);
let net: Network = {
  w1: mul(0.5, randn(4, hidden, random)),
  b1: zeros(1, hidden),
  w2: mul(0.5, randn(hidden, 3, random)),
  b2: zeros(1, 3),
};

/** 0 … n − 1 in random order. */
function shuffled(n: number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

for (let epoch = 1; epoch <= epochs; epoch++) {
  const order = shuffled(training.x.rows);
  for (let start = 0; start < order.length; start += batch) {
    const rows = order.slice(start, start + batch);
    const x = gatherRows(training.x, rows);
    const y = gatherRows(training.y, rows);
    const { dnet } = networkLoss_grad(net, x, y);
    net = {
      w1: sub(net.w1, mul(rate, dnet.w1)),
      b1: sub(net.b1, mul(rate, dnet.b1)),
      w2: sub(net.w2, mul(rate, dnet.w2)),
      b2: sub(net.b2, mul(rate, dnet.b2)),
    };
  }
  const loss = networkLoss(net, training.x, training.y);
  const right = countRight(scores(net, training.x), training);
  const progress = `loss ${loss.toFixed(4)}  ${right} of ${training.x.rows} right`;
  console.log(`epoch ${String(epoch).padStart(2)}  ${progress}`);
}

const right = countRight(scores(net, test.x), test);
console.log(`test: ${right} of ${test.x.rows} flowers right`);
