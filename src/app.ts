// The wiring: config -> an installation that listens, judges and serves.
import { createHmac, randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { createManage } from './config/manage.js';
import { openReader } from './config/open-reader.js';
import type { Config } from './config/schema.js';
import { messageOf } from './core/errors.js';
import type { Clock, Inbox, ReadStore, Source } from './core/ports.js';
import type { IncidentChange } from './core/signal.js';
import { day, parseDuration, week } from './core/time.js';
import { methodVersion, methodWords, olderMethods } from './detect/settings.js';
import { listen } from './http/listen.js';
import { createServer } from './http/server.js';
import { hashToken } from './http/tokens.js';
import { createCorrect } from './pipeline/correct.js';
import type { QueuedItem } from './pipeline/ingest.js';
import { createQueue } from './pipeline/queue.js';
import { createReaders } from './pipeline/readers.js';
import { run } from './pipeline/run.js';
import { createSupervisor, type Supervisor } from './pipeline/supervisor.js';
import { createTick } from './pipeline/tick.js';
import { sourceKinds } from './sources/index.js';
import { backoffMs } from './sources/net/backoff.js';
import { createHttp } from './sources/net/http.js';
import { createOpenSources, type SourceSettings } from './sources/open-sources.js';
import { parsePost } from './sources/parse-post.js';
import { createPush } from './sources/push.js';
import { openStore } from './store/open.js';

/** Version of Outcry. */
export const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

export interface App {
  read: ReadStore;
  supervisor: Supervisor;
  server: FastifyInstance;
  /** Reads, stores and judges until all sources have ended or `stop` is called. @throws what the store throws. */
  run(): Promise<void>;
  /** Serves the API and the page. @returns the address. @throws OperationalError when the port cannot be had. */
  listen(): Promise<string>;
  /** Reads from the sources of another config from now on; unchanged ones go on undisturbed. Other settings stay. */
  reload(config: Config): Promise<void>;
  /** Lets everything go: sources first, then what is queued is stored, then the store is closed. */
  stop(): Promise<void>;
}

export interface AppOptions {
  /** Instead of the machine's clock: a replayed file's. */
  clock?: Clock;
  /** Start of the first step to judge, epoch ms, where that was before the first post. */
  from?: number;
  /** Instead of the sources of the config. */
  sources?: Source[];
  /** Instead of the sources' own coverage: a file holds all there was, so its silence is silence. */
  coverage?(from: number, to: number, sources?: readonly string[]): number;
  onChange?(change: IncidentChange): void;
  onProblem?(source: string, message: string): void;
  onProgress?(progress: { now: number; posts: number }): void;
}

/** Contacts of sources are remembered from this long before a start. */
const lastContactsMs = day;

function ms(duration: string): number {
  return parseDuration(duration) as number;
}

/** Opens the store and wires everything; nothing runs yet. @throws UsageError, OperationalError. */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const clock = options.clock ?? { now: Date.now };
  const reader = openReader(config);
  const { catalog } = reader;
  const { read, write } = await openStore(config.db, { regionPath: (code) => catalog.regionPath(code) });
  const authorKey = await write.keep('authorKey', randomBytes(32).toString('hex'));
  const hashAuthor = (platform: string, author: string) =>
    createHmac('sha256', authorKey).update(`${platform}\n${author}`).digest('base64url').slice(0, 22);

  const http = createHttp({ allowHosts: config.allowHosts, contact: config.contact, version });
  const openSources = createOpenSources(http, catalog, (source, left) => supervisor.requestsLeft(source, left));
  /** Aborts when nothing more will be stored. */
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const door = createPush('push', { capacity: config.queue.capacity }, over.signal);
  // Where nobody may push, push is no source: a door that stays shut must not pass for one that hears.
  let pushing = config.push.tokens.length > 0 || (await read.tokens()).some((token) => token.scopes.includes('posts'));
  let current = config;
  /** Put over the API; they go before those of the config. */
  let managed: readonly SourceSettings[] = [];
  function sourcesNow(): Source[] {
    if (options.sources) return options.sources;
    const names = new Set(managed.map(({ name }) => name));
    const sources = openSources([...current.sources.filter(({ name }) => !names.has(name)), ...managed]);
    return pushing ? [...sources, door] : sources;
  }
  const inbox: Inbox = {
    hashAuthor,
    offer(posts) {
      if (!pushing) {
        pushing = true;
        void supervisor.replace(sourcesNow());
      }
      return door.offer(posts);
    },
    parse(value) {
      try {
        const now = clock.now();
        return { post: { ...parsePost(value, { source: 'push', now, hashAuthor }), receivedAt: now } };
      } catch (error) {
        return { problem: messageOf(error) };
      }
    },
  };

  const queue = createQueue<QueuedItem>(config.queue.capacity);
  const widthMs = ms(config.detect.width);
  const lagMs = ms(config.detect.lag);
  const manage = createManage({
    store: { managed: read.managed, putManaged: write.putManaged, dropManaged: write.dropManaged },
    clock,
    kinds: sourceKinds,
    prepareServices: reader.prepare,
    async useSources(sources) {
      managed = sources;
      if (started) await supervisor.replace(sourcesNow());
    },
  });
  let started = false;
  for (const words of config.api.manage ? await manage.start() : []) options.onProblem?.('managed', words);
  const supervisor = createSupervisor({
    sources: sourcesNow(),
    contacts: await read.seen(clock.now() - lastContactsMs, clock.now()),
    untilStopped: options.sources === undefined,
    queue,
    read,
    clock,
    hashAuthor,
    backoff: backoffMs,
    onProblem: options.onProblem,
  });
  started = true;
  const listeners = new Set<(change: IncidentChange) => void>(options.onChange ? [options.onChange] : []);
  const tick = await createTick({
    read,
    write,
    catalog,
    widthMs,
    budgetWeeks: ms(config.detect.budget) / week,
    lagMs,
    coverage: options.coverage ?? supervisor.coverage,
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });
  const server = createServer({
    read,
    catalog,
    clock,
    health: supervisor.health,
    queue,
    inbox,
    readers: config.readers.reports ? createReaders({ queue, clock, hashAuthor, over: over.signal }) : null,
    proxies: config.listen.proxies,
    readsPerMinute: config.listen.readsPerMinute,
    desk: {
      correct: createCorrect({ read, write, reader, clock }),
      addNote: write.addNote,
      setMark: write.setMark,
      keepOutcome: write.keepOutcome,
    },
    manager: config.api.manage ? manage : null,
    tokens: config.push.tokens.map((token, i) => ({
      name: `push ${i + 1}`,
      hash: hashToken(token),
      scopes: ['posts'],
    })),
    method: { version: methodVersion, description: methodWords, older: olderMethods },
    version,
    widthMs,
    publicUrl: config.listen.publicUrl,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    logger: config.log === 'silent' ? false : { level: config.log, stream: process.stderr },
  });

  let running: Promise<void> | null = null;
  return {
    read,
    supervisor,
    server,
    run() {
      // Ended for whatever reason, nothing more is stored: whoever still waits for that is told.
      running ??= run({
        ...{ supervisor, queue, write, reader, tick, clock },
        from: options.from === undefined ? undefined : options.from + lagMs,
        horizonMs: ms(config.detect.horizon),
        retention: {
          textMs: ms(config.retention.text),
          minutesMs: ms(config.retention.minutes),
          quartersMs: ms(config.retention.quarters),
        },
        onProblem: options.onProblem,
        onProgress: options.onProgress,
      }).finally(() => over.abort());
      return running;
    },
    listen: () => listen(server, config.listen),
    reload(config) {
      current = config;
      return supervisor.replace(sourcesNow());
    },
    async stop() {
      await supervisor.stop();
      queue.close();
      await running?.catch(() => undefined);
      over.abort();
      await server.close();
      await http.close();
      await read.close();
      await write.close();
    },
  };
}
