// A full queue makes its reader wait; nothing is dropped, nothing is reordered.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue } from '../../src/pipeline/queue.js';

test('a full queue blocks its reader until there is room', async () => {
  const queue = createQueue<number>(2);
  expect([await queue.push(1), await queue.push(2)]).toEqual([true, true]);
  let pushed = false;
  const third = queue.push(3).then((ok) => {
    pushed = ok;
  });
  await Promise.resolve();
  expect(pushed).toBe(false);
  expect(await queue.take(1, 0)).toEqual([1]);
  await third;
  expect(pushed).toBe(true);
  expect(await queue.take(10, 0)).toEqual([2, 3]);
});

test('abort and close free a waiting reader, and what is queued can still be taken', async () => {
  const queue = createQueue<number>(1);
  const aborter = new AbortController();
  await queue.push(1);
  const aborted = queue.push(2, aborter.signal);
  aborter.abort();
  expect(await aborted).toBe(false);
  const closed = queue.push(3);
  queue.close();
  expect(await closed).toBe(false);
  expect(await queue.take(5, 1000)).toEqual([1]);
  expect(await queue.take(5, 1000)).toEqual([]);
});

test('any number of readers and any batch size: all items arrive once, each reader in its own order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { maxLength: 30 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (readers, capacity, batch) => {
        const queue = createQueue<[number, number]>(capacity);
        const all = Promise.all(
          readers.map(async (items, r) => {
            for (const item of items) expect(await queue.push([r, item])).toBe(true);
          }),
        ).then(() => queue.close());
        const got: [number, number][] = [];
        while (!(queue.closed && queue.size === 0)) {
          const taken = await queue.take(batch, 5);
          expect(queue.size).toBeLessThanOrEqual(capacity);
          got.push(...taken);
        }
        await all;
        expect(readers.map((_, r) => got.filter(([who]) => who === r).map(([, item]) => item))).toEqual(readers);
      },
    ),
    { numRuns: 50 },
  );
});
