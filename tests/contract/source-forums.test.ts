// The contract on Reddit, Lemmy, Discourse, Stack Exchange and X, each against a server that answers as its
// documentation says: of these (but X) there are no recordings.
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { discourse } from '../../src/sources/discourse.js';
import { lemmy } from '../../src/sources/lemmy.js';
import { createHttp, type Http } from '../../src/sources/net/http.js';
import { reddit } from '../../src/sources/reddit.js';
import { stackexchange } from '../../src/sources/stackexchange.js';
import { x } from '../../src/sources/x.js';
import { serveHttp } from './serve-http.js';
import { type FarSide, readUntil, sourceContract } from './source.js';

interface Row {
  id: string;
  text: string;
  author: string;
  at: number;
  gone?: boolean;
}
type Far = Awaited<ReturnType<typeof openForum>>;

/** Posts, oldest first, and a server that shows them as `answer` says. A bad item has no text. */
async function openForum(
  answer: (
    url: URL,
    rows: Row[],
    request: { method?: string; headers: Record<string, unknown> },
  ) => { status?: number; body: string; headers?: Record<string, string> },
) {
  const rows: Row[] = [];
  const asked: URL[] = [];
  const server = await serveHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    asked.push(url);
    const { status = 200, body, headers } = answer(url, rows, request);
    response.writeHead(status, headers).end(body);
  });
  return { rows, asked, ...server };
}

const farSide = (
  far: Far,
  source: (http: Http) => ReturnType<FarSide['source']>,
  idOf: (id: string) => string,
  more: Partial<FarSide> = {},
): FarSide => ({
  source,
  publish: (post) =>
    far.rows.push({
      at: Date.now() - 60_000 + far.rows.length * 1000,
      ...(post === 'bad' ? { id: '100', text: '', author: 'x' } : post),
    }),
  idOf,
  requests: far.requests,
  close: far.close,
  ...more,
});
const every = { minInterval: '20ms', maxInterval: '20ms' };
const settled = (items: { cursor: string | null }[]) => items.at(-1)?.cursor != null;

async function withForum(open: () => Promise<Far>, run: (far: Far, http: Http) => Promise<void>) {
  const far = await open();
  const http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
  try {
    await run(far, http);
  } finally {
    await http.close();
    await far.close();
  }
}

// Reddit, by feed and by API.

const openReddit = () =>
  openForum((url, rows, request) => {
    const newest = rows.toReversed();
    if (url.pathname === '/api/v1/access_token')
      return { body: JSON.stringify({ access_token: 't0ken', expires_in: 3600 }) };
    if (url.pathname.endsWith('.rss')) {
      const entries = newest.slice(0, 25).map(
        (
          r,
        ) => `<entry><author><name>/u/${r.author}</name></author><id>${r.text ? `t3_${r.id}` : 'nothing'}</id><link href="https://www.reddit.com/r/outages/comments/${r.id}/"/><published>${new Date(r.at).toISOString()}</published><title>${r.text}</title>
          <content type="html">&lt;!-- SC_OFF --&gt;&lt;div class="md"&gt;&lt;p&gt;${r.gone ? '[removed]' : 'more words'}&lt;/p&gt;&lt;/div&gt;&lt;!-- SC_ON --&gt; &amp;#32; submitted by &amp;#32; &lt;a href="x"&gt; /u/${r.author} &lt;/a&gt; &lt;br/&gt; &lt;a href="y"&gt;[link]&lt;/a&gt;</content></entry>`,
      );
      return { body: `<feed xmlns="http://www.w3.org/2005/Atom"><title>new</title>${entries.join('')}</feed>` };
    }
    if (request.headers.authorization !== 'Bearer t0ken') return { status: 401, body: '' };
    const children = newest.map((r) => ({
      kind: 't3',
      data: {
        name: r.text ? `t3_${r.id}` : null,
        title: r.text,
        selftext: r.gone ? '[removed]' : 'more words',
        author: r.author,
        subreddit: 'outages',
        permalink: `/r/outages/comments/${r.id}/`,
        created_utc: r.at / 1000,
      },
    }));
    return { body: JSON.stringify({ data: { children } }) };
  });
const redditOptions = (url: string, more: object = {}) => ({
  subreddits: ['outages', 'sysadmin'],
  feedUser: '',
  feedToken: '',
  clientId: '',
  clientSecret: '',
  ...every,
  site: url,
  api: url,
  ...more,
});

for (const [way, more] of [
  ['feed', { feedUser: 'me', feedToken: 's3cret' }],
  ['API', { clientId: 'app', clientSecret: 's3cret' }],
] as const) {
  sourceContract(`reddit (${way})`, async () => {
    const far = await openReddit();
    const remove = (id: string) => {
      for (const row of far.rows) if (row.id === id) row.gone = true;
    };
    return farSide(
      far,
      (http) => reddit.create('reddit', redditOptions(far.url, more), { http }),
      (id) => `reddit:t3_${id}`,
      { secret: 's3cret', remove },
    );
  });
}

