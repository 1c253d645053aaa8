// The API over a real store: what it answers, how fresh it says it is, and how it says no.
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hour, toIso } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { hashToken } from '../../src/http/tokens.js';
import { untilStored } from '../../src/http/until-stored.js';
import { asOf, hostile, incident, openSeeded, type Seeded, secret, source, startedAt } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

async function get(url: string, server = app) {
  const response = await server.inject({ url });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

describe('reads', () => {
  test('every list says how fresh it is and what it can see', async () => {
    for (const path of ['services', 'regions', 'spikes', 'incidents', 'sources']) {
      const { status, body } = await get(`/api/v1/${path}`);
      expect(status, path).toBe(200);
      expect(body.asOf).toBe(toIso(asOf));
      expect(body.coverage).toEqual({ state: 'full', sources: 1, alive: 1, blind: [] });
      expect(body.items.length, path).toBeGreaterThan(0);
    }
  });

  test('an incident is told with absolute numbers, and its times in ISO', async () => {
    const { body } = await get(`/api/v1/incidents/${incident.id}`);
    expect(body).toMatchObject({
      id: incident.id,
      serviceName: 'Outlook',
      state: 'confirmed',
      startedAt: '2026-07-12T09:13:00.000Z',
      resolvedAt: null,
      reports: 334,
      authors: 320,
      unlocated: 0.6,
      symptoms: { login: 230, connection: 104 },
      possibleSpilloverOf: [{ service: 'azure', overlap: 0.25 }],
      method: 'test-1',
    });
    expect(body.url).toMatch(/\/incidents\/outlook-20260712T0913Z$/);
  });

  test('incidents are filtered by state, service and time', async () => {
    const ids = async (query: string) =>
      (await get(`/api/v1/incidents?${query}`)).body.items.map((i: { service: string }) => i.service);
    expect(await ids('')).toEqual(['outlook', 'spotify']);
    expect(await ids('state=open')).toEqual(['outlook']);
    expect(await ids('state=resolved')).toEqual(['spotify']);
    expect(await ids('service=spotify')).toEqual(['spotify']);
    expect(await ids('since=1h')).toEqual(['outlook']);
    expect(await ids(`until=${toIso(startedAt - 1)}`)).toEqual(['spotify']);
  });

  test('pages follow each other by cursor and Link', async () => {
    const first = await get('/api/v1/incidents?limit=1');
    expect(first.body.items).toHaveLength(1);
    expect(first.headers.link).toBe(
      `</api/v1/incidents?limit=1&cursor=${encodeURIComponent(first.body.next)}>; rel="next"`,
    );
    const second = await get(/<(.*)>/.exec(first.headers.link as string)?.[1] as string);
    expect(second.body.items[0].service).toBe('spotify');
    expect(second.body.next).toBeNull();
    const services = await get('/api/v1/services?limit=2');
    const more = await get(`/api/v1/services?limit=2&cursor=${services.body.next}`);
    const ids = [...services.body.items, ...more.body.items].map((s: { id: string }) => s.id);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toEqual([...ids].sort());
  });

  test('evidence shows words, place and why, never an author or a script address', async () => {
    const { body } = await get(`/api/v1/incidents/${incident.id}/evidence?limit=3`);
    expect(body.items[0]).toMatchObject({ excerpt: hostile, url: null, symptom: 'login', kind: 'report' });
    expect(body.items[1].url).toMatch(/^https:\/\//);
    expect(JSON.stringify(body)).not.toContain('author-');
  });

  test('a timeline is told oldest first', async () => {
    const { body } = await get(`/api/v1/incidents/${incident.id}/timeline`);
    expect(body.items.map((c: { to: string }) => c.to)).toEqual(['signal', 'confirmed']);
  });

  test('a service says its state and the reports of the last hour', async () => {
    const { body } = await get('/api/v1/services/outlook');
    expect(body).toMatchObject({ id: 'outlook', state: 'confirmed', incident: incident.id });
    expect(body.reportsLastHour).toBeGreaterThan(10);
    expect((await get('/api/v1/services/spotify')).body).toMatchObject({ state: 'quiet', incident: null });
  });

  test('spikes tell what is held back and why', async () => {
    const { body } = await get('/api/v1/spikes?open=true');
    expect(body.items.map((s: { service: string; heldBack: string | null }) => [s.service, s.heldBack])).toContainEqual(
      ['chase', '41 posts, 3 authors'],
    );
  });

  test('a series has a zero where somebody looked, a gap where nobody did, and the expectation in both', async () => {
    const { body } = await get('/api/v1/series?service=outlook&interval=5m&since=24h');
    const at = (t: number) => body.steps.find((s: { t: string }) => s.t === toIso(t));
    expect(at(asOf - 8.5 * hour)).toMatchObject({ observed: null, authors: null, coverage: 0, seen: 0 });
    expect(at(asOf - 8.5 * hour).expected).toBeCloseTo(1.5);
    const quiet = body.steps.find((s: { observed: number }) => s.observed === 0);
    expect(quiet).toMatchObject({ expected: 1.5, low: 0, high: 4, authors: 0, coverage: 1, seen: 400 });
    expect(Math.max(...body.steps.map((s: { observed: number }) => s.observed))).toBe(18);
    expect(body.to).toBe(toIso(asOf));
  });

  test('wide steps add up what narrow ones hold', async () => {
    const narrow = (await get('/api/v1/series?service=outlook&interval=5m&since=2026-07-12T06:00Z')).body.steps;
    const wide = (await get('/api/v1/series?service=outlook&interval=1h&since=2026-07-12T06:00Z')).body.steps;
    const sum = (steps: { observed: number }[]) => steps.reduce((n, s) => n + s.observed, 0);
    expect(wide).toHaveLength(6);
    expect(sum(wide)).toBe(sum(narrow));
    expect(wide[0].expected).toBeCloseTo(18);
    // 12 halves of 2.5 that add in squares.
    expect(wide[0].high).toBeCloseTo(18 + Math.sqrt(12) * 2.5);
  });

  test('health answers, and openapi.json names every route with its fields described', async () => {
    expect((await get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await get('/readyz')).body).toEqual({ status: 'ok' });
    const { body } = await get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/spikes', '/api/v1/series', '/api/v1/incidents/{id}/evidence', '/api/v1/posts']),
    );
  });

  test('an unchanged answer costs a 304', async () => {
    const first = await app.inject('/api/v1/incidents');
    expect(first.headers.etag).toMatch(/^"/);
    const second = await app.inject({
      url: '/api/v1/incidents',
      headers: { 'if-none-match': first.headers.etag as string },
    });
    expect(second.statusCode).toBe(304);
    expect(second.body).toBe('');
    const many = { url: '/', headers: { 'if-none-match': `"other", W/${(await app.inject('/')).headers.etag}` } };
    expect((await app.inject(many)).statusCode).toBe(304);
    const head = await app.inject({ method: 'HEAD', url: '/api/v1/incidents' });
    expect(head.headers.etag).toBe(first.headers.etag);
  });
});

describe('saying no', () => {
  test.each([
    ['/api/v1/spikes?servce=outlook', 400, 'query.servce', 'did you mean service?'],
    ['/api/v1/spikes?service=outlok', 400, 'query.service', 'did you mean outlook?'],
    ['/api/v1/spikes?region=XX', 400, 'query.region', '/api/v1/regions'],
    ['/api/v1/spikes?since=soon', 400, 'query.since', '24h'],
    ['/api/v1/spikes?limit=0', 400, 'query.limit', '>= 1'],
    ['/api/v1/spikes?limit=many', 400, 'query.limit', 'integer'],
    ['/api/v1/spikes?since=1h&until=2h', 400, 'query.since', 'before until'],
    ['/api/v1/incidents?state=broken', 400, 'query.state', 'confirmed'],
    ['/api/v1/series?service=outlook&interval=1m&since=30d', 400, 'query.interval', 'too many'],
    ['/api/v1/series', 400, 'query.service', 'service is missing'],
    ['/api/v1/series?since=1d', 400, 'query.service', 'service is missing'],
    ['/oembed?url=http://localhost:80/incidents/%25E0', 400, 'query.url', 'page of a service or incident'],
    ['/api/v1/services/outlok', 404, 'path.id', 'did you mean outlook?'],
    ['/api/v1/incidents/none', 404, 'path.id', '/api/v1/incidents'],
  ])('%s is a problem that names the field and the way out', async (url, status, field, words) => {
    const { body, headers, status: got } = await get(url);
    expect(got).toBe(status);
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body).toMatchObject({ status, type: 'about:blank', instance: url.split('?')[0] });
    expect(body.errors[0].field).toBe(field);
    expect(body.detail).toContain(words);
  });

  test('a broken cursor is told, not served', async () => {
    for (const path of ['incidents', 'spikes', 'services', `incidents/${incident.id}/evidence`]) {
      const { status, body } = await get(`/api/v1/${path}?cursor=nonsense`);
      expect(status, path).toBe(400);
      expect(body.detail).toMatch(/cursor/);
    }
  });

  test('an unknown path is a 404 and a known path with another verb a 405, both problems', async () => {
    expect((await get('/api/v1/nothing')).body).toMatchObject({ status: 404, title: 'Not Found' });
    const response = await app.inject({ method: 'DELETE', url: '/api/v1/incidents/x' });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('GET, HEAD');
    expect(response.json().detail).toBe('DELETE is not possible here; GET, HEAD is');
  });

  test('what was sent is told again only when it is short', async () => {
    const { body } = await get(`/api/v1/spikes?category=${'x'.repeat(5000)}`);
    expect(body.errors[0].value).toMatch(/^x{200} …$/);
    expect(JSON.stringify(body).length).toBeLessThan(2000);
  });

  test('an address that cannot be read is a problem too', async () => {
    for (const [url, status, words] of [
      ['/api/v1/services/%E0%A4%A', 400, 'percent-encode'],
      [`/api/v1/services/${'x'.repeat(301)}`, 414, 'too long'],
    ] as const) {
      const { status: got, headers, body } = await get(url);
      expect(got).toBe(status);
      expect(headers['content-type']).toMatch('application/problem+json');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(body).toMatchObject({ status, detail: expect.stringContaining(words) });
      expect(JSON.stringify(body)).not.toContain('FST_');
    }
  });

  test('what is no request is a problem too', async () => {
    const server = createServer(seeded.deps);
    const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
    const answerTo = async (words: string) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(words);
      let answer = '';
      for await (const chunk of socket) answer += chunk;
      return answer;
    };
    for (const [words, status] of [
      ['what is down?\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: here\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ] as const) {
      const [head = '', body = ''] = (await answerTo(words)).split('\r\n\r\n');
      expect(head).toMatch(`HTTP/1.1 ${status} `);
      expect(head).toMatch('Content-Type: application/problem+json');
      expect(head).toMatch(`Content-Length: ${body.length}`);
      expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status });
    }
    await server.close();
  });

  test('a browser that lost its way gets a page, with what it asked for as text', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml' };
    const response = await app.inject({ url: '/services/%3Cscript%3Ealert(1)', headers });
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toMatch('text/html');
    expect(response.body).toContain('no service &quot;&lt;script&gt;alert(1)&quot;');
    expect((await app.inject({ url: '/api/v1/none', headers })).headers['content-type']).toMatch('problem+json');
  });

  test('the words of an inner failure never leave', async () => {
    const broken = createServer({
      ...seeded.deps,
      read: {
        ...seeded.read,
        judgedUntil: () => Promise.reject(new Error('SELECT secret FROM /var/lib/outcry.db')),
        check: () => Promise.reject(new Error('no such table: secret')),
      },
    });
    for (const [url, status] of [
      ['/api/v1/incidents', 500],
      ['/', 500],
      ['/readyz', 503],
    ] as const) {
      const response = await broken.inject(url);
      expect(response.statusCode).toBe(status);
      expect(response.headers['content-type']).toMatch('application/problem+json');
      expect(response.body).not.toMatch(/secret|SELECT|\.db|at /);
    }
    await broken.close();
  });

  test('blind sources are told as blind, and their services as unknown', async () => {
    const blind = createServer({
      ...seeded.deps,
      health: () => [source('hn', { state: 'stale' }), source('x', { state: 'failed' })],
    });
    const { body } = await get('/api/v1/services/spotify', blind);
    expect(body.coverage).toEqual({ state: 'blind', sources: 2, alive: 0, blind: ['hn', 'x'] });
    expect(body.state).toBe('unknown');
    await blind.close();
  });
});

