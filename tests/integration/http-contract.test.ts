// The contract: real answers of every route against the OpenAPI document that the server itself gives.
import type { FastifyInstance } from 'fastify';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from '../../src/http/server.js';
import { incident, openSeeded, type Seeded, secret } from './http-seed.js';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; description?: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** The document with every reference replaced by what it names. */
function resolved(node: unknown, document: { components: { schemas: Record<string, object> } }): unknown {
  if (Array.isArray(node)) return node.map((item) => resolved(item, document));
  if (node === null || typeof node !== 'object') return node;
  if ('$ref' in node)
    return resolved(document.components.schemas[String(node.$ref).split('/').at(-1) as string], document);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolved(value, document)]));
}

let seeded: Seeded;
let app: FastifyInstance;
let operations: [id: string, method: string, path: string, operation: Operation][];

beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
  const document = (await app.inject('/openapi.json')).json();
  const { paths } = resolved(document, document) as { paths: Record<string, Record<string, Operation>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => [o.operationId, method, path, o] as (typeof operations)[number]),
  );
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

/** An address of every operation that gives a full answer on the seeded store. */
const samples: Record<string, string | null> = {
  healthz: '/healthz',
  readyz: '/readyz',
  listServices: '/api/v1/services?category=email',
  getService: '/api/v1/services/outlook',
  listRegions: '/api/v1/regions?parent=GB',
  listSpikes: '/api/v1/spikes',
  listIncidents: '/api/v1/incidents',
  getIncident: `/api/v1/incidents/${incident.id}`,
  listEvidence: `/api/v1/incidents/${incident.id}/evidence`,
  listTimeline: `/api/v1/incidents/${incident.id}/timeline`,
  citeIncident: `/api/v1/incidents/${incident.id}/cite`,
  getMethod: '/api/v1/methods/test-1',
  getSeries: '/api/v1/series?service=outlook',
  getSummary: '/api/v1/summary',
  listOfficial: '/api/v1/official?open=true',
  listSources: '/api/v1/sources',
  listAnnotations: '/api/v1/annotations',
  getBadge: '/api/v1/services/outlook/badge.svg',
  getShield: '/api/v1/services/outlook/badge.json',
  getEmbed: '/embed/outlook',
  oembed: `/oembed?url=${encodeURIComponent(`http://localhost:80/incidents/${incident.id}`)}`,
  feed: '/feeds/incidents.atom',
  narrowFeed: '/feeds/services/outlook.json',
  metrics: '/metrics',
  statuspageSummaryJson: '/api/v2/summary.json',
  statuspageStatusJson: '/api/v2/status.json',
  statuspageComponentsJson: '/api/v2/components.json',
  statuspageIncidentsJson: '/api/v2/incidents.json',
  statuspageIncidentsUnresolvedJson: '/api/v2/incidents/unresolved.json',
  statuspageScheduledMaintenancesJson: '/api/v2/scheduled-maintenances.json',
  // Tested on their own: one never ends, the other writes.
  stream: null,
  pushPosts: null,
  correctVerdict: null,
  reportOutage: null,
  addNote: null,
  setMark: null,
  addService: null,
  putService: null,
  dropService: null,
  addSource: null,
  putSource: null,
  dropSource: null,
};

test('every operation has a sample here', () => {
  expect(operations.map(([id]) => id).sort()).toEqual(Object.keys(samples).sort());
});

test('every answer is as the document says, HEAD tells the same without a body, and each has an ETag and a 304', async () => {
  for (const [id, , , operation] of operations) {
    const url = samples[id];
    if (!url) continue;
    const response = await app.inject({ url, headers: { host: 'localhost:80' } });
    expect(response.statusCode, `${url}: ${response.body}`).toBe(200);
    const schema = operation.responses['200']?.content?.['application/json']?.schema;
    if (String(response.headers['content-type']).startsWith('application/json')) {
      const [passes, errors] = Schema.Errors(schema as never, response.json());
      expect(passes, `${url}: ${JSON.stringify(errors.slice(0, 3))}`).toBe(true);
    }
    const head = await app.inject({ method: 'HEAD', url, headers: { host: 'localhost:80' } });
    expect([head.statusCode, head.body], url).toEqual([200, '']);
    expect(head.headers['content-type']).toBe(response.headers['content-type']);
    expect(response.headers.etag, url).toMatch(/^"/);
    if (response.headers['cache-control'] === 'no-store') continue;
    for (const method of ['GET', 'HEAD'] as const) {
      const asked = { host: 'localhost:80', 'if-none-match': String(response.headers.etag) };
      expect((await app.inject({ method, url, headers: asked })).statusCode, `${method} ${url}`).toBe(304);
    }
  }
});

test('a frozen incident is as the document says', async () => {
  const { body } = await app.inject(`/api/v1/incidents/${incident.id}?at=2026-07-12T12:00:00Z`);
  const schema = operations.find(([id]) => id === 'getIncident')?.[3].responses['200']?.content?.['application/json']
    ?.schema;
  expect(JSON.parse(body).frozen.timeline).toHaveLength(2);
  expect(Schema.Errors(schema as never, JSON.parse(body))).toEqual([true, []]);
});

test('a push is answered as the document says', async () => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/posts',
    payload: '{"text":"one"}\n{}',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${secret}` },
  });
  const operation = operations.find(([id]) => id === 'pushPosts')?.[3];
  const schema = operation?.responses['202']?.content?.['application/json']?.schema;
  expect(Schema.Errors(schema as never, response.json())).toEqual([true, []]);
});

test('every problem is as the document says', async () => {
  const schema = operations.find(([id]) => id === 'listSpikes')?.[3].responses['400']?.content?.['application/json']
    ?.schema;
  for (const url of ['/api/v1/spikes?limit=x&nope=1', '/api/v1/spikes?service=none', '/api/v1/spikes?cursor=%00']) {
    const response = await app.inject(url);
    expect(response.statusCode).toBe(400);
    const [passes, errors] = Schema.Errors(schema as never, response.json());
    expect(passes, `${url}: ${JSON.stringify(errors)}`).toBe(true);
  }
});

test('every operation has a summary and a tag, every parameter a description, every field a description and an example', () => {
  const bare: string[] = [];
  const walk = (schema: Record<string, unknown>, place: string) => {
    const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>;
    for (const [name, field] of Object.entries(properties)) {
      const here = `${place}.${name}`;
      const nested = field.type === 'object' || (field.items as { type?: string } | undefined)?.type === 'object';
      if (!field.description && !field.items) bare.push(`${here} has no description`);
      if (!nested && !field.examples && field.example === undefined) bare.push(`${here} has no example`);
      walk(field, here);
      if (field.items) walk(field.items as Record<string, unknown>, `${here}[]`);
    }
  };
  for (const [id, , , operation] of operations) {
    if (!operation.summary || operation.tags.length === 0) bare.push(`${id} has no summary or tag`);
    for (const p of operation.parameters ?? []) if (!p.description) bare.push(`${id}: ${p.name} has no description`);
    for (const [status, { content }] of Object.entries(operation.responses))
      for (const { schema } of Object.values(content ?? {})) walk(schema as never, `${id} ${status}`);
  }
  expect(bare).toEqual([]);
});
