// Measures the store beside a floor: `npx tsx bench/store.ts [posts]`. The floor is better-sqlite3 putting the same rows
// into the same tables without looking at anything.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { IngestBatch, WriteStore } from '../src/core/ports.js';
import type { Post, Report } from '../src/core/post.js';
import { day, minute } from '../src/core/time.js';
import { openStore } from '../src/store/open.js';

const total = Number(process.argv[2] ?? 60_000);
const batchSize = 1_000;
const t0 = Date.UTC(2026, 5, 1);
const spanMs = 14 * 24 * 60 * minute;
const regions = [null, null, 'GB', 'GB-ENG', 'US', 'US-CA', 'DE', 'DE-BY', 'FR', 'BR'];
const regionPath = (code: string | null): string[] =>
  code === null ? ['*'] : code.includes('-') ? [code, code.slice(0, 2), '*'] : [code, '*'];

let seed = 42;
/** A number in 0..n-1, the same in every run. */
function pick(n: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
}

/** Posts spread over a fortnight; every tenth batch is a crowd about one service within some minutes. */
function makeBatches(): IngestBatch[] {
  const batches: IngestBatch[] = [];
  for (let from = 0; from < total; from += batchSize) {
    const crowd = batches.length % 10 === 9;
    const start = t0 + (from / total) * spanMs;
    const width = crowd ? 5 * minute : (batchSize / total) * spanMs;
    const posts: Post[] = [];
    const reports: Report[] = [];
    for (let i = from; i < Math.min(from + batchSize, total); i++) {
      const createdAt = Math.floor(start + ((i - from) / batchSize) * width);
      const id = `bench:at://did:plc:${(i * 7919).toString(36).padStart(24, 'x')}/post/${i.toString(36).padStart(13, '3')}`;
      posts.push({
        id,
        source: `bench-${pick(4)}`,
        platform: 'bluesky',
        author:
          pick(10) === 0
            ? null
            : `author-${pick(total / 3)
                .toString(36)
                .padStart(16, '0')}`,
        text: `number ${i}: is it just me or has it been down again since lunch, nothing loads here and the app hangs`,
        lang: 'en',
        context: null,
        place: null,
        url: `https://example.org/post/${i}`,
        createdAt,
        receivedAt: createdAt + 2_000,
      });
      reports.push({
        postId: id,
        service: crowd ? 'service-0' : `service-${pick(60)}`,
        kind: pick(4) === 0 ? 'question' : 'report',
        score: 0.9,
        symptom: 'down',
        region: regions[pick(regions.length)] ?? null,
        why: ['says "down"', 'names the service'],
      });
    }
    const last = posts.at(-1) as Post;
    batches.push({
      posts,
      reports,
      deleted: [],
      seen: [
        { source: 'bench-0', t: Math.floor(last.createdAt / minute) * minute, posts: 5000, matched: posts.length },
      ],
      cursors: [{ source: 'bench-0', cursor: last.id }],
      horizon: start - 3_600_000,
    });
  }
  return batches;
}

