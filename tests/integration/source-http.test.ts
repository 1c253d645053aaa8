// The HTTP client against real servers that misbehave in every way known.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.js';
import { createHttp, type Http, type HttpOptions } from '../../src/sources/net/http.js';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(options: Partial<HttpOptions> = {}): Http {
  const http = createHttp({
    version: '1.2.3',
    contact: 'ops@example.org',
    allowHosts: ['127.0.0.1', 'localhost'],
    paceMs: 0,
    ...options,
  });
  closers.push(() => http.close());
  return http;
}

const signal = new AbortController().signal;
const answer =
  (body: Buffer | string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, headers).end(body);
  };
async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

test('says who it is, and gets status, headers, validators and body', async () => {
  let seen: IncomingMessage['headers'] = {};
  const url = await serve((request, response) => {
    seen = request.headers;
    response.writeHead(200, { etag: '"a"', 'last-modified': 'Sun, 12 Jul 2026 09:13:00 GMT' }).end('hello');
  });
  const got = await client().fetch({ url, signal });
  expect(seen['user-agent']).toBe('Outcry/1.2.3 (ops@example.org)');
  expect(got.body.toString()).toBe('hello');
  expect(got.validators).toEqual({ etag: '"a"', lastModified: 'Sun, 12 Jul 2026 09:13:00 GMT' });
  expect(got.complete).toBe(true);
});

test('sends validators and takes 304', async () => {
  const url = await serve((request, response) => {
    response.writeHead(request.headers['if-none-match'] === '"a"' ? 304 : 200).end();
  });
  const got = await client().fetch({ url, signal, validators: { etag: '"a"', lastModified: null } });
  expect(got.status).toBe(304);
});

test.each([
  ['gzip', gzipSync('packed words')],
  ['br', brotliCompressSync('packed words')],
  ['deflate', deflateSync('packed words')],
  ['deflate', deflateRawSync('packed words')],
  ['gzip', Buffer.from('packed words')],
  ['br, gzip', gzipSync(brotliCompressSync('packed words'))],
])('unpacks %s', async (encoding, body) => {
  const url = await serve(answer(body, { 'content-encoding': encoding }));
  expect((await client().fetch({ url, signal })).body.toString()).toBe('packed words');
});

test('a bomb, a body without end and a body over the limit are refused', async () => {
  const bomb = await serve(answer(gzipSync(Buffer.alloc(20 << 20)), { 'content-encoding': 'gzip' }));
  expect((await failure(client().fetch({ url: bomb, signal }))).options.code).toBe('too-large');
  const twice = await serve(answer(gzipSync(gzipSync(Buffer.alloc(64 << 20))), { 'content-encoding': 'gzip, gzip' }));
  expect((await failure(client().fetch({ url: twice, signal }))).options.code).toBe('too-large');
  const endless = await serve((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
    };
    response.on('drain', more);
    more();
  });
  expect((await failure(client().fetch({ url: endless, signal }))).options.code).toBe('too-large');
});

test('bytes that are not packed as they say are an error of their own', async () => {
  const url = await serve(
    answer(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), { 'content-encoding': 'gzip' }),
  );
  expect((await failure(client().fetch({ url, signal }))).options.code).toBe('bad-encoding');
});

test('a body that breaks off gives what came, and says so', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half of it', () => setImmediate(() => response.destroy()));
  });
  const got = await client().fetch({ url, signal });
  expect(got.body.toString()).toBe('half of it');
  expect(got.complete).toBe(false);
});

test('a packed body that breaks off gives what can be unpacked', async () => {
  const packed = gzipSync(Array.from({ length: 30_000 }, (_, i) => `row ${i * 7919}`).join('\n'));
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': String(packed.length), 'content-encoding': 'gzip' });
    response.write(packed.subarray(0, packed.length / 2), () => setImmediate(() => response.destroy()));
  });
  const got = await client().fetch({ url, signal });
  expect(got.complete).toBe(false);
  expect(got.body.toString()).toMatch(/^row 0\nrow 7919\n/);
});

