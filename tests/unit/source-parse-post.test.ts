// A post handed in: what is taken, what is refused and with which words.
import { expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { parsePost, parsePostLine } from '../../src/sources/parse-post.js';

const now = Date.parse('2026-07-12T10:00:00Z');
const context = {
  source: 'replay',
  now,
  hashAuthor: (platform: string, author: string) => `h(${platform},${author.length})`,
};
const least = { id: '1', text: 'Is the bank app down?', createdAt: '2026-07-12T09:13:00Z' };

const refusal = (value: unknown): string => {
  try {
    parsePost(value, context);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return 'was taken';
};

test('the least that is a post', () => {
  expect(parsePost(least, context)).toEqual({
    id: 'replay:1',
    source: 'replay',
    platform: 'replay',
    author: null,
    text: 'Is the bank app down?',
    lang: null,
    context: null,
    place: null,
    url: null,
    createdAt: Date.parse('2026-07-12T09:13:00Z'),
    receivedAt: Date.parse('2026-07-12T09:13:00Z'),
  });
});

test('null is absent, unknown keys are ignored, a number can be an id, the author is hashed', () => {
  const post = parsePost(
    {
      ...least,
      id: 7,
      source: 'forum',
      platform: null,
      author: 'someone',
      url: 'https://example.org/7',
      place: null,
      more: 1,
      receivedAt: 1783847590,
    },
    context,
  );
  expect(post).toMatchObject({ id: 'forum:7', platform: 'forum', author: 'h(forum,7)', url: 'https://example.org/7' });
  expect(post.receivedAt).toBe(1783847590_000);
});

test('a link that is none of the web never leaves', () => {
  expect(parsePost({ ...least, url: 'javascript:alert(1)' }, context).url).toBeNull();
});

test('halves of surrogate pairs and NUL are mended', () => {
  expect(parsePost({ ...least, text: 'a\uD800b\0c \u{1F4A5}' }, context).text).toBe('a\uFFFDbc \u{1F4A5}');
});

test('refusals name field, value and way out', () => {
  expect(refusal({ ...least, id: null })).toMatch(/^id is missing: give/);
  expect(refusal({ ...least, id: ' ' })).toMatch(/^id is " ": give/);
  expect(refusal({ ...least, text: 5 })).toMatch(/^text is 5: give/);
  expect(refusal({ ...least, createdAt: 'soon' })).toMatch(/^createdAt is "soon": give ISO 8601/);
  expect(refusal({ ...least, createdAt: '0001-01-01T00:00:00Z' })).toMatch(/^createdAt is "0001/);
  expect(refusal({ ...least, createdAt: '2026-07-12T11:00:01Z' })).toMatch(/more than an hour ahead of the clock/);
  expect(refusal({ ...least, createdAt: '2026-07-12T10:59:59Z' })).toBe('was taken');
  expect(refusal({ ...least, receivedAt: 'x' })).toMatch(/^receivedAt is "x"/);
  expect(refusal({ ...least, lang: ['en'] })).toMatch(/^lang is \["en"\]: give a string/);
  expect(refusal([least])).toMatch(/^a post is \[/);
  expect(refusal(null)).toMatch(/^a post is null/);
});

test('a refusal shows no handle', () => {
  expect(refusal({ ...least, author: { handle: '@someone' } })).not.toMatch('someone');
  expect(() => parsePostLine('{"author":"@someone"', context)).toThrow(/^the line is not JSON: give one object a line/);
});
