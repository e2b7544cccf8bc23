import { expect, it } from 'vitest';
import { nearest } from '../../compiler/diagnostics/nearest.js';

it.each([
  ['rte', ['x', 'rate'], 'rate'],
  ['vpj', ['vjp', 'jvp'], 'vjp'],
  ['LOSS', ['boss', 'loss'], 'loss'],
  ['gradient', ['grad', 'vjp'], undefined],
  ['y', ['x'], undefined],
  ['anything', [], undefined],
])('%s among %j is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
