// What is usual in a region, from what the detector expected there.
import { expect, test } from 'vitest';
import { day, hour, minute, week } from '../../src/core/time.js';
import { usualOf } from '../../src/http/page/usual.js';

const widthMs = 5 * minute;
const key = { service: 'outlook', region: 'GB' };
const t0 = Date.UTC(2026, 6, 1);
/** Readings that expect so much per step from then on. */
const reader = (...expected: [t: number, expected: number][]) => ({
  readings: async (_key: unknown, from: number, to: number) =>
    expected.filter(([t]) => t >= from && t < to).map(([t, n]) => ({ t, expected: n, widthMs }) as never),
});

test('an expectation holds until the next judgement', async () => {
  const read = reader([t0, 1], [t0 + hour, 3]);
  // 12 steps of 1, then 12 of 3.
  expect(await usualOf(read, key, { from: t0, to: t0 + 2 * hour })).toBe(48);
  expect(await usualOf(read, key, { from: t0 + 30 * minute, to: t0 + hour })).toBe(6);
});

test('one from before the window reaches into it for a day; nothing is expected where nobody was judged', async () => {
  const read = reader([t0 - hour, 2]);
  expect(await usualOf(read, key, { from: t0, to: t0 + hour })).toBe(24);
  expect(await usualOf(read, key, { from: t0 + 22 * hour, to: t0 + day })).toBe(24);
  expect(await usualOf(reader(), key, { from: t0, to: t0 + hour })).toBe(0);
});

test('over a month its last week stands for all', async () => {
  const days = Array.from({ length: 30 }, (_, i): [number, number] => [t0 + i * day, i < 23 ? 1000 : 1]);
  expect(await usualOf(reader(...days), key, { from: t0, to: t0 + 30 * day })).toBeCloseTo((30 * day) / widthMs, 6);
  expect(await usualOf(reader(...days), key, { from: t0 + 23 * day, to: t0 + 30 * day })).toBe(week / widthMs);
});
