// The official word over HTTP: beside the crowd's, with who was first, and nothing in it that a page could smuggle in.
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day, minute } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { asOf, incident, official, openSeeded, resolved, type Seeded } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});
const get = async (url: string) => (await app.inject(url)).json();
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

test('an incident has what pages say of it, and how long the crowd was ahead', async () => {
  const answer = await get(`/api/v1/incidents/${incident.id}`);
  expect(answer.official).toEqual([
    {
      ...{ id: 'pages:outlook/k7', service: 'outlook', serviceName: 'Outlook', title: official[0]?.title },
      ...{ impact: 'major', state: 'identified', resolvedAt: null, components: ['Sign-in'] },
      startedAt: new Date(incident.startedAt - 10 * minute).toISOString(),
      publishedAt: new Date(incident.detectedAt + 42 * minute).toISOString(),
      updatedAt: new Date(incident.detectedAt + 50 * minute).toISOString(),
      url: 'https://status.example.com/incidents/k7',
    },
  ]);
  expect(answer.leadMs).toBe(42 * minute);
  expect(answer.blamed).toEqual([{ service: 'azure', reports: 12 }]);
  expect(await get(`/api/v1/incidents/${resolved.id}`)).toMatchObject({ official: [], leadMs: null });
});

test('a service has what its own page has open now', async () => {
  expect(ids((await get('/api/v1/services/outlook')).official)).toEqual(['pages:outlook/k7']);
  expect((await get('/api/v1/services/spotify')).official).toEqual([]);
  const [notice] = (await get('/api/v1/services/microsoft-365')).official;
  expect([notice.id, notice.url]).toEqual(['pages:microsoft-365/k8', null]);
});

test('the list is narrowed by service, time and state, paged, and refuses what it does not know', async () => {
  expect(ids((await get('/api/v1/official')).items)).toEqual([
    'pages:microsoft-365/k8',
    'pages:outlook/k7',
    'pages:outlook/old',
  ]);
  expect(ids((await get('/api/v1/official?service=outlook&open=true')).items)).toEqual(['pages:outlook/k7']);
  expect(ids((await get('/api/v1/official?service=outlook&state=resolved')).items)).toEqual(['pages:outlook/old']);
  expect(ids((await get('/api/v1/official?category=email')).items)).toEqual(['pages:outlook/k7', 'pages:outlook/old']);
  expect(ids((await get('/api/v1/official?category=music&state=open')).items)).toEqual([]);
  expect(ids((await get('/api/v1/official?category=music&service=outlook')).items)).toEqual([]);
  const until = encodeURIComponent(new Date(asOf - day).toISOString());
  expect(ids((await get(`/api/v1/official?until=${until}`)).items)).toEqual(['pages:outlook/old']);
  const first = await get('/api/v1/official?limit=2');
  expect(ids((await get(`/api/v1/official?limit=2&cursor=${first.next}`)).items)).toEqual(['pages:outlook/old']);
  expect(await get('/api/v1/official?service=outlok')).toMatchObject({
    status: 400,
    errors: [{ field: 'query.service' }],
  });
});

test('the list comes as CSV, a row a notice', async () => {
  const { body } = await app.inject('/api/v1/official?format=csv');
  expect(body.trim().split(/\r?\n/)).toHaveLength(4);
});
