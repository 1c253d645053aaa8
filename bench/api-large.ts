// Measures reads beside a large store: npx tsx bench/api-large.ts [--buckets 10000000] [--seconds 20]
// [--naming 40]. The real server runs in a child, with 10 million buckets stored and 1,000 posts a second coming in; a million posts are exported.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { Pool } from 'undici';
import { type App, openApp } from '../src/app.js';
import { loadCatalog } from '../src/catalog/catalog.js';
import { readConfig } from '../src/config/load.js';
import type { Source } from '../src/core/ports.js';
import { floorTo, hour, minute, week } from '../src/core/time.js';
import { sourceKinds } from '../src/sources/index.js';
import { openStore } from '../src/store/open.js';

const regions = ['*', 'GB', 'US', 'US-CA'];
const widthMs = 5 * minute;
const catalog = loadCatalog();
const services = catalog.services
  .filter((s) => s.counts === undefined)
  .slice(0, 60)
  .map((s) => s.id);
const exported = 'outlook-export';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    buckets: { type: 'string', default: '10000000' },
    rows: { type: 'string', default: '1000000' },
    posts: { type: 'string', default: '1000' },
    /** Every how many-th post names a service: in a big firehose one of forty. */
    naming: { type: 'string', default: '40' },
    reads: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    db: { type: 'string' },
  },
});

/** Fills a store with minutes up to now, as they would have come: by time, all series of a minute together. */
async function generate(path: string, buckets: number, rows: number): Promise<void> {
  const { read, write } = await openStore(path, { regionPath: (code) => catalog.regionPath(code) });
  const end = floorTo(Date.now(), widthMs);
  const minutes = Math.ceil(buckets / (services.length * regions.length));
  const incidentAt = (i: number) => end - (i + 1) * 3 * hour;
  const episode = (i: number) => ({
    service: services[i % services.length] as string,
    startedAt: incidentAt(i),
    detectedAt: incidentAt(i) + widthMs,
    peakAt: incidentAt(i) + 4 * widthMs,
    surprise: 6 + (i % 40),
    reports: 40 + i,
    authors: 30 + i,
  });
  const incidents = Array.from({ length: 2000 }, (_, i) => ({
    ...episode(i),
    id: `bench-${i}`,
    state: i < 20 ? ('signal' as const) : ('resolved' as const),
    resolvedAt: i < 20 ? null : incidentAt(i) + hour,
    regions: i % 3 ? ['*'] : ['GB'],
    touched: ['GB', 'US'],
    platforms: ['bluesky', 'reddit.com'],
    unlocated: 0.5,
    symptoms: { down: 30, login: 10 + i },
    possibleSpilloverOf: [],
    blamed: [],
    method: 'bench',
  }));
  await write.judge({
    judgedUntil: end,
    judgedAt: end,
    detectors: [],
    readings: [],
    spikes: incidents.map((_, i) => ({
      ...{ ...episode(i), id: `bench-${i}`, region: regions[i % 4] as string, expected: 2, heldBack: null },
      endedAt: i < 30 ? null : incidentAt(i) + hour,
    })),
    incidents: [
      ...incidents,
      {
        ...(incidents[1999] as (typeof incidents)[number]),
        id: exported,
        service: 'outlook',
        startedAt: 0,
        resolvedAt: hour,
      },
    ],
    changes: incidents.map(({ id, detectedAt }) => ({
      incident: id,
      at: detectedAt,
      from: null,
      to: 'signal',
      reason: 'bench',
    })),
  });
  await read.close();
  await write.close();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -1000000');
  db.exec('create temp table s (service text, n integer); create temp table r (region text, n integer)');
  for (const [i, service] of services.entries()) db.prepare('insert into s values (?, ?)').run(service, i);
  for (const [i, region] of regions.entries()) db.prepare('insert into r values (?, ?)').run(region, i);
  const steps = (n: number) => `with recursive m(i) as (select 0 union all select i + 1 from m where i + 1 < ${n})`;
  const first = end - minutes * minute;
  const work = [
    `${steps(minutes)} insert into buckets select service, region, ${first} + i * 60000,
       1 + (i * 7 + s.n * 13 + r.n) % 5, 1 + (i * 7 + s.n * 13 + r.n) % 4, 1 + i % 2 from m, s, r order by i`,
    `${steps(minutes)} insert into seen select ${first} + i * 60000, 'bench', 60000, 600 from m`,
    `${steps(Math.floor((1.2 * week) / widthMs))} insert into readings
       select service, region, ${end} - (i + 1) * ${widthMs}, ${widthMs}, 10, 9.5, 3, 18, 0.4, 6, 0, null, 0, 0, 0 from m, s, r`,
    `${steps(rows)} insert into posts (id, source, platform, author, text, lang, url, created_at, received_at, counted)
       select 'bench:' || i, 'bench', 'bluesky', 'author-' || i, 'number ' || i || ': outlook is down again, nothing loads here and the app hangs',
       'en', 'https://example.org/post/' || i, i, i, 1 from m`,
    `insert into reports (post, service, kind, score, symptom, region, why, created_at, author, source, platform, counted)
       select n, 'outlook', 'report', 0.9, 'down', null, '["says \\"down\\""]', created_at, author, source, platform, 1 from posts`,
  ];
  for (const sql of work) db.transaction(() => db.exec(sql))();
  db.pragma('optimize');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  // Whatever lives by the hour is brought up to date, as a server does at its start.
  const settled = await openStore(path, { regionPath: (code) => catalog.regionPath(code) });
  await settled.write.expire({ textBefore: 0, bucketsBefore: 0 });
  await settled.read.close();
  await settled.write.close();
}

