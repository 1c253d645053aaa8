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

export interface Supervisor {
  /** Runs until `stop`, or until every source ended by itself (files do). */
  run(): Promise<void>;
  /** Ends all sources at once; resolves when they have let go. */
  stop(): Promise<void>;
  health(): SourceHealth[];
  /** Adds posts that named a service to a source's count. */
  matched(source: string, posts: number): void;
  /** Names of the sources in contact at `t`. */
  alive(t: number): string[];
  /**
   * Share of the sources, 0..1, that were in contact at some time in [from, to): of those named, or of all where none of
   * the names is a source here (posts may be pushed under any name). 1 when there are none.
   */
  coverage(from: number, to: number, names?: readonly string[]): number;
}

export interface SupervisorOptions {
  sources: Source[];
  queue: Queue<QueuedItem>;
  read: Pick<ReadStore, 'cursor'>;
  clock: Clock;
  hashAuthor(platform: string, author: string): string;
  /** Wait before try `attempt` (0, 1, ...), ms. */
  backoff(attempt: number): number;
  onProblem?(source: string, message: string): void;
}

interface Minder {
  source: Source;
  staleAfterMs: number;
  health: SourceHealth;
  /** Stretches of contact, newest last: at most a day of them is kept. */
  contacts: { from: number; to: number }[];
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
  const aborter = new AbortController();
  const { signal } = aborter;
  let running: Promise<void> | null = null;

  const minders: Minder[] = options.sources.map((source) => ({
    source,
    staleAfterMs: Math.max(leastStaleMs, 2 * (source.contactEveryMs ?? 0)),
    contacts: [],
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
      nextTryAt: null,
    },
  }));

  function noteContact(minder: Minder): void {
    const now = clock.now();
    const last = minder.contacts.at(-1);
    if (last && now - last.to < minder.staleAfterMs) last.to = now;
    else minder.contacts.push({ from: now, to: now });
    if (minder.contacts.length > 500) minder.contacts.shift();
    minder.health.lastAliveAt = now;
    if (minder.health.state !== 'healthy') minder.health.state = 'healthy';
  }

  async function readOnce(minder: Minder): Promise<void> {
    const { source, health } = minder;
    const context = {
      cursor: await read.cursor(source.name),
      signal,
      clock,
      hashAuthor,
      alive: () => noteContact(minder),
      skipped: (reason: string) => {
        health.skipped++;
        health.lastSkip = reason;
        onProblem?.(source.name, reason);
      },
    };
    for await (const item of source.read(context)) {
      noteContact(minder);
      if (item.post) {
        health.posts++;
        health.lastPostAt = item.post.createdAt;
      }
      if (!(await queue.push({ ...item, source: source.name }, signal))) return;
    }
  }

  async function mind(minder: Minder): Promise<void> {
    const { source, health } = minder;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const startedAt = clock.now();
      try {
        await readOnce(minder);
        break;
      } catch (error) {
        if (signal.aborted) break;
        health.lastError = messageOf(error);
        onProblem?.(source.name, health.lastError);
        if (error instanceof SourceError && !error.options.retry) {
          health.state = 'failed';
          return;
        }
        if (clock.now() - startedAt > healthyMs) attempt = 0;
        const waitMs = Math.max(
          backoff(attempt),
          error instanceof SourceError ? (error.options.retryAfterMs ?? 0) : 0,
          second,
        );
        health.state = 'retrying';
        health.nextTryAt = clock.now() + waitMs;
        await pause(waitMs, signal);
        health.nextTryAt = null;
      }
    }
    health.state = 'stopped';
  }

  return {
    run() {
      running ??= Promise.all(minders.map(mind)).then(() => undefined);
      return running;
    },
    async stop() {
      aborter.abort();
      await running;
    },
    health() {
      const now = clock.now();
      return minders.map(({ health, staleAfterMs }) => {
        const silent = health.lastAliveAt !== null && now - health.lastAliveAt > staleAfterMs;
        return silent && health.state === 'healthy' ? { ...health, state: 'stale' } : { ...health };
      });
    },
    matched(source, posts) {
      const minder = minders.find((m) => m.source.name === source);
      if (minder) minder.health.matches += posts;
    },
    alive(t) {
      return minders
        .filter(({ health, staleAfterMs }) => health.lastAliveAt !== null && t - health.lastAliveAt < staleAfterMs)
        .map(({ source }) => source.name);
    },
    coverage(from, to, names) {
      if (minders.length === 0) return 1;
      const named = minders.filter(({ source }) => names?.includes(source.name));
      const asked = named.length > 0 ? named : minders;
      const inContact = asked.filter(({ contacts, staleAfterMs }) =>
        contacts.some((c) => c.from < to && c.to + staleAfterMs > from),
      );
      return inContact.length / asked.length;
    },
  };
}
