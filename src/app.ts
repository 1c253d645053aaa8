// The wiring: config -> an installation that listens, judges and serves.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { loadCatalog } from './catalog/catalog.js';
import { createLocator } from './catalog/locator.js';
import { createMatcher } from './catalog/matcher.js';
import { createClassifier, defaultThresholds } from './classify/classifier.js';
import { languageOf } from './classify/language.js';
import { loadModel } from './classify/model.js';
import type { Config } from './config/schema.js';
import { messageOf, OperationalError, UsageError } from './core/errors.js';
import type { Clock, Inbox, ReadStore, Source } from './core/ports.js';
import type { IncidentChange } from './core/signal.js';
import { hour, parseDuration, week } from './core/time.js';
import { methodVersion, methodWords } from './detect/settings.js';
import { createServer } from './http/server.js';
import { hashToken } from './http/tokens.js';
import { createCorrect } from './pipeline/correct.js';
import { ingest, type QueuedItem, type Reader } from './pipeline/ingest.js';
import { createQueue } from './pipeline/queue.js';
import { createReaders } from './pipeline/readers.js';
import { createSupervisor, type Supervisor } from './pipeline/supervisor.js';
import { createTick } from './pipeline/tick.js';
import { type SourceKindName, sourceKinds } from './sources/index.js';
import { backoffMs } from './sources/net/backoff.js';
import { createHttp } from './sources/net/http.js';
import { watchQuota } from './sources/net/quota.js';
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

function ms(duration: string): number {
  return parseDuration(duration) as number;
}

/** What reads one post, as the config wants it. @throws UsageError for a broken catalog file or model. */
export function openReader(config: Pick<Config, 'catalog' | 'classify'>): Reader {
  let services: unknown;
  if (config.catalog.services !== null) {
    try {
      services = JSON.parse(readFileSync(config.catalog.services, 'utf8'));
    } catch (error) {
      throw new UsageError(`catalog.services: cannot read ${config.catalog.services}: ${messageOf(error)}`);
    }
  }
  const catalog = loadCatalog({ services });
  const thresholds = {
    public: config.classify.public ?? defaultThresholds.public,
    support: config.classify.support ?? defaultThresholds.support,
  };
  return {
    catalog,
    matcher: createMatcher(catalog),
    locator: createLocator(catalog),
    languageOf,
    classifier: createClassifier(loadModel(config.classify.model ?? undefined), catalog, thresholds),
    thresholds,
  };
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
  const door = createPush('push', { capacity: config.queue.capacity });
  // Where nobody may push, push is no source: a door that stays shut must not pass for one that hears.
  let pushing = config.push.tokens.length > 0 || (await read.tokens()).some((token) => token.scopes.includes('posts'));
  let current = config;
  const made = new Map<string, Source>();
  /** The sources of a config; one that has not changed is the same object again. */
  function sourcesOf(config: Config): Source[] {
    const sources = config.sources.map((settings) => {
      const key = JSON.stringify(settings);
      const { name, kind, options } = settings;
      const source =
        made.get(key) ??
        sourceKinds[kind as SourceKindName].create(name, options as never, {
          http: watchQuota(http, (left) => supervisor.requestsLeft(name, left)),
        });
      made.set(key, source);
      return source;
    });
    return pushing ? [...sources, door] : sources;
  }
  const inbox: Inbox = {
    hashAuthor,
    offer(posts) {
      if (!pushing) {
        pushing = true;
        void supervisor.replace(options.sources ?? sourcesOf(current));
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
  const supervisor = createSupervisor({
    sources: options.sources ?? sourcesOf(config),
    untilStopped: options.sources === undefined,
    queue,
    read,
    clock,
    hashAuthor,
    backoff: backoffMs,
    onProblem: options.onProblem,
  });
  const listeners = new Set<(change: IncidentChange) => void>(options.onChange ? [options.onChange] : []);
  const widthMs = ms(config.detect.width);
  const lagMs = ms(config.detect.lag);
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
    inbox,
    readers: config.readers.reports ? createReaders({ queue, clock, hashAuthor }) : null,
    proxies: config.listen.proxies,
    desk: {
      correct: createCorrect({ read, write, reader, clock }),
      addNote: write.addNote,
      setMark: write.setMark,
      keepOutcome: write.keepOutcome,
    },
    tokens: config.push.tokens.map((token, i) => ({
      name: `push ${i + 1}`,
      hash: hashToken(token),
      scopes: ['posts'],
    })),
    method: { version: methodVersion, description: methodWords },
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
  let stopping = false;
  let posts = 0;
  async function run(): Promise<void> {
    let ended = false;
    const read = supervisor.run().then(() => {
      ended = !stopping;
      queue.close();
    });
    const retention = setInterval(() => {
      const now = clock.now();
      write
        .expire({
          textBefore: now - ms(config.retention.text),
          bucketsBefore: now - ms(config.retention.minutes),
          quartersBefore: now - ms(config.retention.quarters),
        })
        .catch((error) => options.onProblem?.('retention', messageOf(error)));
    }, hour);
    try {
      await ingest({
        queue,
        write,
        reader,
        tick,
        clock,
        from: options.from === undefined ? undefined : options.from + lagMs,
        horizonMs: ms(config.detect.horizon),
        alive: supervisor.alive,
        onStored(batch) {
          for (const { source, posts: n, matched } of batch.seen) {
            posts += n;
            supervisor.matched(source, matched);
          }
          options.onProgress?.({ now: tick.dueAt(), posts });
        },
      });
      // All sources came to their end (files do): nothing more can come into the last step, so it is judged too.
      if (ended) await tick.advance(tick.dueAt());
    } finally {
      clearInterval(retention);
      await supervisor.stop();
      await read;
    }
  }

  return {
    read,
    supervisor,
    server,
    run() {
      running ??= run();
      return running;
    },
    async listen() {
      try {
        return await server.listen({ host: config.listen.host, port: config.listen.port });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const { host, port } = config.listen;
        if (code === 'EADDRINUSE')
          throw new OperationalError(`port ${port} of ${host} is in use: choose another with --port`);
        if (code === 'EACCES')
          throw new OperationalError(`port ${port} may not be opened by this user: choose one above 1023`);
        if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
          throw new OperationalError(`${host} is no address of this machine: choose another with --host`);
        throw error;
      }
    },
    reload(config) {
      current = config;
      return supervisor.replace(sourcesOf(config));
    },
    async stop() {
      stopping = true;
      await supervisor.stop();
      queue.close();
      await running?.catch(() => undefined);
      await server.close();
      await http.close();
      await read.close();
      await write.close();
    },
  };
}