/** Posts at a steady rate, of which some name a service and say that it fails. */
function crowd(perSecond: number, naming: number): Source {
  const tails = ['is down again', 'keeps logging me out', 'will not load', 'is so slow today, anyone else?'];
  return {
    name: 'bench',
    kind: 'bench',
    async *read({ signal }) {
      for (let n = 0, start = Date.now(); !signal.aborted; ) {
        const due = Math.floor(((Date.now() - start) / 1000) * perSecond);
        for (; n < due; n++) {
          const now = Date.now();
          const service = catalog.service(services[n % services.length] as string);
          const names = n % naming === 0;
          yield {
            post: {
              ...{ id: `crowd:${start}-${n}`, source: 'bench', platform: 'bluesky', author: `a${n % 50_000}` },
              text: names
                ? `${service?.aliases[0]} ${tails[n % 4]}`
                : `what a lovely evening for walk number ${n} along the river`,
              ...{ lang: 'en', context: null, place: null, url: null, createdAt: now, receivedAt: now },
            },
            cursor: null,
          };
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** CPU that each read costs by itself, ms: on a busy machine the clock on the wall says little. */
async function cpuOfReads(server: App['server']): Promise<Record<string, number>> {
  const cost: Record<string, number> = {};
  for (const [name, path] of Object.entries(reads)) {
    for (let i = 0; i < 3; i++) await server.inject(path());
    const from = process.cpuUsage();
    for (let i = 0; i < 25; i++) await server.inject(`${path()}`);
    const { user, system } = process.cpuUsage(from);
    cost[name] = (user + system) / 1000 / 25;
  }
  return cost;
}

/** The child: the whole installation. */
async function serve(path: string): Promise<void> {
  const config = readConfig({ db: path, log: 'silent', listen: { port: 0 } }, sourceKinds, {});
  const app = await openApp(config, { sources: [crowd(Number(values.posts), Number(values.naming))] });
  process.send?.(await cpuOfReads(app.server));
  const running = app.run();
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  pauses.enable();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const posts = app.supervisor.health()[0]?.posts ?? 0;
    const pauseMs = { p99: pauses.percentile(99) / 1e6, max: pauses.max / 1e6 };
    pauses.reset();
    process.send?.({ rss: process.memoryUsage().rss, cpu: (user + system) / 1e6, posts, pauseMs });
  });
  process.send?.(await app.listen());
  process.once('disconnect', () => app.stop().then(() => running));
}

/** A read of nothing: what the machine itself makes wait at that moment. */
const floor = 'nothing (/healthz)';
const pickOne = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;
const someIncident = () => `/api/v1/incidents/bench-${Math.floor(Math.random() * 2000)}`;
/** Every read, of ever other things, so that few are answered from what was kept. */
const reads: Record<string, () => string> = {
  [floor]: () => '/healthz',
  'series 7d by 1h': () =>
    `/api/v1/series?service=${pickOne(services)}&region=${pickOne(regions)}&since=7d&interval=1h`,
  'series 24h': () => `/api/v1/series?service=${pickOne(services)}&region=${pickOne(regions)}`,
  summary: () => '/api/v1/summary',
  services: () => `/api/v1/services?limit=${1 + Math.floor(Math.random() * 100)}`,
  service: () => `/api/v1/services/${pickOne(services)}`,
  regions: () => `/api/v1/regions?limit=${1 + Math.floor(Math.random() * 100)}`,
  spikes: () => `/api/v1/spikes?service=${pickOne(services)}`,
  'spikes, sorted': () => `/api/v1/spikes?sort=-authors&min_surprise=${(Math.random() * 20).toFixed(3)}`,
  incidents: () => `/api/v1/incidents?service=${pickOne(services)}`,
  'incidents, sorted': () => `/api/v1/incidents?sort=-authors&region=${pickOne(['GB', 'US', 'FR'])}`,
  incident: someIncident,
  evidence: () => `${someIncident()}/evidence`,
  timeline: () => `${someIncident()}/timeline`,
  cite: () => `${someIncident()}/cite`,
  sources: () => '/api/v1/sources',
  annotations: () => `/api/v1/annotations?service=${pickOne(services)}`,
  feed: () => `/feeds/services/${pickOne(services)}.atom`,
  statuspage: () => '/api/v2/summary.json',
  metrics: () => '/metrics',
};

const at = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
const say = (words: string) => process.stdout.write(`${words}\n`);

/** Asks at a steady rate, whether answers come or not, and times each from when it was due. */
async function ask(base: string, perSecond: number, ms: number): Promise<Map<string, number[]>> {
  const pool = new Pool(base, { connections: 50 });
  const times = new Map<string, number[]>(Object.keys(reads).map((name) => [name, []]));
  const names = Object.keys(reads);
  const begin = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < (ms / 1000) * perSecond; n++) {
    const due = begin + (n / perSecond) * 1000;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const name = names[n % names.length] as string;
    const path = (reads[name] as () => string)();
    const from = performance.now();
    running.push(
      pool.request({ path, method: 'GET' }).then(async ({ body, statusCode }) => {
        await body.dump({ limit: 1e8 });
        if (statusCode >= 400) throw new Error(`${path} answers ${statusCode}`);
        times.get(name)?.push(performance.now() - from);
      }),
    );
  }
  await Promise.all(running);
  await pool.close();
  return times;
}

interface State {
  rss: number;
  cpu: number;
  posts: number;
  /** How long the server was deaf since it was asked last, ms. */
  pauseMs: { p99: number; max: number };
}

async function main(): Promise<void> {
  const folder = values.db ? null : mkdtempSync(join(tmpdir(), 'outcry-bench-'));
  const path = values.db ?? join(folder as string, 'outcry.db');
  const before = performance.now();
  if (!values.db || !statSync(path, { throwIfNoEntry: false }))
    await generate(path, Number(values.buckets), Number(values.rows));
  say(
    `${Number(values.buckets).toLocaleString('en')} buckets, ${(statSync(path).size / 1e9).toFixed(1)} GB, made in ${((performance.now() - before) / 1000).toFixed(0)} s`,
  );
  const child = fork(import.meta.filename, ['serve', path, `--posts=${values.posts}`, `--naming=${values.naming}`], {
    execArgv: process.execArgv,
  });
  const [cost] = (await once(child, 'message')) as [Record<string, number>];
  const [base] = (await once(child, 'message')) as [string];
  const state = async () => {
    child.send('state');
    return ((await once(child, 'message')) as [State])[0];
  };
  await ask(base, 20, 3000);
  const [start, from] = [await state(), performance.now()];
  const times = await ask(base, Number(values.reads), Number(values.seconds) * 1000);
  const [end, seconds] = [await state(), (performance.now() - from) / 1000];
  const all = [...times].flatMap(([name, list]) => (name === floor ? [] : list)).sort((a, b) => a - b);
  for (const [name, list] of times) {
    list.sort((a, b) => a - b);
    say(
      `${name.padEnd(20)}${at(list, 0.5).toFixed(1).padStart(8)} ms median${at(list, 0.99).toFixed(1).padStart(8)} ms p99${(cost[name] ?? 0).toFixed(1).padStart(8)} ms of CPU`,
    );
  }
  say(
    `${'all reads'.padEnd(20)}${at(all, 0.5).toFixed(1).padStart(8)} ms median${at(all, 0.99).toFixed(1).padStart(8)} ms p99`,
  );
  say(
    `${Math.round((end.posts - start.posts) / seconds)} posts/s came in beside ${(all.length / seconds).toFixed(0)} reads/s; the server used ${(((end.cpu - start.cpu) / seconds) * 100).toFixed(0)} % of a core and paused ${end.pauseMs.p99.toFixed(1)} ms at p99, ${end.pauseMs.max.toFixed(0)} ms at most`,
  );
  if (Number(values.rows) > 0) await exportAll(base, state);
  child.disconnect();
  await once(child, 'exit');
  if (folder) rmSync(folder, { recursive: true });
}

/** What an export of all posts of one incident adds to the memory of the server. */
async function exportAll(base: string, state: () => Promise<State>): Promise<void> {
  const idle = (await state()).rss;
  let [most, bytes, lines] = [idle, 0, 0];
  let reading = true;
  const watching = (async () => {
    for (; reading; await new Promise((resolve) => setTimeout(resolve, 200)))
      most = Math.max(most, (await state()).rss);
  })();
  const from = performance.now();
  const pool = new Pool(base, { connections: 1 });
  const { body } = await pool.request({ path: `/api/v1/incidents/${exported}/evidence?format=ndjson`, method: 'GET' });
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    for (const byte of chunk as Buffer) if (byte === 10) lines++;
  }
  reading = false;
  await watching;
  await pool.close();
  say(
    `export of ${lines.toLocaleString('en')} rows (${(bytes / 1e6).toFixed(0)} MB) in ${((performance.now() - from) / 1000).toFixed(0)} s, ${((most - idle) / 1e6).toFixed(0)} MB above idle`,
  );
}

await (process.argv[2] === 'serve' ? serve(process.argv[3] as string) : main());
