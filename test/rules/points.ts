/** Smooth points of every function with a rule: negative, large and tiny ones where it is defined. */
type Point = readonly number[];

const each = (...xs: number[]): Point[] => xs.map((x) => [x]);
const real = each(-2.5, -0.3, -1e-7, 1e-9, 0.7, 3.1);
const positive = each(1e-12, 1e-3, 0.5, 1, 2.5, 1e4, 1e12);
const inside = each(-0.999, -0.5, -1e-6, 1e-9, 0.3, 0.9999);
const steps = each(-1e5 - 0.4, -2.3, -0.7, 0.2, 0.8, 3.3, 1e6 + 0.3);
const pairs: Point[] = [
  [2, 3],
  [-1.5, 0.5],
  [0.3, -4],
  [-1e-3, -2e-2],
  [1e3, 2e-3],
];
const bits: Point[] = [
  [13.3, 2.6],
  [-7.4, 3.2],
  [1e5 + 0.4, 5.7],
];

export const smoothPoints: Readonly<Record<string, readonly Point[]>> = {
  copy: real,
  neg: real,
  '+': pairs,
  '-': pairs,
  '*': pairs,
  '/': pairs,
  '%': [
    [5.3, 2.2],
    [-5.3, 2.2],
    [5.3, -2.2],
    [-7.9, -0.4],
    [1, 0.3],
    [0.2, 3],
    [100.3, 7],
  ],
  '**': [
    [2, 3],
    [0.3, -1.5],
    [1e-6, 0.5],
    [50, 2.5],
    [1, 0],
    [3, 1e-9],
  ],
  'Math.sqrt': positive,
  'Math.cbrt': [...positive, ...each(-1e-9, -0.4, -27)],
  'Math.exp': [...real, ...each(-40, 40)],
  'Math.expm1': [...real, ...each(-40, 40)],
  'Math.log': positive,
  'Math.log2': positive,
  'Math.log10': positive,
  'Math.log1p': [...positive, ...each(-1e-9, -0.5, -0.999)],
  'Math.sin': real,
  'Math.cos': real,
  'Math.tan': each(-1.2, -1e-6, 1e-9, 0.7, 1.5),
  'Math.asin': inside,
  'Math.acos': inside,
  'Math.atan': [...real, ...each(-1e5, 1e5)],
  'Math.sinh': [...real, ...each(-30, 30)],
  'Math.cosh': [...real, ...each(-30, 30)],
  'Math.tanh': real,
  'Math.asinh': [...real, ...each(1e6)],
  'Math.acosh': each(1.001, 1.5, 7, 1e6),
  'Math.atanh': inside,
  'Math.abs': real,
  'Math.max': pairs,
  'Math.min': pairs,
  'Math.hypot': [...pairs, [3e-9, 4e-9]],
  'Math.atan2': [...pairs, [3e-9, 4e-9], [-2, -3]],
  'Math.floor': steps,
  'Math.ceil': steps,
  'Math.round': steps,
  'Math.trunc': steps,
  'Math.sign': steps,
  'Math.clz32': steps,
  'Math.imul': bits,
  'Math.fround': real,
  '&': bits,
  '|': bits,
  '^': bits,
  '<<': bits,
  '>>': bits,
  '>>>': bits,
  '~': steps,
  sigmoid: [...real, ...each(-40, 20)],
  softplus: [...real, ...each(0, -40, 40)],
};
