// Waits before trying again: back-off, and what servers ask for.
import { expect, test } from 'vitest';
import { backoffMs } from '../../src/sources/net/backoff.js';
import { retryAfterMs } from '../../src/sources/net/retry-after.js';

test('grows by two up to the ceiling, with full jitter', () => {
  expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, () => 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(backoffMs(50, () => 1)).toBe(300_000);
  expect(backoffMs(10, () => 0)).toBe(0);
});

const now = Date.parse('2026-07-12T09:00:00Z');
test.each([
  [429, { 'retry-after': '120' }, 120_000],
  [503, { 'retry-after': 'Sun, 12 Jul 2026 09:05:00 GMT' }, 300_000],
  [429, { 'x-ratelimit-reset': '2026-07-12T09:01:00.000Z' }, 60_000],
  [429, { 'x-rate-limit-reset': String(now / 1000 + 900) }, 900_000],
  [200, { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '31' }, 31_000],
  [200, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '31' }, null],
  [429, { 'retry-after': '99999999' }, 86_400_000],
  [429, { 'retry-after': 'Sun, 12 Jul 2020 09:05:00 GMT' }, null],
  [429, { 'retry-after': 'later' }, null],
  [500, {}, null],
])('%i with %o', (status, headers, expected) => {
  expect(retryAfterMs(status, headers as Record<string, string>, now)).toBe(expected);
});