test('Reddit: what it adds to the words is taken off, and a burst beyond its feed is said', () =>
  withForum(openReddit, async (far, http) => {
    const source = reddit.create('reddit', redditOptions(far.url), { http });
    far.rows.push({ id: 'a', text: 'Bank app down', author: 'jo', at: Date.now() - 9_000 });
    const first = await readUntil(source, null, settled);
    expect(first.posts[0]).toMatchObject({ text: 'Bank app down\n\nmore words', context: 'r/outages' });
    expect(far.asked[0]?.pathname).toBe('/r/outages+sysadmin/new/.rss');
    for (let i = 0; i < 40; i++)
      far.rows.push({ id: `b${i}`, text: `post ${i}`, author: 'jo', at: Date.now() - 5_000 + i });
    const second = await readUntil(source, first.cursor, settled);
    expect(second.posts).toHaveLength(25);
    expect(second.skipped.join()).toMatch(/some before them were missed/);
  }));

// Lemmy, both versions.

const openLemmy = (version: 'v3' | 'v4') =>
  openForum((url, rows) => {
    if (!url.pathname.startsWith(`/api/${version}/`)) return { status: 404, body: '{"error":"not_found"}' };
    if (url.pathname.endsWith('/site')) return { body: '{}' };
    const list = rows.toReversed().slice(Number(url.searchParams.get('page_cursor') ?? 0));
    const posts = list.slice(0, 50).map((r) => ({
      post: {
        id: 7,
        name: r.text,
        body: 'more',
        ap_id: r.text ? `https://lemmy.example/post/${r.id}` : null,
        [version === 'v3' ? 'published' : 'published_at']: new Date(r.at).toISOString().slice(0, -1),
        deleted: r.gone === true,
        removed: false,
      },
      creator: { name: r.author, actor_id: `https://lemmy.example/u/${r.author}` },
      community: { name: 'outages', title: 'Outages' },
    }));
    if (url.pathname.endsWith('/comment/list'))
      return { body: JSON.stringify({ [version === 'v3' ? 'comments' : 'items']: [], next_page: null }) };
    const next = list.length > 50 ? String(Number(url.searchParams.get('page_cursor') ?? 0) + 50) : null;
    return { body: JSON.stringify({ [version === 'v3' ? 'posts' : 'items']: posts, next_page: next }) };
  });
const lemmyOptions = (url: string) => ({ hosts: [url], scope: 'All' as const, comments: true, ...every });

for (const version of ['v3', 'v4'] as const) {
  sourceContract(`lemmy (${version})`, async () => {
    const far = await openLemmy(version);
    const remove = (id: string) => {
      for (const row of far.rows) if (row.id === id) row.gone = true;
    };
    return farSide(
      far,
      (http) => lemmy.create('lemmy', lemmyOptions(far.url), { http }),
      (id) => `lemmy:https://lemmy.example/post/${id}`,
      { remove },
    );
  });
}

test('Lemmy: a burst is read over several pages; an error with status 200 is one', () =>
  withForum(
    () => openLemmy('v3'),
    async (far, http) => {
      const source = lemmy.create('lemmy', lemmyOptions(far.url), { http });
      far.rows.push({ id: '0', text: 'first', author: 'jo', at: Date.now() - 9_000 });
      const first = await readUntil(source, null, settled);
      for (let i = 1; i <= 120; i++)
        far.rows.push({ id: String(i), text: `post ${i}`, author: 'jo', at: Date.now() - 5_000 + i });
      const second = await readUntil(source, first.cursor, settled);
      expect(second.ids).toEqual(Array.from({ length: 120 }, (_, i) => `lemmy:https://lemmy.example/post/${i + 1}`));
      const limited = await openForum((url) =>
        url.pathname.includes('v4') ? { status: 404, body: '' } : { body: '{"error":"rate_limit_error"}' },
      );
      await expect(
        readUntil(lemmy.create('lemmy', lemmyOptions(limited.url), { http }), null, () => false),
      ).rejects.toThrow(/rate_limit_error/);
      await limited.close();
    },
  ));

// Discourse.

const openDiscourse = () =>
  openForum((url, rows) => {
    const before = Number(url.searchParams.get('before') ?? Number.POSITIVE_INFINITY);
    const posts = rows
      .toReversed()
      .filter(({ id }) => Number(id) < before)
      .slice(0, 50)
      .map((r) => ({
        id: Number(r.id),
        username: r.author,
        user_id: 5,
        created_at: new Date(r.at).toISOString(),
        cooked: r.text ? `<p>${r.text}</p><aside class="quote"><p>theirs</p></aside>` : null,
        topic_id: 9,
        topic_title: 'Is mail down?',
        post_number: 2,
        hidden: r.gone === true,
      }));
    return { body: JSON.stringify({ latest_posts: posts }) };
  });
