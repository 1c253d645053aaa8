// What is answered from memory: the same answer with the same headers, never beyond a write, worked on once for a crowd.
import { gunzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import etag from '@fastify/etag';
import Fastify from 'fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCache } from '../../src/http/cache.js';
import { createServer } from '../../src/http/server.js';
import { openSeeded } from './http-seed.js';

const long = JSON.stringify({ words: 'Störung '.repeat(500) });
let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** A server with nothing but the cache, and how often each of its routes was worked on. */
function open() {
  let now = 0;
  const worked: Record<string, number> = {};
  const app = Fastify({ forceCloseConnections: true });
  closing.push(() => app.close());
  let arrivals = 0;
  app.addHook('onRequest', async () => {
    arrivals++;
  });
  const cache = createCache(() => now);
  cache.answer(app);
  app.register(etag, { replyWith304: false });
  app.register(compress, { threshold: 1024 });
  app.after(() => cache.keep(app));
  /** Holds every read back until it is called. */
  let letGo: () => void = () => undefined;
  let held: Promise<void> | undefined;
  app.register(async (routes) => {
    const count = (url: string) => {
      worked[url] = (worked[url] ?? 0) + 1;
      return worked[url];
    };
    routes.get('/api/count', async ({ url }) => {
      const n = count(url);
      await held;
      return { n };
    });
    routes.get('/api/long', async (_request, reply) => reply.type('application/json').send(long));
    routes.get('/api/fails', async ({ url }) => {
      count(url);
      await held;
      throw new Error('no');
    });
    routes.get('/api/endless', { config: { endless: true } }, async ({ url }, reply) => {
      count(url);
      reply.hijack();
      reply.raw.write('event: tick\n\n');
    });
    routes.post('/api/write', async () => ({ done: true }));
  });
  return {
    app,
    worked,
    get: (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers }),
    pass: (ms: number) => {
      now += ms;
    },
    /** Fulfilled when so many requests have come since the server began. */
    arrived: (n: number) => vi.waitFor(() => expect(arrivals).toBe(n)),
    hold() {
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return () => letGo();
    },
  };
}
test('an answer is told again for a quarter of a second, to those who ask for the same form of it', async () => {
  const { get, pass } = open();
  const n = async (headers?: Record<string, string>) => (await get('/api/count', headers)).json().n;
  expect(await n()).toBe(1);
  pass(250);
  expect(await n()).toBe(1);
  expect(await n({ accept: 'text/csv' })).toBe(2);
  expect(await n({ host: 'other.example.org' })).toBe(3);
  pass(1);
  expect(await n()).toBe(4);
});

test('a crowd that asks the same at the same time is worked for once', async () => {
  const { arrived, get, hold, worked } = open();
  const letGo = hold();
  const crowd = Array.from({ length: 20 }, () => get('/api/count'));
  const other = get('/api/count?other');
  await arrived(21);
  letGo();
  for (const answer of await Promise.all(crowd)) expect(answer.json()).toEqual({ n: 1 });
  expect((await other).json()).toEqual({ n: 1 });
  expect(worked).toEqual({ '/api/count': 1, '/api/count?other': 1 });
});

test('those who wait for an answer that fails are worked for themselves', async () => {
  const { arrived, get, hold, worked } = open();
  const letGo = hold();
  const crowd = Array.from({ length: 3 }, () => get('/api/fails'));
  await arrived(3);
  letGo();
  for (const answer of await Promise.all(crowd)) expect(answer.statusCode).toBe(500);
  expect(worked['/api/fails']).toBe(3);
});

test('nobody waits for an answer that never ends', async () => {
  const { app, worked } = open();
  const address = await app.listen({ port: 0 });
  for (const _ of [1, 2]) {
    const leave = new AbortController();
    const response = await fetch(`${address}/api/endless`, { signal: leave.signal });
    expect(await response.body?.getReader().read()).toMatchObject({ done: false });
    leave.abort();
  }
  expect(worked['/api/endless']).toBe(2);
});

