// Pushed posts: the answer comes when they are in the database, so that no crash loses what was acknowledged.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config/load.js';
import { sourceKinds } from '../../src/sources/index.js';
import { openStore } from '../../src/store/open.js';

const token = 'a-token-for-this-test';
const now = Date.parse('2026-07-12T09:00:00Z');
let folder: string;
let db: string;
let app: App;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outcry-push-'));
  db = join(folder, 'outcry.db');
  app = await openApp(readConfig({ sources: [], db, log: 'silent', push: { tokens: [token] } }, sourceKinds), {
    clock: { now: () => now },
  });
});
afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

function push(ids: string[]) {
  const payload = ids.map((id) => ({ id, text: 'is outlook down for anyone else?', createdAt: new Date(now) }));
  return app.server.inject({
    method: 'POST',
    url: '/api/v1/posts',
    headers: { authorization: `Bearer ${token}` },
    payload,
  });
}

test('are in the database when the answer comes', async () => {
  const running = app.run();
  expect((await push(['1', '2', '3'])).statusCode).toBe(202);
  const { read, write } = await openStore(db, { regionPath: () => ['*'] });
  for (const id of ['1', '2', '3']) expect(await read.post(`push:${id}`)).not.toBeNull();
  await read.close();
  await write.close();
  await app.stop();
  await running;
});

test('whoever waits when Outcry stops is told to send them again', async () => {
  const answer = push(['1']);
  await new Promise(setImmediate);
  await app.stop();
  expect((await answer).statusCode).toBe(503);
  expect((await answer).headers['retry-after']).toBe('5');
});
