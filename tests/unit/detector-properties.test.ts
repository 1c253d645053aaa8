// What must hold for any counts: the past alone decides, a restored detector goes on as if nothing had happened, no NaN.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Detector, Point, Reading } from '../../src/core/signal.js';
import { hour, minute } from '../../src/core/time.js';
import { createDetector } from '../../src/detect/detector.js';

const start = Date.UTC(2026, 0, 5);
const widths = fc.constantFrom(minute, 5 * minute, 20 * minute);

/** Counts with quiet stretches, bursts, gaps and nonsense sizes. */
const counts = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ count: fc.nat(4), times: fc.integer({ min: 1, max: 60 }) }) },
      { weight: 2, arbitrary: fc.record({ count: fc.nat(500), times: fc.integer({ min: 1, max: 10 }) }) },
      { weight: 1, arbitrary: fc.record({ count: fc.constant(null), times: fc.integer({ min: 1, max: 400 }) }) },
      {
        weight: 1,
        arbitrary: fc.record({ count: fc.double({ min: 0, max: 1e12, noNaN: true }), times: fc.constant(1) }),
      },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((runs) => runs.flatMap(({ count, times }) => new Array<number | null>(times).fill(count)));

const pointsOf = (values: readonly (number | null)[], widthMs: number): Point[] =>
  values.map((count, i) => ({ t: start + i * widthMs, count }));
const readAll = (detector: Detector, points: readonly Point[]): Reading[] => points.map((p) => detector.step(p));

/** Steady counts without chance in them: 0..3 in turn, so that nothing ever stands out. */
const steady = (n: number) => Array.from({ length: n }, (_, i) => (i * 7) % 4);

