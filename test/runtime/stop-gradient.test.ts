import { expect, it } from 'vitest';
import { stopGradient } from '@chainrule/runtime';

it('returns what it is given', () => {
  const row = [1, 2];
  expect(stopGradient(row)).toBe(row);
  expect(stopGradient(3)).toBe(3);
});
