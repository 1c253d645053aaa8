// docs/api.md moves with the code: every route stands there, and its examples run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createServer } from '../../src/http/server.js';
import { openSeeded } from './http-seed.js';

const doc = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');

test('every route of the document stands in docs/api.md', async () => {
  const seeded = await openSeeded();
  const app = createServer(seeded.deps);
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, object> };
  const examples: Record<string, string> = {
    '/feeds/incidents.{format}': '/feeds/incidents.atom',
    '/feeds/{by}/{value}.{format}': '/feeds/services/outlook.atom',
  };
  const missing = Object.keys(paths)
    .map((path) => examples[path] ?? path.replace(/^\/api\/v2\//, ''))
    .filter((path) => !doc.includes(path));
  await app.close();
  await seeded.close();
  expect(missing).toEqual([]);
});

test('every address read in an example answers 200', async () => {
  const seeded = await openSeeded();
  const app = createServer(seeded.deps);
  const urls = [...doc.matchAll(/http:\/\/127\.0\.0\.1:8080(\/[^\s'"`)]*)/g)].map((m) => m[1] as string);
  const reads = urls.filter((url) => !/stream|posts$|reports$|verdict$|northern-fibre$/.test(url));
  expect(reads.length).toBeGreaterThan(3);
  for (const url of reads) expect((await app.inject(url)).statusCode, url).toBe(200);
  await app.close();
  await seeded.close();
});
