// The contract on pushed posts: the far side is whoever holds the token.

import { expect, test } from 'vitest';
import { parsePost } from '../../src/sources/parse-post.js';
import { createPush } from '../../src/sources/push.js';
import { contextFor, readUntil, secretAuthor } from './source.js';

test('posts pushed as JSON come out whole, with their authors hashed', async () => {
  const push = createPush('push', { capacity: 10 }, new AbortController().signal);
  const { context } = contextFor(null, new AbortController().signal);
  const given = { id: '1', text: 'Is it down?', createdAt: new Date().toISOString(), author: secretAuthor };
  void push.offer([parsePost(given, { source: 'push', now: Date.now(), hashAuthor: context.hashAuthor })]);
  const { items, ids } = await readUntil(push, null, (seen) => seen.length > 0);
  expect(ids).toEqual(['push:1']);
  expect(JSON.stringify(items)).not.toContain(secretAuthor);
});
