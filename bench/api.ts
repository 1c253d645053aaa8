// Measures the API beside a bare Fastify route that returns the same bytes: npm run bench:api [-- --seconds 1]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { Pool } from 'undici';
import { createServer } from '../src/http/server.js';
import { openSeeded } from '../tests/integration/http-seed.js';

const routes = ['/api/v1/summary', '/api/v1/spikes', '/api/v1/series?service=outlook&since=7d&interval=1h'];
const connections = 20;

/** The child: the real server, and a bare one that returns what the real one said. */
async function serve(): Promise<void> {
  const seeded = await openSeeded();
  const real = createServer(seeded.deps);
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

interface Load {
  perSecond: number;
  p99: number;
}

async function load(base: string, path: string, ms: number, headers: Record<string, string> = {}): Promise<Load> {
  const pool = new Pool(base, { connections });
  const times: number[] = [];
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
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] as number;
  return { perSecond: times.length / seconds, p99: at(0.99) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '1' } } });
  const ms = Number(values.seconds) * 1000;
  const child = fork(import.meta.filename, ['serve'], { execArgv: process.execArgv });
  const [[real, bare]] = (await once(child, 'message')) as [[string, string]];
  const etags = new Map<string, string>();
  for (const route of routes) etags.set(route, (await fetch(real + route)).headers.get('etag') as string);
  const rounds = 5;
  const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
  for (const route of routes) {
    const path = `/bare${route.split('?')[0]}`;
    const kinds = {
      bare: () => load(bare, path, ms),
      real: () => load(real, route, ms),
      304: () => load(real, route, ms, { 'if-none-match': etags.get(route) as string }),
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
      process.stdout.write(
        `${String(kind).padEnd(5)}${route.padEnd(54)}${perSecond.toFixed(0).padStart(7)}/s  p99 ${p99.toFixed(1)} ms  ${ratio.toFixed(2)} of bare\n`,
      );
    }
  }
  child.disconnect();
}

await (process.argv[2] === 'serve' ? serve() : main());
