// What operators write over HTTP, on a real store: verdicts, notes and marks, once each.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMatcher } from '../../src/catalog/matcher.js';
import { correctedPosts, storedPosts } from '../../src/cli/corpora.js';
import { createServer } from '../../src/http/server.js';
import { hashToken } from '../../src/http/tokens.js';
import { batch, report, post as storedPost } from '../contract/store.js';
import { asOf, catalog, incident, openSeeded, resolved, type Seeded, secret, startedAt } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
  await seeded.write.addToken({ name: 'crawler', hash: hashToken('only-posts'), scopes: ['posts'] }, asOf);
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

async function post(path: string, payload: unknown, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: 'POST',
    url: `/api/v1/${path}`,
    payload: JSON.stringify(payload),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

describe('verdicts', () => {
  const verdict = (id: string, said: unknown, token = secret) =>
    post(`posts/${encodeURIComponent(id)}/verdict`, said, { authorization: `Bearer ${token}` });
  const counted = async () => (await seeded.read.tally('outlook', startedAt, asOf)).reports;

  test('replace what the classifier said, repair the counts, and are learnt from', async () => {
    const id = 'test:plain';
    const text = 'outlook is down, I cannot log in, is anyone else having problems?';
    const plain = storedPost('plain', asOf - 60_000, { text });
    await seeded.write.ingest(batch({ posts: [plain], reports: [report('plain')] }));
    await seeded.write.ingest(
      batch({ posts: ['copied', 'again'].map((id) => storedPost(id, asOf - 59_000, { text: 'copy' })) }),
    );
    const before = await counted();
    expect((await verdict(id, { kind: 'other' })).body).toEqual({ id, kind: 'other', services: [] });
    expect(await counted()).toBe(before - 1);
    expect((await verdict(id, { kind: 'news' })).body).toEqual({ id, kind: 'news', services: ['outlook'] });
    expect(await counted()).toBe(before - 1);
    expect(await correctedPosts(seeded.read, createMatcher(catalog))).toMatchObject([
      { id, kind: 'news', subjects: ['outlook'], written: false, sure: true, mentions: [{ service: 'outlook' }] },
    ]);
    const corrected = await correctedPosts(seeded.read, createMatcher(catalog));
    const uncorrected = await storedPosts(seeded.read, createMatcher(catalog), corrected);
    expect(uncorrected.length).toBeGreaterThan(0);
    expect(uncorrected.map((p) => p.text)).not.toContain(text);
    expect(uncorrected.filter((p) => p.text === 'copy')).toHaveLength(1);
    expect((await storedPosts(seeded.read, createMatcher(catalog), [])).map((p) => p.text)).toContain(text);
    const elsewhere = await verdict(id, { kind: 'report', services: ['azure', 'azure'] });
    expect(elsewhere.body).toEqual({ id, kind: 'report', services: ['azure'] });
    expect((await seeded.read.tally('azure', startedAt, asOf)).reports).toBe(1);
    expect((await verdict(id, { kind: null })).body).toMatchObject({ kind: null, services: ['outlook'] });
    expect(await counted()).toBe(before);
    expect(await correctedPosts(seeded.read, createMatcher(catalog))).toEqual([]);
  });

  test('are refused with the way out', async () => {
    expect(await verdict('replay:none', { kind: 'news' })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'path.id', value: 'replay:none' }] },
    });
    expect((await verdict('replay:0', { kind: 'newz' })).body.detail).toContain('report, question, news');
    expect((await verdict('replay:0', { kind: 'news', services: ['outlok'] })).body).toMatchObject({
      status: 400,
      errors: [{ field: 'body.services.0', value: 'outlok', allowed: ['outlook'] }],
    });
    expect((await verdict('replay:0', {})).status).toBe(400);
    expect((await verdict('replay:0', { kind: 'news' }, 'only-posts')).status).toBe(403);
    expect((await verdict('replay:0', { kind: 'nothing' }, 'wrong')).status).toBe(401);
  });
});

