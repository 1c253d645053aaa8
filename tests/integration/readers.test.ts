// Readers' own reports: from the request to the counts, limited by address, and never enough to confirm alone.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type App, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config/load.js';
import { hour, minute } from '../../src/core/time.js';
import { weighEvidence } from '../../src/detect/evidence.js';
import { level } from '../../src/detect/lifecycle.js';
import { createServer } from '../../src/http/server.js';
import { hashToken } from '../../src/http/tokens.js';
import { sourceKinds } from '../../src/sources/index.js';
import { openSeeded, type Seeded, secret } from './http-seed.js';

let seeded: Seeded;
let server: FastifyInstance;
let app: App;
let running: Promise<void>;
const now = Date.parse('2026-07-12T09:00:00Z');
beforeAll(async () => {
  // The limits go by the machine's clock.
  vi.useFakeTimers({ toFake: ['Date'], now });
  seeded = await openSeeded();
  server = createServer(seeded.deps);
  const raw = { sources: [], db: ':memory:', log: 'silent', readers: { reports: true } };
  app = await openApp(readConfig({ ...raw, listen: { proxies: ['127.0.0.1'] } }, sourceKinds), {
    clock: { now: () => now },
  });
  running = app.run();
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
  await seeded.close();
  await app.stop();
  await running;
});

const report = (body: object, headers: Record<string, string> = {}, from = app.server) =>
  from.inject({ method: 'POST', url: '/api/v1/reports', payload: body, headers });
const by = (address: string) => ({ 'x-forwarded-for': address });

test('are off until the config says otherwise', async () => {
  const response = await report({ service: 'outlook' }, {}, server);
  expect([response.statusCode, response.json().detail]).toEqual([404, expect.stringContaining('readers.reports')]);
});

test('are limited by address, and the address is forgotten', async () => {
  const codes: number[] = [];
  for (let i = 0; i < 6; i++) codes.push((await report({ service: 'outlook' }, by('192.0.2.7'))).statusCode);
  expect(codes).toEqual([202, 202, 202, 202, 202, 429]);
  const late = await report({ service: 'outlook' }, by('192.0.2.7'));
  expect(late.headers).toMatchObject({
    'retry-after': '3600',
    'ratelimit-limit': '5',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '3600',
  });
  expect(late.json().detail).toContain('5 reports an hour');
  const household = await report({ service: 'outlook' }, by('2001:db8::1'));
  expect([household.statusCode, household.headers['ratelimit-remaining']]).toEqual([202, '4']);
  expect((await report({ service: 'outlook' }, by('2001:db8::2'))).headers['ratelimit-remaining']).toBe('3');
  expect((await report({ service: 'outlok' }, by('2001:db8::2'))).statusCode).toBe(400);
  expect((await report({ service: 'outlook' }, by('2001:db8::2'))).headers['ratelimit-remaining']).toBe('2');
  vi.setSystemTime(now + hour);
  expect((await report({ service: 'outlook' }, by('192.0.2.7'))).statusCode).toBe(202);
});

test('are refused with the way out', async () => {
  for (const [body, field, words] of [
    [{}, 'body.service', 'service is missing'],
    [{ service: 'outlok' }, 'body.service', 'did you mean outlook?'],
    [{ service: 'outlook', region: 'Mars' }, 'body.region', 'ISO 3166'],
    [{ service: 'outlook', symptom: 'sad' }, 'body.symptom', 'login'],
    [{ service: 'outlook', text: 'x'.repeat(501) }, 'body.text', '500'],
    [{ service: 'outlook', author: 'me' }, 'body.author', 'unknown key'],
  ] as const) {
    const { statusCode, ...response } = await report(body, by('192.0.2.8'));
    expect([statusCode, response.json().errors[0].field]).toEqual([400, field]);
    expect(response.json().detail).toContain(words);
  }
});

