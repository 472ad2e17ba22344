/** Figures of a soak: of series whose percentile and slope are known. */
import { expect, it } from 'vitest';
import { percentile, slopeAnHour } from '../../scripts/soak/figures.ts';

it('takes a percentile of numbers in any order', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
  expect([percentile(hundred, 50), percentile(hundred, 95), percentile(hundred, 100)]).toEqual([
    '50.0',
    '95.0',
    '100.0',
  ]);
  expect(percentile([3], 50)).toBe('3.0');
  expect(percentile([], 50)).toBe('-');
});

it('finds what a series gains in an hour, and nothing in one that only sways', () => {
  const minutes = Array.from({ length: 60 }, (_, i) => i);
  expect(slopeAnHour(minutes.map((m) => [m * 60_000, 100 + m / 6]))).toBeCloseTo(10, 6);
  expect(Math.abs(slopeAnHour(minutes.map((m) => [m * 60_000, 100 + (m % 2)])))).toBeLessThan(0.1);
  expect(slopeAnHour([[5, 1]])).toBe(0);
});