describe('notes and marks', () => {
  const path = `incidents/${incident.id}`;
  const seen = async () => (await app.inject(`/api/v1/${path}`)).json();

  test('stand beside the incident, in the API and escaped on its page', async () => {
    expect((await post(`${path}/note`, { text: ' <img src=x onerror=alert(1)>\u0000 ' })).status).toBe(200);
    const marked = await post(`${path}/mark`, { mark: 'merged', target: resolved.id });
    const at = '2026-07-12T12:00:30.000Z';
    const remarks = {
      notes: [{ at, text: '<img src=x onerror=alert(1)>\ufffd' }],
      mark: { at, mark: 'merged', target: resolved.id },
    };
    expect(marked.body).toEqual(remarks);
    expect(await seen()).toMatchObject({ ...remarks, state: 'confirmed' });
    expect(JSON.stringify(marked.body)).not.toContain('test');
    const page = (await app.inject(`/incidents/${incident.id}`)).body;
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toContain(`a part of <a href="/incidents/${resolved.id}">`);
    expect((await post(`${path}/mark`, { mark: null })).body.mark).toBeNull();
  });

  test.each([
    ['note', { text: ' ' }, 400, 'body.text'],
    ['note', { text: 'x'.repeat(2001) }, 400, 'body.text'],
    ['note', {}, 400, 'body.text'],
    ['mark', { mark: 'wrong' }, 400, 'body.mark'],
    ['mark', { mark: 'merged' }, 400, 'body.target'],
    ['mark', { mark: 'merged', target: incident.id }, 400, 'body.target'],
    ['mark', { mark: 'merged', target: 'none' }, 400, 'body.target'],
    ['mark', { mark: 'false-alarm', target: resolved.id }, 400, 'body.target'],
  ])('%s %j is refused', async (verb, body, status, field) => {
    expect(await post(`${path}/${verb}`, body)).toMatchObject({ status, body: { errors: [{ field }] } });
  });

  test('need their scope and a known incident', async () => {
    const other = { authorization: 'Bearer only-posts' };
    expect((await post(`${path}/note`, { text: 'x' }, other)).status).toBe(403);
    expect((await post('incidents/none/note', { text: 'x' })).status).toBe(404);
  });
});

describe('Idempotency-Key', () => {
  const note = (text: string, key: string, headers: Record<string, string> = {}) =>
    post(`incidents/${resolved.id}/note`, { text }, { 'idempotency-key': key, ...headers });

  test('the same request again gets the first answer and does nothing', async () => {
    const first = await note('once', 'key-1');
    const again = await note('once', 'key-1');
    expect([first.status, first.headers['idempotency-replayed']]).toEqual([200, undefined]);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await seeded.read.remarks(resolved.id)).notes).toHaveLength(1);
    expect((await note('twice', 'key-2')).body.notes).toHaveLength(2);
  });

  test('another body, or another route, under the same key is a 422', async () => {
    await note('a', 'key-3');
    expect(await note('b', 'key-3')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'header.idempotency-key' }] },
    });
    const mark = await post(`incidents/${resolved.id}/mark`, { mark: null }, { 'idempotency-key': 'key-3' });
    expect(mark.status).toBe(422);
  });

  test('two at once are done once: the second is told to wait or gets the answer of the first', async () => {
    const before = (await seeded.read.remarks(resolved.id)).notes.length;
    const both = await Promise.all([note('race', 'key-4'), note('race', 'key-4')]);
    expect(both.map((r) => r.status).filter((s) => s === 200).length).toBeGreaterThanOrEqual(1);
    for (const { status } of both) expect([200, 409]).toContain(status);
    expect((await seeded.read.remarks(resolved.id)).notes).toHaveLength(before + 1);
  });

  test("a refused request is not kept, a stranger gets nobody else's answer, and a key has bounds", async () => {
    expect((await note('', 'key-5')).status).toBe(400);
    expect((await note('mended', 'key-5')).status).toBe(200);
    expect((await note('once', 'key-1', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await note('x', 'k'.repeat(256))).status).toBe(400);
    await seeded.write.addToken({ name: 'other', hash: hashToken('other-token'), scopes: ['marks'] }, asOf);
    const other = await note('mine', 'key-1', { authorization: 'Bearer other-token' });
    expect([other.status, other.headers['idempotency-replayed']]).toEqual([200, undefined]);
  });

  test('holds for pushed posts too', async () => {
    const push = () => post('posts', { text: 'one' }, { 'idempotency-key': 'key-6' });
    const first = await push();
    expect([first.status, (await push()).body]).toEqual([202, first.body]);
    expect(seeded.offered).toHaveLength(1);
  });
});
