// Status pages as a source: the life of an incident, politeness, engines, and neighbours that fail; recorded pages too.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { readConfig } from '../../src/config/load.js';
import type { OfficialIncident } from '../../src/core/official.js';
import type { SourceItem } from '../../src/core/ports.js';
import { day, hour, minute } from '../../src/core/time.js';
import { sourceKinds } from '../../src/sources/index.js';
import { createHttp, type Http } from '../../src/sources/net/http.js';
import { readIncidents } from '../../src/sources/statuspage/read-summary.js';
import { statuspage } from '../../src/sources/statuspage.js';
import { serveHttp } from '../contract/serve-http.js';
import { readUntil } from '../contract/source.js';

const catalog = loadCatalog();
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** An incident as the API of Statuspage tells it. */
function incident(id: string, more: Record<string, unknown> = {}) {
  return {
    ...{ id, name: `Incident ${id}`, status: 'investigating', impact: 'major', shortlink: 'https://stspg.example/x' },
    ...{ created_at: ago(hour), updated_at: ago(hour), started_at: ago(hour), resolved_at: null, components: [] },
    incident_updates: [{ id: 'u1', status: 'investigating', body: 'We look into it.', created_at: ago(hour) }],
    ...more,
  };
}

interface Page {
  summary: unknown;
  history?: unknown[];
}
const summaryOf = (incidents: unknown[], more: Record<string, unknown> = {}) => ({
  page: { id: 'p', name: 'Example', url: 'https://status.example.com', updated_at: JSON.stringify(incidents) },
  status: { indicator: incidents.length > 0 ? 'major' : 'none', description: 'All Systems Operational' },
  ...{ components: [], incidents, scheduled_maintenances: [], ...more },
});

/** A status page that can be changed, with an ETag and a record of what was asked. */
async function openPage(page: Page) {
  const asked: { path: string; status: number }[] = [];
  const server = await serveHttp(({ url: path = '', headers }, response) => {
    const answer = (status: number, body = '', type = 'application/json') => {
      asked.push({ path, status });
      response.writeHead(status, { 'content-type': type, etag: JSON.stringify(body.length) }).end(body);
    };
    const wanted =
      path === '/api/v2/summary.json'
        ? page.summary
        : path === '/api/v2/incidents.json' && page.history
          ? { page: {}, incidents: page.history }
          : null;
    if (wanted === null) return answer(404);
    const body = JSON.stringify(wanted);
    return headers['if-none-match'] === JSON.stringify(body.length) ? answer(304) : answer(200, body);
  });
  return { page, asked, ...server };
}

let http: Http;
const opened: { close(): Promise<void> }[] = [];
const openHttp = (limitMs: number) =>
  createHttp({
    version: 'test',
    contact: null,
    allowHosts: ['127.0.0.1'],
    paceMs: 0,
    idleMs: limitMs,
    totalMs: limitMs,
  });
beforeEach(() => {
  http = openHttp(30_000);
});
afterEach(async () => {
  await http.close();
  for (const one of opened.splice(0)) await one.close();
});
async function open(page: Page) {
  const one = await openPage(page);
  opened.push(one);
  return one;
}
const sourceOf = (pages: { service: string; url: string }[], by = http) =>
  statuspage.create('pages', { services: [], pages, minInterval: '20ms', maxInterval: '20ms' }, { http: by, catalog });
const said = (items: SourceItem[]): OfficialIncident[] => items.flatMap(({ official }) => official ?? []);
const looks = (items: SourceItem[]) => items.filter(({ cursor }) => cursor !== null).length;

