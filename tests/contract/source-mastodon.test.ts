// The contract on Mastodon timelines, with posts in the shape of those recorded.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceItem } from '../../src/core/ports.js';
import { mastodon } from '../../src/sources/mastodon.js';
import { createHttp } from '../../src/sources/net/http.js';
import { serveHttp } from './serve-http.js';
import { type FarSide, readUntil, sourceContract } from './source.js';

type Status = Record<string, unknown> & { id: string };

/** A server with one timeline of tags. */
async function openMastodon(access: object = {}) {
  const statuses: Status[] = [];
  const streams = new Set<ServerResponse>();
  /** Sends an event to all who listen, in pieces that break anywhere. */
  const emit = (event: string, data: string) => {
    const bytes = Buffer.from(`:thump\nevent: ${event}\ndata: ${data}\n\n`);
    for (const stream of streams)
      for (let at = 0; at < bytes.length; at += 50) stream.write(bytes.subarray(at, at + 50));
  };
  const asked: string[] = [];
  const server = await serveHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(url.pathname + decodeURIComponent(url.search));
    if (url.pathname === '/api/v2/instance')
      return response.end(JSON.stringify({ configuration: { timelines_access: access } }));
    if (url.pathname.startsWith('/api/v1/streaming/')) {
      if (request.headers.authorization !== 'Bearer s3cret') return response.writeHead(401).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':)\n');
      streams.add(response);
      return response.on('close', () => streams.delete(response));
    }
    const minId = BigInt(url.searchParams.get('min_id') ?? 0);
    const above = statuses.filter(({ id }) => BigInt(id) > minId);
    // Behind an id the page next to it; without one the newest.
    const page = url.searchParams.has('min_id') ? above.slice(0, 40) : above.slice(-40);
    response.end(JSON.stringify(page.toReversed()));
  });
  return { statuses, asked, streams, emit, ...server };
}

const status = (id: string, text: string, author: string, more: object = {}): Status => ({
  id,
  uri: `https://example.social/users/${author}/statuses/${id}`,
  url: `https://example.social/@${author}/${id}`,
  created_at: new Date(Date.now() - 1000).toISOString(),
  visibility: 'public',
  language: 'en',
  spoiler_text: '',
  reblog: null,
  content: `<p>${text}</p>`,
  account: { acct: author, indexable: true, noindex: false },
  ...more,
});
const idOf = (uri: string) => `mastodon:${createHash('sha256').update(uri).digest('hex').slice(0, 32)}`;
const options = (hosts: string[], more: object = {}) => ({
  hosts,
  tags: ['outage', 'downtime'],
  tokens: {},
  minInterval: '20ms',
  maxInterval: '20ms',
  ...more,
});

sourceContract('mastodon', async (): Promise<FarSide> => {
  const far = await openMastodon();
  let last = 1_000;
  return {
    source: (http) => mastodon.create('mastodon', options([far.url]), { http }),
    publish: (post) => {
      last++;
      far.statuses.push(
        post === 'bad'
          ? { id: String(last), content: 5 }
          : { ...status(post.id, post.text, post.author), id: String(last) },
      );
    },
    idOf: (id) => idOf(`https://example.social/users/someone_with_a_handle/statuses/${id}`),
    requests: far.requests,
    close: far.close,
  };
});

sourceContract('mastodon (streamed)', async (): Promise<FarSide> => {
  const far = await openMastodon();
  let last = 1_000;
  return {
    source: (http) =>
      mastodon.create('mastodon', options([far.url], { tags: ['outage'], tokens: { [far.url]: 's3cret' } }), { http }),
    publish: (post) => {
      last++;
      const row =
        post === 'bad'
          ? { id: String(last), content: 5 }
          : { ...status(post.id, post.text, post.author), id: String(last) };
      far.statuses.push(row);
      far.emit('update', JSON.stringify(row));
    },
    idOf: (id) => idOf(`https://example.social/users/someone_with_a_handle/statuses/${id}`),
    requests: far.requests,
    secret: 's3cret',
    close: far.close,
  };
});

async function withHosts(
  count: number,
  run: (hosts: Awaited<ReturnType<typeof openMastodon>>[], http: ReturnType<typeof createHttp>) => Promise<void>,
  access?: object,
) {
  const hosts = await Promise.all(Array.from({ length: count }, () => openMastodon(access)));
  const http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
  try {
    await run(hosts, http);
  } finally {
    await http.close();
    for (const host of hosts) await host.close();
  }
}

test('a post that two servers hold counts once; boosts, followers-only and unwilling authors do not', () =>
  withHosts(2, async ([a, b], http) => {
    const copy = status('900', 'down <span class="invisible">hidden</span>everywhere', 'jo', {
      spoiler_text: 'outage',
    });
    a!.statuses.push(
      copy,
      status('901', 'boost', 'x', { reblog: { id: '1' } }),
      status('902', 'quiet', 'x', { visibility: 'unlisted' }),
    );
    b!.statuses.push({ ...copy, id: '17' }, status('18', 'no', 'x', { account: { acct: 'x', noindex: true } }));
    const source = mastodon.create('mastodon', options([a!.url, b!.url]), { http });
    const { posts } = await readUntil(source, null, (items) => items.at(-1)?.cursor != null);
    expect(posts.map(({ text }) => text)).toEqual(['outage\n\ndown everywhere']);
    expect(a!.asked[1]).toBe('/api/v1/timelines/tag/outage?any[]=downtime&limit=40');
  }));

