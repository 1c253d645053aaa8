// Measures the page in headless Chromium with a processor throttled to a quarter, beside an empty page of the same server:
// npm run bench:page [-- --services 500 --days 365]. The store holds a year of reports and of what was usual.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { WriteStore } from '../src/core/ports.js';
import type { Post, Report } from '../src/core/post.js';
import type { Reading } from '../src/core/signal.js';
import { day, hour, minute } from '../src/core/time.js';
import { createServer } from '../src/http/server.js';
import { openStore } from '../src/store/open.js';
import { noBrowser, openBrowser } from '../tests/browser/browser.js';
import { asOf, catalog, incident, openSeeded, seed, widthMs } from '../tests/integration/http-seed.js';

const throttle = 4;
/** Visits of each view; medians of them are told. */
const rounds = 7;
/** What the page must keep. */
const limits = { bytes: 150_000, usefulMs: 1000, taskMs: 100, liveMs: 2000 };

/** A year of reports from all sorts of places, aged as the retention ages them. */
async function fill(write: WriteStore, services: readonly string[], days: number): Promise<void> {
  const regions = [null, null, 'GB-ENG', 'US-CA', 'US-TX', 'DE-BE', 'FR-IDF', 'BR-SP', 'JP-13', 'IN-MH'];
  const symptoms = ['login', 'down', 'slow', 'app'] as const;
  let posts: Post[] = [];
  let reports: Report[] = [];
  const store = async () => {
    await write.ingest({ posts, reports, deleted: [], seen: [], cursors: [], horizon: 0 });
    [posts, reports] = [[], []];
  };
  let n = 0;
  const add = async (service: string, createdAt: number) => {
    const id = `bench:${n++}`;
    const at = { createdAt, receivedAt: createdAt };
    const from = { source: 'bench', platform: n % 3 ? 'bluesky' : 'mastodon', author: `author ${n}` };
    posts.push({ id, ...from, text: 'it is down', lang: 'en', context: null, place: null, url: null, ...at });
    const [symptom, region] = [symptoms[n % 4] as 'down', regions[n % 10] as string | null];
    reports.push({ postId: id, service, kind: 'report', score: 0.9, symptom, region, why: [] });
    if (posts.length === 5000) await store();
  };
  // One every twenty minutes for the one that is looked at, one a week for each other.
  const week = 7 * 24 * 3;
  for (let t = asOf - days * day, i = 0; t < asOf - 2 * day; t += 20 * minute, i++) {
    await add('outlook', t);
    for (let s = i % week; s < services.length; s += week) await add(services[s] as string, t);
  }
  await store();
  const usual = { low: 0, high: 4, surprise: 0.2, bar: 6, windowMs: 0, alert: null } as const;
  const state = { active: false, calming: false, provisional: false };
  for (let from = asOf - days * day; from < asOf - 2 * day; from += 30 * day) {
    const readings: { service: string; region: string; reading: Reading; widthMs: number }[] = [];
    for (let t = from; t < Math.min(from + 30 * day, asOf - 2 * day); t += hour)
      readings.push({
        ...{ service: 'outlook', region: '*', widthMs },
        reading: { t, observed: 1, expected: 1 + Math.sin(t / day), ...usual, ...state },
      });
    await write.judge({
      judgedUntil: asOf,
      judgedAt: asOf,
      detectors: [],
      readings,
      spikes: [],
      incidents: [],
      changes: [],
    });
  }
  await write.expire({ textBefore: asOf - 30 * day, bucketsBefore: asOf - 14 * day, quartersBefore: asOf - 90 * day });
}

/** A fresh page on a slow processor, with its long tasks and paints noted. */
async function slowPage(browser: Browser, slow = throttle): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(`
    window.tasks = [];
    new PerformanceObserver((l) => { for (const e of l.getEntries()) window.tasks.push(e.duration); }).observe({ type: 'longtask', buffered: true });
  `);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
  return page;
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

function tell(what: string, figure: string, kept: boolean | null): void {
  process.stdout.write(`${what.padEnd(30)}${figure.padEnd(70)}${kept === null ? '' : kept ? 'kept' : 'MISSED'}\n`);
}

/** When the page was painted and all of it there (it comes whole from the server), and when its first byte came, ms. */
const painted = `(() => {
  const { responseStart, domInteractive } = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  return [Math.max(paint, domInteractive), responseStart];
})()`;

/** What a first visit took; times in ms. */
interface Visit {
  bytes: number;
  usefulMs: number;
  serverMs: number;
}

async function visit(browser: Browser, url: string): Promise<Visit> {
  const page = await slowPage(browser);
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (r) => {
    // One that ends while the page is being closed is not asked for any more.
    const size = r.sizes().then((s) => s.responseBodySize + s.responseHeadersSize);
    sizes.push(size.catch(() => 0));
  });
  await page.goto(url);
  // The stream of news keeps the network busy for ever; a second after the load all parts are there.
  await page.waitForTimeout(1000);
  const [usefulMs, serverMs] = (await page.evaluate(painted)) as [number, number];
  const bytes = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
  await page.context().close();
  return { bytes, usefulMs, serverMs };
}

/** Processor time of the page's main thread for a visit, not throttled: it hardly depends on what else the machine does. */
async function mainThreadMs(browser: Browser, url: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(url);
    await page.waitForTimeout(600);
    const { metrics } = await cdp.send('Performance.getMetrics');
    times.push((metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0) * 1000);
    await page.context().close();
  }
  return median(times);
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds, by the clock and by the processor. */
  dur?: number;
  tdur?: number;
}

