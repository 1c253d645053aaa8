// The feed source against servers that misbehave, and the command beside it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { feed } from '../../src/sources/feed.js';
import { createHttp } from '../../src/sources/net/http.js';
import { serveHttp } from '../contract/serve-http.js';
import { readUntil } from '../contract/source.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function openFeed(listener: RequestListener, limitMs = 30_000) {
  const server = await serveHttp(listener);
  const http = createHttp({
    version: 'test',
    contact: null,
    allowHosts: ['127.0.0.1'],
    paceMs: 0,
    totalMs: limitMs,
    idleMs: limitMs,
  });
  closers.push(server.close, () => http.close());
  const given = { url: `${server.url}/feed`, context: '', platform: '', minInterval: '20ms', maxInterval: '20ms' };
  return { server, source: feed.create('forum', given, { http }) };
}

const rss = (...items: string[]) => `<rss version="2.0"><channel><title>Forum</title>${items.join('')}</channel></rss>`;
const item = (id: number, date = new Date().toUTCString()) =>
  `<item><guid>${id}</guid><title>post ${id}</title><pubDate>${date}</pubDate></item>`;
const settled = (items: { cursor: string | null }[]) => items.at(-1)?.cursor != null;

test('an unchanged feed is asked for by its validators, also after a restart, and 304 is contact', async () => {
  const { server, source } = await openFeed((request, response) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"1"' }).end(rss(item(1)));
  });
  const first = await readUntil(source, null, settled);
  const second = await readUntil(source, first.cursor, settled);
  expect([...first.ids, ...second.ids]).toEqual(['forum:1']);
  expect(second.contacts).toBeGreaterThan(0);
  expect(server.requests()).toBe(2);
});

test('an entry whose words changed comes again as an edit, also after a restart; one without a date does not', async () => {
  let words = 'post';
  const date = new Date().toUTCString();
  const { source } = await openFeed((_, response) => {
    response.end(
      rss(
        `<item><guid>1</guid><title>${words} 1</title><pubDate>${date}</pubDate></item>`,
        `<item><guid>2</guid><title>${words} 2</title></item>`,
        item(3, date),
      ),
    );
  });
  const first = await readUntil(source, null, settled);
  expect(first.items.filter((i) => i.edited)).toEqual([]);
  words = 'corrected';
  const second = await readUntil(source, first.cursor, settled);
  expect(second.items.filter((i) => i.post).map((i) => [i.edited, i.post?.id, i.post?.text])).toEqual([
    [true, 'forum:1', 'corrected 1'],
  ]);
  expect((await readUntil(source, second.cursor, settled)).ids).toEqual([]);
});

test('a server that asks to be left alone is, and a restart keeps to it', async () => {
  const { server, source } = await openFeed((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  const cursors: (string | null)[] = [];
  const context = {
    cursor: null,
    signal: new AbortController().signal,
    clock: { now: Date.now },
    hashAuthor: () => '',
    alive: () => {},
    skipped: () => {},
  };
  await expect(async () => {
    for await (const { cursor } of source.read(context)) cursors.push(cursor);
  }).rejects.toMatchObject({ options: { code: 'http-429', retry: true } });
  expect(JSON.parse(cursors.at(-1) ?? '').nextAt).toBeGreaterThan(Date.now() + 3_500_000);
  const abort = new AbortController();
  const waiting = source
    .read({ ...context, cursor: cursors.at(-1) ?? null, signal: abort.signal })
    [Symbol.asyncIterator]()
    .next();
  setTimeout(() => abort.abort(), 100);
  expect((await waiting).done).toBe(true);
  expect(server.requests()).toBe(1);
});

test('half a feed gives the items it holds; the next look asks for all of it again', async () => {
  let broken = true;
  const { source } = await openFeed((request, response) => {
    expect(request.headers['if-none-match']).toBeUndefined();
    const whole = rss(item(1), item(2), item(3));
    response.writeHead(200, { etag: '"1"', 'content-length': String(whole.length) });
    if (!broken) return response.end(whole);
    broken = false;
    response.write(whole.slice(0, whole.indexOf('<guid>3')), () => setImmediate(() => response.destroy()));
  });
  const { posts, skipped } = await readUntil(source, null, (items) => items.filter(({ post }) => post).length >= 3);
  expect(posts.map(({ text }) => text).toSorted()).toEqual(['post 1', 'post 2', 'post 3']);
  expect(skipped.join()).toMatch(/broke before the end/);
});

test('a wrong content type is no matter, packed bodies are unpacked, clocks that are wrong are not believed', async () => {
  const ahead = new Date(Date.now() + 5 * 3_600_000).toUTCString();
  const { source } = await openFeed((_, response) => {
    response
      .writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' })
      .end(gzipSync(rss(item(1, ahead), item(2, 'Thu, 01 Jan 1970 00:00:00 GMT'))));
  });
  const { posts } = await readUntil(source, null, settled);
  for (const { createdAt } of posts) expect(Math.abs(createdAt - Date.now())).toBeLessThan(60_000);
  expect(posts).toHaveLength(2);
});

test.each<[string, RequestListener]>([
  ['http-500', (_, response) => response.writeHead(500).end()],
  ['timeout', (_, response) => void response.writeHead(200).write('<rss')],
  ['redirects', (_, response) => response.writeHead(302, { location: '/feed' }).end()],
  ['not-a-feed', (_, response) => response.end('<!doctype html><html><body>Checking your browser</body></html>')],
  ['too-large', (_, response) => response.end(Buffer.alloc(11 << 20, 'x'))],
])('%s is an error that a later try may mend, and no contact', async (code, listener) => {
  const { source } = await openFeed(listener, code === 'timeout' ? 400 : undefined);
  let contacts = 0;
  const context = {
    cursor: null,
    signal: new AbortController().signal,
    clock: { now: Date.now },
    hashAuthor: () => '',
    alive: () => contacts++,
    skipped: () => {},
  };
  await expect(async () => {
    for await (const _ of source.read(context));
  }).rejects.toMatchObject({ options: { code, retry: true } });
  expect(contacts).toBe(0);
});

test('outcry feed prints a line a post, or one error a file, and goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-feed-'));
  closers.push(() => rm(folder, { recursive: true }));
  const files = {
    'a.xml': rss(item(1, 'Sun, 12 Jul 2026 09:13:00 GMT'), '<item><description>no title</description></item>'),
    'b.xml': '<html>',
    'c.xml': rss(),
    'd.xml': gzipSync(rss(item(4))),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const cli = join(import.meta.dirname, '../../src/cli/main.ts');
  const names = [...Object.keys(files), 'nowhere.xml'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    cli,
    'feed',
    ...names.map((name) => join(folder, name)),
  ]);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ file, error, text }) => [file.slice(folder.length + 1), error ? 'error' : text])).toEqual([
    ['a.xml', 'post 1'],
    ['a.xml', 'no title'],
    ['b.xml', 'error'],
    ['c.xml', 'error'],
    ['d.xml', 'post 4'],
    ['nowhere.xml', 'error'],
  ]);
  expect(lines[0]).toEqual({
    file: join(folder, 'a.xml'),
    id: '1',
    title: 'post 1',
    text: 'post 1',
    url: null,
    createdAt: '2026-07-12T09:13:00.000Z',
  });
  expect(lines[1]).not.toHaveProperty('title');
});
