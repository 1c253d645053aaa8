// What the docs give to neighbours works: the dashboard's addresses and columns, metrics, alerts, Home Assistant.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createServer } from '../../src/http/server.js';
import { asOf, openSeeded, type Seeded } from './http-seed.js';

const docs = join(import.meta.dirname, '../../docs');
const dashboard = JSON.parse(readFileSync(join(docs, 'grafana-dashboard.json'), 'utf8'));
const api = readFileSync(join(docs, 'api.md'), 'utf8');

let seeded: Seeded;
let app: FastifyInstance;
let metrics: Set<string>;
beforeAll(async () => {
  seeded = await openSeeded();
  app = createServer(seeded.deps);
  const { body } = await app.inject('/metrics');
  metrics = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map((m) => m[1] as string));
});
afterAll(async () => {
  await app.close();
  await seeded.close();
});

/** Everything of a kind in a tree. */
function* every(node: unknown, is: (o: Record<string, unknown>) => boolean): Generator<Record<string, unknown>> {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node) && is(node as Record<string, unknown>)) yield node as Record<string, unknown>;
  for (const child of Object.values(node)) yield* every(child, is);
}

const variables: Record<string, string> = {
  ...{ url: '', service: 'outlook', region: '*' },
  ...{ __from: String(asOf - 86_400_000), __to: String(asOf) },
};

test('every address of the dashboard answers, with the columns that it draws', async () => {
  const queries = [...every(dashboard, (o) => typeof o.url === 'string' && Array.isArray(o.columns))];
  expect(queries.length).toBe(4);
  for (const { url, root_selector, columns } of queries) {
    const path = String(url).replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name] as string);
    const response = await app.inject(path);
    expect(response.statusCode, path).toBe(200);
    const answer = response.json();
    const [row] = root_selector === '' ? answer : answer[root_selector as string];
    for (const { selector } of columns as { selector: string }[]) expect(Object.keys(row), path).toContain(selector);
  }
});

test('every metric of the dashboard and of the alerts is told', () => {
  const told = [...every(dashboard, (o) => typeof o.expr === 'string')].map((o) => String(o.expr));
  const alerts = [...api.matchAll(/expr: (.*)/g)].map((m) => m[1] as string);
  const named = [...told, ...alerts].flatMap((expr) => expr.match(/outcry_\w+/g) ?? []);
  expect([told.length, alerts.length]).toEqual([6, 3]);
  for (const name of named) expect([...metrics]).toContain(name);
});

test('no panel lies over another', () => {
  const taken = new Set<string>();
  for (const {
    gridPos: { x, y, w, h },
  } of dashboard.panels)
    for (let i = x; i < x + w; i++)
      for (let j = y; j < y + h; j++) {
        expect(taken.has(`${i},${j}`)).toBe(false);
        taken.add(`${i},${j}`);
      }
});

test('the YAML of the docs is YAML, and Home Assistant finds what it asks for', async () => {
  const blocks = [...api.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => parse(m[1] as string));
  expect(blocks).toHaveLength(3);
  const [{ resource, sensor }] = blocks.find((b) => b.rest).rest;
  const answer = (await app.inject(new URL(resource).pathname)).json();
  const asked = [...sensor[0].json_attributes, ...sensor[0].value_template.match(/(?<=value_json\.)\w+/g)];
  expect(asked.length).toBeGreaterThan(3);
  for (const field of asked) expect(Object.keys(answer)).toContain(field);
});
