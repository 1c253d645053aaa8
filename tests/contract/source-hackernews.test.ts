// The contract on Hacker News, for the search index as recorded, and for the items that stand in for it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hackernews } from '../../src/sources/hackernews.js';
import { createHttp } from '../../src/sources/net/http.js';
import { serveHttp } from './serve-http.js';
import { type FarSide, readUntil, sourceContract } from './source.js';

interface Row {
  number: number;
  time: number;
  text: string | null;
  author: string;
}

async function openHackerNews(searchWorks: () => boolean) {
  const rows: Row[] = [];
  const server = await serveHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname === '/search/search_by_date') {
      if (!searchWorks()) return response.writeHead(503).end();
      const bounds = Object.fromEntries(
        (url.searchParams.get('numericFilters') ?? '')
          .split(',')
          .map((bound) => [bound.includes('>') ? 'after' : 'before', Number(bound.split(/[<>]/)[1])]),
      );
      const hits = rows
        .filter(({ time }) => time > bounds.after! && time < (bounds.before ?? Number.POSITIVE_INFINITY))
        .sort((a, b) => b.time - a.time)
        .slice(0, 1000)
        .map(({ number, time, text, author }) => ({
          objectID: String(number),
          created_at_i: time,
          comment_text: text,
          author,
          story_title: 'Thread',
          _tags: ['comment', `author_${author}`],
        }));
      return response.end(JSON.stringify({ hits, nbHits: hits.length }));
    }
    if (url.pathname === '/items/maxitem.json')
      return response.end(String(Math.max(0, ...rows.map(({ number }) => number))));
    const row = rows.find(({ number }) => url.pathname === `/items/item/${number}.json`);
    response.end(
      JSON.stringify(
        row
          ? {
              id: row.number,
              time: row.time,
              text: row.text ?? undefined,
              by: row.author,
              deleted: row.text === null || undefined,
              type: 'comment',
            }
          : null,
      ),
    );
  });
  return { rows, ...server };
}

const options = (url: string) => ({
  search: `${url}/search`,
  items: `${url}/items`,
  rewind: '10m',
  minInterval: '20ms',
  maxInterval: '20ms',
});

sourceContract('hackernews', async (): Promise<FarSide> => {
  const far = await openHackerNews(() => true);
  return {
    source: (http) => hackernews.create('hn', options(far.url), { http }),
    publish: (post) => {
      const time = Math.floor(Date.now() / 1000) - 5;
      far.rows.push(
        post === 'bad'
          ? { number: 1, time, text: null, author: 'x' }
          : { number: Number(post.id), time, text: `<p>${post.text}`, author: post.author },
      );
    },
    idOf: (id) => `hn:${id}`,
    requests: far.requests,
    close: far.close,
  };
});

async function withHackerNews(
  searchWorks: () => boolean,
  run: (far: Awaited<ReturnType<typeof openHackerNews>>, http: ReturnType<typeof createHttp>) => Promise<void>,
) {
  const far = await openHackerNews(searchWorks);
  const http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
  try {
    await run(far, http);
  } finally {
    await http.close();
    await far.close();
  }
}

test('more than an answer holds is read in several, without a gap', () =>
  withHackerNews(
    () => true,
    async (far, http) => {
      const now = Math.floor(Date.now() / 1000);
      for (let i = 0; i < 2_500; i++)
        far.rows.push({ number: i + 1, time: now - 300 + Math.floor(i / 10), text: `words ${i}`, author: 'a' });
      const { ids } = await readUntil(
        hackernews.create('hn', options(far.url), { http }),
        null,
        (items) => items.at(-1)?.cursor != null,
      );
      expect(new Set(ids).size).toBe(2_500);
      expect(ids.length).toBe(2_500);
    },
  ));

test('while the index fails or stands still, items are walked by number; deleted ones are left out', () => {
  let works = false;
  return withHackerNews(
    () => works,
    async (far, http) => {
      const now = Math.floor(Date.now() / 1000);
      for (let i = 1; i <= 20; i++)
        far.rows.push({ number: i, time: now - 60 + i, text: i === 5 ? null : `words ${i}`, author: 'a' });
      const source = hackernews.create('hn', options(far.url), { http });
      const first = await readUntil(source, null, (items) => items.at(-1)?.cursor != null);
      expect(first.ids).toHaveLength(19);
      far.rows.push({ number: 21, time: now, text: 'later', author: 'a' });
      const second = await readUntil(source, first.cursor, (items) => items.at(-1)?.cursor != null);
      expect(second.ids).toEqual(['hn:21']);
      works = true;
      for (const row of far.rows) row.time -= 3_600;
      far.rows.push({ number: 22, time: now - 3_000, text: 'filed late', author: 'a' });
      const third = await readUntil(source, second.cursor, (items) => items.at(-1)?.cursor != null);
      expect(third.ids).toEqual(['hn:22']);
    },
  );
});

const folder = join(import.meta.dirname, '../../../shared/data/feeds/platforms/hackernews');
const here = existsSync(folder);
test.skipIf(!here)(
  `a recorded story is read whole${here ? '' : ' (skipped: the recordings are not on this machine)'}`,
  async () => {
    const recorded = JSON.parse(readFileSync(join(folder, 'algolia-search-story.json'), 'utf8'));
    for (const hit of recorded.hits) hit.created_at_i = Math.floor(Date.now() / 1000) - 60;
    const server = await serveHttp((_, response) => response.end(JSON.stringify(recorded)));
    const http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
    const { posts } = await readUntil(
      hackernews.create('hn', options(server.url), { http }),
      null,
      (items) => items.at(-1)?.cursor != null,
    );
    expect(posts.map(({ id }) => id)).toEqual(
      recorded.hits.map(({ objectID }: { objectID: string }) => `hn:${objectID}`),
    );
    expect(posts[0]?.text.startsWith(recorded.hits[0].title)).toBe(true);
    expect(JSON.stringify(posts)).not.toContain(recorded.hits[0].author);
    await http.close();
    await server.close();
  },
);
