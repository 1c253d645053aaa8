// The way of one post: queue -> match -> locate -> classify -> one transaction; between posts the clock ticks.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalog, Classifier, Locator, Matcher } from '../core/catalog.js';
import type { OfficialIncident } from '../core/official.js';
import type { Clock, IngestBatch, SourceItem, WriteStore } from '../core/ports.js';
import { isSignal, type Post, type Report, type Verdict } from '../core/post.js';
import type { IncidentChange } from '../core/signal.js';
import { floorTo, minute } from '../core/time.js';
import type { Queue } from './queue.js';

/** An item on its way from a source to the store. */
export interface QueuedItem extends SourceItem {
  source: string;
}

/** How likely a post must be to count, by the kind of place it was made in. */
export interface Thresholds {
  /** Posts addressed to a brand's account or made in its forum. */
  support: number;
  /** Everything else: a public firehose. */
  public: number;
}

/** What reads one post; pure. */
export interface Reader {
  catalog: Catalog;
  matcher: Matcher;
  locator: Locator;
  classifier: Classifier;
  /** Language of a text (ISO 639-1), for posts whose source tells none; null when it cannot be told. */
  languageOf(text: string): string | null;
  thresholds: Thresholds;
}

/**
 * Reads one post.
 * @returns its reports (none for a post that says nothing of an outage), or null when it names no service.
 */
export function readPost(post: Post, reader: Reader): Report[] | null {
  const mentions = reader.matcher.match(post.text, post.context);
  if (mentions.length === 0) return null;
  const verdict = reader.classifier.classify(post, mentions);
  const subjects = verdict.services.filter((s) => s.role === 'subject' && s.kind !== 'other');
  if (subjects.length === 0) return [];
  const threshold = mentions.some((m) => m.start < 0) ? reader.thresholds.support : reader.thresholds.public;
  const region = reader.locator.locate(post, mentions)?.region ?? null;
  const blames = blamesOf(verdict, reader.catalog);
  const reports: Report[] = [];
  for (const { service, kind, score, symptom } of subjects) {
    if (isSignal(kind) && score < threshold) continue;
    const counts = reader.catalog.service(service)?.counts;
    if (counts === 'never' || (counts === 'region' && region === null)) continue;
    reports.push({ postId: post.id, service, kind, score, symptom, region, why: verdict.why, ...blames });
  }
  return reports;
}

export interface IngestOptions {
  queue: Queue<QueuedItem>;
  write: WriteStore;
  reader: Reader;
  /** Judges what became due at `now` (epoch ms); called between posts, never inside a batch. */
  tick: { advance(now: number): Promise<IncidentChange[]>; dueAt(): number };
  /** Drives the tick while no posts come. */
  clock: Clock;
  /** Time at which listening began, where it was before the first post: epoch ms. */
  from?: number;
  /** Posts older than this against the step to be judged next are stored, not counted, ms. */
  horizonMs: number;
  /** Sources that were in contact in the minute: their silence is told apart from blindness. */
  alive?: (t: number) => string[];
  /** Told after each stored batch. */
  onStored?: (batch: IngestBatch) => void;
  batchSize?: number;
}

/** The services that a post takes for the cause; nothing when it blames none that could be one. */
export function blamesOf({ services }: Verdict, catalog: Pick<Catalog, 'service'>): Pick<Report, 'blames'> {
  const causes = services.filter(
    ({ role, service }) => role === 'cause' && catalog.service(service)?.counts !== 'never',
  );
  return causes.length > 0 ? { blames: causes.map(({ service }) => service) } : {};
}

/** When an item was read, epoch ms; null for one that says nothing. */
export function receivedAtOf({ post, official = [] }: SourceItem): number | null {
  const times = [...(post ? [post] : []), ...official].map(({ receivedAt }) => receivedAt);
  return times.length > 0 ? Math.max(...times) : null;
}

