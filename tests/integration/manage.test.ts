// Services and sources put over the API: checked, kept, in use at once and after a restart, and never telling a secret.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config/load.js';
import { hashToken } from '../../src/http/tokens.js';
import { sourceKinds } from '../../src/sources/index.js';
import { openStore } from '../../src/store/open.js';

const folder = mkdtempSync(join(tmpdir(), 'outcry-manage-'));
const db = join(folder, 'outcry.db');
let feed: Server;
let url: string;
/** Resolves when the feed is asked for. */
let asked: Promise<void>;
let app: App;
let running: Promise<void>;
const problems: string[] = [];

async function start(raw: object = {}): Promise<void> {
  const config = { db, log: 'silent', allowHosts: ['127.0.0.1'], sources: [], api: { manage: true }, ...raw };
  app = await openApp(readConfig(config, sourceKinds, {}), {
    onProblem: (source, message) => problems.push(`${source}: ${message}`),
  });
  running = app.run();
}
async function stop(): Promise<void> {
  await app.stop();
  await running;
}

beforeAll(async () => {
  let tell = () => {};
  asked = new Promise((resolve) => {
    tell = resolve;
  });
  feed = createHttpServer((_request, response) => {
    tell();
    response.setHeader('content-type', 'application/rss+xml');
    response.end('<rss version="2.0"><channel><title>t</title></channel></rss>');
  });
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed?key=hush-hush`;
  const { read, write } = await openStore(db, { regionPath: () => ['*'] });
  await write.addToken({ name: 'ops', hash: hashToken('ops-token'), scopes: ['manage'] }, 0);
  await write.addToken({ name: 'crawler', hash: hashToken('posts-token'), scopes: ['posts'] }, 0);
  await read.close();
  await write.close();
  await start();
});
afterAll(async () => {
  await stop();
  feed.close();
  rmSync(folder, { recursive: true });
});

async function send(method: 'POST' | 'PUT' | 'DELETE', path: string, payload?: object, token = 'ops-token') {
  const response = await app.server.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: `Bearer ${token}` } },
    ...(payload ? { payload } : {}),
  });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
}
const get = async (path: string) => (await app.server.inject(`/api/v1/${path}`)).json();

const isp = { name: 'Northern Fibre', category: 'isp', aliases: ['northern fibre', 'nofibre'], regions: ['GB-ENG'] };

test('a service is listened for as soon as it is put', async () => {
  expect(await send('POST', 'services', { id: 'northern-fibre', ...isp })).toEqual({
    status: 201,
    body: { service: 'northern-fibre' },
  });
  expect(await get('services/northern-fibre')).toMatchObject({
    name: 'Northern Fibre',
    category: 'isp',
    state: 'quiet',
  });
  const payload = { id: '1', text: 'is nofibre down for anyone else? no internet since noon', createdAt: new Date() };
  await app.read.tokens();
  const pushed = await send('POST', 'posts', payload, 'posts-token');
  expect(pushed).toMatchObject({ status: 202, body: { accepted: 1 } });
  const { items } = await app.read.evidence('northern-fibre', 0, Number.MAX_SAFE_INTEGER, { limit: 9 });
  expect(items.map((e) => e.postId)).toEqual(['push:1']);
});

test('a PUT changes, also what comes with the catalog, whose names stay', async () => {
  expect((await send('PUT', 'services/northern-fibre', { ...isp, name: 'NoFibre' })).status).toBe(200);
  expect(await get('services/northern-fibre')).toMatchObject({ name: 'NoFibre' });
  expect((await send('PUT', 'services/outlook', { name: 'Outlook (our tenant)', aliases: ['owa mail'] })).status).toBe(
    200,
  );
  expect(await get('services/outlook')).toMatchObject({ name: 'Outlook (our tenant)', category: 'email' });
});

test.each([
  ['services/new-one', { category: 'isp' }, 'body.name', 'missing'],
  ['services/new-one', { ...isp, category: 'fishing' }, 'body.category', 'expected one of'],
  ['services/new-one', { ...isp, parent: 'nobody' }, 'body.parent', 'no such service'],
  ['services/new-one', { ...isp, regions: ['XX'] }, 'body.regions', 'no such region'],
  ['services/New One', isp, 'body.id', 'kebab-case'],
  ['services/new-one', { ...isp, id: 'other' }, 'body.id', 'the address says'],
  ['services/new-one', [isp], 'body', 'an object'],
  ['sources/a', { url: 'https://example.org/feed' }, 'body.kind', 'kinds to choose from'],
  ['sources/a', { kind: 'replay', files: ['/etc/passwd'] }, 'body.kind', 'outcry replay'],
  ['sources/a', { kind: 'feed' }, 'body.url', 'Address of the feed'],
  ['sources/a', { kind: 'feed', url: 'https://example.org/feed', ulr: 1 }, 'body.ulr', 'did you mean url?'],
  ['sources/a b', { kind: 'feed', url: 'https://example.org/feed' }, 'body.name', 'letters'],
])('PUT %s with %j is refused', async (path, body, field, words) => {
  const refused = await send('PUT', encodeURI(path), body);
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  expect(refused.body.errors[0].message).toContain(words);
  expect(await app.read.managed('service')).toHaveLength(2);
});

test('a source is read as soon as it is put, and its options are never told', async () => {
  const put = await send('PUT', 'sources/isp-forum', { kind: 'feed', url });
  expect(put).toEqual({ status: 201, body: { source: 'isp-forum' } });
  await asked;
  const sources = await get('sources');
  expect(sources.items.map((s: { name: string }) => s.name)).toContain('isp-forum');
  expect(JSON.stringify([put, sources])).not.toContain('hush-hush');
  const wrong = await send('PUT', 'sources/x', { kind: 'x', bearerToken: { not: 'hush-hush' } });
  expect(wrong.status).toBe(400);
  expect(JSON.stringify(wrong)).not.toContain('hush-hush');
});

test('variables of the environment are left as they are written', async () => {
  expect((await send('PUT', 'sources/literal', { kind: 'feed', url: 'https://example.org/${HOME}' })).status).toBe(201);
  expect((await app.read.managed('source')).find((m) => m.name === 'literal')?.entry.url).toContain('${HOME}');
  expect((await send('DELETE', 'sources/literal')).status).toBe(204);
});

test('what was put survives a restart, goes before the config, and can be left aside', async () => {
  await stop();
  await start({ sources: [{ kind: 'feed', name: 'isp-forum', url: 'http://127.0.0.1:9/other' }] });
  expect(await get('services/northern-fibre')).toMatchObject({ name: 'NoFibre' });
  expect((await get('sources')).items.map((s: { name: string }) => s.name)).toEqual(['isp-forum', 'push']);
  await stop();
  await start({ api: { manage: false } });
  expect((await get('services/northern-fibre')).status).toBe(404);
  const off = await send('PUT', 'services/outlook', {});
  expect([off.status, off.body.detail]).toEqual([404, expect.stringContaining('api.manage')]);
  await stop();
  await start();
  expect(problems.filter((p) => p.startsWith('managed'))).toEqual([]);
});

test('what was put can be taken back, what comes with catalog and config cannot', async () => {
  await send('PUT', 'services/nofibre-tv', { name: 'NoFibre TV', category: 'video', parent: 'northern-fibre' });
  const needed = await send('DELETE', 'services/northern-fibre');
  expect(needed).toMatchObject({ status: 409, body: { detail: expect.stringContaining('nofibre-tv') } });
  expect((await send('DELETE', 'services/nofibre-tv')).status).toBe(204);
  expect((await send('DELETE', 'services/northern-fibre')).status).toBe(204);
  expect((await get('services/northern-fibre')).status).toBe(404);
  expect((await send('DELETE', 'services/outlook')).status).toBe(204);
  expect(await get('services/outlook')).toMatchObject({ name: 'Outlook' });
  expect((await send('DELETE', 'services/outlook')).status).toBe(409);
  expect((await send('DELETE', 'services/nothing')).status).toBe(404);
  expect((await send('DELETE', 'sources/isp-forum')).status).toBe(204);
  expect((await get('sources')).items.map((s: { name: string }) => s.name)).toEqual(['push']);
});

test('needs the scope, and POST adds only what is not there', async () => {
  expect((await send('PUT', 'services/outlook', {}, 'posts-token')).status).toBe(403);
  expect((await send('DELETE', 'sources/push', undefined, 'wrong')).status).toBe(401);
  const there = await send('POST', 'services', { id: 'outlook' });
  expect(there).toMatchObject({ status: 409, body: { errors: [{ field: 'body.id' }] } });
  expect(await send('POST', 'sources', { kind: 'feed' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'body.name' }] },
  });
});