describe('a page', () => {
  test('the life of an incident: each version once, its end from the list of incidents', async () => {
    const first = incident('a1', {
      name: 'Errors &amp; <b>timeouts</b>\u0007',
      components: [{ name: 'API' }, { name: 'Visit www.example.com for more' }],
    });
    const far = await open({ summary: summaryOf([first]), history: [first] });
    const source = sourceOf([{ service: 'github', url: far.url }]);
    const one = await readUntil(source, null, (items) => looks(items) >= 2);
    expect(said(one.items)).toEqual([
      {
        ...{ id: 'pages:github/a1', source: 'pages', service: 'github', title: 'Errors & timeouts', impact: 'major' },
        ...{ state: 'investigating', resolvedAt: null, url: `${far.url}/incidents/a1`, components: ['API'] },
        ...{ startedAt: expect.any(Number), publishedAt: expect.any(Number), updatedAt: expect.any(Number) },
        receivedAt: expect.any(Number),
      },
    ]);
    const next = { ...first, status: 'monitoring', impact: 'minor', updated_at: ago(minute) };
    far.page.summary = summaryOf([next]);
    far.page.history = [next];
    const two = await readUntil(source, one.cursor, (items) => looks(items) >= 2);
    expect(said(two.items).map((o) => [o.state, o.impact])).toEqual([['monitoring', 'minor']]);
    far.page.summary = summaryOf([]);
    far.page.history = [{ ...next, status: 'postmortem', updated_at: ago(0), resolved_at: ago(minute) }];
    const three = await readUntil(source, two.cursor, (items) => looks(items) >= 2);
    expect(said(three.items).map((o) => [o.state, Math.round((Date.now() - (o.resolvedAt ?? 0)) / minute)])).toEqual([
      ['resolved', 1],
    ]);
  });

  test('is asked once a look while nothing changes, and need not send the same again', async () => {
    const a1 = incident('a1');
    const far = await open({ summary: summaryOf([a1]), history: [a1] });
    await readUntil(sourceOf([{ service: 'github', url: far.url }]), null, (items) => looks(items) >= 4);
    expect(far.asked.slice(0, 4)).toEqual([
      { path: '/api/v2/summary.json', status: 200 },
      { path: '/api/v2/incidents.json', status: 200 },
      { path: '/api/v2/summary.json', status: 304 },
      { path: '/api/v2/summary.json', status: 304 },
    ]);
  });

  test('an incident written down afterwards is heard of, with the time of the writing; old history is not', async () => {
    const backdated = incident('late', {
      ...{ status: 'resolved', started_at: ago(9 * hour), created_at: ago(9 * hour), resolved_at: ago(8 * hour) },
      ...{ updated_at: ago(hour), incident_updates: [{ created_at: ago(hour) }] },
    });
    const old = incident('old', { status: 'resolved', started_at: ago(9 * day), updated_at: ago(9 * day) });
    const far = await open({
      summary: summaryOf([]),
      history: [backdated, old, incident('m', { impact: 'maintenance' })],
    });
    const { items } = await readUntil(
      sourceOf([{ service: 'github', url: far.url }]),
      null,
      (seen) => looks(seen) >= 2,
    );
    const [notice, ...others] = said(items);
    expect(others).toEqual([]);
    expect(notice?.id).toBe('pages:github/late');
    expect(Math.round((Date.now() - (notice?.publishedAt ?? 0)) / hour)).toBe(1);
    expect(Math.round((Date.now() - (notice?.startedAt ?? 0)) / hour)).toBe(9);
  });

  test('an incident that the page takes away is over; one that ended in one answer only is asked for again', async () => {
    const a1 = incident('a1');
    const far = await open({ summary: summaryOf([a1]), history: [a1] });
    const source = sourceOf([{ service: 'github', url: far.url }]);
    const one = await readUntil(source, null, (items) => looks(items) >= 1);
    far.page.summary = summaryOf([]);
    const two = await readUntil(source, one.cursor, (items) => looks(items) >= 3);
    expect(said(two.items)).toEqual([]);
    expect(far.asked.filter(({ path }) => path.endsWith('incidents.json')).length).toBeGreaterThan(2);
    far.page.history = [];
    const three = await readUntil(source, two.cursor, (items) => looks(items) >= 2);
    expect(said(three.items).map((o) => o.state)).toEqual(['resolved']);
  });

  test('that fails without an incident to tell of is heard too, until it is well', async () => {
    const failing = {
      status: { indicator: 'major', description: 'Partial System Outage' },
      components: [
        { name: 'API', status: 'major_outage' },
        { name: 'Web', status: 'operational' },
        { name: 'Jobs', status: 'under_maintenance' },
      ],
    };
    const far = await open({ summary: summaryOf([], failing), history: [] });
    const source = sourceOf([{ service: 'github', url: far.url }]);
    const one = await readUntil(source, null, (items) => looks(items) >= 2);
    expect(said(one.items)).toMatchObject([
      { title: 'Partial System Outage', impact: 'major', components: ['API'], url: far.url, resolvedAt: null },
    ]);
    far.page.summary = summaryOf([]);
    const two = await readUntil(source, one.cursor, (items) => looks(items) >= 2);
    expect(said(two.items)).toMatchObject([{ id: said(one.items)[0]?.id, state: 'resolved' }]);
  });

  test('that several services share speaks for those it names, else for what holds the others', async () => {
    const incidents = [
      incident('a1', { name: 'ChatGPT conversations fail to load' }),
      incident('a2', { name: 'Elevated error rates' }),
    ];
    const far = await open({ summary: summaryOf(incidents), history: incidents });
    const both = ['openai', 'chatgpt'].map((service) => ({ service, url: far.url }));
    const { items } = await readUntil(sourceOf(both), null, (seen) => looks(seen) >= 1);
    expect(said(items).map(({ id }) => id)).toEqual(['pages:chatgpt/a1', 'pages:openai/a2']);
    expect(far.asked).toHaveLength(2);
  });

  test('of Instatus is recognised', async () => {
    const activeIncidents = [
      {
        id: 'ck1',
        name: 'Login is slow',
        started: ago(hour),
        status: 'IDENTIFIED',
        impact: 'PARTIALOUTAGE',
        url: 'https://x.example/ck1',
      },
    ];
    const page = { name: 'Example', url: 'https://status.example.com', status: 'HASISSUES' };
    const server = await serveHttp(({ url }, response) => {
      if (url === '/summary.json') response.end(JSON.stringify({ page, activeIncidents }));
      else response.writeHead(404).end();
    });
    opened.push(server);
    const source = sourceOf([{ service: 'github', url: server.url }]);
    const one = await readUntil(source, null, (items) => looks(items) >= 2);
    expect(said(one.items)).toMatchObject([{ title: 'Login is slow', impact: 'major', state: 'identified' }]);
    activeIncidents.pop();
    const two = await readUntil(source, one.cursor, (items) => looks(items) >= 2);
    expect(said(two.items).map((o) => o.state)).toEqual(['resolved']);
  });
});

