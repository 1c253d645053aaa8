// Lists: every filter on every list and on the stream, orders that hold over pages, and the forms for maps and analysts.
import type { FastifyInstance } from 'fastify';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minute } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { batch, outcome, post, report } from '../contract/store.js';
import { asOf, incident, openSeeded, resolved, type Seeded, seed, startedAt } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;

const paypal = { ...incident, id: 'paypal-20260712T1130Z', service: 'paypal', startedAt: asOf - 30 * minute };
const spike = { service: 'paypal', startedAt: paypal.startedAt, detectedAt: paypal.startedAt, peakAt: asOf };

/** Beside the day of the seed an incident that two sources tell of, in two languages and a region of its own. */
beforeAll(async () => {
  seeded = await openSeeded({}, async (write) => {
    await seed(write);
    const posts = [
      post('p1', asOf - 20 * minute, { source: 'hn', lang: 'pt-BR' }),
      post('p2', asOf - 19 * minute, { source: 'reddit', lang: 'en' }),
    ];
    const verdict = { service: 'paypal', region: 'BR-SP', symptom: 'payment' } as const;
    await write.ingest(batch({ posts, reports: [report('p1', verdict), report('p2', verdict)] }));
    await write.judge(
      outcome({
        judgedUntil: asOf,
        judgedAt: asOf,
        incidents: [
          {
            ...paypal,
            ...{ regions: ['BR-SP', 'PT'], authors: 2, reports: 2, surprise: 9, state: 'watch' },
            ...{ symptoms: { payment: 2 }, platforms: ['bluesky', 'reddit.com', 'news.ycombinator.com'] },
          },
        ],
        spikes: [
          {
            ...spike,
            id: 'paypal/BR/1',
            region: 'BR',
            endedAt: null,
            surprise: 9,
            reports: 2,
            expected: 0.1,
            authors: 2,
          },
          {
            ...spike,
            id: 'paypal/PT/1',
            region: 'PT',
            endedAt: asOf,
            surprise: 7,
            reports: 0,
            expected: 0,
            authors: 0,
          },
        ].map((s) => ({ ...s, heldBack: null })),
      }),
    );
    await write.setMark(resolved.id, { mark: 'false-alarm', target: null, at: asOf, by: 'test' });
  });
  app = createServer(seeded.deps);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

const items = async (path: string) => (await app.inject(`/api/v1/${path}`)).json().items;
const services = async (path: string) => (await items(path)).map((i: { service: string }) => i.service);

describe('filters', () => {
  const values = {
    ...{ service: 'outlook', category: 'email', region: 'GB', state: 'open', since: '7d', until: '1m' },
    ...{ min_authors: '1', min_sources: '1', min_surprise: '1', symptom: 'login', lang: 'en' },
  };
  const time = ['since', 'until'];
  const episodes = Object.keys(values);
  /** What each list and the stream can be narrowed by; the rest would mean nothing for what it holds. */
  const known: [path: string, filters: string[]][] = [
    ['/api/v1/incidents', episodes],
    ['/api/v1/spikes', episodes],
    ['/api/v1/annotations', episodes],
    ['/feeds/incidents.atom', episodes],
    ['/api/v1/stream', episodes.filter((name) => !time.includes(name))],
    [`/api/v1/incidents/${incident.id}/evidence`, ['region', 'symptom', 'lang', ...time]],
    [`/api/v1/incidents/${incident.id}/timeline`, ['state', ...time]],
    ['/api/v1/official', ['service', 'category', 'state', ...time]],
    ['/api/v1/services', ['category', 'region', 'state', 'min_authors']],
    ['/api/v1/regions', []],
    ['/api/v1/sources', ['state']],
    ['/api/v1/series?service=outlook', ['service', 'region', ...time]],
    ['/api/v1/summary', []],
  ];
  const states: Record<string, string> = { timeline: 'signal', sources: 'healthy' };

  test.each(known)('%s takes those that mean something there, and names those that it refuses', async (path, taken) => {
    for (const [name, value] of Object.entries(values)) {
      if (name === 'service' && path.includes('service=')) continue;
      const given = name === 'state' ? (states[path.split('/').at(-1) as string] ?? value) : value;
      const url = `${path}${path.includes('?') ? '&' : '?'}${name}=${given}`;
      // The stream never ends: that it takes a filter is seen by a wrong value beside it.
      const isStream = path.endsWith('stream');
      const answer = await app.inject(isStream ? `${url}&lang=-` : url);
      if (!isStream && taken.includes(name)) {
        expect(answer.statusCode, url).toBe(200);
        continue;
      }
      expect(answer.statusCode, url).toBe(400);
      const fields = answer.json().errors.map((e: { field: string }) => e.field);
      const refused = expect.arrayContaining([`query.${name}`]);
      if (name !== 'lang' && taken.includes(name)) expect(fields, url).not.toEqual(refused);
      else expect(fields, url).toEqual(refused);
    }
  });

  test('a timeline is narrowed by time and by the state that was reached', async () => {
    const reached = async (query: string) =>
      (await items(`incidents/${incident.id}/timeline?${query}`)).map((c: { to: string }) => c.to);
    const confirmedAt = new Date(startedAt + 60 * minute).toISOString();
    expect(await reached('')).toEqual(['signal', 'confirmed']);
    expect(await reached(`since=${confirmedAt}`)).toEqual(['confirmed']);
    expect(await reached(`until=${confirmedAt}`)).toEqual(['signal']);
    expect(await reached('state=confirmed')).toEqual(['confirmed']);
    expect(await reached('state=resolved')).toEqual([]);
  });

  const wanted: [query: string, services: string[]][] = [
    ['service=paypal', ['paypal']],
    ['category=payments', ['paypal']],
    ['category=payments&service=outlook', []],
    ['region=BR-RJ', ['outlook']],
    ['region=BR', ['paypal', 'outlook']],
    ['state=watch', ['paypal']],
    ['state=open', ['outlook', 'paypal']],
    ['since=1h', ['paypal', 'outlook']],
    ['until=8h', ['spotify']],
    ['min_authors=3', ['outlook', 'spotify']],
    ['min_sources=2', ['paypal']],
    ['min_sources=3', []],
    ['min_platforms=3', ['paypal']],
    ['min_surprise=10', ['outlook', 'spotify']],
    ['symptom=payment', ['paypal']],
    ['lang=pt', ['paypal']],
    ['lang=pt-PT', []],
  ];

  test.each(wanted)('%s narrows incidents in every form', async (query, expected) => {
    expect(await services(`incidents?${query}`)).toEqual(expected);
    const csv = (await app.inject(`/api/v1/incidents?${query}&format=csv&fields=service`)).body;
    expect(csv.trimEnd().split('\r\n').slice(1)).toEqual(expected);
    const feed = (await app.inject(`/feeds/incidents.json?${query}`)).json();
    expect(feed.items.map((i: { tags: string[] }) => i.tags[0]).sort()).toEqual([...expected].sort());
    const notes = (await app.inject(`/api/v1/annotations?${query}`)).json();
    expect(notes.map((a: { tags: string[] }) => a.tags[0]).sort()).toEqual([...expected].sort());
  });

  test.each([
    ['region=BR', ['paypal/BR/1']],
    ['category=payments&open=false', ['paypal/PT/1']],
    ['min_sources=2', ['paypal/BR/1']],
    ['symptom=payment&min_surprise=8', ['paypal/BR/1']],
    ['lang=pt', ['paypal/BR/1']],
    ['since=1m&service=paypal', ['paypal/PT/1', 'paypal/BR/1']],
    ['min_authors=300', [`outlook/*/${startedAt}`]],
  ])('%s narrows spikes', async (query, expected) => {
    expect((await items(`spikes?${query}`)).map((s: { id: string }) => s.id)).toEqual(expected);
  });

  test('services are narrowed by how they fare and where they are at home', async () => {
    expect((await items('services?state=open')).map((s: { id: string }) => s.id)).toEqual(['outlook', 'paypal']);
    expect((await items('services?min_authors=3')).map((s: { id: string }) => s.id)).toEqual(['outlook']);
    const isps = await items('services?category=isp&region=GB-ENG&limit=1000');
    expect(isps.length).toBeGreaterThan(3);
    for (const { regions } of isps)
      expect(regions === null || regions.some((r: string) => r.startsWith('GB'))).toBe(true);
  });

  test('evidence is narrowed by what a post says, where and when', async () => {
    const ids = async (query: string) =>
      (await items(`incidents/${paypal.id}/evidence?${query}`)).map((e: { id: string }) => e.id);
    expect(await ids('')).toEqual(['test:p2', 'test:p1']);
    expect(await ids('lang=pt')).toEqual(['test:p1']);
    expect(await ids('region=BR')).toEqual(['test:p2', 'test:p1']);
    expect(await ids('region=PT')).toEqual([]);
    expect(await ids('symptom=login')).toEqual([]);
    expect(await ids('platform=bluesky')).toEqual([]);
    expect(await ids(`until=${encodeURIComponent(new Date(asOf - 20 * minute + 1).toISOString())}`)).toEqual([
      'test:p1',
    ]);
  });

  test('an odd language is refused, not searched for', async () => {
    const response = await app.inject('/api/v1/incidents?lang=%25');
    expect([response.statusCode, response.json().errors[0].field]).toEqual([400, 'query.lang']);
  });
});

describe('order', () => {
  const follow = async (path: string) => {
    const all: { service: string; id: string }[] = [];
    for (let url: string | null = `/api/v1/${path}`; url; ) {
      const response: Awaited<ReturnType<typeof app.inject>> = await app.inject(url);
      expect(response.statusCode, response.body).toBe(200);
      all.push(...response.json().items);
      url = /<(.*)>/.exec(String(response.headers.link ?? ''))?.[1] ?? null;
    }
    return all;
  };

  test.each([
    ['incidents?sort=authors&limit=1', ['paypal', 'spotify', 'outlook']],
    ['incidents?sort=-authors&limit=1', ['outlook', 'spotify', 'paypal']],
    ['incidents?sort=startedAt&limit=2', ['spotify', 'outlook', 'paypal']],
    ['incidents?state=open&sort=-startedAt&limit=1', ['paypal', 'outlook']],
    ['spikes?sort=-surprise&limit=1', ['outlook', 'chase', 'paypal', 'paypal']],
  ])('%s holds over its pages', async (path, expected) => {
    expect((await follow(path)).map((i) => i.service)).toEqual(expected);
  });

  test('lists held in memory are ordered and paged too', async () => {
    const busiest = await items('services?sort=-authorsLastHour&limit=2');
    expect(busiest.map((s: { id: string }) => s.id)).toEqual(['outlook', 'paypal']);
    expect(await follow('services?sort=name&limit=100')).toHaveLength(seeded.deps.catalog.services.length);
    expect((await items('regions?sort=-code&limit=1'))[0].code).toBe('ZW-MW');
    const [first, second] = await items(`incidents/${resolved.id}/timeline?sort=-at`);
    expect([first.to, second.to]).toEqual(['resolved', 'signal']);
    expect(await items('sources?sort=-posts&limit=1&fields=name')).toEqual([{ name: 'replay' }]);
  });

  test('a key that there is not, and a cursor of another order, are told', async () => {
    const wrong = (await app.inject('/api/v1/incidents?sort=age')).json();
    expect(wrong.errors[0]).toMatchObject({ field: 'query.sort', value: 'age' });
    expect(wrong.errors[0].allowed).toContain('-authors');
    for (const [path, other] of [
      ['incidents', 'authors'],
      ['services', 'name'],
    ]) {
      const { next } = (await app.inject(`/api/v1/${path}?limit=1&sort=-${other}`)).json();
      const response = await app.inject(`/api/v1/${path}?limit=1&sort=${other}&cursor=${next}`);
      expect([response.statusCode, response.json().detail]).toEqual([400, expect.stringContaining('of another order')]);
    }
  });
});

test('an incident in a list shows what operators mark it as', async () => {
  const listed: { id: string; mark: unknown }[] = await items('incidents');
  expect(listed.find((i) => i.id === resolved.id)?.mark).toMatchObject({ mark: 'false-alarm' });
  expect(listed.find((i) => i.id === incident.id)?.mark).toBeNull();
});

describe('GeoJSON', () => {
  test('incidents lie at the points of their regions, and nowhere when they are everywhere', async () => {
    const response = await app.inject({ url: '/api/v1/incidents', headers: { accept: 'application/geo+json' } });
    expect(response.headers['content-type']).toMatch('application/geo+json');
    const { type, features, asOf: fresh } = response.json();
    expect([type, fresh]).toEqual(['FeatureCollection', '2026-07-12T12:00:00.000Z']);
    const [several, everywhere, one] = features;
    expect(several).toMatchObject({ type: 'Feature', id: paypal.id, geometry: { type: 'MultiPoint' } });
    expect(several.geometry.coordinates).toHaveLength(2);
    expect(several.properties).toMatchObject({ service: 'paypal', authors: 2 });
    expect(everywhere.geometry).toBeNull();
    expect(one.geometry.type).toBe('Point');
    const [lng, lat] = one.geometry.coordinates;
    expect(lng).toBeCloseTo(-1.2, 0);
    expect(lat).toBeCloseTo(52.3, 0);
  });

  test('spikes come with the fields asked for, a page at a time', async () => {
    const first = (await app.inject('/api/v1/spikes?format=geojson&fields=region&limit=1&sort=-surprise')).json();
    expect(first.features).toEqual([
      { type: 'Feature', id: `outlook/*/${startedAt}`, geometry: null, properties: { region: '*' } },
    ]);
    expect(first.next).toBeTruthy();
  });

  test('a list without places has no such form', async () => {
    expect((await app.inject('/api/v1/services?format=geojson')).statusCode).toBe(400);
    const response = await app.inject({ url: '/api/v1/services', headers: { accept: 'application/geo+json' } });
    expect([response.statusCode, response.json().detail]).toEqual([406, expect.stringContaining('csv')]);
  });
});

describe('Parquet', () => {
  const read = async (path: string) => {
    const response = await app.inject(`/api/v1/${path}`);
    expect(response.headers['content-type']).toBe('application/vnd.apache.parquet');
    const bytes = response.rawPayload;
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    return { file, rows: await parquetReadObjects({ file }) };
  };

  test('a list comes back as it was: times as times, counts as integers, lists as JSON', async () => {
    const { rows } = await read('incidents?format=parquet&sort=-startedAt');
    const json = await items('incidents?sort=-startedAt');
    const as = (value: unknown) =>
      value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? Number(value) : (value ?? null);
    const back = rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, as(v)])));
    expect(back).toEqual(json);
    expect(rows[0]?.startedAt).toBeInstanceOf(Date);
    expect(rows[0]?.authors).toBe(2n);
  });

  test('a series keeps its gaps', async () => {
    const { rows } = await read('series?service=outlook&interval=1h&format=parquet&fields=t,observed,expected');
    expect(Object.keys(rows[0] ?? {})).toEqual(['t', 'observed', 'expected']);
    expect(rows).toHaveLength(24);
    expect(rows.filter((row) => row.observed === null || row.observed === undefined)).toHaveLength(1);
  });

  test('long lists come in groups, short and empty ones too', async () => {
    const { file, rows } = await read('regions?format=parquet');
    expect(rows).toHaveLength(seeded.deps.catalog.regions.length);
    expect(parquetMetadata(file).row_groups.length).toBeGreaterThan(1);
    expect((await read('incidents?format=parquet&service=zoom')).rows).toEqual([]);
  });
});
