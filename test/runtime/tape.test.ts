import { describe, expect, it } from 'vitest';
import { Tape } from '@chainrule/runtime';

describe('Tape', () => {
  it('pops what was pushed, last first, across many chunks', () => {
    const tape = new Tape();
    const n = 300_000;
    for (let i = 0; i < n; i++) tape.push(i + 0.5);
    expect(tape.length).toBe(n);
    for (let i = n - 1; i >= 0; i--) {
      if (tape.pop() !== i + 0.5) expect.fail(`wrong number at ${i}`);
    }
    expect(tape.length).toBe(0);
  });

  it.each([63, 64, 65, 319, 320, 321])('swings about length %i', (n) => {
    const tape = new Tape();
    for (let i = 0; i < n; i++) tape.push(i);
    for (let round = 0; round < 3; round++) {
      tape.push(-1);
      tape.push(-2);
      expect(tape.length).toBe(n + 2);
      expect(tape.pop()).toBe(-2);
      expect(tape.pop()).toBe(-1);
    }
    for (let i = n - 1; i >= 0; i--) expect(tape.pop()).toBe(i);
    expect(tape.length).toBe(0);
  });

  it('can be filled again after it was emptied', () => {
    const tape = new Tape();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1000; i++) tape.push(i * (round + 1));
      for (let i = 999; i >= 0; i--) expect(tape.pop()).toBe(i * (round + 1));
    }
  });

  it('takes less than ten bytes a number', () => {
    const before = process.memoryUsage().arrayBuffers;
    const tape = new Tape();
    for (let i = 0; i < 1e6; i++) tape.push(i);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * tape.length);
  });

  it('keeps NaN, infinities and the sign of zero', () => {
    const tape = new Tape();
    const numbers = [NaN, Infinity, -Infinity, -0, 0, Number.MIN_VALUE];
    for (const x of numbers) tape.push(x);
    for (const x of numbers.toReversed()) expect(tape.pop()).toBe(x);
  });

  it('throws when it is empty, and stays usable', () => {
    const tape = new Tape();
    expect(() => tape.pop()).toThrow(RangeError);
    expect(tape.length).toBe(0);
    tape.push(1);
    expect(tape.pop()).toBe(1);
    expect(() => tape.pop()).toThrow('pop() on an empty tape');
  });
});
