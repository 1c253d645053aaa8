// The other forms: CSV, NDJSON, feeds, badges, frames, and the shapes that neighbours read.
import type { FastifyInstance } from 'fastify';
import Parser from 'rss-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadStore, SourceHealth } from '../../src/core/ports.js';
import type { Post } from '../../src/core/post.js';
import type { Incident } from '../../src/core/signal.js';
import { hour } from '../../src/core/time.js';
import { citationOf } from '../../src/http/citation.js';
import { csvCell } from '../../src/http/forms/lines.js';
import { createServer } from '../../src/http/server.js';
import { asOf, hostile, incident, openSeeded, resolved, type Seeded, seed, source } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
beforeAll(async () => {
  seeded = await openSeeded({ publicUrl: 'https://outcry.example.org/' });
  app = createServer(seeded.deps);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

describe('lists', () => {
  test('come as CSV or NDJSON by key or by Accept, all of them', async () => {
    const csv = await app.inject('/api/v1/services?format=csv&fields=id,name');
    expect(csv.headers['content-type']).toMatch('text/csv');
    const rows = csv.body.trimEnd().split('\r\n');
    expect(rows[0]).toBe('id,name');
    expect(rows).toHaveLength(1 + seeded.deps.catalog.services.length);
    const url = `/api/v1/incidents/${incident.id}/evidence`;
    const ndjson = await app.inject({ url, headers: { accept: 'application/x-ndjson' } });
    const posts = ndjson.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(posts.length).toBeGreaterThan(300);
    expect(posts[0].excerpt).toBe(hostile);
    expect((await app.inject(`${url}?format=ndjson&limit=7`)).body.trimEnd().split('\n')).toHaveLength(7);
  });

  test('Accept is read with its weights', async () => {
    const typeOf = async (accept: string) =>
      (await app.inject({ url: '/api/v1/incidents', headers: { accept } })).headers['content-type'];
    expect(await typeOf('text/csv;q=0.5, application/json')).toMatch('application/json');
    expect(await typeOf('application/json;q=0.5, text/csv')).toMatch('text/csv');
    expect(await typeOf('text/csv;q=0, application/x-ndjson;q=0.1, */*;q=0.01')).toMatch('x-ndjson');
    expect(await typeOf('text/html, */*;q=0.8')).toMatch('application/json');
    expect(await typeOf('text/csv;q=0.5, */*;q=0.9')).toMatch('application/json');
    expect(await typeOf('text/csv, */*;q=0.9')).toMatch('text/csv');
  });

  test('as rows they tell in headers how fresh they are, and have an ETag and a 304 while they are no long stream', async () => {
    for (const format of ['csv', 'ndjson', 'parquet']) {
      const url = `/api/v1/incidents?format=${format}`;
      const { headers, rawPayload } = await app.inject(url);
      expect(headers).toMatchObject({
        etag: expect.stringMatching(/^"[^"]+"$/),
        'content-length': String(rawPayload.length),
        'outcry-as-of': '2026-07-12T12:00:00.000Z',
        'outcry-coverage': 'full',
      });
      const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
      expect([again.statusCode, again.body, again.headers['outcry-coverage']]).toEqual([304, '', 'full']);
    }
    for (const url of [
      '/api/v1/annotations',
      '/feeds/incidents.atom',
      '/api/v2/status.json',
      '/api/v1/services/outlook/badge.svg',
      '/api/v1/services/outlook/badge.json',
    ])
      expect((await app.inject(url)).headers['outcry-as-of'], url).toBe('2026-07-12T12:00:00.000Z');
    // More than a quarter of a megabyte: all regions with their names.
    const long = await app.inject('/api/v1/regions?format=ndjson');
    expect(long.rawPayload.length).toBeGreaterThan(256 * 1024);
    expect(long.headers.etag).toBeUndefined();
    expect(long.body.trimEnd().split('\n')).toHaveLength(seeded.deps.catalog.regions.length);
  });

  test('HEAD of an export tells what GET tells, and reads no more than the first rows', async () => {
    const many = await openSeeded({}, async (write) => {
      await seed(write);
      const posts = Array.from({ length: 1500 }, (_, n): Post => {
        const [id, t] = [`more:${n}`, asOf - hour + n];
        const said = { author: `more-${n}`, text: 'outlook login fails again', lang: 'en', context: null, place: null };
        return { id, source: 'replay', platform: 'bluesky', ...said, url: null, createdAt: t, receivedAt: t };
      });
      const verdict = { service: 'outlook', kind: 'report', score: 0.9, symptom: 'login', region: null } as const;
      const reports = posts.map(({ id }) => ({ ...verdict, postId: id, why: ['"login fails"'] }));
      await write.ingest({ posts, reports, deleted: [], seen: [], cursors: [], horizon: 0 });
    });
    let rows = 0;
    const evidence: ReadStore['evidence'] = async (...asked) => {
      const page = await many.read.evidence(...asked);
      rows += page.items.length;
      return page;
    };
    const server = createServer({ ...many.deps, read: { ...many.read, evidence } });
    const base = await server.listen({ host: '127.0.0.1', port: 0 });
    const both = async (path: string) => {
      rows = 0;
      const headers = { 'accept-encoding': 'identity' };
      const head = await fetch(base + path, { method: 'HEAD', headers });
      expect([head.status, await head.text()], path).toEqual([200, '']);
      const read = rows;
      const get = await fetch(base + path, { headers });
      return { read, head: head.headers, get: get.headers, length: (await get.arrayBuffer()).byteLength };
    };
    const told = ['content-type', 'content-disposition', 'outcry-as-of', 'outcry-coverage', 'cache-control', 'vary'];
    for (const format of ['csv', 'ndjson', 'parquet'])
      for (const [query, isCut] of [
        ['', true],
        ['&region=FR', true],
        ['&limit=5', false],
        ['&kind=recovery', false],
      ] as const) {
        const { read, head, get, length } = await both(
          `/api/v1/incidents/${incident.id}/evidence?format=${format}${query}`,
        );
        expect(read, `${format}${query}`).toBeLessThanOrEqual(500);
        for (const name of told) expect(head.get(name), name).toBe(get.get(name));
        if (isCut) expect([head.get('etag'), head.get('content-length')]).toEqual([null, null]);
        else expect([head.get('etag'), head.get('content-length')]).toEqual([get.get('etag'), String(length)]);
      }
    const series = await both('/api/v1/series?service=outlook&interval=5m&since=16d&format=ndjson');
    expect(series.length).toBeGreaterThan(256 * 1024);
    expect([series.head.get('etag'), series.head.get('content-length')]).toEqual([null, null]);
    await server.close();
    await many.close();
  });

  test('text of every form is compressed for those who ask', async () => {
    for (const path of [
      'api/v1/services?format=csv',
      'api/v1/services?format=ndjson',
      'api/v1/spikes?format=geojson',
      'openapi.json',
      'feeds/incidents.rss',
      'assets/style.css',
    ]) {
      const { headers } = await app.inject({ url: `/${path}`, headers: { 'accept-encoding': 'gzip' } });
      expect(headers['content-encoding'], path).toBe('gzip');
    }
  });

  test('a cell that a spreadsheet would run is defused', () => {
    expect(csvCell('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`);
    for (const start of ['=', '+', '-', '@', '\t=', ' =', '\r+', '\uff1d'])
      expect(csvCell(`${start}1`)).toMatch(/^"?'/);
    expect(csvCell(-5)).toBe('-5');
    expect(csvCell('a;b')).toBe('"a;b"');
    expect(csvCell(null)).toBe('');
    expect(csvCell(['GB', 'FR'])).toBe('GB FR');
  });

  test('a series comes as rows', async () => {
    const { body } = await app.inject(
      '/api/v1/series?service=outlook&interval=1h&format=csv&fields=t,observed,expected',
    );
    const rows = body.trimEnd().split('\r\n');
    expect(rows).toHaveLength(25);
    expect(rows).toContain('2026-07-12T03:00:00.000Z,,18');
  });

  test('fields narrow the items and nothing else', async () => {
    const { asOf, items } = (await app.inject('/api/v1/incidents?fields=id,authors')).json();
    expect(asOf).toBeTruthy();
    expect(items[0]).toEqual({ id: incident.id, authors: 320 });
    const wrong = await app.inject('/api/v1/incidents?fields=id,nope');
    expect(wrong.json().errors[0]).toMatchObject({ field: 'query.fields', value: 'id,nope' });
  });

  test('filters narrow by category, authors, symptom, platforms and surrounding region', async () => {
    const ids = async (query: string) =>
      (await app.inject(`/api/v1/incidents?${query}`)).json().items.map((i: Incident) => i.service);
    expect(await ids('category=music')).toEqual(['spotify']);
    expect(await ids('min_authors=100')).toEqual(['outlook']);
    expect(await ids('symptom=playback')).toEqual(['spotify']);
    expect(await ids('min_platforms=3')).toEqual([]);
    expect(await ids('region=GB&min_authors=50')).toEqual(['outlook', 'spotify']);
    expect(await ids('region=FR')).toEqual(['outlook']);
    expect(await ids('state=open&region=FR&symptom=playback')).toEqual([]);
  });

  test('a filter that drops most still gives a true cursor', async () => {
    const first = (await app.inject('/api/v1/spikes?min_authors=100&limit=1')).json();
    expect(first.items.map((s: { service: string }) => s.service)).toEqual(['outlook']);
    const rest = first.next
      ? (await app.inject(`/api/v1/spikes?min_authors=100&limit=1&cursor=${first.next}`)).json()
      : { items: [] };
    expect(rest.items).toEqual([]);
  });
});

describe('feeds', () => {
  test.each(['atom', 'rss'])(
    '%s is read by a feed reader: one item an incident, dates in order, none twice',
    async (form) => {
      const twin = await openSeeded({}, async (write) => {
        await seed(write);
        const same = { ...resolved, id: 'zoom-20260712T0113Z', service: 'zoom' };
        await write.judge({
          judgedUntil: 0,
          judgedAt: 0,
          detectors: [],
          readings: [],
          spikes: [],
          incidents: [same],
          changes: [],
        });
      });
      const server = createServer(twin.deps);
      try {
        const feed = await new Parser().parseString((await server.inject(`/feeds/incidents.${form}`)).body);
        expect(feed.items).toHaveLength(3);
        const dates = feed.items.map((i) => Date.parse(i.isoDate as string));
        expect(dates).toEqual([...dates].sort((a, b) => b - a));
        expect(new Set(dates).size).toBe(3);
        expect(feed.items[0]?.title).toMatch(/^Confirmed: Outlook – 320 people say that login fails/);
      } finally {
        await server.close();
        await twin.close();
      }
    },
  );

  test('narrow to a service, a region or a category, and name themselves', async () => {
    const feed = (await app.inject('/feeds/services/outlook.json')).json();
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Outcry: Outlook',
      feed_url: 'https://outcry.example.org/feeds/services/outlook.json',
    });
    expect(feed.items.map((i: { id: string }) => i.id)).toEqual([`urn:outcry:${incident.id}`]);
    expect((await app.inject('/feeds/categories/music.json')).json().items).toHaveLength(1);
    expect((await app.inject('/feeds/regions/FR.json')).json().items).toHaveLength(1);
    expect((await app.inject('/feeds/categories/cheese.json')).statusCode).toBe(404);
  });
});

describe('neighbours', () => {
  test('Statuspage readers see an indicator, components and updates, newest first', async () => {
    const body = (await app.inject('/api/v2/summary.json')).json();
    expect(body.status).toEqual({ indicator: 'major', description: 'People report trouble with 1 service' });
    expect(body.components).toMatchObject([{ id: 'outlook', status: 'partial_outage' }]);
    expect(body.incidents[0]).toMatchObject({ status: 'identified', impact: 'major', resolved_at: null });
    expect(body.incidents[0].incident_updates.map((u: { status: string }) => u.status)).toEqual([
      'identified',
      'investigating',
    ]);
    const blind = createServer({ ...seeded.deps, health: () => [] });
    expect((await blind.inject('/api/v2/status.json')).json().status.indicator).toBe('minor');
    await blind.close();
  });

  test('Prometheus reads every line', async () => {
    const { body } = await app.inject('/metrics');
    for (const line of body.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z_]+="[^"\n]*",?)+\})? -?[\d.e+]+)$/);
    }
    expect(body).toContain('outcry_service_incident{service="outlook",state="confirmed"} 1');
    expect(body).toContain('outcry_spikes_open{held_back="true"} 1');
    expect(body).toContain('outcry_queue_items 7\n');
    expect(body).toContain('outcry_queue_capacity 1000\n');
  });

  test('a frame may stand in other pages, all else may not', async () => {
    const embed = await app.inject('/embed/outlook');
    expect(embed.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(embed.headers['x-frame-options']).toBeUndefined();
    expect(embed.body).toContain('Reports by users, not outages measured.');
    const page = await app.inject('/');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const oembed = (await app.inject('/oembed?url=https://outcry.example.org/services/outlook')).json();
    expect(oembed.html).toContain('src="https://outcry.example.org/embed/outlook"');
    expect((await app.inject('/oembed?url=https://evil.example.org/services/outlook')).statusCode).toBe(400);
    for (const path of ['/services/outlook?range=24h', `/incidents/${incident.id}`]) {
      const link = /<https:\/\/outcry.example.org(.*)>; rel="alternate"; type="application\/json\+oembed"/;
      const found = link.exec(String((await app.inject(path)).headers.link))?.[1] as string;
      expect((await app.inject(found)).json(), path).toEqual(oembed);
    }
  });

  test('a card says as of when it is and what is blind, and oEmbed tells the same', async () => {
    const path = '/oembed?url=https://outcry.example.org/services/outlook';
    const told = async (health: SourceHealth[]) => {
      const server = createServer({ ...seeded.deps, health: () => health });
      const card = (await server.inject('/embed/outlook')).body;
      const { asOf, coverage } = (await server.inject(path)).json();
      await server.close();
      expect(asOf).toBe('2026-07-12T12:00:00.000Z');
      expect(card).toContain('<time datetime="2026-07-12T12:00:00.000Z"');
      return { state: coverage.state, card: card.slice(card.indexOf('</main>')) };
    };
    const down = source('forum', { state: 'failed' });
    const full = await told([source('replay')]);
    expect(full.state).toBe('full');
    expect(full.card).toContain('1 of 1 source in contact');
    expect(full.card).not.toMatch(/blind/i);
    const partial = await told([source('replay'), down]);
    expect(partial.state).toBe('partial');
    expect(partial.card).toContain('<strong>Partly blind:</strong> no contact with forum.');
    const blind = await told([down]);
    expect(blind.state).toBe('blind');
    expect(blind.card).toContain('<strong>Blind.</strong> No source is in contact');
  });

  test('a citation gives absolute numbers, the caveat and a hash that follows the facts', async () => {
    const cite = (await app.inject(`/api/v1/incidents/${incident.id}/cite`)).json();
    expect(cite.text).toContain('334 public posts by 320 authors on 2 platforms');
    expect(cite.text).toContain(cite.caveat);
    expect(cite.permalink).toBe(`https://outcry.example.org/incidents/${incident.id}?at=2026-07-12T12:00:00.000Z`);
    expect(cite.hash).toMatch(/^[0-9a-f]{64}$/);
    const hashOf = (over: Partial<Incident>) => citationOf({ ...incident, ...over }, seeded.deps.catalog, asOf).hash;
    expect(hashOf({})).toBe(cite.hash);
    const { reports, authors, platforms, regions } = incident;
    const others: Partial<Incident>[] = [
      { reports: reports + 1 },
      { authors: authors + 1 },
      { platforms: platforms.slice(1) },
      { regions: regions.slice(1) },
      { resolvedAt: asOf },
    ];
    for (const over of others) expect(hashOf(over), JSON.stringify(over)).not.toBe(cite.hash);
  });

  test('reads may be asked for from any page, writes may not', async () => {
    const headers = { origin: 'https://elsewhere.example.org' };
    expect((await app.inject({ url: '/api/v1/summary', headers })).headers['access-control-allow-origin']).toBe('*');
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/api/v1/posts',
      headers: { ...headers, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-methods']).not.toContain('POST');
  });

  test('a large answer is compressed for those who ask', async () => {
    const plain = await app.inject('/api/v1/services?limit=1000');
    const small = await app.inject({ url: '/api/v1/services?limit=1000', headers: { 'accept-encoding': 'gzip' } });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 4);
    expect(small.headers.vary).toMatch(/accept-encoding/i);
  });
});
