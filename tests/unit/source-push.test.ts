// Push: bounded, all or nothing, nothing lost when the reader goes and comes back.
import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { Post } from '../../src/core/post.js';
import { createPush } from '../../src/sources/push.js';

const post = (n: number) => ({ id: `push:${n}` }) as Post;
const pushOf = (capacity: number, over = new AbortController()) => createPush('push', { capacity }, over.signal);
const context = (signal: AbortSignal) => ({
  cursor: null,
  signal,
  clock: { now: () => 0 },
  hashAuthor: () => '',
  alive: () => {},
  skipped: () => {},
});

test('what is offered comes out in order, before and while someone reads', async () => {
  const push = pushOf(10);
  const abort = new AbortController();
  expect(push.offer([post(1), post(2)])).not.toBeNull();
  const ids: string[] = [];
  for await (const item of push.read(context(abort.signal))) {
    ids.push(item.post?.id ?? '');
    if (ids.length === 2) setImmediate(() => void push.offer([post(3)]));
    if (ids.length === 3) abort.abort();
  }
  expect(ids).toEqual(['push:1', 'push:2', 'push:3']);
});

test('a full queue refuses the whole batch; a batch beyond the capacity is taken by an empty one', () => {
  const push = pushOf(2);
  expect(push.offer([post(1)])).not.toBeNull();
  expect(push.offer([post(2), post(3)])).toBeNull();
  expect(push.offer([post(2)])).not.toBeNull();
  expect(push.offer([post(3)])).toBeNull();
  expect(pushOf(2).offer([post(1), post(2), post(3)])).not.toBeNull();
});

test('many posts pass through a small queue, each once', async () => {
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const push = pushOf(100, over);
  const abort = new AbortController();
  let offered = 0;
  const fill = () => {
    while (offered < 10_000 && push.offer([post(offered)])) offered++;
  };
  fill();
  let read = 0;
  for await (const item of push.read(context(abort.signal))) {
    expect(item.post?.id).toBe(`push:${read++}`);
    fill();
    if (read === 10_000) abort.abort();
  }
  expect(read).toBe(10_000);
});

test('a post that a broken-off reader held comes out again', async () => {
  const push = pushOf(10);
  void push.offer([post(1), post(2)]);
  for await (const _ of push.read(context(new AbortController().signal))) break;
  const again = push.read(context(new AbortController().signal))[Symbol.asyncIterator]();
  expect((await again.next()).value.post.id).toBe('push:1');
});

test('abort ends a waiting reader at once', async () => {
  const push = pushOf(10);
  const abort = new AbortController();
  const next = push.read(context(abort.signal))[Symbol.asyncIterator]().next();
  setImmediate(() => abort.abort());
  expect((await next).done).toBe(true);
});

test('a sender hears that its posts are stored when the last of them is, and is told when they will not be', async () => {
  const over = new AbortController();
  const push = pushOf(10, over);
  const outcomes: string[] = [];
  const note = (name: string) =>
    [() => outcomes.push(`${name} stored`), () => outcomes.push(`${name} refused`)] as const;
  push.offer([post(1), post(2)])?.then(...note('first'));
  push.offer([post(3)])?.then(...note('second'));
  const reading = push.read(context(new AbortController().signal))[Symbol.asyncIterator]();
  for (const last of [false, true]) {
    const { value } = await reading.next();
    expect(value.stored !== undefined).toBe(last);
    value.stored?.();
  }
  await new Promise(setImmediate);
  expect(outcomes).toEqual(['first stored']);
  over.abort();
  await new Promise(setImmediate);
  expect(outcomes).toEqual(['first stored', 'second refused']);
});
