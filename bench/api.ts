// Measures the API beside a bare Fastify route that returns the same bytes: npm run bench:api [-- --seconds 1]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { Pool, request } from 'undici';
import type { ReadStore } from '../src/core/ports.js';
import { createServer } from '../src/http/server.js';
import { incident, openSeeded } from '../tests/integration/http-seed.js';

const routes = ['/api/v1/summary', '/api/v1/spikes', '/api/v1/series?service=outlook&since=7d&interval=1h'];
const connections = 20;

const exported = 1_000_000;

/** The child: the real server, and a bare one that returns what the real one said. */
async function serve(): Promise<void> {
  const seeded = await openSeeded();
  const { items } = await seeded.read.evidence(incident.service, 0, Number.MAX_SAFE_INTEGER, { limit: 500 });
  const read: ReadStore = {
    ...seeded.read,
    // A million rows without a million inserts: the store's own page again and again.
    async evidence(_service, _from, _to, { limit, cursor }) {
      const done = Number(cursor ?? 0) + Math.min(limit, items.length);
      return { items: items.slice(0, limit), next: done < exported ? String(done) : null };
    },
  };
  const real = createServer({ ...seeded.deps, read });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ rss: process.memoryUsage().rss, cpuUs: user + system });
  });
  const bare = Fastify();
  for (const route of routes) {
    const { body } = await real.inject(route);
    bare.get(`/bare${route.split('?')[0]}`, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(body),
    );
  }
  process.send?.([await real.listen({ port: 0 }), await bare.listen({ port: 0 })]);
  process.once('disconnect', () => process.exit());
}

/** Of the child: bytes in memory, and processor time used, us. */
type State = () => Promise<{ rss: number; cpuUs: number }>;

interface Load {
  perSecond: number;
  p99: number;
  /** Processor time of the server for one answer: other work on the machine hardly changes it. */
  cpuUs: number;
}

async function load(
  state: State,
  base: string,
  path: string,
  ms: number,
  headers: Record<string, string> = {},
): Promise<Load> {
  const pool = new Pool(base, { connections });
  const times: number[] = [];
  const { cpuUs } = await state();
  const end = performance.now() + ms;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const from = performance.now();
        const { body, statusCode } = await pool.request({ path, method: 'GET', headers });
        await body.dump();
        if (statusCode >= 400) throw new Error(`${path} answers ${statusCode}`);
        times.push(performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  const used = (await state()).cpuUs - cpuUs;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] as number;
  return { perSecond: times.length / seconds, p99: at(0.99), cpuUs: used / times.length };
}

/** Rows of an export and what it adds to the memory of the server; then clients of the stream held at once. */
async function hold(base: string, state: State): Promise<void> {
  const rss = async () => (await state()).rss;
  const idle = await rss();
  let most = idle;
  let bytes = 0;
  let reading = true;
  const watching = (async () => {
    for (; reading; await new Promise((resolve) => setTimeout(resolve, 200))) most = Math.max(most, await rss());
  })();
  const from = performance.now();
  const { body } = await request(`${base}/api/v1/incidents/${incident.id}/evidence?format=ndjson`);
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  reading = false;
  await watching;
  const seconds = (performance.now() - from) / 1000;
  process.stdout.write(
    `export of ${exported} rows (${(bytes / 1e6).toFixed(0)} MB) in ${seconds.toFixed(1)} s, ${((most - idle) / 1e6).toFixed(0)} MB above idle\n`,
  );
  const before = await rss();
  const pool = new Pool(base, { connections: 1000 });
  const clients = await Promise.all(
    Array.from({ length: 1000 }, () => pool.request({ path: '/api/v1/stream', method: 'GET' })),
  );
  const heard = await Promise.all(
    clients.map(async ({ body }) => (await body[Symbol.asyncIterator]().next()).done === false),
  );
  process.stdout.write(
    `${heard.filter(Boolean).length} clients of the stream held, ${(((await rss()) - before) / 1e6).toFixed(0)} MB more\n`,
  );
  await pool.destroy();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1' } } });
  const ms = Number(values.seconds) * 1000;
  const child = fork(import.meta.filename, ['serve'], { execArgv: process.execArgv });
  const [[real, bare]] = (await once(child, 'message')) as [[string, string]];
  const state: State = async () => {
    child.send('state');
    return ((await once(child, 'message')) as [Awaited<ReturnType<State>>])[0];
  };
  const etags = new Map<string, string>();
  for (const route of routes) etags.set(route, (await fetch(real + route)).headers.get('etag') as string);
  const rounds = 5;
  const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
  for (const route of routes) {
    const path = `/bare${route.split('?')[0]}`;
    const kinds = {
      bare: () => load(state, bare, path, ms),
      real: () => load(state, real, route, ms),
      304: () => load(state, real, route, ms, { 'if-none-match': etags.get(route) as string }),
    };
    const all: Record<keyof typeof kinds, Load[]> = { bare: [], real: [], 304: [] };
    // In turns, so that what else the machine does falls on all alike; the first turn only warms up.
    for (let i = 0; i <= rounds; i++) {
      for (const kind of ['bare', 'real', 304] as const) {
        const found = await kinds[kind]();
        if (i > 0) all[kind].push(found);
      }
    }
    for (const kind of ['bare', 'real', 304] as const) {
      const perSecond = median(all[kind].map((l) => l.perSecond));
      const ratio = median(all[kind].map((l, i) => l.perSecond / (all.bare[i] as Load).perSecond));
      const p99 = median(all[kind].map((l) => l.p99));
      const cpu = median(all[kind].map((l) => l.cpuUs));
      const cpuRatio = median(all[kind].map((l, i) => (all.bare[i] as Load).cpuUs / l.cpuUs));
      process.stdout.write(
        `${String(kind).padEnd(5)}${route.padEnd(54)}${perSecond.toFixed(0).padStart(7)}/s  p99 ${p99.toFixed(1).padStart(5)} ms  ${cpu.toFixed(1).padStart(5)} us of CPU  ${ratio.toFixed(2)} of bare (${cpuRatio.toFixed(2)} by CPU)\n`,
      );
    }
  }
  await hold(real, state);
  child.disconnect();
}

await (process.argv[2] === 'serve' ? serve() : main());