const discourseOptions = (url: string) => ({ hosts: [url], ...every });

sourceContract('discourse', async () => {
  const far = await openDiscourse();
  const remove = (id: string) => {
    for (const row of far.rows) if (row.id === id) row.gone = true;
  };
  return farSide(
    far,
    (http) => discourse.create('forum', discourseOptions(far.url), { http }),
    (id) => `forum:127.0.0.1/${id}`,
    { remove },
  );
});

test('Discourse: a burst is read back to the last post known; quotes are not the author’s words', () =>
  withForum(openDiscourse, async (far, http) => {
    const source = discourse.create('forum', discourseOptions(far.url), { http });
    far.rows.push({ id: '1', text: 'mine', author: 'jo', at: Date.now() - 9_000 });
    const first = await readUntil(source, null, settled);
    expect(first.posts[0]).toMatchObject({
      text: 'mine',
      context: '127.0.0.1: Is mail down?',
      url: `${far.url}/t/9/2`,
    });
    for (let i = 2; i <= 130; i++)
      far.rows.push({ id: String(i), text: `post ${i}`, author: 'jo', at: Date.now() - 5_000 + i });
    const second = await readUntil(source, first.cursor, settled);
    expect(second.ids).toEqual(Array.from({ length: 129 }, (_, i) => `forum:127.0.0.1/${i + 2}`));
  }));

// Stack Exchange.

const openStackExchange = (extra: object = {}) =>
  openForum((url, rows) => {
    const from = Number(url.searchParams.get('fromdate'));
    const items = rows
      .filter(({ at }) => Math.floor(at / 1000) >= from)
      .map((r) => ({
        question_id: r.text ? Number(r.id) : null,
        creation_date: Math.floor(r.at / 1000),
        title: r.text,
        body: '<p>more</p>',
        owner: { user_id: 77, display_name: r.author },
        link: `https://serverfault.com/q/${r.id}`,
      }));
    return { body: JSON.stringify({ items, has_more: false, quota_remaining: 200, ...extra }) };
  });
const stackOptions = (url: string) => ({ sites: ['serverfault'], tagged: '', key: 's3cret', ...every, api: url });

sourceContract('stackexchange', async () => {
  const far = await openStackExchange();
  return farSide(
    far,
    (http) => stackexchange.create('se', stackOptions(far.url), { http }),
    (id) => `se:serverfault/${id}`,
    { secret: 's3cret' },
  );
});

test('Stack Exchange: the wait that it asks for is kept', () =>
  withForum(
    () => openStackExchange({ backoff: 60 }),
    async (far, http) => {
      far.rows.push({ id: '1', text: 'first', author: 'jo', at: Date.now() - 9_000 });
      let looks = 0;
      await readUntil(stackexchange.create('se', stackOptions(far.url), { http }), null, (items) => {
        looks = items.filter(({ cursor }) => cursor !== null).length;
        return looks >= 3;
      });
      expect(looks).toBeGreaterThanOrEqual(3);
      expect(far.requests()).toBe(1);
    },
  ));

// X.

const openX = () =>
  openForum((url, rows, request) => {
    if (request.headers.authorization !== 'Bearer s3cret') return { status: 401, body: '' };
    const since = BigInt(url.searchParams.get('since_id') ?? 0);
    if (since > 0 && since < 5n) return { status: 400, body: '{"errors":[]}' };
    const size = Number(url.searchParams.get('max_results'));
    if (size < 10 || size > 100) return { status: 400, body: '' };
    const skip = Number(url.searchParams.get('next_token') ?? 0);
    const newest = rows.toReversed().filter(({ id }) => BigInt(id) > since);
    const data = newest.slice(skip, skip + size).map((r) => ({
      id: r.id,
      text: r.text || undefined,
      created_at: new Date(r.at).toISOString(),
      lang: 'en',
      author_id: r.author,
      edit_history_tweet_ids: [r.id],
    }));
    return {
      body: JSON.stringify({
        data,
        meta: { result_count: data.length, ...(newest.length > skip + size && { next_token: String(skip + size) }) },
      }),
    };
  });
const xOptions = (url: string, budgetPerDay = 1_000) => ({
  token: 's3cret',
  query: 'outage',
  budgetPerDay,
  stream: false,
  ...every,
  api: url,
});

sourceContract('x', async () => {
  const far = await openX();
  return farSide(
    far,
    (http) => x.create('x', xOptions(far.url), { http }),
    (id) => `x:${id}`,
    { secret: 's3cret' },
  );
});

