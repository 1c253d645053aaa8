// When an outage began: within five minutes, also when its first reports are few.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minute } from '../../src/core/time.js';
import { findOnset, findPeak, type MinuteCount } from '../../src/detect/onset.js';
import { createRandom, draw } from '../integration/tick-world.js';

/** Minute counts with a usual rate, and an outage that rises from `onset` on. */
function outage(
  seed: number,
  options: { usual: number; level: number; rise: number; onset: number; minutes: number },
): MinuteCount[] {
  const random = createRandom(seed);
  const counts: MinuteCount[] = [];
  for (let i = 0; i < options.minutes; i++) {
    const after = i - options.onset;
    const shape = after < 0 ? 0 : options.rise === 0 ? 1 : Math.min(1, (after + 0.5) / options.rise);
    const count = draw(random, options.usual + options.level * shape);
    if (count > 0) counts.push({ t: i * minute, count });
  }
  return counts;
}

describe('the beginning is found within five minutes in at least nine of ten outages', () => {
  for (const [usual, level, rise, seen] of [
    [0.01, 1, 0, 10],
    [0.01, 4, 10, 12],
    [0.01, 20, 40, 20],
    [0.05, 4, 20, 20],
    [0.3, 4, 5, 15],
    [0.3, 20, 40, 25],
  ] as const)
    test(`${usual} a minute, rising by ${level} in ${rise} minutes, seen ${seen} minutes after`, () => {
      const onset = 90;
      let good = 0;
      for (let seed = 0; seed < 100; seed++) {
        const counts = outage(seed, { usual, level, rise, onset, minutes: onset + seen });
        const found = findOnset(counts, { from: 0, to: (onset + seen) * minute, usualPerMinute: usual });
        if (Math.abs(found / minute - onset) <= 5) good++;
      }
      expect(good).toBeGreaterThanOrEqual(90);
    });
});

test('the onset lies in the range, on a minute, whatever the counts', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ t: fc.nat({ max: 90 }), count: fc.nat({ max: 500 }) }), {
        selector: (c) => c.t,
        maxLength: 60,
      }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      (counts, usualPerMinute) => {
        const sorted = counts.map(({ t, count }) => ({ t: t * minute, count })).sort((a, b) => a.t - b.t);
        const found = findOnset(sorted, { from: 0, to: 90 * minute, usualPerMinute });
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThan(90 * minute);
        expect(found % minute).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

test('the peak is where five minutes hold the most, not one lucky minute', () => {
  const counts = [
    { t: 0, count: 9 },
    ...[20, 21, 22, 23, 24].map((t) => ({ t: t * minute, count: 4 })),
    { t: 40 * minute, count: 10 },
  ];
  expect(findPeak(counts)).toBe(22 * minute);
  expect(findPeak([])).toBeNull();
});
