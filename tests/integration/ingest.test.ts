// The way of one post into a real store: counted once, whatever the batching; what must not count does not.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createLocator } from '../../src/catalog/locator.js';
import { createMatcher } from '../../src/catalog/matcher.js';
import { languageOf } from '../../src/classify/language.js';
import type { Classifier } from '../../src/core/catalog.js';
import type { Post } from '../../src/core/post.js';
import { hour, minute } from '../../src/core/time.js';
import { ingest, type QueuedItem, type Reader, readPost } from '../../src/pipeline/ingest.js';
import { createQueue } from '../../src/pipeline/queue.js';
import { openStore } from '../../src/store/open.js';
import { notice } from '../contract/store.js';

const catalog = loadCatalog();
const start = Date.UTC(2026, 6, 6, 12);

/** Says what the test wants to hear: the kind is the first word of the post. */
const obedient: Classifier = {
  version: 'test',
  classify: ({ text }, mentions) => {
    const kind = text.startsWith('news') ? 'news' : text.startsWith('chat') ? 'other' : 'report';
    return {
      kind,
      score: text.startsWith('maybe') ? 0.6 : 0.9,
      symptom: kind === 'report' ? 'down' : null,
      why: ['test'],
      services: mentions.map(({ service }) => ({
        service,
        role: 'subject',
        kind,
        score: text.startsWith('maybe') ? 0.6 : 0.9,
        symptom: kind === 'report' ? 'down' : null,
      })),
    };
  },
};

const reader: Reader = {
  catalog,
  matcher: createMatcher(catalog),
  locator: createLocator(catalog),
  classifier: obedient,
  languageOf,
  thresholds: { public: 0.7, support: 0.5 },
};

function post(n: number, text: string, more: Partial<Post> = {}): Post {
  const at = start + n * 20_000;
  return {
    id: `replay:${n}`,
    source: 'replay',
    platform: 'test',
    author: `author ${n}`,
    text,
    lang: 'en',
    context: null,
    place: null,
    url: null,
    createdAt: at,
    receivedAt: at,
    ...more,
  };
}

async function run(items: QueuedItem[], batchSize: number) {
  const store = await openStore(':memory:', { regionPath: (code) => catalog.regionPath(code) });
  const queue = createQueue<QueuedItem>(items.length + 1);
  for (const item of items) await queue.push(item);
  queue.close();
  const due: number[] = [];
  let dueAt = start + 5 * minute;
  await ingest({
    queue,
    write: store.write,
    reader,
    clock: { now: () => 0 },
    horizonMs: hour,
    batchSize,
    tick: {
      dueAt: () => dueAt,
      async advance(now) {
        const rows = await store.read.buckets({ service: 'netflix', region: '*' }, 0, Number.MAX_SAFE_INTEGER);
        due.push(
          now,
          rows.reduce((sum, b) => sum + b.reports, 0),
        );
        dueAt = now - (now % (5 * minute)) + 5 * minute;
        return [];
      },
    },
  });
  return {
    store,
    due,
    buckets: await store.read.buckets({ service: 'netflix', region: '*' }, 0, Number.MAX_SAFE_INTEGER),
  };
}

const item = (p: Post): QueuedItem => ({ post: p, cursor: p.id, source: p.source });

test('the batching changes neither the counts nor what a tick sees', async () => {
  const items = Array.from({ length: 60 }, (_, n) =>
    item(post(n, n % 7 === 0 ? 'chat about netflix' : 'report: netflix is down')),
  );
  const one = await run(items, 1);
  const many = await run(items, 1000);
  const odd = await run(items, 7);
  expect(many.buckets).toEqual(one.buckets);
  expect(odd.buckets).toEqual(one.buckets);
  expect(many.due).toEqual(one.due);
  expect(odd.due).toEqual(one.due);
  // 20 s apart: the tick at minute 5 runs before the post of that very moment is stored.
  expect(one.due.slice(0, 2)).toEqual([start + 5 * minute, 12]);
  expect(await one.store.read.cursor('replay')).toBe('replay:59');
});

test('the same posts twice count once, and a post that was taken back does not count', async () => {
  const items = Array.from({ length: 5 }, (_, n) => item(post(n, 'report: netflix is down')));
  const { buckets } = await run(
    [...items, ...items, { post: null, deleted: ['replay:2'], cursor: null, source: 'replay' }],
    3,
  );
  expect(buckets.reduce((sum, b) => sum + b.reports, 0)).toBe(4);
});