/** CPU seconds of this process: on a busy machine the clock on the wall says little. */
async function timed(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const say = (what: string, value: string) => process.stdout.write(`${what.padEnd(28)}${value}\n`);
const rate = (n: number, seconds: number) =>
  `${Math.round(n / seconds)
    .toLocaleString('en')
    .padStart(9)}/s  (${seconds.toFixed(2)} s of CPU)`;

/** Puts the rows of `from` into an empty database of the same shape, 1000 a transaction, looking at nothing. */
async function floorOf(from: string, to: string, tables: string[]): Promise<number> {
  const filled = new Database(from, { readonly: true });
  const empty = new Database(to);
  empty.pragma('journal_mode = WAL');
  empty.pragma('synchronous = NORMAL');
  for (const sql of filled.prepare('select sql from sqlite_master where sql is not null order by rowid').pluck().all())
    empty.exec(sql as string);
  const work = tables.map((table) => {
    const rows = filled.prepare(`select * from ${table}`).raw().all() as unknown[][];
    return { rows, insert: empty.prepare(`insert into ${table} values (${rows[0]?.map(() => '?').join(', ')})`) };
  });
  const seconds = await timed(() => {
    for (const { rows, insert } of work)
      for (let i = 0; i < rows.length; i += batchSize)
        empty.transaction(() => {
          for (const row of rows.slice(i, i + batchSize)) insert.run(...row);
        })();
  });
  empty.close();
  filled.close();
  return seconds;
}

const folder = mkdtempSync(join(tmpdir(), 'outcry-bench-'));
const file = join(folder, 'store.sqlite');
const batches = makeBatches();
const { read, write } = await openStore(file, { regionPath });
const ingestAll = (store: WriteStore) => async () => {
  for (const batch of batches) await store.ingest(batch);
};

say('ingest, file', rate(total, await timed(ingestAll(write))));
say('  floor', rate(total, await floorOf(file, join(folder, 'floor1'), ['posts', 'reports', 'buckets'])));
say('  the same posts again', rate(total, await timed(ingestAll(write))));
const memory = await openStore(':memory:', { regionPath });
say('ingest, :memory:', rate(total, await timed(ingestAll(memory.write))));
await memory.write.close();

const steps = 1_000;
const perStep = 60;
const stepMs = 5 * minute;
const reading = {
  ...{ observed: 3, expected: 2.5, low: 0, high: 6, surprise: 0.4, bar: 6, windowMs: 0 },
  ...{ alert: null, active: false, calming: false, provisional: false },
};
const state = new Uint8Array(600);
const judge = await timed(async () => {
  for (let step = 0; step < steps; step++) {
    const t = t0 + step * stepMs;
    const series = Array.from({ length: perStep }, (_, i) => ({ service: `service-${i}`, region: '*' }));
    await write.judge({
      judgedUntil: t,
      judgedAt: t,
      detectors: series.map((key) => ({ ...key, judgedUntil: t, active: false, state })),
      readings: series.map((key) => ({ ...key, reading: { ...reading, t }, widthMs: stepMs })),
      spikes: [],
      incidents: [],
      changes: [],
    });
  }
});
say(`judge, ${perStep} series a step`, rate(steps, judge));
say('  floor (readings only)', rate(steps, await floorOf(file, join(folder, 'floor2'), ['readings'])));

const eachStep = (work: (t: number, i: number) => Promise<unknown>) =>
  timed(async () => {
    for (let i = 0; i < steps; i++) await work(t0 + i * stepMs, i);
  });
say('touchedSeries, a step', rate(steps, await eachStep((t) => read.touchedSeries(t, t + stepMs))));
const key = (i: number) => ({ service: `service-${i % perStep}`, region: '*' });
say('buckets, a step', rate(steps, await eachStep((t, i) => read.buckets(key(i), t, t + stepMs))));
say('detector', rate(steps, await eachStep((_, i) => read.detector(key(i)))));
say(
  'buckets, a fortnight',
  rate(
    10,
    await timed(async () => {
      for (let i = 0; i < 10; i++) await read.buckets(key(0), t0, t0 + spanMs);
    }),
  ),
);
say(
  'tally, a day',
  rate(
    10,
    await timed(async () => {
      for (let i = 0; i < 10; i++) await read.tally('service-0', t0 + i * day, t0 + (i + 1) * day);
    }),
  ),
);

let longest = 0;
let last = performance.now();
const watch = setInterval(() => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
}, 1);
const end = t0 + spanMs + day;
const expired = await timed(() =>
  write.expire({ textBefore: end, bucketsBefore: end, quartersBefore: t0 + spanMs / 2 }),
);
clearInterval(watch);
say('expire, all of it', `${expired.toFixed(2)} s of CPU, longest pause ${longest.toFixed(0)} ms`);

await read.close();
await write.close();
say('file', `${Math.round(statSync(file).size / total)} bytes a post`);
rmSync(folder, { recursive: true });