describe('pushing posts', () => {
  const push = (payload: string, type = 'application/x-ndjson', token: string | null = secret, server = app) =>
    server.inject({
      method: 'POST',
      url: '/api/v1/posts',
      payload,
      headers: { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });

  test('takes the good lines of a batch and tells the bad ones', async () => {
    const response = await push('{"text":"one"}\n{"no":"text"}\nnot json\n\n{"text":"two"}\n');
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({
      accepted: 2,
      rejected: 2,
      problems: [
        { field: 'line 2', message: 'text is missing: give the words of the post' },
        { field: 'line 3', message: 'line 3 is not JSON: send one object a line' },
      ],
    });
    expect(seeded.offered.map((p) => p.text)).toEqual(['one', 'two']);
  });

  test('a full queue is a 429 that says when to come back', async () => {
    const response = await push('[{"text":"three"},{"text":"four"}]', 'application/json');
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBe('5');
    expect(seeded.offered).toHaveLength(2);
    expect((await push('{"text":"three"}', 'application/json')).json()).toMatchObject({ accepted: 1, rejected: 0 });
  });

  test('a batch of too many posts is a 413, and none of them is taken', async () => {
    const before = seeded.offered.length;
    const many = await push('{"text":"one"}\n'.repeat(20_001));
    expect([many.statusCode, many.json().detail]).toEqual([413, expect.stringContaining('at most 20,000 posts')]);
    expect(seeded.offered).toHaveLength(before);
  });

  test('what is not stored for long is a 503 that says when to come back', async () => {
    const never = new Promise<void>(() => undefined);
    await expect(untilStored(never, 1)).rejects.toMatchObject({
      status: 503,
      extra: { headers: { 'retry-after': '5' } },
    });
    await untilStored(Promise.resolve(), 60_000);
  });

  test('a batch of which nothing can be taken is a 400', async () => {
    expect((await push('{"no":1}', 'application/json')).json()).toMatchObject({ status: 400 });
    expect((await push('')).statusCode).toBe(400);
  });

  test('needs a known token, and is off where there is no inbox', async () => {
    expect((await push('{"text":"x"}', undefined, null)).statusCode).toBe(401);
    const wrong = await push('{"text":"x"}', undefined, `${secret}x`);
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers['www-authenticate']).toMatch('Bearer');
    expect(wrong.body).not.toContain(secret);
    expect((await push('x', 'text/html')).statusCode).toBe(415);
    const off = createServer({ ...seeded.deps, inbox: null });
    const response = await push('{"text":"x"}', undefined, secret, off);
    expect(response.statusCode).toBe(404);
    expect(response.json().detail).toContain('push.tokens');
    await off.close();
  });

  test('a token of the store counts from the moment it is added until it is revoked, for its scopes only', async () => {
    const own = await openSeeded({ tokens: [] }, null);
    const server = createServer(own.deps);
    const status = async (token: string) => (await push('{"text":"x"}', undefined, token, server)).statusCode;
    const nobody = await push('{"text":"x"}', undefined, 'a-token', server);
    expect([nobody.statusCode, nobody.json().detail]).toEqual([404, expect.stringContaining('outcry token add')]);
    await own.write.addToken({ name: 'a', hash: hashToken('a-token'), scopes: ['posts'] }, asOf);
    await own.write.addToken({ name: 'b', hash: hashToken('b-token'), scopes: ['marks'] }, asOf);
    expect([await status('a-token'), await status('b-token'), await status('c-token')]).toEqual([202, 403, 401]);
    await own.write.revokeToken('a');
    expect(await status('a-token')).toBe(401);
    await server.close();
    await own.close();
  });
});
