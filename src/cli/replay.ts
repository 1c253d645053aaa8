// outcry replay: the whole road on a file's clock: back-test, tuning and archive in one.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { openApp, version } from '../app.js';
import { readConfig } from '../config/load.js';
import { OperationalError, UsageError } from '../core/errors.js';
import type { Clock, ReadStore, Source } from '../core/ports.js';
import type { Incident } from '../core/signal.js';
import { parseDuration, parseInstant, toIso } from '../core/time.js';
import { receivedAtOf } from '../pipeline/ingest.js';
import { sourceKinds } from '../sources/index.js';
import { createHttp } from '../sources/net/http.js';
import { writeLine } from './lines.js';
import { type Played, storedSource } from './stored-source.js';

/**
 * A clock that stands where the posts of a source are, and the source that drives it.
 * @param speed How many times faster than life; Infinity = as fast as it goes.
 * @param from Epoch ms; posts received before pass at full speed.
 */
export function onItsOwnClock(source: Source, speed: number, from = 0): { source: Source; clock: Clock } {
  let now = 0;
  async function* read(context: Parameters<Source['read']>[0]) {
    let origin: { file: number; wall: number } | null = null;
    for await (const item of source.read(context)) {
      const at = receivedAtOf(item) ?? 0;
      if (Number.isFinite(speed) && at > now && at >= from) {
        origin ??= { file: at, wall: Date.now() };
        const aheadMs = (at - origin.file) / speed - (Date.now() - origin.wall);
        if (aheadMs > 20) await sleep(aheadMs, undefined, { signal: context.signal }).catch(() => undefined);
        if (context.signal.aborted) return;
      }
      now = Math.max(now, at);
      yield item;
    }
  }
  return { source: { ...source, read }, clock: { now: () => now } };
}

/** All incidents of a store, oldest first. */
export async function* incidentsOf(read: ReadStore): AsyncGenerator<Incident> {
  const pages: Incident[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read.incidents({ limit: 500, cursor });
    pages.push(page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  yield* pages.flat().sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

/** The line that `--json` prints for an incident; its keys and their order are a contract. */
function incidentLine(i: Incident): string {
  return JSON.stringify({
    id: i.id,
    service: i.service,
    state: i.state,
    startedAt: toIso(i.startedAt),
    detectedAt: toIso(i.detectedAt),
    peakAt: toIso(i.peakAt),
    resolvedAt: i.resolvedAt === null ? null : toIso(i.resolvedAt),
    regions: i.regions,
    reports: i.reports,
    authors: i.authors,
    symptoms: i.symptoms,
    surprise: i.surprise,
    method: i.method,
  });
}

function incidentSentence(i: Incident): string {
  const where = i.regions.includes('*') ? 'everywhere' : i.regions.join(', ');
  const until = i.resolvedAt === null ? i.state : `resolved ${toIso(i.resolvedAt).slice(0, 16)}Z`;
  const symptoms = Object.entries(i.symptoms)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([symptom, n]) => `${symptom} ${n}`)
    .join(', ');
  return `${toIso(i.startedAt).slice(0, 16)}Z  ${i.service}  ${where}  ${i.reports} reports of ${i.authors} people (${symptoms})  ${until}  ${i.id}`;
}

function parseSpeed(value: string): number {
  if (value === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(value);
  if (!(speed > 0)) throw new InvalidArgumentError('give max, or how many times faster than life, such as 60');
  return speed;
}

function parseSince(value: string): number {
  const ago = parseDuration(value);
  const since = ago === null ? parseInstant(value) : Date.now() - ago;
  if (since === null)
    throw new InvalidArgumentError('give a time such as 2026-07-12T09:00:00Z, or how long ago, such as 7d');
  return since;
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('run posts from files through the whole road, on the clock of the files')
    .argument('[file...]', 'NDJSON files of posts {id, text, createdAt}, plain or gzip; - is standard input')
    .option(
      '--since <time>',
      'back-test: replay the posts and official word kept in --db from this time on (ISO 8601, or 7d for a week ago)',
      parseSince,
    )
    .option(
      '--db <url>',
      'keep the outcome in this database; a replay that was cut off goes on where it stopped',
      ':memory:',
    )
    .option('--speed <factor>', 'max, or how many times faster than life', parseSpeed, Number.POSITIVE_INFINITY)
    .option('--json', 'print one NDJSON line an incident')
    .addHelpText(
      'after',
      `
Optional keys of a post: source, platform, author, lang, context, place, url, receivedAt.
Lines are taken in file order; a bad line is told on stderr and skipped.

Example:
  $ outcry replay posts.ndjson --db ./data/back-test.db
  $ outcry serve --db ./data/back-test.db        # and look at it
  $ outcry replay --since 7d --db ./data/outcry.db   # what would today's method have said?`,
    )
    .action(async (files: string[], options: ReplayOptions) => {
      if (files.length > 0 === (options.since !== undefined))
        throw new UsageError('replay: name files, or the stored posts of a database with --since TIME --db FILE');
      const played = options.since === undefined ? filesSource(files) : await storedSource(options.db, options.since);
      try {
        const db = options.since === undefined ? options.db : ':memory:';
        await replay({ ...options, ...played, db });
      } finally {
        await played.close();
      }
    });
}

interface ReplayOptions {
  db: string;
  speed: number;
  json?: boolean;
  since?: number;
}

/** Posts from files; a file holds all there was, so its silence is silence. */
function filesSource(files: string[]): Played {
  const http = createHttp({ allowHosts: [], contact: null, version });
  return {
    source: sourceKinds.replay.create('replay', { files }, { http }),
    coverage: () => 1,
    close: () => http.close(),
  };
}

async function replay(options: ReplayOptions & Played): Promise<void> {
  const config = { ...readConfig({ sources: [] }, sourceKinds), db: options.db };
  const { source, clock } = onItsOwnClock(options.source, options.speed);
  const isTerminal = process.stderr.isTTY;
  let told = 0;
  let shownAt = 0;
  const app = await openApp(config, {
    clock,
    sources: [source],
    coverage: options.coverage,
    from: options.from,
    onProblem(_, message) {
      if (told++ < 10) process.stderr.write(`skipped: ${message}\n`);
    },
    onProgress({ now, posts }) {
      if (!isTerminal || Date.now() - shownAt < 200) return;
      shownAt = Date.now();
      process.stderr.write(`\r${toIso(now).slice(0, 16)}Z  ${posts} posts `);
    },
  });
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    void app.stop();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await app.run();
    if (isTerminal) process.stderr.write('\r\x1b[K');
    const kept = options.db !== ':memory:';
    if (interrupted)
      throw new OperationalError(`interrupted${kept ? '; the same command goes on where it stopped' : ''}`);
    const [health] = app.supervisor.health();
    if (health?.state === 'failed') throw new OperationalError(health.lastError ?? 'the posts could not be read');
    let found = 0;
    for await (const incident of incidentsOf(app.read)) {
      found++;
      await writeLine(options.json ? incidentLine(incident) : incidentSentence(incident));
    }
    if (health && !options.json) {
      const next = kept ? `look at it with: outcry serve --db ${options.db}` : 'keep the outcome with --db FILE';
      process.stderr.write(
        `${found} incident${found === 1 ? '' : 's'} in ${health.posts} posts (${health.matches} named a service, ${health.skipped} lines skipped); ${next}\n`,
      );
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await app.stop();
  }
}
