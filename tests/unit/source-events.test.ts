// Server-Sent Events, broken anywhere; several streams as one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents } from '../../src/sources/net/events.js';
import { merge } from '../../src/sources/net/merge.js';

async function* piecesOf(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test.each([1, 2, 3, 7, 1000])('events are the same in pieces of %i bytes', async (size) => {
  const text = ':)\nevent: update\ndata: {"a":"\u{1F4A5}"}\n\n:thump\r\ndata:one\r\ndata: two\r\n\r\nevent: lost\n\n';
  const events = (await all(readEvents(piecesOf(text, size)))).filter(({ event }) => event !== 'heartbeat');
  expect(events).toEqual([
    { event: 'update', data: '{"a":"\u{1F4A5}"}' },
    { event: 'message', data: 'one\ntwo' },
  ]);
});

test('a line without end is refused before it fills the memory', async () => {
  await expect(all(readEvents(piecesOf(`data: ${'x'.repeat(3 << 20)}`, 1 << 16)))).rejects.toThrow(/no end/);
});

const recording = join(import.meta.dirname, '../../../shared/data/feeds/platforms/mastodon/docs-streaming-events.sse');
test.skipIf(!existsSync(recording))('documented events are read as JSON', async () => {
  const events = (await all(readEvents(piecesOf(readFileSync(recording, 'utf8'), 333)))).filter(({ event }) =>
    /update/.test(event),
  );
  expect(events.length).toBeGreaterThan(0);
  for (const { data } of events) expect(JSON.parse(data)).toHaveProperty('id');
});

test('streams are merged as they come, and the failure of one closes the others', async () => {
  let closed = false;
  async function* numbers(from: number) {
    for (let n = from; n < from + 3; n++) yield n;
  }
  expect((await all(merge([numbers(1), numbers(10)]))).toSorted((x, y) => x - y)).toEqual([1, 2, 3, 10, 11, 12]);
  async function* endless() {
    try {
      for (;;) yield 0;
    } finally {
      closed = true;
    }
  }
  // biome-ignore lint/correctness/useYield: it is the failure that counts.
  async function* failing(): AsyncGenerator<number> {
    throw new Error('broken');
  }
  await expect(all(merge([endless(), failing()]))).rejects.toThrow('broken');
  expect(closed).toBe(true);
});