test.each<[string, string, unknown, object]>([
  [
    'Google',
    '/incidents.json',
    [
      {
        ...{
          id: 'ow5i3PPK96RduMcb1SsW',
          number: '1',
          external_desc: 'Elevated errors in **Gmail**',
          severity: 'medium',
        },
        ...{
          begin: ago(hour),
          created: ago(minute),
          modified: ago(minute),
          end: null,
          status_impact: 'SERVICE_DISRUPTION',
        },
        ...{
          affected_products: [{ title: 'Gmail', id: 'x' }],
          uri: 'incidents/ow5i3PPK96RduMcb1SsW',
          service_name: 'Gmail',
        },
      },
      {
        id: 'old',
        external_desc: 'Long ago',
        begin: ago(9 * day),
        modified: ago(8 * day),
        end: ago(8 * day),
        severity: 'high',
      },
    ],
    { id: 'pages:github/ow5i3PPK96RduMcb1SsW', impact: 'major', state: 'investigating', components: ['Gmail'] },
  ],
  [
    'Slack',
    '/api/v2.0.0/current',
    {
      ...{ status: 'active', date_created: ago(hour), date_updated: ago(minute) },
      active_incidents: [
        {
          ...{
            id: 546,
            date_created: ago(hour),
            date_updated: ago(minute),
            title: 'Messages are slow',
            type: 'incident',
          },
          ...{ status: 'active', url: 'https://status.example.com/2026-11/x', services: ['Messaging'], notes: [] },
        },
      ],
    },
    { id: 'pages:github/546', title: 'Messages are slow', impact: 'major', components: ['Messaging'] },
  ],
])('a page of %s is recognised', async (_, path, answer, expected) => {
  const server = await serveHttp(({ url }, response) => {
    if (url === path) response.end(JSON.stringify(answer));
    else response.writeHead(404).end();
  });
  opened.push(server);
  const { items } = await readUntil(
    sourceOf([{ service: 'github', url: server.url }]),
    null,
    (seen) => looks(seen) >= 2,
  );
  expect(said(items)).toMatchObject([expected]);
});

