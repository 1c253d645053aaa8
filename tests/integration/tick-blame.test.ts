// Who burns and who is only blamed: from what posts say of the cause to the incident that explains another.
import { expect, test } from 'vitest';
import { openReader } from '../../src/config/open-reader.js';
import { day, hour, minute } from '../../src/core/time.js';
import { readPost } from '../../src/pipeline/ingest.js';
import { createRandom, crowd, openWorld, type Said } from './tick-world.js';

const monday = Date.UTC(2026, 5, 1);
const quiet = 3 * day;
const then = monday + quiet + 9 * hour;
const until = then + 4 * hour;
const usual = (...services: string[]) =>
  services.flatMap((service, i) => crowd(createRandom(40 + i), { service, from: monday, to: until, perMinute: 0.02 }));
/** Every so many posts blame a service. */
const blaming = (said: Said[], every: number, cause: string) =>
  said.map((one, i) => (i % every === 0 ? { ...one, blames: [cause] } : one));

async function story(said: Said[]) {
  const world = await openWorld();
  await world.live(said, until);
  const incidents = await world.incidents();
  await world.leave();
  return new Map(incidents.map((incident) => [incident.service, incident]));
}
const burst = (seed: number, service: string, perMinute: number, more = {}) =>
  crowd(createRandom(seed), { service, from: then, to: then + 2 * hour, perMinute, rise: 10, ...more });

test('what every eighth report blames, and burns itself, is named as the likely cause', async () => {
  const found = await story([
    ...usual('discord', 'aws'),
    ...blaming(burst(1, 'discord', 4), 8, 'aws'),
    ...burst(2, 'aws', 3, { from: then - 5 * minute }),
  ]);
  expect(found.get('discord')?.possibleSpilloverOf).toEqual([{ service: 'aws', overlap: expect.closeTo(0.125, 1) }]);
  expect(found.get('aws')?.possibleSpilloverOf).toEqual([]);
  const [blamed, ...others] = found.get('discord')?.blamed ?? [];
  expect(blamed?.service).toBe('aws');
  expect((blamed?.reports ?? 0) / (found.get('discord')?.reports ?? 1)).toBeCloseTo(1 / 8, 1);
  expect(others).toEqual([]);
});

test('blame alone opens no incident and explains nothing, but is shown', async () => {
  const found = await story([...usual('discord', 'aws'), ...blaming(burst(1, 'discord', 4), 3, 'aws')]);
  expect([...found.keys()]).toEqual(['discord']);
  expect(found.get('discord')).toMatchObject({ possibleSpilloverOf: [], blamed: [{ service: 'aws' }] });
});

test('the classic trap: a content service burns worldwide, and people name nothing but their provider', async () => {
  const states = ['US-CA', 'US-TX', 'US-NY', 'US-WA', 'US-FL', 'US-IL'];
  const found = await story([
    ...usual('facebook', 'comcast'),
    ...burst(3, 'facebook', 12),
    ...burst(4, 'comcast', 2, { from: then + 5 * minute, regions: states }),
    // And who fails to open it suspects the line first.
    ...blaming(burst(5, 'facebook', 2), 1, 'comcast'),
  ]);
  expect(found.get('comcast')?.possibleSpilloverOf.map(({ service }) => service)).toEqual(['facebook']);
  expect(found.get('facebook')?.possibleSpilloverOf).toEqual([]);
  expect(found.get('facebook')?.blamed.map(({ service }) => service)).toEqual(['comcast']);
});

test('the model that ships tells who is blamed', () => {
  const reader = openReader({ catalog: { services: null }, classify: { model: null, public: null, support: null } });
  const said = {
    ...{ id: 'x:1', source: 'x', platform: 'bluesky', author: null, lang: 'en', context: null, place: null, url: null },
    ...{ createdAt: then, receivedAt: then, text: 'Snapchat is down for everyone here, is it AWS again?' },
  };
  const reports = readPost(said, reader);
  expect(reports).toEqual([expect.objectContaining({ service: 'snapchat', blames: ['aws'] })]);
});
