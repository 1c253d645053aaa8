// Keeps every source running: retries with back-off, tells silence from blindness, and never lets one stop another.

import { messageOf, SourceError } from '../core/errors.js';
import type { Clock, ReadStore, Source, SourceHealth } from '../core/ports.js';
import { minute, second } from '../core/time.js';
import type { QueuedItem } from './ingest.js';
import type { Queue } from './queue.js';

/** No contact for this long (or for twice as long as is usual for the source): it is stale, and what it feeds is blind. */
const leastStaleMs = 10 * minute;
/** Running this long without an error starts the back-off anew. */
const healthyMs = minute;
/** Stretches of contact that are remembered of a source. */
const mostContacts = 500;

export interface Supervisor {
  /**
   * Runs until `stop`, or (unless `untilStopped`) until every source ended by itself, as files do.
   * @returns true when the sources ended by themselves.
   */
  run(): Promise<boolean>;
  /** Ends all sources at once; resolves when they have let go. */
  stop(): Promise<void>;
  /** Starts, stops or keeps sources so that these run; those that are the same objects as before go on undisturbed. */
  replace(sources: readonly Source[]): Promise<void>;
  health(): SourceHealth[];
  /** Adds posts that named a service to a source's count. */
  matched(source: string, posts: number): void;
  /** Keeps what a source's server said of the requests left. */
  requestsLeft(source: string, left: number): void;
  /** Names of the sources in contact at `t`; those of official word are no ears, neither here nor in the coverage. */
  alive(t: number): string[];
  /**
   * Share of the sources, 0..1, that were in contact at some time in [from, to): of those named, or of all where none of
   * the names is a source here (posts may be pushed under any name). 1 when there are none.
   */
  coverage(from: number, to: number, names?: readonly string[]): number;
}

export interface SupervisorOptions {
  sources: readonly Source[];
  queue: Queue<QueuedItem>;
  read: Pick<ReadStore, 'cursor'>;
  /** Minutes in which sources were in contact before this start, in order of time: no step is blind for a restart. */
  contacts?: readonly { source: string; t: number }[];
  clock: Clock;
  hashAuthor(platform: string, author: string): string;
  /** Wait before try `attempt` (0, 1, ...), ms. */
  backoff(attempt: number): number;
  onProblem?(source: string, message: string): void;
  /** Goes on without sources: others may come. */
  untilStopped?: boolean;
}

/** What is known of one source. */
interface Minder {
  source: Source;
  aborter: AbortController;
  staleAfterMs: number;
  health: SourceHealth;
  /** Stretches of contact, newest last. */
  contacts: { from: number; to: number }[];
  /** Set while it runs. */
  done: Promise<void> | null;
}

function createMinder(source: Source): Minder {
  return {
    source,
    aborter: new AbortController(),
    staleAfterMs: Math.max(leastStaleMs, 2 * (source.contactEveryMs ?? 0)),
    contacts: [],
    done: null,
    health: {
      name: source.name,
      kind: source.kind,
      state: 'starting',
      lastAliveAt: null,
      lastPostAt: null,
      posts: 0,
      matches: 0,
      skipped: 0,
      lastSkip: null,
      lastError: null,
      errors: {},
      nextTryAt: null,
      requestsLeft: null,
      ...(source.official && { official: true }),
    },
  };
}

function addContact({ contacts, staleAfterMs }: Minder, now: number): void {
  const last = contacts.at(-1);
  if (last && now - last.to < staleAfterMs) last.to = now;
  else contacts.push({ from: now, to: now });
  if (contacts.length > mostContacts) contacts.shift();
}

function noteContact(minder: Minder, now: number): void {
  addContact(minder, now);
  minder.health.lastAliveAt = now;
  minder.health.state = 'healthy';
}