describe('for any counts', () => {
  test('no future row changes a past reading, and the same rows give the same readings', () => {
    fc.assert(
      fc.property(widths, counts, counts, (widthMs, past, future) => {
        const alone = readAll(createDetector({ widthMs }), pointsOf(past, widthMs));
        const both = readAll(createDetector({ widthMs }), pointsOf([...past, ...future], widthMs));
        expect(both.slice(0, past.length)).toEqual(alone);
      }),
      { numRuns: 60 },
    );
  });

  test('a restored detector continues as the saved one', () => {
    fc.assert(
      fc.property(widths, counts, counts, fc.boolean(), (widthMs, past, future, asBuffer) => {
        const points = pointsOf([...past, ...future], widthMs);
        const whole = createDetector({ widthMs });
        readAll(whole, points.slice(0, past.length));
        const saved = whole.save();
        // better-sqlite3 gives Buffers, which share a pool and stand at odd offsets in it.
        const state = asBuffer ? Buffer.concat([Buffer.from('x'), saved]).subarray(1) : saved;
        const restored = createDetector({ widthMs, state });
        const rest = points.slice(past.length);
        expect(readAll(restored, rest)).toEqual(readAll(whole, rest));
        expect(Buffer.from(restored.save())).toEqual(Buffer.from(whole.save()));
      }),
      { numRuns: 60 },
    );
  });

  test('every number is finite and every chance is a chance', () => {
    fc.assert(
      fc.property(widths, counts, (widthMs, values) => {
        for (const r of readAll(createDetector({ widthMs }), pointsOf(values, widthMs))) {
          expect([r.expected, r.low, r.high, r.surprise, r.bar, r.windowMs].every(Number.isFinite)).toBe(true);
          expect(r.surprise).toBeGreaterThanOrEqual(0);
          expect(r.expected).toBeGreaterThan(0);
          expect(r.low).toBeLessThanOrEqual(r.high);
          if (r.alert === 'open') expect(r.surprise).toBeGreaterThanOrEqual(r.bar);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('steps left out are gaps', () => {
    fc.assert(
      fc.property(widths, counts, (widthMs, values) => {
        const points = pointsOf(values, widthMs);
        const told = readAll(createDetector({ widthMs }), points).filter((r) => r.observed !== null);
        const leftOut = readAll(
          createDetector({ widthMs }),
          points.filter((p) => p.count !== null),
        );
        // Only a gap before the first row differs: a detector begins with its first point.
        if (values[0] === null) return;
        expect(leftOut.length).toBe(told.length);
        for (const [i, r] of leftOut.entries()) {
          expect(r.alert).toBe(told[i]!.alert);
          expect(Math.abs(r.surprise - told[i]!.surprise)).toBeLessThan(1e-9 * Math.max(1, r.surprise));
          expect(Math.abs(r.expected / told[i]!.expected - 1)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('at any scale', () => {
  test('a service that is so many times as busy has a forecast about so many times as high', () => {
    fc.assert(
      fc.property(fc.constantFrom(5 * minute, 20 * minute), fc.integer({ min: 2, max: 60 }), (widthMs, times) => {
        const one = steady((144 * hour) / widthMs);
        const last = (values: number[]) => readAll(createDetector({ widthMs }), pointsOf(values, widthMs)).at(-1)!;
        // So many of them, each begun a step later.
        const many = one.map((_, i) => Array.from({ length: times }, (_, j) => one[(i + j) % one.length]!));
        const sums = many.map((counts) => counts.reduce((a, b) => a + b));
        const ratio = last(sums).expected / last(one).expected;
        expect(Math.abs(ratio / times - 1)).toBeLessThan(0.25);
      }),
      { numRuns: 20 },
    );
  });

  test('of two bursts the larger is found no later', () => {
    fc.assert(
      fc.property(
        widths,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 20 }),
        (widthMs, height, times) => {
          const found = (size: number) => {
            const burst = new Array<number>((2 * hour) / widthMs).fill(size);
            const values = [...steady((30 * hour) / widthMs), ...burst];
            const readings = readAll(createDetector({ widthMs }), pointsOf(values, widthMs));
            const at = readings.findIndex((r) => r.alert === 'open');
            return at < 0 ? values.length : at;
          };
          expect(found(height * times)).toBeLessThanOrEqual(found(height));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('alarms', () => {
  test('a burst opens within two steps, is followed and closes; more of the same is one episode', () => {
    for (const widthMs of [minute, 5 * minute, 20 * minute]) {
      const quiet = steady((72 * hour) / widthMs);
      const burst = new Array<number>(Math.max(4, hour / widthMs)).fill(40);
      const after = steady((12 * hour) / widthMs);
      const readings = readAll(createDetector({ widthMs }), pointsOf([...quiet, ...burst, ...after], widthMs));
      const opened = readings.flatMap((r, i) => (r.alert === 'open' ? [i] : []));
      expect(opened).toHaveLength(1);
      expect(opened[0]! - quiet.length).toBeLessThan(2);
      expect(readings[opened[0]!]!.windowMs).toBeGreaterThan(0);
      expect(readings.filter((r) => r.alert === 'close')).toHaveLength(1);
      expect(readings.some((r) => r.calming)).toBe(true);
      expect(readings.at(-1)!.active).toBe(false);
    }
  });

  test('a lone burst of any height opens at once and surprises less than a smaller one that lasts', () => {
    for (const widthMs of [minute, 5 * minute, 20 * minute]) {
      const quiet = steady((72 * hour) / widthMs);
      const most = (burst: number[]) => {
        const after = steady((3 * hour) / widthMs);
        const readings = readAll(createDetector({ widthMs }), pointsOf([...quiet, ...burst, ...after], widthMs));
        expect(readings.slice(quiet.length, quiet.length + 2).some((r) => r.alert === 'open')).toBe(true);
        return Math.max(...readings.map((r) => r.surprise));
      };
      const lone = most([5000]);
      expect(lone).toBeLessThan(20);
      expect(most(new Array<number>(hour / widthMs).fill(100))).toBeGreaterThan(lone);
    }
  });

  test('a slow ramp opens too', () => {
    const widthMs = 5 * minute;
    const ramp = Array.from({ length: 72 }, (_, i) => Math.round(i / 3));
    const readings = readAll(createDetector({ widthMs }), pointsOf([...steady(1000), ...ramp], widthMs));
    expect(readings.filter((r) => r.alert === 'open')).toHaveLength(1);
  });

  test('the first day never alerts; a burst that nobody could miss is provisional', () => {
    const widthMs = 5 * minute;
    const readings = readAll(createDetector({ widthMs }), pointsOf([...steady(100), 60, 60, ...steady(100)], widthMs));
    expect(readings.some((r) => r.alert)).toBe(false);
    expect(readings.map((r) => r.provisional).indexOf(true)).toBe(100);
  });

  test('an outage teaches the baseline nothing: a second one is seen as the first', () => {
    const widthMs = 5 * minute;
    const outage = new Array<number>(24).fill(30);
    const values = [...steady(1200), ...outage, ...steady(288), ...outage];
    const readings = readAll(createDetector({ widthMs }), pointsOf(values, widthMs));
    expect(readings.filter((r) => r.alert === 'open')).toHaveLength(2);
    const before = readings[1190]!.expected;
    expect(Math.abs(readings[1200 + 24 + 280]!.expected / before - 1)).toBeLessThan(0.35);
  });

  test('a forgotten step teaches the baseline nothing', () => {
    const widthMs = 5 * minute;
    const raised = new Array<number>(60).fill(2);
    const points = pointsOf([...steady(1200), ...raised, ...steady(100)], widthMs);
    const [learning, forgetful] = [createDetector({ widthMs }), createDetector({ widthMs })];
    let last = { learned: 0, forgotten: 0 };
    for (const [i, point] of points.entries()) {
      last = { learned: learning.step(point).expected, forgotten: forgetful.step(point).expected };
      if (i >= 1200 && i < 1260) forgetful.forget();
    }
    expect(last.forgotten).toBeLessThan(last.learned);
    expect(() => createDetector({ widthMs }).forget()).not.toThrow();
  });

  test('a lasting new level is accepted after a day and alerts no more', () => {
    const widthMs = 5 * minute;
    const values = [...steady(1000), ...steady(1200).map((count) => count + 20)];
    const readings = readAll(createDetector({ widthMs }), pointsOf(values, widthMs));
    expect(readings.filter((r) => r.alert === 'open').length).toBeLessThanOrEqual(2);
    expect(readings.at(-1)).toMatchObject({ active: false });
    expect(readings.at(-1)!.expected).toBeGreaterThan(15);
  });

  test('after a gap of days the bar stands higher for a day', () => {
    const widthMs = 5 * minute;
    const after = start + (1000 + 12 * 96) * widthMs;
    const detector = createDetector({ widthMs });
    const before = readAll(detector, pointsOf(steady(1000), widthMs)).at(-1)!.bar;
    const bars = Array.from({ length: 300 }, (_, i) => detector.step({ t: after + i * widthMs, count: i % 3 }).bar);
    expect(bars[0]! / before).toBeCloseTo(1.3);
    expect(bars.at(-1)).toBeCloseTo(before);
  });

  test('a step that does not come after the last one is refused, and so is a state of another width', () => {
    const detector = createDetector({ widthMs: minute });
    detector.step({ t: start, count: 0 });
    expect(() => detector.step({ t: start, count: 0 })).toThrow(RangeError);
    expect(() => detector.step({ t: start - minute, count: 0 })).toThrow(RangeError);
    expect(() => createDetector({ widthMs: 5 * minute, state: detector.save() })).toThrow(RangeError);
    expect(() => createDetector({ widthMs: 0 })).toThrow(RangeError);
  });
});
