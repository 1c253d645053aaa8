// A citation's permalink: what was known when it was made, whatever becomes known later.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { minute, toIso } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { batch, outcome } from '../contract/store.js';
import { asOf, incident, notice, openSeeded, type Seeded, seed, startedAt } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
let base: string;
let now = asOf + 30_000;

/** Judges a step: the incident as it is known from `at` on. */
const tell = (at: number, more: Partial<typeof incident>) =>
  seeded.write.judge(outcome({ judgedUntil: at - minute, judgedAt: at, incidents: [{ ...incident, ...more }] }));
const note = (at: number, text: string) => seeded.write.addNote(incident.id, { at, text, by: 'test' });
const get = async (path: string) => {
  const response = await fetch(new URL(path, base));
  return { status: response.status, body: await response.text() };
};
const json = async (path: string) => JSON.parse((await get(path)).body);
const api = `/api/v1/incidents/${incident.id}`;

interface Cited {
  text: string;
  hash: string;
  permalink: string;
  reports: number;
}
let cited: Cited;

beforeAll(async () => {
  seeded = await openSeeded({ clock: { now: () => now } }, async (write) => {
    await seed(write);
    // As it stood an hour before the rest of the day was judged.
    const earlier = { ...incident, state: 'signal' as const, reports: 41, authors: 38, platforms: ['bluesky'] };
    await write.judge(outcome({ judgedUntil: asOf, judgedAt: incident.detectedAt, incidents: [earlier] }));
    await write.judge(outcome({ judgedUntil: asOf, judgedAt: asOf, incidents: [incident] }));
  });
  app = createServer(seeded.deps);
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  await note(asOf - minute, 'Noted before.');
  cited = await json(`${api}/cite`);
  // Life goes on, and what was kept in memory is forgotten.
  await app.close();
  app = createServer(seeded.deps);
  await app.listen({ host: '127.0.0.1', port: Number(new URL(base).port) });
  now = asOf + 60 * minute;
  const at = asOf + 30 * minute;
  await tell(asOf + 6 * minute, { reports: 900, authors: 850 });
  await tell(at, { state: 'resolved', resolvedAt: at, reports: 900, authors: 850, regions: ['GB'] });
  const change = {
    incident: incident.id,
    at,
    from: 'confirmed' as const,
    to: 'resolved' as const,
    reason: 'calm again',
  };
  await seeded.write.judge(outcome({ judgedUntil: at, judgedAt: at, changes: [change] }));
  await note(at, 'Noted after.');
  await seeded.write.setMark(incident.id, { mark: 'false-alarm', target: null, at, by: 'test' });
  const over = { ...notice, state: 'resolved' as const, resolvedAt: at, updatedAt: at, receivedAt: at };
  const later = { ...notice, id: 'pages:outlook/later', title: 'Told afterwards', receivedAt: at };
  await seeded.write.ingest(batch({ official: [over, later] }));
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

test('the API tells the facts of then under the hash of the citation, with a way to the facts of now', async () => {
  const { search } = new URL(cited.permalink);
  const then = await json(api + search);
  expect(cited).toMatchObject({ reports: 334, permalink: `${base}/incidents/${incident.id}?at=${toIso(asOf)}` });
  expect(then).toMatchObject({ state: 'confirmed', reports: 334, authors: 320, resolvedAt: null, regions: ['*'] });
  expect(then.hash).toBe(cited.hash);
  expect(then.notes.map((n: { text: string }) => n.text)).toEqual(['Noted before.']);
  expect(then.mark).toBeNull();
  expect(then.official).toMatchObject([{ id: notice.id, state: 'identified', resolvedAt: null }]);
  expect(then.frozen).toMatchObject({ at: toIso(asOf), permalink: cited.permalink, live: `${base}${api}` });
  expect(then.frozen.timeline.map((c: { to: string }) => c.to)).toEqual(['signal', 'confirmed']);
  const live = await json(then.frozen.live);
  expect(live).toMatchObject({ state: 'resolved', reports: 900, frozen: null, mark: { mark: 'false-alarm' } });
  expect(live.official.map((o: { title: string }) => o.title)).toContain('Told afterwards');
  expect(live.hash).not.toBe(cited.hash);
  expect(live.hash).toBe((await json(`${api}/cite`)).hash);
});

test('the page says plainly that it is frozen, shows what was known, and leads to the live one', async () => {
  const { status, body } = await get(cited.permalink);
  expect(status).toBe(200);
  expect(body).toContain(
    '<strong>Frozen.</strong> This is what Outcry knew at <time datetime="2026-07-12T12:00:00.000Z"',
  );
  expect(body).toContain(`<a href="/incidents/${incident.id}">What it knows now</a>`);
  expect(body).toContain(`<code>${cited.hash}</code>`);
  expect(body).toContain('>320</data> people');
  expect(body).toContain('Noted before.');
  for (const later of ['900', '850', 'calm again', 'Noted after.', 'false alarm', 'Told afterwards', '<script>alert'])
    expect(body, later).not.toContain(later);
  expect(body).toContain('Posts are not frozen');
  expect((await get(`${api}/evidence?until=${toIso(asOf)}`)).status).toBe(200);
});

test('each moment has what was known in it', async () => {
  const at = async (t: number) =>
    (await json(`${api}?at=${toIso(t)}`)) as { reports: number; frozen: { since: string } };
  expect(await at(startedAt + 20 * minute)).toMatchObject({
    ...{ state: 'signal', reports: 41, platforms: ['bluesky'], official: [], leadMs: null },
    frozen: { since: toIso(incident.detectedAt), timeline: [{ to: 'signal' }] },
  });
  expect(await at(asOf + 10 * minute)).toMatchObject({
    state: 'confirmed',
    reports: 900,
    frozen: { since: toIso(asOf + 6 * minute) },
  });
  expect(await at(asOf + 31 * minute)).toMatchObject({ state: 'resolved', reports: 900 });
  expect(await json(`${api}?at=20m`)).toMatchObject({ state: 'resolved', frozen: { at: toIso(asOf + 40 * minute) } });
});

test('what was not known, or lies ahead, or is no time is refused with the way out', async () => {
  for (const path of [api, `/incidents/${incident.id}`]) {
    const refused = async (query: string) => {
      const { status, body } = await get(`${path}?${query}`);
      return [status, JSON.parse(body).errors[0].field, JSON.parse(body).detail];
    };
    expect(await refused('at=2026-07-12T09:00:00Z')).toEqual([
      ...[404, 'query.at'],
      'nothing was known of it then: Outcry raised it at 2026-07-12T09:20:00.000Z',
    ]);
    expect(await refused('at=2027-01-01T00:00:00Z')).toEqual([400, 'query.at', expect.stringContaining('lies ahead')]);
    expect(await refused('at=lately')).toEqual([400, 'query.at', expect.stringContaining('give a time like')]);
  }
  const both = await get(`/incidents/${incident.id}?at=20m&since=1h`);
  expect([both.status, JSON.parse(both.body).errors[0].field]).toEqual([400, 'query.at']);
});
