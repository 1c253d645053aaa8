// The typed client: as the document says, and used here against a real server as others will use it.
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError, type Client, type components, createClient } from '../../src/http/client/client.js';
import { createServer } from '../../src/http/server.js';
import { clientTypes, typesFile } from '../../tools/write-client.js';
import { incident, openSeeded, type Seeded, secret } from './http-seed.js';

let seeded: Seeded;
let app: FastifyInstance;
let client: Client;
beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
  client = createClient({ baseUrl: await app.listen({ host: '127.0.0.1', port: 0 }), token: secret });
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

test('its types are those of the document (npm run client writes them)', async () => {
  expect(readFileSync(typesFile, 'utf8')).toBe(await clientTypes());
});

test('reads with paths, keys and answers that the compiler knows', async () => {
  const { items, coverage } = await client.get('/api/v1/incidents', { query: { state: 'open', sort: '-authors' } });
  const first: components['schemas']['ListedIncident'] | undefined = items[0];
  expect([first?.service, first?.mark, coverage.state]).toEqual(['outlook', null, 'full']);
  const one = await client.get('/api/v1/incidents/{id}', { path: { id: incident.id } });
  expect(one.notes).toEqual([]);
  const { steps } = await client.get('/api/v1/series', { query: { service: 'outlook', interval: '1h' } });
  expect(steps.length).toBe(24);
  // @ts-expect-error: there is no such state.
  await expect(client.get('/api/v1/incidents', { query: { state: 'broken' } })).rejects.toThrow(ApiError);
  // @ts-expect-error: a series needs a service.
  await expect(client.get('/api/v1/series')).rejects.toThrow('service');
  // @ts-expect-error: there is no such path.
  await expect(client.get('/api/v1/outages')).rejects.toThrow('There is nothing at /api/v1/outages');
});

test('follows a list over its pages', async () => {
  const ids: string[] = [];
  for await (const service of client.all('/api/v1/services', { query: { limit: 100, fields: 'id' } }))
    ids.push(service.id);
  expect(ids).toEqual(seeded.deps.catalog.services.map((s) => s.id).sort());
});

test('writes, and tells a refusal as the problem that it is', async () => {
  const noted = await client.post('/api/v1/incidents/{id}/note', {
    path: { id: incident.id },
    body: { text: 'seen by our help desk' },
  });
  expect(noted.notes.map((n) => n.text)).toEqual(['seen by our help desk']);
  const refused = await client.get('/api/v1/spikes', { query: { service: 'outlok' } }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).problem.errors?.[0]).toMatchObject({ field: 'query.service', allowed: ['outlook'] });
  const stranger = createClient({ baseUrl: app.listeningOrigin });
  await expect(
    stranger.post('/api/v1/posts/{id}/verdict', { path: { id: 'x' }, body: { kind: 'news' } }),
  ).rejects.toThrow('needs a token');
});
