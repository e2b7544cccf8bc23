import { adjoints, partials } from './rule.js';

/**
 * Every convention at a point where the derivative does not exist. A branch is differentiated as it is taken; these
 * are the functions that hide one.
 */
export const kinks = [
  // 0 at 0; NaN stays NaN.
  partials('y = Math.abs(x)', { x: 'Math.sign(x)' }),
  // A tie goes to the first argument. The tests are written so that an argument that is NaN gets the adjoint.
  adjoints(
    'z = Math.max(a, b)',
    { a: 'a < b ? 0 : dz', b: 'a >= b ? 0 : dz' },
    { tangent: 'a >= b ? ta : tb' },
  ),
  adjoints(
    'z = Math.min(a, b)',
    { a: 'a > b ? 0 : dz', b: 'a <= b ? 0 : dz' },
    { tangent: 'a <= b ? ta : tb' },
  ),
  // 0 at 0, as the branch `x > 0 ? x : 0` says.
  partials('y = relu(x)', { x: 'x > 0 ? 1 : 0' }),
  partials('y = leakyRelu(x, p)', { x: 'x > 0 ? 1 : p', p: 'x > 0 ? 0 : x' }),
  partials('y = step(x)', { x: '0' }),
  // 0 at the origin.
  adjoints('z = Math.hypot(x, y)', {
    x: 'z === 0 ? 0 : x / z * dz',
    y: 'z === 0 ? 0 : y / z * dz',
  }),
  adjoints(
    'z = Math.atan2(y, x)',
    { y: 'h === 0 ? 0 : x / h / h * dz', x: 'h === 0 ? 0 : -(y / h / h) * dz' },
    { where: { h: 'Math.hypot(x, y)' } },
  ),
  // Piecewise constant: the gradient is cut, with a warning.
  partials('y = Math.floor(x)', { x: '0' }),
  partials('y = Math.ceil(x)', { x: '0' }),
  partials('y = Math.round(x)', { x: '0' }),
  partials('y = Math.trunc(x)', { x: '0' }),
  partials('y = Math.sign(x)', { x: '0' }),
  partials('y = Math.clz32(x)', { x: '0' }),
  partials('z = Math.imul(a, b)', { a: '0', b: '0' }),
  ...['&', '|', '^', '<<', '>>', '>>>'].map((fn) => ({
    ...partials('z = f(a, b)', { a: '0', b: '0' }),
    fn,
  })),
  { ...partials('z = f(a)', { a: '0' }), fn: '~' },
  // Rounding to float32 passes the adjoint through.
  partials('y = Math.fround(x)', { x: '1' }),
];