test('who wrote reads what was written, also where a read from before the write is still on its way', async () => {
  const { app, arrived, get, hold, worked } = open();
  await get('/api/count');
  const write = () => app.inject({ method: 'POST', url: '/api/write' });
  await write();
  expect((await get('/api/count')).json().n).toBe(2);
  await write();
  const letGo = hold();
  const before = get('/api/count');
  await arrived(5);
  await write();
  const after = get('/api/count');
  await arrived(7);
  letGo();
  expect([(await before).json().n, (await after).json().n]).toEqual([3, 4]);
  // What was read before the write is not kept, what was read after it is.
  expect((await get('/api/count')).json().n).toBe(4);
  expect(worked['/api/count']).toBe(4);
});

test('compressed it has a strong ETag of its own, and each of its ETags gives a 304', async () => {
  const { get, pass } = open();
  for (const from of ['the route', 'memory']) {
    const plain = await get('/api/long');
    const packed = await get('/api/long', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding'], from).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).toString()).toBe(long);
    expect(Number(packed.headers['content-length'])).toBe(packed.rawPayload.length);
    expect(packed.headers.etag).toBe(`${String(plain.headers.etag).slice(0, -1)}-gzip"`);
    expect(plain.body).toBe(long);
    expect(Number(plain.headers['content-length'])).toBe(Buffer.byteLength(long));
    for (const { headers } of [plain, packed]) {
      const again = await get('/api/long', {
        'if-none-match': `"other", W/${headers.etag}`,
        'accept-encoding': 'gzip',
      });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', headers.etag]);
    }
    expect((await get('/api/long', { 'if-none-match': '"other"' })).statusCode).toBe(200);
    const refused = await get('/api/long', { 'accept-encoding': 'gzip;q=0, identity' });
    expect(refused.headers['content-encoding']).toBeUndefined();
    if (from === 'the route') pass(251);
  }
});

describe('of the real server', () => {
  test('an answer from memory has the headers of the first, a 304 those that may have changed', async () => {
    const seeded = await openSeeded();
    const app = createServer({ ...seeded.deps, readsPerMinute: 1000 });
    closing.push(
      () => app.close(),
      () => seeded.close(),
    );
    await app.ready();
    const [first, second] = await Promise.all(['/api/v1/summary', '/api/v1/summary'].map((url) => app.inject(url)));
    const { 'ratelimit-limit': _, 'ratelimit-remaining': __, 'ratelimit-reset': ___, ...told } = first?.headers ?? {};
    // It cost no turn, so it was not read anew.
    expect(second?.headers).toEqual(told);
    expect(second?.headers).toMatchObject({
      'cache-control': 'public, max-age=5',
      vary: 'accept-encoding',
      'access-control-allow-origin': '*',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    for (const url of ['/api/v1/summary', '/api/v1/regions?limit=3', '/', '/assets/app.js']) {
      const { headers } = await app.inject(url);
      const unchanged = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
      expect(unchanged.statusCode).toBe(304);
      expect(unchanged.headers.etag).toBe(headers.etag);
      for (const name of ['cache-control', 'vary', 'access-control-allow-origin'])
        expect(unchanged.headers[name], `${name} of ${url}`).toBe(headers[name]);
      for (const name of ['content-type', 'content-length', 'content-security-policy'])
        expect(unchanged.headers[name], `${name} of ${url}`).toBeUndefined();
      const packed = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
      for (const etag of [headers.etag, packed.headers.etag]) {
        expect(etag, url).toMatch(/^"/);
        for (const method of ['GET', 'HEAD'] as const) {
          const asked = { 'if-none-match': String(etag), 'accept-encoding': 'gzip' };
          const again = await app.inject({ method, url, headers: asked });
          expect([again.statusCode, again.body, again.headers.etag], `${method} ${url}`).toEqual([304, '', etag]);
          expect(again.headers['content-length']).toBeUndefined();
        }
      }
    }
  });
});