test('when an author leaves, all their posts go', async () => {
  const items = [1, 2, 3].map((n) =>
    item(post(n, 'report: netflix is down', { author: n === 2 ? 'stays' : 'leaves' })),
  );
  const { buckets } = await run([...items, { post: null, goneAuthors: ['leaves'], cursor: null, source: 'replay' }], 2);
  expect(buckets.reduce((sum, b) => sum + b.reports, 0)).toBe(1);
});

test('an edit replaces what the post said, also in the same batch and when it names no service any more', async () => {
  const first = item(post(1, 'report: netflix is down'));
  const edit = (text: string, later: number) => ({
    ...item(post(1, text, { receivedAt: start + later })),
    edited: true,
  });
  const { buckets } = await run([first, item(post(2, 'report: netflix is down')), edit('all is well', 50_000)], 10);
  expect(buckets.reduce((sum, b) => sum + b.reports, 0)).toBe(1);
  const again = await run([first, edit('all is well', 50_000), edit('report: netflix is down again', 60_000)], 10);
  expect(again.buckets.reduce((sum, b) => sum + b.reports, 0)).toBe(1);
});

test('news is kept apart, chatter is not kept as a report, a post older than the horizon is not counted', async () => {
  const { buckets, store } = await run(
    [
      item(post(1, 'news: netflix is down')),
      item(post(2, 'chat about netflix')),
      item(post(3, 'report: netflix is down', { createdAt: start - 2 * hour })),
      item(post(4, 'report: netflix is down')),
    ],
    10,
  );
  expect(buckets.reduce((sum, b) => sum + b.reports, 0)).toBe(1);
  const kinds = (await store.read.reports('netflix', 0, start + hour)).map((r) => r.kind);
  expect(kinds).toContain('news');
  expect(kinds).not.toContain('other');
});

test('the threshold depends on where a post was made', () => {
  expect(readPost(post(1, 'maybe netflix is down'), reader)).toEqual([]);
  expect(readPost(post(1, 'maybe it is down', { context: '@Netflixhelps' }), reader)).toHaveLength(1);
});

test('what a post takes for the cause is kept with its report, and opens no report of its own', () => {
  const blaming: Classifier = {
    ...obedient,
    classify: (post, mentions) => {
      const verdict = obedient.classify(post, mentions);
      const [subject, ...causes] = verdict.services;
      return {
        ...verdict,
        services: [subject, ...causes.map((s) => ({ ...s, role: 'cause' as const }))].flatMap((s) => s ?? []),
      };
    },
  };
  const read = (text: string) => readPost(post(1, text), { ...reader, classifier: blaming });
  expect(read('report: netflix is down, is it aws or cloudflare?')).toEqual([
    expect.objectContaining({ service: 'netflix', blames: ['aws', 'cloudflare'] }),
  ]);
  expect(read('report: netflix is down')?.[0]).not.toHaveProperty('blames');
});

test('generic services: unknown never counts, internet and power only where the region is known', () => {
  expect(readPost(post(1, 'report: the internet is down again'), reader)).toEqual([]);
  expect(
    readPost(post(1, 'report: the internet is down again', { place: 'Leeds, England' }), reader)?.[0],
  ).toMatchObject({
    service: 'internet',
    region: expect.stringMatching(/^GB/),
  });
});

test('official word moves the clock as posts do, is stored with its cursor, and is no ear for the crowd', async () => {
  const at = start + 6 * minute;
  const official = [notice('1', start, { receivedAt: at })];
  const { store, due } = await run(
    [item(post(1, 'report: netflix is down')), { post: null, official, cursor: 'c', source: 'pages' }],
    10,
  );
  expect(due.slice(0, 2)).toEqual([at, 1]);
  expect((await store.read.official({ limit: 9 })).items).toEqual(official);
  expect(await store.read.cursor('pages')).toBe('c');
  expect((await store.read.seen(0, at + hour)).map(({ source }) => source)).toEqual(['replay']);
});

test('a post that names no service is counted as seen and not stored', async () => {
  expect(readPost(post(1, 'report: my neighbour sings'), reader)).toBeNull();
  const { store } = await run([item(post(1, 'report: my neighbour sings'))], 10);
  expect(await store.read.seen(start, start + hour)).toEqual([{ source: 'replay', t: start, posts: 1, matched: 0 }]);
});
