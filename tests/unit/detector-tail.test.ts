// The negative binomial's tail and interval against plain summation.
import { describe, expect, test } from 'vitest';
import { interval95, lnGamma, tailSurprise } from '../../src/detect/tail.js';

/** Chances of 0, 1, 2, ... by the recurrence. */
function chances(mean: number, size: number, n: number): number[] {
  const x = mean / (mean + size);
  const out = [Math.exp(size * Math.log1p(-x))];
  for (let k = 0; k < n; k++) out.push((out[k]! * x * (k + size)) / (k + 1));
  return out;
}

const cases = [0.01, 0.3, 1, 4, 20, 120].flatMap((mean) => [0.05, 0.7, 3, 40, 1000].map((size) => ({ mean, size })));

describe.each(cases)('mean $mean, size $size', ({ mean, size }) => {
  const p = chances(mean, size, 60_000);
  const from = (y: number) => p.slice(y).reduceRight((sum, chance) => sum + chance, 0);

  test('the tail is that of the summed chances', () => {
    for (const y of [1, 2, 3, 7, 20, 60, 200]) {
      const chance = from(y);
      if (chance < 1e-280) continue;
      expect(tailSurprise(y, mean, size)).toBeCloseTo(-Math.log10(chance), chance > 1e-10 ? 6 : 3);
    }
  });

  test('the interval holds 95 %', () => {
    const { low, high } = interval95(mean, mean + (mean * mean) / size);
    expect(low).toBeLessThanOrEqual(mean);
    const slack = mean < 8 ? 0 : 0.03;
    expect(from(high + 1)).toBeLessThanOrEqual(0.025 + slack);
    expect(1 - from(low)).toBeLessThanOrEqual(0.025 + slack);
    if (mean < 8 && high > 0) expect(from(high)).toBeGreaterThan(0.025);
  });
});

test('no underflow, no cancellation far out', () => {
  expect(tailSurprise(5000, 0.02, 0.5)).toBeGreaterThan(5000);
  expect(tailSurprise(0, 3, 1)).toBe(0);
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  expect(lnGamma(5)).toBeCloseTo(Math.log(24), 12);
});
