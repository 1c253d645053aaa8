// Every example of docs/api-examples.md runs against a real server: curl, TypeScript and, where python3 is, Python.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManage } from '../../src/config/manage.js';
import { openReader } from '../../src/config/open-reader.js';
import { scopes } from '../../src/core/ports.js';
import { createServer } from '../../src/http/server.js';
import { hashToken } from '../../src/http/tokens.js';
import { sourceKinds } from '../../src/sources/index.js';
import { openSeeded, type Seeded, secret, source } from './http-seed.js';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/api-examples.md'), 'utf8');
const run = promisify(execFile);

let seeded: Seeded;
let app: FastifyInstance;
let base: string;
let folder: string;
beforeAll(async () => {
  const reader = openReader({ catalog: { services: null }, classify: { model: null, public: null, support: null } });
  let sources: { name: string }[] = [];
  seeded = await openSeeded({
    catalog: reader.catalog,
    health: () => [source('replay'), ...sources.map(({ name }) => source(name))],
    tokens: [{ name: 'docs', hash: hashToken(secret), scopes }],
    method: { version: 'outcry-1', description: 'A method for tests.', older: [] },
    publicUrl: 'https://outcry.example.org',
    readers: { authorOf: (address) => address, offer: () => Promise.resolve() },
  });
  const { read, write } = seeded;
  const manager = createManage({
    store: { ...write, managed: read.managed },
    clock: seeded.deps.clock,
    kinds: sourceKinds,
    prepareServices: reader.prepare,
    useSources: async (next) => {
      sources = [...next];
    },
  });
  app = createServer({ ...seeded.deps, manager });
  base = await app.listen({ host: '127.0.0.1', port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'outcry-examples-'));
});
afterAll(async () => {
  await app.close();
  await seeded.close();
  rmSync(folder, { recursive: true });
});

/** The blocks of a language, asking this server. */
function blocks(language: string): string[] {
  const found = [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))];
  return found.map((m) => (m[1] as string).replaceAll('http://127.0.0.1:8080', base));
}

/** Runs a file of examples, and gives what it prints. */
async function runFile(name: string, text: string, command: string, args: string[] = []): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const env = { ...process.env, OUTCRY_TOKEN: secret };
  const { stdout } = await run(command, [...args, file], { cwd: root, env, maxBuffer: 1e8 });
  return stdout;
}

test('each route has an example in each language', () => {
  const routes = page.match(/^## `/gm)?.length;
  expect(blocks('sh')).toHaveLength(routes ?? 0);
  expect([blocks('ts').length, blocks('python').length]).toEqual([(routes ?? 0) + 1, (routes ?? 0) + 1]);
});

test('TypeScript', { timeout: 60_000 }, async () => {
  const [head = '', ...rest] = blocks('ts');
  const client = JSON.stringify(join(root, 'src/http/client/client.ts'));
  const text = [head.replace("'./client/client.js'", client), ...rest.map((block) => `{\n${block}}`)].join('\n');
  const told = await runFile('examples.mts', text, process.execPath, ['--import', 'tsx']);
  expect(told).toContain('Outlook confirmed 320');
  expect(told).toContain('event: tick');
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
test.skipIf(!hasCurl)('curl', { timeout: 60_000 }, async () => {
  // A stream never ends by itself: the time given to it is cut short, and its end by that time is no failure.
  const strict = `curl() {
  command curl -sS --fail-with-body "$@" || [ $? = 28 ] || { echo "failed: $*" >&2; exit 1; }
}`;
  const text = [strict, ...blocks('sh')].join('\n').replace('--max-time 60', '--max-time 1');
  const told = await runFile('examples.sh', text, 'bash');
  expect(told).toContain('"service":"outlook"');
  expect(told).toContain('event: tick');
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
test.skipIf(!hasPython)('Python', { timeout: 60_000 }, async () => {
  const told = await runFile('examples.py', blocks('python').join('\n'), 'python3');
  expect(told).toContain('Outlook confirmed 320');
});
