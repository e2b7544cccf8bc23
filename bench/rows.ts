import { fromData, type Matrix, oneHot } from '@chainrule/runtime';
import { gmm_grad } from './hand-written/gmm.js';
import { logistic_grad } from './hand-written/logistic.js';
import { lotkaVolterra_grad } from './hand-written/lotkaVolterra.js';
import { lstm_grad } from './hand-written/lstm.js';
import { mlp_grad } from './hand-written/mlp.js';
import { rosenbrock_grad } from './hand-written/rosenbrock.js';
import { staged_grad } from './hand-written/staged.js';
import { random } from './random.js';
import { type Kernel } from '../runtime/matmul/kernel.js';
import { workload, type Workload } from './workload.js';
import { gmm } from './workloads/gmm.js';
import { logistic } from './workloads/logistic.js';
import { lotkaVolterra } from './workloads/lotkaVolterra.js';
import { lstm } from './workloads/lstm.js';
import { mlp } from './workloads/mlp.js';
import { rosenbrock } from './workloads/rosenbrock.js';
import { staged } from './workloads/staged.js';

export const fullSize: readonly Workload[] = [
  stagedWorkload(),
  rosenbrockWorkload(100),
  rosenbrockWorkload(10_000),
  logisticWorkload(1000, 20),
  gmmWorkload(10, 25, 1000),
  lstmWorkload(100, 16),
  mlpWorkload(64, 128, 10, 128, 'javascript'),
  mlpWorkload(64, 128, 10, 128, 'wasm'),
  mlpWorkload(784, 256, 10, 128, 'javascript'),
  mlpWorkload(784, 256, 10, 128, 'wasm'),
  lotkaVolterraWorkload(1000),
];

/** The same functions on inputs that tests can afford. */
export const smallSize: readonly Workload[] = [
  stagedWorkload(),
  rosenbrockWorkload(1),
  rosenbrockWorkload(7),
  logisticWorkload(9, 3),
  gmmWorkload(4, 3, 8),
  lstmWorkload(5, 3),
  mlpWorkload(9, 13, 6, 11, 'javascript'),
  mlpWorkload(9, 13, 6, 11, 'wasm'),
  lotkaVolterraWorkload(20),
];

function stagedWorkload(): Workload {
  const { uniform } = random(1);
  const inputs = Array.from({ length: 64 }, (): [number, number] => [
    uniform(-4, 4),
    uniform(-4, 4),
  ]);
  return workload('W1 staged scalar', staged, staged_grad, inputs);
}

function rosenbrockWorkload(n: number): Workload {
  const { normals } = random(2);
  return workload(`W2 Rosenbrock, n=${n}`, rosenbrock, rosenbrock_grad, [[normals(n)]]);
}

function logisticWorkload(n: number, d: number): Workload {
  const { normals, uniform } = random(3);
  const labels = Float64Array.from({ length: n }, () => Math.round(uniform(0, 1)));
  return workload(`W3 logistic regression, ${n}×${d}`, logistic, logistic_grad, [
    [normals(d, 0.5), 0.1, normals(n * d), labels],
  ]);
}

function gmmWorkload(d: number, k: number, n: number): Workload {
  const { normals, uniform } = random(4);
  const means = Float64Array.from({ length: k * d }, () => uniform(0, 1));
  return workload(`W4 GMM, d=${d} K=${k} N=${n}`, gmm, gmm_grad, [
    [normals(k), means, normals(k * d), normals((k * d * (d - 1)) / 2), normals(n * d)],
  ]);
}

function lstmWorkload(steps: number, size: number): Workload {
  const { normals } = random(5);
  const square = size * size;
  return workload(`W5 LSTM, ${steps} steps, state ${size}`, lstm, lstm_grad, [
    [
      normals(4 * square, 0.3),
      normals(4 * square, 0.3),
      normals(4 * size, 0.3),
      normals(square, 0.3),
      normals(size, 0.3),
      normals((steps + 1) * size),
    ],
  ]);
}

function mlpWorkload(
  inputs: number,
  units: number,
  classes: number,
  batch: number,
  kernel: Kernel['name'],
): Workload {
  const { normals, uniform } = random(6);
  const layer = (rows: number, cols: number): Matrix =>
    fromData(rows, cols, normals(rows * cols, Math.sqrt(2 / rows)));
  const labels = Array.from({ length: batch }, () => Math.floor(uniform(0, classes)));
  const title = `W6 MLP ${inputs}→${units}→${classes}, ${kernel === 'wasm' ? 'WebAssembly' : 'JavaScript'} kernel`;
  return workload(
    title,
    mlp,
    mlp_grad,
    [
      [
        layer(inputs, units),
        fromData(1, units, normals(units, 0.1)),
        layer(units, classes),
        fromData(1, classes, normals(classes, 0.1)),
        fromData(batch, inputs, normals(batch * inputs)),
        oneHot(labels, classes),
      ],
    ],
    { kernel, step: 1e-6 },
  );
}

function lotkaVolterraWorkload(steps: number): Workload {
  return workload(`W7 RK4 Lotka–Volterra, ${steps} steps`, lotkaVolterra, lotkaVolterra_grad, [
    [1.1, 0.4, 0.4, 0.1, 10, 5, 0.01, steps],
    [1.5, 1, 3, 1, 1, 1, 0.005, steps],
  ]);
}