test('a server that drips, one that is silent and one that stops midway run into the limits', async () => {
  const drip = await serve((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  expect((await failure(client({ totalMs: 300 }).fetch({ url: drip, signal }))).options.code).toBe('timeout');
  const silent = await serve(() => {});
  expect((await failure(client({ idleMs: 300 }).fetch({ url: silent, signal }))).options.code).toBe('timeout');
  const stops = await serve((_, response) => {
    response.writeHead(200);
    response.write('x');
  });
  expect((await failure(client({ idleMs: 300 }).fetch({ url: stops, signal }))).options.code).toBe('timeout');
});

test('follows five redirects, not six, and names a loop', async () => {
  const url = await serve(({ url: path }, response) => {
    const n = Number(path?.slice(1));
    if (n > 0) response.writeHead(302, { location: `/${n - 1}` }).end();
    else response.end('there');
  });
  expect((await client().fetch({ url: `${url}/5`, signal })).url).toBe(`${url}/0`);
  expect((await failure(client().fetch({ url: `${url}/6`, signal }))).options.code).toBe('redirects');
  const loop = await serve((_, response) => response.writeHead(301, { location: '/' }).end());
  expect((await failure(client().fetch({ url: loop, signal }))).options.code).toBe('redirects');
});

test('credentials stay with the host they are meant for', async () => {
  const seen: IncomingMessage['headers'][] = [];
  const note = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request.headers);
    response.end();
  };
  const other = await serve(note);
  const url = await serve((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: `${other}/` }).end();
    else if (request.url === '/near') response.writeHead(302, { location: '/here' }).end();
    else note(request, response);
  });
  const headers = { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' };
  await client().fetch({ url: `${url}/away`, headers, signal });
  await client().fetch({ url: `${url}/near`, headers, signal });
  await client().fetch({ url: `${url.replace('//', '//me:s3cret@')}/away`, signal });
  expect(seen.map((s) => [s.authorization, s['x-api-key']])).toEqual([
    [undefined, undefined],
    ['Bearer s3cret', 's3cret'],
    [undefined, undefined],
  ]);
});

test('a redirect to a private address or to a file is refused; so is a name that leads inside', async () => {
  const url = await serve(({ url: path }, response) => {
    const { port } = new URL(`http://${response.req.headers.host}`);
    const to = {
      '/a': `http://[::1]:${port}/`,
      '/b': 'file:///etc/passwd',
      '/c': 'http://169.254.169.254/',
      '/d': 'http://[',
    };
    response.writeHead(302, { location: to[path as keyof typeof to] ?? '/' }).end();
  });
  const codes = [];
  for (const path of ['/a', '/b', '/c', '/d'])
    codes.push((await failure(client().fetch({ url: url + path, signal }))).options.code);
  expect(codes).toEqual(['private-address', 'bad-url', 'private-address', 'bad-url']);
  const inside = client({ allowHosts: [] }).fetch({ url: url.replace('127.0.0.1', 'localhost'), signal });
  expect((await failure(inside)).options.code).toBe('private-address');
});

test('errors say when to come back and whether it helps, and hold no secret', async () => {
  const url = await serve(({ url: path }, response) => {
    const [, status, after] = (path?.split('?')[0] ?? '').split('/');
    response.writeHead(Number(status), after ? { 'retry-after': after } : {}).end('private words of the server');
  });
  const limited = await failure(client().fetch({ url: `${url}/429/120?feed=s3cret`, signal }));
  expect(limited.options).toMatchObject({ code: 'http-429', retry: true });
  expect(limited.options.retryAfterMs).toBeGreaterThan(119_000);
  expect(limited.message).not.toMatch(/s3cret|private/);
  expect((await failure(client().fetch({ url: `${url}/503`, signal }))).options).toEqual({
    code: 'http-503',
    retry: true,
  });
  expect((await failure(client().fetch({ url: `${url}/410`, signal }))).options.retry).toBe(false);
});

test('a host that asked to be left alone is left alone; abort ends the wait at once', async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked++;
    response.writeHead(429, { 'retry-after': '3600' }).end();
  });
  const http = client();
  await failure(http.fetch({ url, signal }));
  const abort = new AbortController();
  const second = failure(http.fetch({ url, signal: abort.signal }));
  setImmediate(() => abort.abort());
  expect((await second).options.code).toBe('aborted');
  expect(asked).toBe(1);
});

test('requests to one host keep their distance', async () => {
  const times: number[] = [];
  const url = await serve((_, response) => {
    times.push(performance.now());
    response.end();
  });
  const http = client({ paceMs: 120 });
  await Promise.all([1, 2, 3].map(() => http.fetch({ url, signal })));
  expect(times[1]! - times[0]!).toBeGreaterThan(80);
  expect(times[2]! - times[1]!).toBeGreaterThan(80);
});

test('abort ends a running request at once', async () => {
  const abort = new AbortController();
  const url = await serve((_, response) => {
    response.writeHead(200);
    response.write('x');
    setImmediate(() => abort.abort());
  });
  expect((await failure(client().fetch({ url, signal: abort.signal }))).options.code).toBe('aborted');
});

test('nobody there, and a name nobody knows', async () => {
  const url = await serve(() => {});
  await closers.shift()?.();
  expect((await failure(client().fetch({ url, signal }))).options.code).toBe('connection');
  expect((await failure(client().fetch({ url: 'http://nowhere.invalid/', signal }))).options.code).toBe('dns');
});