/** Counts posts read and matched by source and minute. */
function createSeen() {
  const rows = new Map<string, IngestBatch['seen'][number]>();
  return {
    add(source: string, at: number, posts: number, matched: number) {
      const t = floorTo(at, minute);
      const key = `${source}\n${t}`;
      const row = rows.get(key);
      if (row) {
        row.posts += posts;
        row.matched += matched;
      } else rows.set(key, { source, t, posts, matched });
    },
    rows: () => [...rows.values()],
  };
}

/**
 * Runs until the queue is closed and drained. Items are stored in the order in which they were queued; a step is judged
 * as soon as an item (or, in silence, the clock) is past it, and before that item is stored: so the same items in the
 * same order give the same incidents however they were batched.
 * @throws what the store throws; nothing of a batch is stored then.
 */
export async function ingest(options: IngestOptions): Promise<void> {
  const { queue, write, reader, tick, clock, horizonMs, onStored, batchSize = 50 } = options;
  let now = options.from ?? 0;
  let aliveUntil = 0;

  async function store(items: QueuedItem[]): Promise<void> {
    const seen = createSeen();
    const batch: IngestBatch & { goneAuthors: string[]; official: OfficialIncident[] } = {
      posts: [],
      reports: [],
      deleted: [],
      goneAuthors: [],
      official: [],
      seen: [],
      cursors: [],
      horizon: tick.dueAt() - horizonMs,
    };
    const cursors = new Map<string, string>();
    for (const { post, reports: given, official, edited, deleted, goneAuthors, cursor, source } of items) {
      if (cursor !== null) cursors.set(source, cursor);
      if (deleted) batch.deleted.push(...deleted);
      if (goneAuthors) batch.goneAuthors.push(...goneAuthors);
      if (official) batch.official.push(...official);
      if (!post) continue;
      const reports = given ?? readPost(post, reader);
      // What comes with its verdict was sent, not looked for: it must not pass for a source that hears.
      if (!given) seen.add(source, post.receivedAt, 1, reports ? 1 : 0);
      // An edit that took the service's name out still replaces what the post said before.
      if (!reports && !edited) continue;
      batch.posts.push(post.lang === null ? { ...post, lang: reader.languageOf(post.text) } : post);
      batch.reports.push(...(reports ?? []));
    }
    const thisMinute = floorTo(now, minute);
    if (options.alive && thisMinute > aliveUntil) {
      for (const source of options.alive(thisMinute)) seen.add(source, thisMinute, 0, 0);
      aliveUntil = thisMinute;
    }
    batch.seen = seen.rows();
    batch.cursors = [...cursors].map(([source, cursor]) => ({ source, cursor }));
    const { posts, deleted, goneAuthors, official } = batch;
    if ([posts, deleted, goneAuthors, official, batch.seen, batch.cursors].some(({ length }) => length > 0)) {
      await write.ingest(batch);
      onStored?.(batch);
    }
    for (const { stored } of items) stored?.();
  }

  if (options.from !== undefined) await tick.advance(now);
  while (!(queue.closed && queue.size === 0)) {
    const items = await queue.take(batchSize, 250);
    let from = 0;
    const ids = new Set<string>();
    for (const [i, item] of items.entries()) {
      const at = receivedAtOf(item);
      if (at === null) continue;
      now = Math.max(now, at);
      const due = now >= tick.dueAt();
      // A batch holds one version of a post at most.
      if (due || (item.post && ids.has(item.post.id))) {
        await store(items.slice(from, i));
        from = i;
        ids.clear();
      }
      if (item.post) ids.add(item.post.id);
      if (due) {
        await tick.advance(now);
        await nextTurn();
      }
    }
    if (items.length === 0) now = Math.max(now, clock.now());
    await store(items.slice(from));
    if (items.length === 0 && now >= tick.dueAt()) await tick.advance(now);
    // The store works synchronously: without a pause a full queue would keep the API waiting.
    await nextTurn();
  }
}
