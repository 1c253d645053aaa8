// What a server says of the requests left is heard, and nothing else is taken for it.
import { expect, test } from 'vitest';
import { quotaLeft } from '../../src/sources/net/quota.js';

test('the headers in use are understood, odd ones are not', () => {
  expect(quotaLeft({ 'x-ratelimit-remaining': '287' })).toBe(287);
  expect(quotaLeft({ 'x-ratelimit-remaining': '99.0' })).toBe(99);
  expect(quotaLeft({ 'x-rate-limit-remaining': '0' })).toBe(0);
  expect(quotaLeft({ 'ratelimit-remaining': '5', 'x-ratelimit-remaining': '9' })).toBe(5);
  expect(quotaLeft({ 'x-ratelimit-remaining': 'many' })).toBeNull();
  expect(quotaLeft({})).toBeNull();
});
