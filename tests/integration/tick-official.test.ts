// Crowd and official word together: what a provider admits confirms, what it denies holds nothing back, and a back-test agrees.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../../src/app.js';
import { onItsOwnClock } from '../../src/cli/replay.js';
import { storedSource } from '../../src/cli/stored-source.js';
import { readConfig } from '../../src/config/load.js';
import type { OfficialIncident } from '../../src/core/official.js';
import type { SourceContext, SourceItem } from '../../src/core/ports.js';
import { day, hour, minute } from '../../src/core/time.js';
import { sourceKinds } from '../../src/sources/index.js';
import { openStore } from '../../src/store/open.js';
import { notice as make } from '../contract/store.js';
import { createRandom, crowd, openWorld, outcomeOf, type Said } from './tick-world.js';

const monday = Date.UTC(2026, 5, 1);
const quiet = 4 * day;
const then = monday + quiet + 9 * hour + 13 * minute;
const end = monday + quiet + day;

/** Told 40 minutes after the crowd rose, of a start at that time. */
const notice = (more: Partial<OfficialIncident> = {}) =>
  make('1', then, { publishedAt: then + 40 * minute, receivedAt: then + 41 * minute, ...more });

/** A crowd on one platform only: by itself no more than a signal. */
const onePlatform = (): Said[] => [
  ...crowd(createRandom(11), { service: 'outlook', from: monday, to: end, perMinute: 0.02 }),
  ...crowd(createRandom(1), {
    ...{ service: 'outlook', from: then, to: then + 2 * hour, perMinute: 4, rise: 10, fall: 30 },
    platforms: ['bluesky'],
  }),
];

async function story(said: Said[], official: OfficialIncident[], db = ':memory:') {
  const world = await openWorld({ db });
  await world.live(said, end, official);
  const incidents = await world.incidents();
  const changes = await Promise.all(incidents.map(({ id }) => world.read.changes(id)));
  return { world, incidents, changes: changes.flat() };
}

test('a crowd on one platform is a signal; with what the provider admits it is confirmed, from when that was known', async () => {
  const alone = await story(onePlatform(), []);
  expect(alone.incidents).toHaveLength(1);
  expect(alone.changes.map(({ to }) => to)).toEqual(['signal', 'recovering', 'resolved']);
  await alone.world.leave();

  const both = await story(onePlatform(), [notice()]);
  expect(both.incidents).toHaveLength(1);
  expect(both.changes.map(({ to }) => to)).toEqual(['signal', 'confirmed', 'recovering', 'resolved']);
  const [signal, confirmed] = both.changes;
  expect(signal).toEqual(alone.changes[0]);
  expect(confirmed?.at).toBeGreaterThanOrEqual(then + 41 * minute);
  expect(confirmed?.at).toBeLessThan(then + 47 * minute);
  expect(confirmed?.reason).toMatch(/voices, and the status page of Outlook says: “Some users cannot sign in”$/);
  await both.world.leave();
});

test('official word alone opens nothing; "none" and "resolved" hold nothing back and close nothing', async () => {
  const nobody = crowd(createRandom(11), { service: 'outlook', from: monday, to: end, perMinute: 0.02 });
  const alone = await story(nobody, [notice({ impact: 'critical' })]);
  expect(alone.incidents).toEqual([]);
  await alone.world.leave();

  const said = onePlatform();
  const plain = await story(said, []);
  const green = await story(said, [notice({ impact: 'none' })]);
  expect(await outcomeOf(green.world)).toBe(await outcomeOf(plain.world));
  await green.world.leave();

  const ended = { state: 'resolved' as const, resolvedAt: then + 30 * minute, receivedAt: then + 45 * minute };
  const over = await story(said, [notice({ receivedAt: then + 20 * minute }), notice(ended)]);
  expect(over.changes.map(({ to }) => to)).toEqual(['signal', 'confirmed', 'recovering', 'resolved']);
  expect(over.incidents[0]?.resolvedAt).toBe(plain.incidents[0]?.resolvedAt);
  await plain.world.leave();
  await over.world.leave();
});

test('a back-test of what was stored finds the same again, reasons and all, although the page has changed its words since', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outcry-official-'));
  const db = join(folder, 'outcry.db');
  const later = notice({ title: 'A small hiccup', impact: 'minor', receivedAt: then + 3 * hour });
  const before = make('old', monday + quiet - hour, { receivedAt: monday + quiet - hour, impact: 'minor' });
  const first = await story(onePlatform(), [before, notice(), later], db);
  const expected = first.changes;
  expect(expected.some(({ reason }) => reason.includes('Some users cannot sign in'))).toBe(true);
  await first.world.leave();

  const played = await storedSource(db, monday);
  const kept = await openStore(db, { readOnly: true, regionPath: () => ['*'] });
  const reports = new Map((await kept.read.reports('outlook', 0, end)).map((row) => [row.postId, row]));
  await kept.read.close();
  /** What was stored, with the verdicts of then: they are not what is tested here. */
  async function* read(context: SourceContext): AsyncGenerator<SourceItem> {
    for await (const item of played.source.read(context)) {
      const row = item.post && reports.get(item.post.id);
      yield row ? { ...item, reports: [{ ...row, service: 'outlook', score: 0.9, why: [] }] } : item;
    }
  }
  const { source, clock } = onItsOwnClock({ ...played.source, read }, Number.POSITIVE_INFINITY);
  const config = { ...readConfig({ sources: [] }, sourceKinds, {}), db: ':memory:' };
  const app = await openApp(config, { clock, sources: [source], coverage: played.coverage, from: played.from });
  await app.run();
  const { items } = await app.read.incidents({ limit: 10 });
  expect((await Promise.all(items.map(({ id }) => app.read.changes(id)))).flat()).toEqual(expected);
  expect(items).toEqual(first.incidents);
  await app.stop();
  await played.close();
  rmSync(folder, { recursive: true });
});
