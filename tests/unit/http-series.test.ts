// What a series shows of counts, readings and contact.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minute } from '../../src/core/time.js';
import { buildSeries, type SeriesData } from '../../src/http/series.js';

const widthMs = 5 * minute;
const from = Date.parse('2026-07-12T00:00:00Z');
const reading = (step: number, expected: number, observed: number | null = 0) => ({
  t: from + step * widthMs,
  observed,
  expected,
  low: Math.max(0, expected - 2),
  high: expected + 3,
  surprise: 0,
});
const contact = (steps: number) => Array.from({ length: steps }, (_, i) => ({ t: from + i * widthMs, posts: 10 }));
const window = (steps: number, stepMs = widthMs) => ({ from, to: from + steps * widthMs, stepMs, widthMs });

describe('expectation', () => {
  test('is a straight line between readings, and the nearest one beyond them', () => {
    const data: SeriesData = { buckets: [], readings: [reading(2, 2), reading(6, 6)], seen: contact(10) };
    expect(buildSeries(data, window(10)).map((s) => s.expected)).toEqual([2, 2, 2, 3, 4, 5, 6, 6, 6, 6]);
  });

  test('is not known more than a day from any reading', () => {
    const data: SeriesData = { buckets: [], readings: [reading(-289, 4)], seen: contact(3) };
    expect(buildSeries(data, window(3)).map((s) => s.expected)).toEqual([null, null, null]);
  });

  test('of a judged step is shown as it was judged', () => {
    const data: SeriesData = { buckets: [], readings: [reading(0, 100)], seen: contact(1) };
    expect(buildSeries(data, window(1))[0]).toMatchObject({ expected: 100, low: 98, high: 103 });
  });
});

describe('gaps', () => {
  test('a step is a gap only when nobody looked: contact, a report or a judged count make it a zero', () => {
    const data: SeriesData = {
      buckets: [{ t: from + 2 * widthMs + minute, reports: 3, authors: 2 }],
      readings: [reading(3, 1, 0), reading(4, 1, null)],
      seen: [{ t: from + minute, posts: 0 }],
    };
    expect(buildSeries(data, window(5)).map((s) => s.observed)).toEqual([0, null, 3, 0, null]);
  });

  test('a wide step says how much of it was watched', () => {
    const data: SeriesData = { buckets: [], readings: [reading(0, 1)], seen: contact(3) };
    const [wide] = buildSeries(data, window(12, 60 * minute));
    expect(wide).toMatchObject({ observed: 0, coverage: 0.25, seen: 30, expected: 3 });
  });
});

test('whatever the step, no report is lost or counted twice', () => {
  const buckets = fc.array(
    fc.record({
      t: fc.integer({ min: 0, max: 719 }).map((m) => from + m * minute),
      reports: fc.nat(9),
      authors: fc.nat(9),
    }),
  );
  fc.assert(
    fc.property(buckets, fc.constantFrom(1, 5, 15, 30, 60), (found, minutes) => {
      const steps = buildSeries({ buckets: found, readings: [], seen: [] }, window(144, minutes * minute));
      expect(steps).toHaveLength(720 / minutes);
      const sum = (ns: (number | null)[]) => ns.reduce<number>((a, b) => a + (b ?? 0), 0);
      expect(sum(steps.map((s) => s.observed))).toBe(sum(found.map((b) => b.reports)));
      expect(sum(steps.map((s) => s.authors))).toBe(sum(found.map((b) => b.authors)));
    }),
  );
});