test('pages that are broken, slow or something else never stop their neighbours', async () => {
  const answers: Record<string, (end: (status: number, body: string) => void) => void> = {
    html: (end) => end(200, '<html>Welcome</html>'),
    half: (end) => end(200, '{"page": {"id": "p"'),
    null: (end) => end(200, 'null'),
    list: (end) => end(200, '{"page": {}, "status": {"indicator": "none"}, "incidents": "none"}'),
    busy: (end) => end(503, ''),
    slow: () => {},
  };
  const bad = await serveHttp(({ url = '' }, response) => {
    const [, which] = url.split('/');
    answers[which as string]?.((status, body) => response.writeHead(status).end(body));
  });
  opened.push(bad);
  const good = await open({ summary: summaryOf([incident('a1'), null, { id: {} }, 7]), history: [incident('a1')] });
  const pages = [
    ...Object.keys(answers).map((which) => ({ service: 'discord', url: `${bad.url}/${which}` })),
    { service: 'github', url: good.url },
  ];
  const impatient = openHttp(1000);
  opened.push(impatient);
  const { items, skipped } = await readUntil(sourceOf(pages, impatient), null, (seen) => looks(seen) >= 2);
  expect(said(items).map(({ id }) => id)).toEqual(['pages:github/a1']);
  for (const which of ['html', 'half', 'null', 'list'])
    expect(skipped.join('\n')).toContain(`${bad.url}/${which} speaks no API`);
  expect(skipped.join('\n')).toContain('503');
  expect(skipped.join('\n')).toContain('took too long');
  expect(skipped).toContain(`${good.url}: an incident lacks id, name or time`);
});

test('services are named by id; one that cannot be read is told and stops no other', async () => {
  const far = await open({ summary: summaryOf([incident('a1')]), history: [incident('a1')] });
  const options = {
    services: ['gihub', 'netflix'],
    pages: [{ service: 'nobody', url: far.url }],
    minInterval: '20ms',
    maxInterval: '20ms',
  };
  const none = statuspage.create('pages', options, { http, catalog });
  await expect(readUntil(none, null, () => false)).rejects.toThrow(/services: there is no service "gihub"/);
  const some = statuspage.create(
    'pages',
    { ...options, pages: [...options.pages, { service: 'github', url: far.url }] },
    { http, catalog },
  );
  const { items, skipped } = await readUntil(some, null, (seen) => looks(seen) >= 2);
  expect(said(items).map(({ service }) => service)).toEqual(['github']);
  expect(skipped).toEqual([
    expect.stringContaining('services: there is no service "gihub"'),
    expect.stringContaining('services: no page is known for netflix that can be read: name it as pages'),
    expect.stringContaining('pages: there is no service "nobody"'),
  ]);
  const config = (more: object) => readConfig({ sources: [{ kind: 'statuspage', ...more }] }, sourceKinds, {});
  expect(config({ services: ['github'] }).sources[0]?.options.services).toEqual(['github']);
  expect(config({}).sources[0]?.options.services).toBe('all');
  expect(() => config({ pages: [{ service: 'github', url: 'status.example.com' }] })).toThrow(/sources.0.pages.0.url/);
});

test('by default the pages of the catalog are read, each once', () => {
  const urls = catalog.services.flatMap(({ statusApi }) => statusApi ?? []);
  expect(new Set(urls).size).toBeGreaterThan(60);
  for (const url of urls) expect(url).toMatch(/^https:\/\/[^/]+$/);
});

const recorded = join(
  import.meta.dirname,
  '../../../shared/data/feeds/platforms/statuspage/github-incidents/incidents',
);
test.skipIf(!existsSync(recorded))(
  'recorded incidents of a real page are read whole, backdated ones as published later',
  () => {
    const bad: string[] = [];
    const rows = readdirSync(recorded).map((file) => JSON.parse(readFileSync(join(recorded, file), 'utf8')).incident);
    const notices = readIncidents(rows, Date.UTC(2026, 0, 1), (why) => bad.push(why));
    expect(bad).toEqual([]);
    expect(notices.size).toBe(rows.length);
    for (const notice of notices.values()) {
      expect(notice.state).toBe('resolved');
      expect(notice.resolvedAt).not.toBeNull();
      expect(notice.publishedAt).toBeGreaterThanOrEqual(notice.startedAt - minute);
    }
    expect([...notices.values()].some((notice) => notice.publishedAt - notice.startedAt > 365 * day)).toBe(true);
  },
);
