// The supervisor: a failing source is retried and never stops its neighbours; silence is not blindness.
import { expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.js';
import type { Source, SourceContext, SourceItem } from '../../src/core/ports.js';
import type { Post } from '../../src/core/post.js';
import { hour, minute } from '../../src/core/time.js';
import type { QueuedItem } from '../../src/pipeline/ingest.js';
import { createQueue } from '../../src/pipeline/queue.js';
import { createSupervisor } from '../../src/pipeline/supervisor.js';

function post(id: string, at: number): Post {
  return {
    id,
    source: 's',
    platform: 'p',
    author: null,
    text: id,
    lang: null,
    context: null,
    place: null,
    url: null,
    createdAt: at,
    receivedAt: at,
  };
}

function source(name: string, read: (context: SourceContext) => AsyncGenerator<SourceItem>): Source {
  return { name, kind: 'test', read };
}

function setUp(sources: Source[], capacity = 100, contacts: { source: string; t: number }[] = []) {
  const clock = { at: 0, now: () => clock.at };
  const queue = createQueue<QueuedItem>(capacity);
  const waits: number[] = [];
  const supervisor = createSupervisor({
    sources,
    queue,
    contacts,
    read: { cursor: async (name) => (name === 'resumes' ? 'line 7' : null) },
    clock,
    hashAuthor: (_, author) => `#${author.length}`,
    backoff: (attempt) => {
      waits.push(attempt);
      return 0;
    },
  });
  return { clock, queue, supervisor, waits };
}

test('a source that throws for good fails alone; its neighbour is read to its end', async () => {
  const { supervisor, queue } = setUp([
    source('bad', async function* () {
      yield { post: null, cursor: null };
      throw new SourceError('gone', { code: 'http-410', retry: false });
    }),
    source('good', async function* () {
      yield { post: post('a', 1), cursor: '1' };
      yield { post: post('b', 2), cursor: '2' };
    }),
  ]);
  await supervisor.run();
  const [bad, good] = supervisor.health();
  expect(bad).toMatchObject({ state: 'failed', lastError: 'gone', errors: { 'http-410': 1 } });
  expect(good).toMatchObject({ state: 'stopped', posts: 2, lastPostAt: 2 });
  expect((await queue.take(10, 0)).filter((i) => i.post).map((i) => [i.source, i.cursor])).toEqual([
    ['good', '1'],
    ['good', '2'],
  ]);
});

test('the saved cursor is handed to the source, skipped items are counted with their reason', async () => {
  const { supervisor } = setUp([
    source('resumes', async function* (context) {
      expect(context.cursor).toBe('line 7');
      context.skipped('line 8: text is missing');
      yield { post: null, cursor: 'line 9' };
    }),
  ]);
  await supervisor.run();
  expect(supervisor.health()[0]).toMatchObject({ skipped: 1, lastSkip: 'line 8: text is missing', state: 'stopped' });
});

test('stop ends a source that waits for room in a full queue', async () => {
  const { supervisor, queue } = setUp(
    [
      source('eager', async function* () {
        for (let i = 0; ; i++) yield { post: post(`${i}`, i), cursor: `${i}` };
      }),
    ],
    3,
  );
  const run = supervisor.run();
  expect((await queue.take(1, 1000)).length).toBe(1);
  await supervisor.stop();
  await run;
  expect(queue.size).toBeLessThanOrEqual(3);
});

test('a source in contact covers its minutes even without posts; one that went quiet turns stale and coverage falls', async () => {
  let alive = () => {};
  let finish = () => {};
  const { supervisor, clock } = setUp([
    source('quiet', async function* (context) {
      alive = context.alive;
      await new Promise<void>((resolve) => {
        finish = resolve;
        context.signal.addEventListener('abort', () => resolve());
      });
      yield { post: null, cursor: null };
    }),
  ]);
  const run = supervisor.run();
  await new Promise((resolve) => setImmediate(resolve));
  clock.at = hour;
  expect(supervisor.coverage(0, hour)).toBe(0);
  alive();
  clock.at = hour + 5 * minute;
  alive();
  expect(supervisor.coverage(hour, hour + 5 * minute)).toBe(1);
  expect(supervisor.alive(clock.at)).toEqual(['quiet']);
  expect(supervisor.health()[0]?.state).toBe('healthy');
  clock.at = 3 * hour;
  expect(supervisor.health()[0]?.state).toBe('stale');
  expect(supervisor.alive(clock.at)).toEqual([]);
  expect(supervisor.coverage(2 * hour, 3 * hour)).toBe(0);
  finish();
  await run;
});

test('sources are replaced while the rest goes on, and the new one starts where the old one stopped', async () => {
  const log: string[] = [];
  const endless = (name: string) =>
    source(name, async function* (context) {
      log.push(`${name} starts`);
      yield { post: null, cursor: null };
      await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
      log.push(`${name} ends`);
    });
  const [a, b, c] = [endless('a'), endless('b'), endless('c')];
  const { supervisor } = setUp([a, b]);
  const run = supervisor.run();
  await new Promise((resolve) => setImmediate(resolve));
  await supervisor.replace([b, c]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(supervisor.health().map((h) => h.name)).toEqual(['b', 'c']);
  expect(log).toEqual(['a starts', 'b starts', 'a ends', 'c starts']);
  await supervisor.stop();
  await run;
  expect(log.slice(4).sort()).toEqual(['b ends', 'c ends']);
});

test('what was in contact before a restart is not blind afterwards', () => {
  const idle = (name: string) => source(name, async function* () {});
  const contacts = [0, 1, 2].map((n) => ({ source: 'kept', t: n * minute }));
  const { supervisor } = setUp([idle('kept'), idle('other')], 100, contacts);
  expect(supervisor.coverage(0, 3 * minute)).toBe(0.5);
  expect(supervisor.coverage(hour, 2 * hour)).toBe(0);
});

test('a source of official word hears no crowd: it adds nothing to coverage, and its health says so', async () => {
  const hears = (name: string, more: Partial<Source>): Source => ({
    ...source(name, async function* ({ signal, alive }) {
      if (name === 'pages') alive();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }),
    ...more,
  });
  const { supervisor, clock } = setUp([hears('crowd', {}), hears('pages', { official: true })]);
  clock.at = hour;
  const running = supervisor.run();
  await new Promise(setImmediate);
  expect(supervisor.health().map(({ name, official, lastAliveAt }) => [name, official, lastAliveAt])).toEqual([
    ['crowd', undefined, null],
    ['pages', true, hour],
  ]);
  expect(supervisor.alive(hour)).toEqual([]);
  expect(supervisor.coverage(hour, hour + minute)).toBe(0);
  expect(supervisor.coverage(hour, hour + minute, ['pages'])).toBe(0);
  await supervisor.stop();
  await running;
});