/** Waits, or returns early on abort. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { queue, read, clock, hashAuthor, backoff, onProblem } = options;
  let minders = options.sources.map(createMinder);
  for (const { source, t } of options.contacts ?? []) {
    const minder = minders.find((m) => m.source.name === source);
    if (minder) addContact(minder, t);
  }
  let stopping = false;
  let ended: (() => void) | null = null;
  let running: Promise<boolean> | null = null;

  async function readOnce(minder: Minder): Promise<void> {
    const { source, health } = minder;
    const { signal } = minder.aborter;
    const context = {
      cursor: await read.cursor(source.name),
      signal,
      clock,
      hashAuthor,
      alive: () => noteContact(minder, clock.now()),
      skipped: (reason: string) => {
        health.skipped++;
        health.lastSkip = reason;
        onProblem?.(source.name, reason);
      },
    };
    for await (const item of source.read(context)) {
      noteContact(minder, clock.now());
      if (item.post) {
        health.posts++;
        health.lastPostAt = item.post.createdAt;
      }
      if (!(await queue.push({ ...item, source: source.name }, signal))) return;
    }
  }

  async function mind(minder: Minder): Promise<void> {
    const { source, health } = minder;
    const { signal } = minder.aborter;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const startedAt = clock.now();
      try {
        await readOnce(minder);
        break;
      } catch (error) {
        if (signal.aborted) break;
        const code = error instanceof SourceError ? error.options.code : 'fault';
        // Health is told to everybody: words that were not written for people stay in the log.
        health.lastError =
          error instanceof SourceError ? error.message : 'a fault of Outcry itself; its log tells more';
        health.errors[code] = (health.errors[code] ?? 0) + 1;
        onProblem?.(source.name, messageOf(error));
        if (error instanceof SourceError && !error.options.retry) {
          health.state = 'failed';
          return;
        }
        if (clock.now() - startedAt > healthyMs) attempt = 0;
        const askedMs = error instanceof SourceError ? (error.options.retryAfterMs ?? 0) : 0;
        const waitMs = Math.max(backoff(attempt), askedMs, second);
        health.state = 'retrying';
        health.nextTryAt = clock.now() + waitMs;
        await pause(waitMs, signal);
        health.nextTryAt = null;
      }
    }
    health.state = 'stopped';
  }

  function start(minder: Minder): void {
    minder.done = mind(minder).finally(() => {
      minder.done = null;
      if (!options.untilStopped && minders.every((m) => m.done === null)) ended?.();
    });
  }

  async function end(some: readonly Minder[]): Promise<void> {
    for (const minder of some) minder.aborter.abort();
    await Promise.all(some.map((minder) => minder.done));
  }

  return {
    run() {
      running ??= new Promise((resolve) => {
        ended = () => resolve(!stopping);
        for (const minder of minders) start(minder);
      });
      return running;
    },
    async stop() {
      stopping = true;
      await end(minders);
      ended?.();
    },
    async replace(sources) {
      const kept = minders.filter((minder) => sources.includes(minder.source));
      const fresh = sources.filter((source) => !kept.some((minder) => minder.source === source)).map(createMinder);
      const gone = minders.filter((minder) => !kept.includes(minder));
      minders = [...kept, ...fresh];
      // A source goes on from its cursor, so the old one must have let go before its successor starts.
      await end(gone);
      if (running) for (const minder of fresh) start(minder);
    },
    health() {
      const now = clock.now();
      return minders.map(({ source, health, staleAfterMs }) => {
        const silent = health.lastAliveAt !== null && now - health.lastAliveAt > staleAfterMs;
        const state = silent && health.state === 'healthy' ? 'stale' : health.state;
        return { ...health, state, ...(source.watches && { watches: source.watches() }) };
      });
    },
    matched(source, posts) {
      const minder = minders.find((m) => m.source.name === source);
      if (minder) minder.health.matches += posts;
    },
    requestsLeft(source, left) {
      const minder = minders.find((m) => m.source.name === source);
      if (minder) minder.health.requestsLeft = left;
    },
    alive(t) {
      return minders
        .filter(({ source }) => !source.official)
        .filter(({ health, staleAfterMs }) => health.lastAliveAt !== null && t - health.lastAliveAt < staleAfterMs)
        .map(({ source }) => source.name);
    },
    coverage(from, to, names) {
      const ears = minders.filter(({ source }) => !source.official);
      if (ears.length === 0) return 1;
      const named = ears.filter(({ source }) => names?.includes(source.name));
      const asked = named.length > 0 ? named : ears;
      const inContact = asked.filter(({ contacts, staleAfterMs }) =>
        contacts.some((c) => c.from < to && c.to + staleAfterMs > from),
      );
      return inContact.length / asked.length;
    },
  };
}