/** Beside the search a stream that sends what is published, with heartbeats and in pieces, and the rules it goes by. */
async function openXStream() {
  const search = await openX();
  const streams = new Set<ServerResponse>();
  const rules: { id: string; value: string; tag: string }[] = [
    { id: '1', value: 'old', tag: 'outcry' },
    { id: '2', value: 'of another', tag: 'other' },
  ];
  const server = await serveHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname.endsWith('/rules')) {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const change = JSON.parse(body || '{}');
        for (const id of change.delete?.ids ?? [])
          rules.splice(
            rules.findIndex((rule) => rule.id === id),
            1,
          );
        for (const rule of change.add ?? []) rules.push({ id: String(rules.length + 5), ...rule });
        response.end(JSON.stringify({ data: rules }));
      });
    } else if (url.pathname.endsWith('/stream')) {
      response.writeHead(200).write('\r\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else
      void fetch(search.url + request.url, { headers: { authorization: request.headers.authorization ?? '' } }).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
      );
  });
  const emit = (row: Row) => {
    const line = Buffer.from(
      `${JSON.stringify({ data: row.text ? { id: row.id, text: row.text, created_at: new Date(row.at).toISOString(), author_id: row.author } : { id: row.id } })}\r\n`,
    );
    for (const stream of streams) for (let at = 0; at < line.length; at += 40) stream.write(line.subarray(at, at + 40));
  };
  return {
    ...server,
    rows: search.rows,
    asked: search.asked,
    rules,
    streams,
    emit,
    close: async () => void (await Promise.all([server.close(), search.close()])),
  };
}

sourceContract('x (stream)', async () => {
  const far = await openXStream();
  const side = farSide(
    far,
    (http) => x.create('x', { ...xOptions(far.url), stream: true }, { http }),
    (id) => `x:${id}`,
    { secret: 's3cret' },
  );
  return {
    ...side,
    publish: (post) => {
      side.publish(post);
      far.emit(far.rows.at(-1) as Row);
    },
  };
});

test('X: the stream goes by one rule of ours, leaves those of others alone, and ends with the budget', () =>
  withForum(openXStream, async (far, http) => {
    const { rules, streams, emit } = far as Awaited<ReturnType<typeof openXStream>>;
    const source = x.create('x', { ...xOptions(far.url, 12), stream: true }, { http });
    let sent = 1_000;
    await expect(
      readUntil(source, null, () => {
        if (streams.size > 0) emit({ id: String(sent++), text: 'down', author: '5', at: Date.now() });
        return false;
      }),
    ).rejects.toThrow(/budget of 12 posts a day is spent/);
    expect(rules.map(({ value, tag }) => [value, tag])).toEqual([
      ['of another', 'other'],
      ['outage', 'outcry'],
    ]);
  }));

test('X: the budget of the day is a hard stop, also after a restart and after a failure', () =>
  withForum(openX, async (far, http) => {
    for (let i = 0; i < 300; i++)
      far.rows.push({ id: String(1_000 + i), text: `post ${i}`, author: '5', at: Date.now() - 5_000 + i });
    const source = () => x.create('x', xOptions(far.url, 125), { http });
    const first = await readUntil(source(), null, settled).catch(() => null);
    expect(first?.posts.length ?? 0).toBeLessThanOrEqual(125);
    const asked = far.asked
      .map((url) => Number(url.searchParams.get('max_results')))
      .reduce((sum, size) => sum + size, 0);
    expect(asked).toBeLessThanOrEqual(125);
    const saved = JSON.parse(first?.cursor ?? '{}');
    saved.nextAt = 0;
    saved.state.spent = 120;
    const before = far.requests();
    await expect(readUntil(source(), JSON.stringify(saved), () => false)).rejects.toThrow(
      /budget of 125 posts a day is spent: it goes on at \d{4}-/,
    );
    expect(far.requests()).toBe(before);
  }));

test('X: a place too old to search from is given up, and the loss is said', () =>
  withForum(openX, async (far, http) => {
    far.rows.push({ id: '1000', text: 'new', author: '5', at: Date.now() - 5_000 });
    const old = JSON.stringify({ nextAt: 0, intervalMs: 20, state: { newest: '3', day: 0, spent: 0 } });
    const saved: (string | null)[] = [];
    const skipped: string[] = [];
    const source = x.create('x', xOptions(far.url), { http });
    await expect(async () => {
      for await (const { cursor } of source.read({
        cursor: old,
        signal: new AbortController().signal,
        clock: Date,
        hashAuthor: () => '',
        alive: () => {},
        skipped: (why) => skipped.push(why),
      }))
        saved.push(cursor);
    }).rejects.toMatchObject({ options: { code: 'http-400' } });
    expect(skipped.join()).toMatch(/begins anew/);
    const { ids } = await readUntil(source, saved.at(-1) ?? null, settled);
    expect(ids).toEqual(['x:1000']);
  }));
