// The live stream: what changes reaches those who listen, and those who were away get what they missed.
import { get, type IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IncidentChange } from '../../src/core/signal.js';
import { minute } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { asOf, changes, incident, openSeeded, type Seeded } from './http-seed.js';

interface Event {
  id?: string;
  event: string;
  data: Record<string, never>;
}

let seeded: Seeded;
let app: FastifyInstance;
let base: string;
let tell: (change: IncidentChange) => void;
const open: IncomingMessage[] = [];

beforeEach(async () => {
  const listeners = new Set<(change: IncidentChange) => void>();
  tell = (change) => {
    for (const listener of listeners) listener(change);
  };
  seeded = await openSeeded({
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  app = createServer(seeded.deps);
  base = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const response of open.splice(0)) response.destroy();
  await app.close();
  await seeded.close();
});

/** Connects, and gives a verb that waits for the next event of a name. */
async function listen(query = '', lastEventId?: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = lastEventId ? { 'last-event-id': lastEventId } : {};
    get(`${base}/api/v1/stream${query}`, { headers }, resolve).on('error', reject);
  });
  open.push(response);
  const waiting: Event[] = [];
  let wake = () => {};
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() as string;
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 2)]));
      const event = fields.get('event');
      if (event) waiting.push({ id: fields.get('id'), event, data: JSON.parse(fields.get('data') as string) });
    }
    wake();
  });
  return {
    response,
    async next(name: string): Promise<Event> {
      for (;;) {
        const found = waiting.findIndex((e) => e.event === name);
        if (found >= 0) return waiting.splice(found, 1)[0] as Event;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    count: (name: string) => waiting.filter((e) => e.event === name).length,
  };
}

/** Stores a change of an incident of a service. */
async function change(service: string, at: number, over = {}): Promise<IncidentChange> {
  const changed = { ...incident, id: `${service}-20260712T1150Z`, service, ...over };
  const news: IncidentChange = { incident: changed.id, at, from: null, to: 'signal', reason: '40 people' };
  await seeded.write.judge({
    judgedUntil: at,
    judgedAt: at,
    detectors: [],
    readings: [],
    spikes: [],
    incidents: [changed],
    changes: [news],
  });
  tell(news);
  return news;
}

test('says at once how fresh it is, in the form of server-sent events', async () => {
  const client = await listen();
  expect(client.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
  });
  expect((await client.next('tick')).data).toMatchObject({
    asOf: '2026-07-12T12:00:00.000Z',
    coverage: { state: 'full' },
  });
});

test('a stored change reaches a client once, with an id to come back with', async () => {
  const client = await listen();
  await client.next('tick');
  await change('zoom', asOf + 5 * minute);
  const event = await client.next('incident');
  expect(event.id).toBe(`${asOf + 5 * minute}/zoom-20260712T1150Z`);
  expect(event.data).toMatchObject({ change: { to: 'signal' }, incident: { service: 'zoom', authors: 320 } });
  expect((await client.next('tick')).data).toMatchObject({ asOf: '2026-07-12T12:05:00.000Z' });
  await change('slack', asOf + 10 * minute);
  expect((await client.next('incident')).data).toMatchObject({ incident: { service: 'slack' } });
  expect(client.count('incident')).toBe(0);
});

test('a client that comes back gets what it missed, and nothing twice', async () => {
  const last = changes.at(-2) as IncidentChange;
  const client = await listen('', `${last.at}/${last.incident}`);
  expect((await client.next('incident')).data).toMatchObject({
    change: { to: 'confirmed', reason: '2 platforms agree' },
  });
  await client.next('tick');
  expect(client.count('incident')).toBe(0);
  const end = changes.at(-1) as IncidentChange;
  const other = await listen('', `${end.at}/${end.incident}`);
  await other.next('tick');
  expect(other.count('incident')).toBe(0);
});

test('a client that was away for long gets all that it missed, in order', async () => {
  const names = Array.from({ length: 1500 }, (_, i) => `zoom-20260712T${1000 + i}Z`);
  const at = asOf + 5 * minute;
  await seeded.write.judge({
    judgedUntil: at,
    judgedAt: at,
    detectors: [],
    readings: [],
    spikes: [],
    incidents: names.map((id) => ({ ...incident, id, service: 'zoom' })),
    changes: names.map((id, i) => ({ incident: id, at: at + i, from: null, to: 'signal', reason: '40 people' })),
  });
  const last = changes.at(-1) as IncidentChange;
  const client = await listen('', `${last.at}/${last.incident}`);
  const heard: unknown[] = [];
  for (const _ of names) heard.push((await client.next('incident')).id?.split('/')[1]);
  expect(heard).toEqual(names);
  await client.next('tick');
  expect(client.count('incident')).toBe(0);
});

test('filters hold back what was not asked for', async () => {
  const client = await listen('?service=slack&min_authors=100');
  await client.next('tick');
  await change('zoom', asOf + 5 * minute);
  await change('slack', asOf + 10 * minute, { id: 'slack-20260712T0100Z', authors: 9 });
  await change('slack', asOf + 15 * minute);
  expect((await client.next('incident')).data).toMatchObject({ change: { at: '2026-07-12T12:15:00.000Z' } });
});

test('what only the reports can tell holds back too', async () => {
  const client = await listen('?state=confirmed&min_sources=1&lang=en');
  await client.next('tick');
  await change('zoom', asOf + 5 * minute);
  await change('outlook', asOf + 10 * minute, { id: 'outlook-20260712T0100Z', state: 'watch' });
  await change('outlook', asOf + 15 * minute);
  expect((await client.next('incident')).data).toMatchObject({
    change: { at: '2026-07-12T12:15:00.000Z' },
    incident: { service: 'outlook' },
  });
});

test('a wrong filter is a problem, not a stream', async () => {
  const response = await app.inject('/api/v1/stream?service=slak');
  expect(response.statusCode).toBe(400);
  expect(response.json().detail).toContain('did you mean slack?');
});

test('two hundred clients hear the same change, and a closing server lets all of them go', async () => {
  const clients = await Promise.all(Array.from({ length: 200 }, () => listen()));
  await Promise.all(clients.map((c) => c.next('tick')));
  await change('zoom', asOf + 5 * minute);
  const heard = await Promise.all(clients.map((c) => c.next('incident')));
  expect(new Set(heard.map((e) => e.id)).size).toBe(1);
  const gone = Promise.all(clients.map((c) => new Promise((resolve) => c.response.on('close', resolve))));
  await app.close();
  await gone;
});
