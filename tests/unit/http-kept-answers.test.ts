// Answers in memory: bounded in number, in bytes and in time.
import { expect, test } from 'vitest';
import { createKeptAnswers } from '../../src/http/kept-answers.js';

const asked = { protocol: 'http', host: 'here', accept: undefined };
const headers = { etag: '"tag"', 'content-type': 'text/plain' };
const text = (length: number) => Array.from({ length }, (_, i) => 'abcdefghij'[(i * 7 + (i >> 5)) % 10]).join('');

test('the oldest go first when there are too many', () => {
  const kept = createKeptAnswers({ keptMs: 10, answers: 2, bytes: 1e6 }, () => 0);
  for (const key of ['a', 'b', 'c']) kept.put(key, asked, headers, key);
  expect(['a', 'b', 'c'].map((key) => kept.get(key, asked)?.body)).toEqual([undefined, 'b', 'c']);
  expect(kept.get('b', { ...asked, accept: 'text/csv' })).toBeUndefined();
  // Told anew it is young again.
  kept.put('b', asked, headers, 'B');
  kept.put('d', asked, headers, 'd');
  expect(['b', 'c', 'd'].map((key) => kept.get(key, asked)?.body)).toEqual(['B', undefined, 'd']);
});

test('the bytes of all are bounded, those of compressed forms and of other alphabets included', async () => {
  const kept = createKeptAnswers({ keptMs: 10, answers: 1000, bytes: 10_000 }, () => 0);
  for (let i = 0; i < 100; i++) {
    kept.put(`${i}`, asked, headers, text(2000));
    expect(kept.bytes()).toBeLessThanOrEqual(10_000);
  }
  expect(kept.get('99', asked)?.body).toHaveLength(2000);
  expect(kept.get('95', asked)).toBeUndefined();
  const before = kept.bytes();
  const answer = kept.get('99', asked);
  if (answer) await kept.gzipped(answer);
  expect(kept.bytes()).toBeGreaterThan(before);
  expect(kept.bytes()).toBeLessThanOrEqual(10_000);
  kept.clear();
  expect(kept.bytes()).toBe(0);
  kept.put('latin', asked, headers, 'x'.repeat(1000));
  const latin = kept.bytes();
  kept.clear();
  kept.put('greek', asked, headers, 'λ'.repeat(1000));
  expect(kept.bytes()).toBeGreaterThan(latin + 900);
});

test('what is over is not told, and makes room when something comes', () => {
  let now = 0;
  const kept = createKeptAnswers({ keptMs: 10, answers: 1000, bytes: 1e6 }, () => now);
  kept.put('a', asked, headers, 'a'.repeat(5000));
  now = 11;
  expect(kept.get('a', asked)).toBeUndefined();
  kept.put('b', asked, headers, 'b');
  expect(kept.bytes()).toBeLessThan(1000);
});
