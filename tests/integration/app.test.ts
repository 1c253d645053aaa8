// What only the wiring of an installation can get wrong: that the server is told of its queue and its methods.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config/load.js';
import { methodVersion, olderMethods } from '../../src/detect/settings.js';
import { sourceKinds } from '../../src/sources/index.js';

const now = Date.parse('2026-07-12T09:00:00Z');
let app: App;
beforeEach(async () => {
  const config = { sources: [], db: ':memory:', log: 'silent', queue: { capacity: 500 }, readers: { reports: true } };
  app = await openApp(readConfig(config, sourceKinds), { clock: { now: () => now } });
});
afterEach(() => app.stop());

test('what waits to be stored is told among the metrics, with how much may wait', async () => {
  const gauge = async (name: string) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await app.server.inject('/metrics')).body)?.[1]);
  expect(await gauge('outcry_queue_items')).toBe(0);
  const waiting = app.server.inject({ method: 'POST', url: '/api/v1/reports', payload: { service: 'outlook' } });
  await expect.poll(() => gauge('outcry_queue_items')).toBe(1);
  expect(await gauge('outcry_queue_capacity')).toBe(500);
  const running = app.run();
  expect((await waiting).statusCode).toBe(202);
  expect(await gauge('outcry_queue_items')).toBe(0);
  await app.stop();
  await running;
});

test('the method that runs and those of the past are told by version; another name is told which there are', async () => {
  const told = async (version: string) => (await app.server.inject(`/api/v1/methods/${version}`)).json();
  expect(await told(methodVersion)).toMatchObject({ version: methodVersion, current: true, stepMs: 300_000 });
  expect(olderMethods.map((m) => m.version)).toEqual(['nb-scan-2', 'nb-scan-1']);
  for (const method of olderMethods)
    expect(await told(method.version)).toMatchObject({ ...method, current: false, stepMs: null });
  const allowed = [methodVersion, 'nb-scan-2', 'nb-scan-1'];
  expect(await told('nb-scan-0')).toMatchObject({ status: 404, errors: [{ field: 'path.version', allowed }] });
});