test('a burst larger than a page is read forward without a gap, with ids longer than numbers hold', () =>
  withHosts(1, async ([a], http) => {
    const id = (n: number) => String(9_999_999_999_999_990n + BigInt(n));
    a!.statuses.push(status(id(0), 'first', 'jo'));
    const source = mastodon.create('mastodon', options([a!.url]), { http });
    const first = await readUntil(source, null, (items) => items.at(-1)?.cursor != null);
    for (let n = 1; n <= 130; n++) a!.statuses.push(status(id(n), `post ${n}`, 'jo'));
    const second = await readUntil(source, first.cursor, (items) => items.at(-1)?.cursor != null);
    expect(second.posts.map(({ text }) => text)).toEqual(Array.from({ length: 130 }, (_, i) => `post ${i + 1}`));
  }));

test('a server that fails does not hold up the other; all failing is an error', () =>
  withHosts(2, async ([a, b], http) => {
    b!.statuses.push(status('1', 'still here', 'jo'));
    const { url } = a!;
    await a!.close();
    const one = mastodon.create('mastodon', options([url, b!.url]), { http });
    const { posts, skipped } = await readUntil(one, null, (items) => items.at(-1)?.cursor != null);
    expect(posts.map(({ text }) => text)).toEqual(['still here']);
    expect(skipped.join()).toMatch(/cannot be reached/);
    const none = mastodon.create('mastodon', options([url]), { http });
    await expect(readUntil(none, null, () => false)).rejects.toMatchObject({ options: { code: 'connection' } });
  }));

test.each([
  [{ hashtag_feeds: { local: 'authenticated', remote: 'authenticated' } }, /add a token/],
  [{ hashtag_feeds: { local: 'disabled', remote: 'disabled' } }, /take another host/],
])('a server that answers an empty list where it means no is asked first: %o', (access, message) =>
  withHosts(
    1,
    async ([a], http) => {
      const source = mastodon.create('mastodon', options([a!.url]), { http });
      await expect(readUntil(source, null, () => false)).rejects.toThrow(message);
    },
    access,
  ),
);

test('what is streamed comes at once; edits come again, deletions by the id of the post; a broken stream is opened again', () =>
  withHosts(2, async ([a, b], http) => {
    const source = mastodon.create(
      'mastodon',
      options([a!.url, b!.url], { tags: ['outage'], tokens: { [a!.url]: 's3cret' } }),
      { http },
    );
    b!.statuses.push(status('5', 'asked for', 'jo'));
    const script: [(items: SourceItem[]) => boolean, () => void][] = [
      [() => a!.streams.size > 0, () => a!.emit('update', JSON.stringify(status('901', 'live', 'jo')))],
      [
        (items) => items.some(({ post }) => post?.text === 'live'),
        () => a!.emit('status.update', JSON.stringify(status('901', 'mended', 'jo'))),
      ],
      [(items) => items.some(({ post }) => post?.text === 'mended'), () => a!.emit('delete', '901')],
      [
        (items) => items.some(({ deleted }) => deleted),
        () => {
          a!.statuses.push(status('902', 'missed', 'jo'));
          for (const stream of a!.streams) stream.destroy();
        },
      ],
    ];
    const { items, skipped } = await readUntil(source, null, (seen) => {
      if (script[0]?.[0](seen)) script.shift()?.[1]();
      return ['missed', 'asked for'].every((text) => seen.some(({ post }) => post?.text === text));
    });
    const id = idOf('https://example.social/users/jo/statuses/901');
    expect(items.filter(({ post }) => post?.id === id).map(({ post, edited }) => [post?.text, edited])).toEqual([
      ['live', undefined],
      ['mended', true],
    ]);
    expect(items.flatMap(({ deleted }) => deleted ?? [])).toEqual([id]);
    expect(skipped).toHaveLength(1);
  }));

const folder = join(import.meta.dirname, '../../../shared/data/feeds/platforms/mastodon');
const here = existsSync(folder);
test.skipIf(!here)(
  `recorded timelines are read without a slip${here ? '' : ' (skipped: the recordings are not on this machine)'}`,
  () =>
    withHosts(1, async ([a], http) => {
      const found = new Map<string, Status>();
      for (const file of readdirSync(folder).filter((file) => file.startsWith('local-'))) {
        const { body } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
        for (const one of Array.isArray(body) ? body : [body])
          if (one?.content !== undefined && one?.uri) found.set(one.id, one);
      }
      a!.statuses.push(...[...found.values()].sort((x, y) => (BigInt(x.id) < BigInt(y.id) ? -1 : 1)).slice(-40));
      const source = mastodon.create('mastodon', options([a!.url]), { http });
      const { posts, skipped } = await readUntil(source, null, (items) => items.at(-1)?.cursor != null);
      expect(skipped).toEqual([]);
      expect(posts.length).toBeGreaterThan(5);
      expect(JSON.stringify(posts.map((post) => ({ ...post, text: '' })))).not.toMatch(/mastodonpy_test/);
    }),
);