/** Drags over the middle of the chart some times; the longest task of each, and the processor's part in the longest of all, ms. */
async function zoom(browser: Browser, url: string): Promise<{ longest: number[]; busyMs: number }> {
  const page = await slowPage(browser);
  await page.goto(url);
  const over = page.locator('.uplot .u-over');
  await over.waitFor();
  await page.waitForTimeout(500);
  const longest: number[] = [];
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', 'devtools.timeline'] } as never);
  for (let i = 0; i < 5; i++) {
    const box = (await over.boundingBox()) as { x: number; y: number; width: number; height: number };
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.evaluate('window.tasks.length = 0');
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, y, { steps: 10 });
    const answered = page.waitForResponse('**/services/**');
    await page.mouse.up();
    await answered;
    // All parts of the page follow the chart.
    await page.waitForTimeout(1000);
    longest.push((await page.evaluate('Math.max(0, ...window.tasks)')) as number);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await page.context().close();
  // The thread that lays the page out most is the page's own.
  const layouts = new Map<string, number>();
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  for (const e of traceEvents)
    if (e.name === 'UpdateLayoutTree') layouts.set(threadOf(e), (layouts.get(threadOf(e)) ?? 0) + 1);
  const [main] = [...layouts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const tasks = traceEvents.filter((e) => e.ph === 'X' && e.name.endsWith('RunTask') && threadOf(e) === main);
  return { longest, busyMs: Math.max(0, ...tasks.map((e) => (e.tdur ?? 0) / 1000)) };
}

/** From the moment an incident is stored until it stands on an open page, ms. */
async function live(browser: Browser, base: string, write: WriteStore): Promise<number[]> {
  const page = await slowPage(browser);
  await page.goto(base);
  await page.waitForTimeout(1500);
  const times: number[] = [];
  for (const service of ['zoom', 'slack', 'netflix']) {
    const fresh = { ...incident, id: `${service}-20260712T1150Z`, service, startedAt: asOf - 10 * minute };
    const change = {
      incident: fresh.id,
      at: asOf + times.length + 1,
      from: null,
      to: 'signal',
      reason: 'bench',
    } as const;
    const none = { detectors: [], readings: [], spikes: [] };
    await write.judge({
      ...none,
      judgedUntil: asOf + minute,
      judgedAt: asOf + minute,
      incidents: [fresh],
      changes: [change],
    });
    const from = performance.now();
    await page.locator(`[id="${fresh.id}"]`).waitFor();
    times.push(performance.now() - from);
    await page.waitForTimeout(1200);
  }
  await page.context().close();
  return times;
}

async function main(): Promise<void> {
  if (noBrowser) throw new Error(noBrowser);
  const { values } = parseArgs({
    options: { services: { type: 'string', default: '500' }, days: { type: 'string', default: '365' } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'outcry-bench-page-'));
  const { read, write } = await openStore(join(folder, 'page.db'), { regionPath: (code) => catalog.regionPath(code) });
  const services = catalog.services.map((s) => s.id).slice(0, Number(values.services));
  process.stderr.write(`filling a store with ${services.length} services and ${values.days} days ...\n`);
  await fill(write, services, Number(values.days));
  await seed(write);
  const seeded = await openSeeded({}, null);
  const app = createServer({ ...seeded.deps, read });
  app.get('/bare', async (_request, reply) => reply.type('text/html').send('<!doctype html><h1>Bare</h1>'));
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await openBrowser();
  try {
    await (await fetch(`${base}/map/world.svg`)).text();
    const views = [
      ['an empty page (the floor)', '/bare'],
      ['now', '/'],
      ['incident', `/incidents/${incident.id}`],
      ['service, a day', '/services/outlook'],
      ['service, a year', '/services/outlook?range=365d'],
      ['services', '/services'],
      ['sources', '/sources'],
      ['wall', '/wall'],
    ] as const;
    const visits = new Map<string, Visit[]>(views.map(([name]) => [name, []]));
    // All views in turn, so that what else the machine does weighs on each alike.
    for (let round = 0; round < rounds; round++)
      for (const [name, path] of views) visits.get(name)?.push(await visit(browser, base + path));
    for (const [name, path] of views) {
      const all = visits.get(name) as Visit[];
      const of = (key: keyof Visit) => median(all.map((v) => v[key]));
      const busyMs = await mainThreadMs(browser, base + path);
      const kept = path === '/bare' ? null : of('bytes') < limits.bytes && of('usefulMs') < limits.usefulMs;
      tell(
        name,
        `${(of('bytes') / 1000).toFixed(1)} kB, useful after ${of('usefulMs').toFixed(0)} ms (server ${of('serverMs').toFixed(0)}), processor ${busyMs.toFixed(0)} ms`,
        kept,
      );
    }
    for (const range of ['24h', '365d']) {
      const { longest, busyMs } = await zoom(browser, `${base}/services/outlook?range=${range}`);
      const figure = `longest task ${longest.map((ms) => ms.toFixed(0)).join(', ')} ms, processor at most ${busyMs.toFixed(0)} ms`;
      tell(`zoom from ${range}, five times`, figure, Math.max(...longest) < limits.taskMs);
    }
    const times = await live(browser, base, write);
    const slowest = Math.max(...times);
    tell('stored until shown', times.map((t) => `${t.toFixed(0)} ms`).join(', '), slowest < limits.liveMs);
  } finally {
    await browser.close();
    await app.close();
    await seeded.close();
    await read.close();
    await write.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