test('a page of another site cannot send them for its visitors; ours can', async () => {
  const from = by('192.0.2.9');
  const foreign = { ...from, origin: 'https://evil.example', host: 'outcry.example' };
  expect((await report({ service: 'outlook' }, foreign)).statusCode).toBe(403);
  expect((await report({ service: 'outlook' }, { ...from, 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  expect((await report({ service: 'outlook' }, { ...from, origin: 'null' })).statusCode).toBe(403);
  const own = { ...from, origin: 'https://outcry.example', host: 'outcry.example', 'sec-fetch-site': 'same-origin' };
  expect((await report({ service: 'outlook' }, own)).statusCode).toBe(202);
});

test('come from the form of our page too, without a script, and from no other form', async () => {
  const form = (fields: string, headers: Record<string, string>) =>
    report(fields as never, { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers });
  const own = { ...by('192.0.2.20'), origin: 'http://outcry.example', host: 'outcry.example' };
  const taken = await form('service=outlook&symptom=login&region=&text=', own);
  expect([taken.statusCode, taken.headers.location]).toEqual([303, '/services/outlook?reported=1#report']);
  const page = await form('service=outlok', own);
  expect([page.statusCode, page.headers['content-type']]).toEqual([400, expect.stringContaining('text/html')]);
  expect(page.body).toContain('did you mean outlook?');
  for (const origin of [{}, { origin: 'null' }, { origin: 'https://evil.example' }] as Record<string, string>[])
    expect((await form('service=outlook', { ...by('192.0.2.21'), ...origin })).statusCode).toBe(403);
});

test('are counted with the verdict that the reader gives, one author an address, and make nothing seem heard', async () => {
  const said = { service: 'netflix', symptom: 'playback', region: 'gb', text: '<b>nothing plays</b>\ud800' };
  expect((await report(said, by('192.0.2.10'))).json()).toEqual({
    service: 'netflix',
    symptom: 'playback',
    region: 'GB',
  });
  await report({ service: 'netflix' }, by('192.0.2.10'));
  await report({ service: 'netflix' }, by('192.0.2.11'));
  // An answer means that it is stored: no waiting.
  const counted = await app.read.activity(0, now + 1);
  expect(counted.find((a) => a.service === 'netflix')).toMatchObject({ reports: 3, authors: 2 });
  const { items } = await app.read.evidence('netflix', 0, now + 1, { limit: 10 });
  expect(items.find((e) => e.text !== '')).toMatchObject({
    ...{ platform: 'reader', source: 'readers', kind: 'report', score: 1, symptom: 'playback', region: 'GB' },
    text: '<b>nothing plays</b>\ufffd',
  });
  expect(JSON.stringify(await app.read.reports('netflix', 0, now + 1))).not.toContain('192.0.2');
  expect(await app.read.seen(0, now + hour)).toEqual([]);
});

test('never confirm an incident alone, however many they are', () => {
  const words = ['nothing plays since noon', 'cannot sign in any more', 'error on every film', 'app closes at once'];
  const rows = Array.from({ length: 400 }, (_, i) => ({
    ...{ postId: `readers:${i}`, author: `a${i}`, source: 'readers', platform: 'reader', createdAt: i },
    ...{ text: `${words[i % 4]} ${i.toString(36)}`, kind: 'report' as const, symptom: 'down' as const, region: null },
  }));
  const evidence = weighEvidence(rows, { expected: 0.1 });
  expect(evidence.classes).toEqual(['reader']);
  expect(level({ evidence })).not.toBe('confirmed');
});

test('a token of the scope sends without the limit, as nobody in particular', async () => {
  const offered: (string | null)[] = [];
  const readers = {
    authorOf: (address: string) => address,
    offer: ({ author }: { author: string | null }) => (offered.push(author) < 9 ? Promise.resolve() : null),
  };
  const own = createServer({ ...seeded.deps, readers });
  await seeded.write.addToken({ name: 'kiosk', hash: hashToken('kiosk-token'), scopes: ['reports'] }, now);
  const send = (token: string) => report({ service: 'outlook' }, { authorization: `Bearer ${token}` }, own);
  for (let i = 0; i < 8; i++) expect((await send('kiosk-token')).statusCode).toBe(202);
  expect(new Set(offered)).toEqual(new Set([null]));
  const full = await send('kiosk-token');
  expect([full.statusCode, full.headers['retry-after']]).toEqual([429, '5']);
  expect((await send('wrong-token')).statusCode).toBe(401);
  await own.close();
});

test('reads are limited by address where the config says so, a token lifts the limit, and pages are free', async () => {
  const limited = createServer({ ...seeded.deps, readsPerMinute: 2 });
  const read = (url: string, headers: Record<string, string> = {}) => limited.inject({ url, headers });
  const first = await read('/api/v1/regions?limit=1');
  expect([first.statusCode, first.headers['ratelimit-limit'], first.headers['ratelimit-remaining']]).toEqual([
    200,
    '2',
    '1',
  ]);
  // Kept answers carry nobody's numbers.
  const kept = await read('/api/v1/regions?limit=1');
  expect([kept.statusCode, kept.headers['ratelimit-remaining']]).toEqual([200, undefined]);
  expect((await read('/feeds/incidents.atom')).headers['ratelimit-remaining']).toBe('0');
  const late = await read('/api/v1/regions?limit=3');
  expect([late.statusCode, late.headers['retry-after'], late.json().detail]).toEqual([
    429,
    '60',
    expect.stringContaining('2 times a minute'),
  ]);
  expect((await read('/')).statusCode).toBe(200);
  expect((await read('/api/v1/regions?limit=3', { authorization: `Bearer ${secret}` })).statusCode).toBe(200);
  expect((await read('/api/v1/regions?limit=4', { authorization: 'Bearer wrong' })).statusCode).toBe(429);
  vi.setSystemTime(Date.now() + minute);
  expect((await read('/api/v1/regions?limit=3')).statusCode).toBe(200);
  await limited.close();
});
