// What every store must do: run by each adapter's test with its own way of opening an empty store.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import type { EpisodeOrder } from '../../src/core/lists.js';
import type { OfficialIncident } from '../../src/core/official.js';
import type { Expectation, IngestBatch, ReadStore, TickBatch, WriteStore } from '../../src/core/ports.js';
import { isSignal, type Kind, type Post, type Report } from '../../src/core/post.js';
import type { Bucket, Incident, Reading, Spike } from '../../src/core/signal.js';
import { day, floorTo, hour, minute } from '../../src/core/time.js';

export interface Store {
  read: ReadStore;
  write: WriteStore;
}

/** Midnight, so that quarters and hours begin with it. */
export const t0 = Date.UTC(2026, 6, 1);
const forever = t0 + 1000 * day;

const parents: Record<string, string> = { 'GB-BST': 'GB-ENG', 'GB-ENG': 'GB', GB: '*', US: '*' };
/** A small world: Bristol in England in Britain, and the United States. */
export function regionPath(code: string | null): string[] {
  if (code === null || code === '*' || !parents[code]) return ['*'];
  return [code, ...regionPath(parents[code])];
}

export function post(id: string, createdAt: number, more: Partial<Post> = {}): Post {
  return {
    id: `test:${id}`,
    source: 'test',
    platform: 'forum.example.org',
    author: `author of ${id}`,
    text: `post ${id}: it is down`,
    lang: 'en',
    context: null,
    place: null,
    url: `https://forum.example.org/${id}`,
    createdAt,
    receivedAt: createdAt + 1000,
    ...more,
  };
}

export function report(id: string, more: Partial<Report> = {}): Report {
  return {
    postId: `test:${id}`,
    service: 'outlook',
    kind: 'report',
    score: 0.93,
    symptom: 'down',
    region: null,
    why: ['says "down"'],
    ...more,
  };
}

export function notice(id: string, startedAt: number, more: Partial<OfficialIncident> = {}): OfficialIncident {
  return {
    id: `pages:outlook/${id}`,
    source: 'pages',
    service: 'outlook',
    title: 'Some users cannot sign in',
    impact: 'major',
    state: 'investigating',
    startedAt,
    publishedAt: startedAt + 5 * minute,
    updatedAt: startedAt + 5 * minute,
    resolvedAt: null,
    url: 'https://status.example.com/incidents/1',
    components: ['Sign-in'],
    receivedAt: startedAt + 6 * minute,
    ...more,
  };
}

export function batch(more: Partial<IngestBatch> = {}): IngestBatch {
  return { posts: [], reports: [], deleted: [], seen: [], cursors: [], horizon: 0, ...more };
}

/** A batch of one post with one report. */
function one(id: string, at: number, more: Partial<Post> = {}, verdict: Partial<Report> = {}): IngestBatch {
  return batch({ posts: [post(id, at, more)], reports: [report(id, verdict)] });
}

export function reading(t: number, more: Partial<Reading> = {}): Reading {
  return {
    ...{ t, observed: 4, expected: 2.5, low: 0, high: 6, surprise: 0.7, bar: 6, windowMs: 0 },
    ...{ alert: null, active: false, calming: false, provisional: false },
    ...more,
  };
}

export function incident(id: string, startedAt: number, more: Partial<Incident> = {}): Incident {
  return {
    id,
    service: 'outlook',
    state: 'signal',
    startedAt,
    detectedAt: startedAt + 5 * minute,
    peakAt: startedAt + 9 * minute,
    resolvedAt: null,
    regions: ['GB-ENG'],
    touched: ['GB-ENG', 'GB-WLS'],
    reports: 41,
    authors: 39,
    platforms: ['bluesky', 'forum.example.org'],
    unlocated: 0.25,
    symptoms: { down: 30, login: 11 },
    surprise: 12.5,
    possibleSpilloverOf: [{ service: 'azure', overlap: 0.8 }],
    blamed: [{ service: 'azure', reports: 7 }],
    method: 'test-1',
    ...more,
  };
}

function spike(startedAt: number, more: Partial<Spike> = {}): Spike {
  return {
    id: `outlook/GB/${startedAt}`,
    service: 'outlook',
    region: 'GB',
    startedAt,
    detectedAt: startedAt + minute,
    peakAt: startedAt + 2 * minute,
    endedAt: null,
    surprise: 9.5,
    reports: 12,
    expected: 1.5,
    authors: 11,
    heldBack: null,
    ...more,
  };
}

export function outcome(more: Partial<TickBatch> = {}): TickBatch {
  return {
    judgedUntil: t0,
    judgedAt: t0,
    detectors: [],
    readings: [],
    spikes: [],
    incidents: [],
    changes: [],
    ...more,
  };
}

/** Buckets of a series as `[minute since t0, reports, authors, sources]`. */
async function cells(read: ReadStore, region = '*', service = 'outlook'): Promise<number[][]> {
  const rows = await read.buckets({ service, region }, 0, forever);
  return rows.map((b) => [(b.t - t0) / minute, b.reports, b.authors, b.sources]);
}

/** Reads page after page. */
async function allPages<T>(read: (cursor?: string) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** The rule in words, from nothing but the versions that stand: what any order and batching must come to. */
function expectedBuckets(versions: { post: Post; reports: Report[] }[]): Bucket[] {
  const standing = new Map<string, { post: Post; reports: Report[] }>();
  for (const v of versions)
    if (v.post.receivedAt >= (standing.get(v.post.id)?.post.receivedAt ?? 0)) standing.set(v.post.id, v);
  const counted = [...standing.values()].flatMap(({ post, reports }) =>
    reports
      .filter((r) => isSignal(r.kind))
      .flatMap((r) =>
        regionPath(r.region).map((region) => ({
          service: r.service,
          region,
          t: floorTo(post.createdAt, minute),
          author: post.author ?? post.id,
          source: post.source,
        })),
      ),
  );
  const buckets = new Map<string, Bucket>();
  for (const { service, region, t } of counted) {
    const same = counted.filter((r) => r.service === service && r.region === region);
    const now = same.filter((r) => r.t === t);
    const known = new Set(same.filter((r) => r.t < t && r.t >= t - hour).map((r) => r.author));
    buckets.set(`${service} ${region} ${t}`, {
      service,
      region,
      t,
      reports: now.length,
      authors: new Set(now.map((r) => r.author).filter((a) => !known.has(a))).size,
      sources: new Set(now.map((r) => r.source)).size,
    });
  }
  return [...buckets.values()];
}

const order = (a: Bucket, b: Bucket) =>
  a.service.localeCompare(b.service) || a.region.localeCompare(b.region) || a.t - b.t;

/** @param open opens an empty store; the suite closes it. */
export function storeContract(open: () => Promise<Store>): void {
  let read: ReadStore;
  let write: WriteStore;
  beforeEach(async () => {
    ({ read, write } = await open());
  });
  afterEach(async () => {
    await read.close();
    await write.close();
  });

  describe('corrections', () => {
    const said = { kind: 'news', services: ['outlook'], at: t0 + hour, by: 'newsroom' } as const;
    const correction = { ...said, services: [...said.services] };

    test('take the place of the verdict, repair the counts, and give way when taken back', async () => {
      await write.ingest(one('1', t0, {}, { region: 'GB' }));
      await write.ingest(one('2', t0 + 1000));
      expect(await write.correct('test:1', correction, [report('1', { kind: 'news', score: 0 })])).toBe(true);
      expect(await cells(read)).toEqual([[0, 1, 1, 1]]);
      expect(await cells(read, 'GB')).toEqual([]);
      expect((await read.reports('outlook', 0, forever)).map((r) => r.kind)).toEqual(['news', 'report']);
      const page = await read.corrections({ limit: 10 });
      expect(page).toEqual({ items: [{ ...correction, post: post('1', t0) }], next: null });
      expect(await write.correct('test:1', null, [report('1', { region: 'GB' })])).toBe(true);
      expect(await cells(read, 'GB')).toEqual([[0, 1, 1, 1]]);
      expect((await read.corrections({ limit: 10 })).items).toEqual([]);
    });

    test('count for another service from then on, and only where the post counted', async () => {
      await write.ingest({ ...one('1', t0), horizon: t0 + hour });
      await write.ingest(one('2', t0));
      const azure = { ...correction, kind: 'report' as const, services: ['azure'] };
      for (const id of ['1', '2']) await write.correct(`test:${id}`, azure, [report(id, { service: 'azure' })]);
      expect(await cells(read)).toEqual([]);
      expect(await cells(read, '*', 'azure')).toEqual([[0, 1, 1, 1]]);
    });

    test('stay when the post comes again, go when it is edited or deleted, and cannot be made without its text', async () => {
      for (const id of ['1', '2', '3']) {
        await write.ingest(one(id, t0));
        await write.correct(`test:${id}`, correction, []);
      }
      const pages = (limit: number) => allPages((cursor) => read.corrections({ limit, cursor }));
      await write.ingest(one('1', t0));
      expect((await pages(1)).map((c) => c.post.id)).toEqual(['test:1', 'test:2', 'test:3']);
      await write.ingest(one('2', t0, { text: 'another text', receivedAt: t0 + hour }));
      await write.ingest(batch({ deleted: ['test:3'] }));
      expect((await pages(1)).map((c) => c.post.id)).toEqual(['test:1']);
      expect(await cells(read)).toEqual([[0, 1, 1, 1]]);
      expect(await write.correct('test:3', correction, [])).toBe(false);
      expect(await write.correct('test:none', correction, [])).toBe(false);
      await write.expire({ textBefore: t0 + day, bucketsBefore: 0 });
      expect(await pages(1)).toEqual([]);
      expect(await read.post('test:1')).toBeNull();
      expect(await write.correct('test:1', correction, [])).toBe(false);
    });
  });

  describe('remarks', () => {
    test('notes add up, a mark replaces the last, and the incident stays as it was judged', async () => {
      const incidents = [incident('a', t0), incident('b', t0)];
      await write.judge(outcome({ incidents }));
      expect(await read.remarks('a')).toEqual({ notes: [], mark: null });
      const notes = ['first', '<b>second</b>'].map((text, i) => ({ text, at: t0 + i, by: 'newsroom' }));
      for (const note of notes) await write.addNote('a', note);
      const mark = { mark: 'merged', target: 'b', at: t0, by: 'newsroom' } as const;
      await write.setMark('a', { ...mark, mark: 'false-alarm', target: null });
      await write.setMark('a', mark);
      expect(await read.remarks('a')).toEqual({ notes, mark });
      expect(await read.remarks('b')).toEqual({ notes: [], mark: null });
      expect(await read.incident('a')).toEqual(incidents[0]);
      await write.setMark('a', null);
      expect(await read.remarks('a')).toEqual({ notes, mark: null });
    });
  });

  describe('outcomes', () => {
    test('the first under a key stands until it is too old', async () => {
      const first = { key: 'k', request: 'r', status: 202, body: '{"a":1}', at: t0 };
      await write.keepOutcome(first, 0);
      await write.keepOutcome({ ...first, request: 'other', at: t0 + 1 }, 0);
      expect(await read.outcome('k', t0)).toEqual(first);
      expect(await read.outcome('k', t0 + 1)).toBeNull();
      expect(await read.outcome('none', 0)).toBeNull();
      const next = { ...first, request: 'other', at: t0 + day + 1 };
      await write.keepOutcome(next, t0 + 1);
      expect(await read.outcome('k', 0)).toEqual(next);
    });
  });

  test('a managed entry is replaced by its kind and name, listed by name, and taken back', async () => {
    const one = (kind: 'service' | 'source', name: string, at: number) => ({
      kind,
      name,
      entry: { at },
      at,
      by: 'ops',
    });
    for (const entry of [one('source', 'b', 1), one('source', 'a', 2), one('service', 'a', 3), one('source', 'b', 4)])
      await write.putManaged(entry);
    expect(await read.managed('source')).toEqual([one('source', 'a', 2), one('source', 'b', 4)]);
    expect([await write.dropManaged('source', 'a'), await write.dropManaged('source', 'a')]).toEqual([true, false]);
    expect(await read.managed('service')).toEqual([one('service', 'a', 3)]);
  });

  describe('tokens', () => {
    test('are kept by name with their scopes, and go when revoked', async () => {
      const token = { name: 'newsroom', hash: 'ab'.repeat(32), scopes: ['verdicts', 'marks'] as const };
      expect(await read.tokens()).toEqual([]);
      expect(await write.addToken(token, t0)).toBe(true);
      expect(await write.addToken({ ...token, hash: 'cd'.repeat(32) }, t0 + 1)).toBe(false);
      expect(await write.addToken({ name: 'crawler', hash: 'ef'.repeat(32), scopes: ['posts'] }, t0 + 2)).toBe(true);
      expect(await read.tokens()).toEqual([
        { name: 'crawler', hash: 'ef'.repeat(32), scopes: ['posts'], addedAt: t0 + 2 },
        { ...token, addedAt: t0 },
      ]);
      expect(await write.revokeToken('newsroom')).toBe(true);
      expect(await write.revokeToken('newsroom')).toBe(false);
      expect((await read.tokens()).map((t) => t.name)).toEqual(['crawler']);
    });
  });

  describe('counts', () => {
    test('an empty store has nothing to say', async () => {
      expect(await read.span()).toBeNull();
      expect(await read.judgedUntil()).toBeNull();
      expect(await read.cursor('test')).toBeNull();
      expect(await read.touchedSeries(0, forever)).toEqual([]);
      expect(await read.incident('outlook-1')).toBeNull();
      expect(await read.detector({ service: 'outlook', region: '*' })).toBeNull();
      await read.check();
    });

    test('the same batch twice counts once and touches nothing', async () => {
      const same = one('1', t0 + 90_000, {}, { region: 'GB' });
      expect(await write.ingest(same)).toEqual(
        expect.arrayContaining([
          { service: 'outlook', region: 'GB', t: t0 + minute },
          { service: 'outlook', region: '*', t: t0 + minute },
        ]),
      );
      expect(await write.ingest(same)).toEqual([]);
      expect(await cells(read)).toEqual([[1, 1, 1, 1]]);
    });

    test('a report counts in its region and in all that contain it', async () => {
      await write.ingest(one('1', t0, {}, { region: 'GB-BST' }));
      await write.ingest(one('2', t0, {}, { region: 'GB' }));
      await write.ingest(one('3', t0, {}, { region: null }));
      await write.ingest(one('4', t0, {}, { region: 'XX' }));
      const sums = await read.touchedSeries(t0, t0 + minute);
      expect(sums.map(({ region, reports }) => [region, reports])).toEqual([
        ['*', 4],
        ['GB', 2],
        ['GB-BST', 1],
        ['GB-ENG', 1],
      ]);
      expect(await read.touchedSeries(t0 + minute, forever)).toEqual([]);
      expect(await read.activity(t0, t0 + minute)).toEqual([{ service: 'outlook', reports: 4, authors: 4 }]);
    });

    test('only reports and questions count; news and recovery are kept apart', async () => {
      const kinds: Kind[] = ['report', 'question', 'news', 'recovery', 'other'];
      for (const [i, kind] of kinds.entries()) await write.ingest(one(kind, t0 + i * 1000, {}, { kind }));
      expect(await cells(read)).toEqual([[0, 2, 2, 1]]);
      const kept = await read.reports('outlook', t0, t0 + minute);
      expect(kept.map((r) => r.kind)).toEqual(['report', 'question', 'news', 'recovery']);
      expect((await read.tally('outlook', t0, t0 + minute)).reports).toBe(2);
    });

    test('an author counts once an hour, per service and region', async () => {
      const by = (id: string, minutes: number, author: string | null, region: string | null = null) =>
        write.ingest(one(id, t0 + minutes * minute, { author }, { region }));
      await by('1', 0, 'ann');
      await by('2', 0, 'ann');
      await by('3', 59, 'ann', 'GB');
      await by('4', 120, 'ann', 'GB');
      await by('5', 0, null);
      await by('6', 0, null);
      expect(await cells(read)).toEqual([
        [0, 4, 3, 1],
        [59, 1, 0, 1],
        [120, 1, 1, 1],
      ]);
      expect(await cells(read, 'GB')).toEqual([
        [59, 1, 1, 1],
        [120, 1, 1, 1],
      ]);
    });

    test('a late post takes the novelty of its author from the buckets after it', async () => {
      await write.ingest(one('late comes first', t0 + 60 * minute, { author: 'ann' }));
      await write.ingest(one('out of reach', t0 + 121 * minute, { author: 'ann' }));
      const touched = await write.ingest(one('1', t0, { author: 'ann' }));
      expect(touched.map((b) => b.t)).toEqual([t0, t0 + hour]);
      expect(await cells(read)).toEqual([
        [0, 1, 1, 1],
        [60, 1, 0, 1],
        [121, 1, 1, 1],
      ]);
    });

    test('sources are told apart', async () => {
      await write.ingest(one('1', t0, { source: 'hn' }));
      await write.ingest(one('2', t0, { source: 'push' }));
      expect(await cells(read)).toEqual([[0, 2, 2, 2]]);
    });

    test('one post may report several services', async () => {
      const both = [report('1', { service: 'teams' }), report('1')];
      await write.ingest(batch({ posts: [post('1', t0)], reports: both }));
      expect(await cells(read, '*', 'teams')).toEqual([[0, 1, 1, 1]]);
      expect(await cells(read)).toEqual([[0, 1, 1, 1]]);
    });

    test('a post beyond the horizon is stored, not counted', async () => {
      expect(await write.ingest({ ...one('1', t0 - 1), horizon: t0 })).toEqual([]);
      await write.ingest({ ...one('2', t0), horizon: t0 });
      expect(await cells(read)).toEqual([[0, 1, 1, 1]]);
      expect(await read.span()).toEqual({ first: t0, last: t0 });
      expect((await read.reports('outlook', t0 - minute, t0)).map((r) => r.postId)).toEqual(['test:1']);
    });

    test('span tells the event time of the first and last counted report', async () => {
      await write.ingest(one('1', t0 + 61_234));
      await write.ingest(one('2', t0 + day + 777, {}, { service: 'teams' }));
      await write.ingest(one('3', t0, {}, { kind: 'news' }));
      expect(await read.span()).toEqual({ first: t0 + 61_234, last: t0 + day + 777 });
    });

    test('tally sums up the counted reports of one service', async () => {
      await write.ingest(one('1', t0, { platform: 'bluesky' }, { region: 'GB-ENG', symptom: 'login' }));
      await write.ingest(one('2', t0 + minute, {}, { symptom: null }));
      await write.ingest(one('3', t0 + hour, {}, { symptom: 'login', region: 'US' }));
      await write.ingest(one('4', t0, {}, { service: 'teams' }));
      const tally = await read.tally('outlook', t0, t0 + hour);
      expect({ ...tally, platforms: [...tally.platforms].sort() }).toEqual({
        reports: 2,
        unlocated: 1,
        platforms: ['bluesky', 'forum.example.org'],
        symptoms: { login: 1 },
        blamed: [],
        regions: [
          { region: '*', reports: 2, authors: 2 },
          { region: 'GB', reports: 1, authors: 1 },
          { region: 'GB-ENG', reports: 1, authors: 1 },
        ],
      });
    });

    test('breakdown divides the counted reports of one service by step, platform and symptom', async () => {
      await write.ingest(one('1', t0, { platform: 'bluesky' }, { symptom: 'login' }));
      await write.ingest(one('2', t0 + 14 * minute, { platform: 'bluesky' }, { symptom: 'login' }));
      await write.ingest(one('3', t0 + 15 * minute, { platform: 'bluesky' }, { symptom: 'slow' }));
      await write.ingest(one('4', t0 + 15 * minute, { platform: 'reddit' }, { symptom: 'slow' }));
      await write.ingest(one('5', t0 + hour, {}, { symptom: 'login' }));
      await write.ingest(one('6', t0, {}, { service: 'teams' }));
      await write.ingest(one('7', t0, {}, { kind: 'recovery', symptom: null }));
      const rows = await read.breakdown('outlook', t0, t0 + hour, 15 * minute);
      const sorted = rows.sort((a, b) => a.t - b.t || (a.platform < b.platform ? -1 : 1));
      expect(sorted).toEqual([
        { t: t0, platform: 'bluesky', symptom: 'login', reports: 2 },
        { t: t0 + 15 * minute, platform: 'bluesky', symptom: 'slow', reports: 1 },
        { t: t0 + 15 * minute, platform: 'reddit', symptom: 'slow', reports: 1 },
      ]);
    });

    test('cursors and what the sources saw are stored with the posts', async () => {
      const row = { source: 'hn', t: t0, posts: 500, matched: 3 };
      await write.ingest(batch({ seen: [row], cursors: [{ source: 'hn', cursor: 'a' }] }));
      await write.ingest(batch({ seen: [row, { ...row, t: t0 + minute, posts: 0, matched: 0 }] }));
      await write.ingest(batch({ cursors: [{ source: 'hn', cursor: 'b' }] }));
      expect(await read.cursor('hn')).toBe('b');
      expect(await read.seen(t0, t0 + hour)).toEqual([
        { source: 'hn', t: t0, posts: 1000, matched: 6 },
        { source: 'hn', t: t0 + minute, posts: 0, matched: 0 },
      ]);
      expect(await read.seen(t0 + minute, t0 + minute)).toEqual([]);
    });

    test('what posts blame comes back with them and is counted', async () => {
      await write.ingest(one('1', t0, {}, { blames: ['aws', 'azure'] }));
      await write.ingest(one('2', t0 + minute, {}, { blames: ['azure'], symptom: 'login' }));
      await write.ingest(one('3', t0 + 2 * minute, {}, { blames: [] }));
      await write.ingest(one('4', t0 + 2 * minute, {}, { kind: 'news', symptom: null, blames: ['aws'] }));
      const rows = await read.reports('outlook', t0, forever);
      expect(rows.map((row) => row.blames)).toEqual([['aws', 'azure'], ['azure'], undefined, ['aws']]);
      expect((await read.tally('outlook', t0, forever)).blamed).toEqual([
        { service: 'azure', reports: 2 },
        { service: 'aws', reports: 1 },
      ]);
      await write.ingest(batch({ deleted: ['test:1'] }));
      expect((await read.tally('outlook', t0, forever)).blamed).toEqual([{ service: 'azure', reports: 1 }]);
    });

    test('hostile text comes back as it was', async () => {
      const text = 'down\0 \u202e"; drop table posts; -- \u{1f4a5} %s ${x} <script>';
      await write.ingest(one("1' or 1=1", t0, { text, author: '\0' }));
      const [row] = await read.reports('outlook', t0, forever);
      expect(row).toMatchObject({ text, author: '\0', postId: "test:1' or 1=1" });
    });
  });

  test('counts of a series are summed by steps, and a chart reads what it draws', async () => {
    for (const [i, m] of [0, 1, 4, 5, 61].entries()) await write.ingest(one(`${i}`, t0 + m * minute));
    const key = { service: 'outlook', region: '*' };
    const sums = async (stepMs: number) =>
      (await read.counts(key, t0, t0 + day, stepMs)).map((c) => [(c.t - t0) / minute, c.reports, c.authors]);
    expect(await sums(5 * minute)).toEqual([
      [0, 3, 3],
      [5, 1, 1],
      [60, 1, 1],
    ]);
    expect(await sums(hour)).toEqual([
      [0, 4, 4],
      [60, 1, 1],
    ]);
    expect(await read.counts(key, t0 + minute, t0 + 5 * minute, minute)).toHaveLength(2);
    await write.judge(outcome({ readings: [{ ...key, reading: reading(t0), widthMs: 5 * minute }] }));
    const { observed, expected, low, high, surprise } = reading(t0);
    expect(await read.expectations(key, t0, t0 + 1, minute)).toEqual([
      { t: t0, observed, expected, low, high, surprise },
    ]);
  });

  test('sums of hours stay what their minutes and readings say, whatever comes in which order', async () => {
    const widthMs = 15 * minute;
    const span = 6 * hour;
    const keys = ['outlook', 'teams'].flatMap((service) => ['*', 'GB', 'US'].map((region) => ({ service, region })));
    const move = fc.oneof(
      fc.record({
        move: fc.constant('report' as const),
        id: fc.integer({ min: 0, max: 9 }),
        at: fc.integer({ min: 0, max: span / minute - 1 }),
        service: fc.constantFrom('outlook', 'teams'),
        region: fc.constantFrom(null, 'GB', 'US'),
      }),
      fc.record({ move: fc.constant('delete' as const), id: fc.integer({ min: 0, max: 9 }) }),
      fc.record({
        move: fc.constant('judge' as const),
        /** Steps until where this and all before are judged; fewer than before = judged anew. */
        steps: fc.integer({ min: 1, max: span / widthMs }),
        observed: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 8 }), { minLength: 24, maxLength: 24 }),
        quiet: fc.integer({ min: 0, max: 30 }),
      }),
      fc.record({
        move: fc.constant('expire' as const),
        minutes: fc.integer({ min: 0, max: 3 }),
        quarters: fc.integer({ min: 0, max: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 30 }), async (moves) => {
        const store = await open();
        try {
          let judged = 0;
          for (const [i, it] of moves.entries()) {
            if (it.move === 'report') {
              const words = { text: `version ${i}`, receivedAt: t0 + day + i };
              await store.write.ingest(one(`${it.id}`, t0 + it.at * minute, words, it));
            } else if (it.move === 'delete') await store.write.ingest(batch({ deleted: [`test:${it.id}`] }));
            else if (it.move === 'expire')
              await store.write.expire({
                textBefore: 0,
                bucketsBefore: t0 + it.minutes * hour,
                quartersBefore: t0 + it.quarters * hour,
              });
            else {
              const first = it.steps > judged ? judged : 0;
              const steps = Array.from({ length: it.steps - first }, (_, n) => first + n);
              judged = it.steps;
              const of = (key: (typeof keys)[number], n: number) => ({
                ...{ ...key, widthMs },
                reading: reading(t0 + n * widthMs, {
                  observed: it.observed[n],
                  ...{ expected: 1 + n / 4, low: n / 8, high: 2 + n, surprise: (n * 7) % 5 },
                }),
              });
              await store.write.judge(
                outcome({
                  judgedUntil: t0 + it.steps * widthMs,
                  detectors: keys.map((key) => ({ ...key, judgedUntil: t0, active: false, state: new Uint8Array(1) })),
                  // The second series is quiet in some steps.
                  readings: steps.flatMap((n) =>
                    keys.filter((_, k) => k !== 1 || n !== it.quiet).map((key) => of(key, n)),
                  ),
                }),
              );
            }
          }
          for (const key of keys) {
            const cells = await store.read.buckets(key, 0, forever);
            const sumOf = (from: number, to: number) =>
              cells
                .filter(({ t }) => t >= from && t < to)
                .reduce((sum, c) => ({ reports: sum.reports + c.reports, authors: sum.authors + c.authors }), {
                  ...{ reports: 0, authors: 0 },
                });
            for (const stepMs of [hour, 2 * hour, day])
              for (const from of [t0, t0 + hour, t0 + 30 * minute]) {
                const expected = [];
                for (let t = floorTo(from, stepMs); t < t0 + span; t += stepMs) {
                  const sum = sumOf(Math.max(t, from), t + stepMs);
                  if (sum.reports > 0) expected.push({ t, ...sum });
                }
                expect(await store.read.counts(key, from, t0 + span, stepMs)).toEqual(expected);
              }
            for (const [from, to] of [
              [t0, t0 + span],
              [t0 + 30 * minute, t0 + 3 * hour + minute],
            ] as const) {
              const found = await store.read.touchedSeries(from, to);
              const { reports, authors } = sumOf(from, to);
              expect(found.filter((f) => f.service === key.service && f.region === key.region)).toEqual(
                reports > 0 ? [{ ...key, reports, authors }] : [],
              );
            }
            // Where readings have gone with age, their sums may stay.
            const aged = t0 + Math.max(0, ...moves.map((it) => (it.move === 'expire' ? it.minutes * hour : 0)));
            const readings = await store.read.readings(key, aged, t0 + span);
            const told = await store.read.expectations(key, aged, t0 + span, hour);
            expect(told.map((r) => r.t)).toEqual(readings.map((r) => r.t));
            const facts = (all: readonly Expectation[], from: number) => {
              const within = all.filter((r) => r.t >= from && r.t < from + hour);
              const sum = (fact: (r: Expectation) => number) => within.reduce((n, r) => n + fact(r), 0);
              return [
                sum((r) => r.observed ?? 0),
                sum((r) => (r.observed === null ? 1 : 0)),
                sum((r) => r.expected),
                sum((r) => (r.expected - r.low) ** 2),
                sum((r) => (r.high - r.expected) ** 2),
                Math.max(0, ...within.map((r) => r.surprise)),
              ].map((n) => Number(n.toFixed(6)));
            };
            for (let t = aged; t < t0 + span; t += hour) expect(facts(told, t)).toEqual(facts(readings, t));
          }
        } finally {
          await store.read.close();
          await store.write.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  describe('edits and deletes', () => {
    test('a newer text replaces the verdicts, an older one changes nothing', async () => {
      const edited = { text: 'it was my router', receivedAt: t0 + 9000 };
      await write.ingest(one('1', t0, { receivedAt: t0 + 1000 }, { region: 'GB' }));
      const touched = await write.ingest(one('1', t0, edited, { service: 'teams', kind: 'question' }));
      expect(touched.map((b) => `${b.service} ${b.region}`).sort()).toEqual(['outlook *', 'outlook GB', 'teams *']);
      expect(await write.ingest(one('1', t0, { receivedAt: t0 + 1000 }, { region: 'GB' }))).toEqual([]);
      expect(await cells(read)).toEqual([]);
      expect(await cells(read, '*', 'teams')).toEqual([[0, 1, 1, 1]]);
      expect((await read.reports('teams', 0, forever)).map((r) => r.text)).toEqual(['it was my router']);
    });

    test('an edit of a counted post counts, although the horizon has passed it', async () => {
      await write.ingest(one('1', t0));
      const later = one('1', t0, { text: 'still down', receivedAt: t0 + 2 * day }, { service: 'teams' });
      await write.ingest({ ...later, horizon: t0 + day });
      expect(await cells(read, '*', 'teams')).toEqual([[0, 1, 1, 1]]);
    });

    test('an edit that reports nothing takes its reports away', async () => {
      await write.ingest(one('1', t0));
      await write.ingest(batch({ posts: [post('1', t0, { text: 'all good', receivedAt: t0 + day })] }));
      expect(await cells(read)).toEqual([]);
      expect(await read.span()).toBeNull();
    });

    test('a delete removes text and reports, repairs buckets, and a late copy does not bring them back', async () => {
      await write.ingest(one('1', t0, { author: 'ann' }));
      await write.ingest(one('2', t0 + minute, { author: 'ann' }));
      expect(await cells(read)).toEqual([
        [0, 1, 1, 1],
        [1, 1, 0, 1],
      ]);
      const touched = await write.ingest(batch({ deleted: ['test:1', 'test:never seen'] }));
      expect(touched.map((b) => b.t).sort()).toEqual([t0, t0 + minute]);
      expect(await write.ingest(one('1', t0, { author: 'ann', receivedAt: forever, text: 'again' }))).toEqual([]);
      expect(await cells(read)).toEqual([[1, 1, 1, 1]]);
      expect((await read.reports('outlook', 0, forever)).map((r) => r.postId)).toEqual(['test:2']);
      expect((await read.evidence('outlook', 0, forever, { limit: 9 })).items.map((e) => e.postId)).toEqual(['test:2']);
    });

    test('a post and its delete may come in one batch', async () => {
      expect(await write.ingest({ ...one('1', t0), deleted: ['test:1'] })).toEqual([]);
      expect(await cells(read)).toEqual([]);
    });
  });

  describe('whole or not at all', () => {
    const poison = { why: [1n] as unknown as string[] };

    test('a batch that fails in its middle leaves nothing', async () => {
      await write.ingest(one('1', t0, { author: 'ann' }));
      const broken = batch({
        posts: [post('2', t0 + minute), post('3', t0)],
        reports: [report('2'), report('3', poison)],
        deleted: ['test:1'],
        seen: [{ source: 'test', t: t0, posts: 9, matched: 2 }],
        cursors: [{ source: 'test', cursor: 'behind 3' }],
      });
      await expect(write.ingest(broken)).rejects.toThrow();
      expect(await cells(read)).toEqual([[0, 1, 1, 1]]);
      expect(await read.cursor('test')).toBeNull();
      expect(await read.seen(0, forever)).toEqual([]);
      await write.ingest({ ...broken, reports: [report('2'), report('3')], deleted: [] });
      expect(await cells(read)).toEqual([
        [0, 2, 2, 1],
        [1, 1, 1, 1],
      ]);
    });

    test('a tick that fails in its middle leaves nothing', async () => {
      const broken = { ...incident('b', t0), reports: 'many' as unknown as number, platforms: [1n] as never };
      await expect(
        write.judge(outcome({ spikes: [spike(t0)], incidents: [incident('a', t0), broken] })),
      ).rejects.toThrow();
      expect(await read.openIncidents()).toEqual([]);
      expect(await read.openSpikes()).toEqual([]);
      expect(await read.judgedUntil()).toBeNull();
    });
  });

  test('any order and any batching of the same posts gives the same buckets', async () => {
    const version = fc.record({
      id: fc.integer({ min: 0, max: 11 }),
      version: fc.integer({ min: 0, max: 2 }),
      at: fc.integer({ min: 0, max: 130 }),
      author: fc.constantFrom('ann', 'ben', 'cai', null),
      source: fc.constantFrom('hn', 'push'),
      verdicts: fc.uniqueArray(
        fc.record({
          service: fc.constantFrom('outlook', 'teams'),
          kind: fc.constantFrom<Kind>('report', 'question', 'news'),
          region: fc.constantFrom(null, 'GB-BST', 'GB-ENG', 'GB', 'US'),
        }),
        { selector: (v) => v.service, maxLength: 2 },
      ),
    });
    const versions = fc
      .uniqueArray(version, { selector: (v) => `${v.id} ${v.version}`, minLength: 1, maxLength: 24 })
      .map((all) =>
        all.map(({ id, version, at, author, source, verdicts }) => ({
          post: post(`${id}`, t0 + at * minute + version, {
            author,
            source,
            text: `version ${version}`,
            receivedAt: t0 + day + version,
          }),
          reports: verdicts.map((v) => report(`${id}`, v)),
        })),
      );
    const plan = versions.chain((all) =>
      fc.record({
        all: fc.constant(all),
        // Some come twice: sources deliver at least once.
        order: fc
          .tuple(
            fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
            fc.shuffledSubarray(all, { maxLength: Math.min(4, all.length) }),
          )
          .map(([first, again]) => [...first, ...again]),
        cut: fc.integer({ min: 1, max: 24 }),
        gone: fc.shuffledSubarray([...new Set(all.map((v) => v.post.id))], { maxLength: 1 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(plan, async ({ all, order: arrivals, cut, gone }) => {
        const store = await open();
        try {
          let next = batch();
          for (const { post, reports } of arrivals) {
            if (next.posts.length === cut || next.posts.some((p) => p.id === post.id)) {
              await store.write.ingest(next);
              next = batch();
            }
            next.posts.push(post);
            next.reports.push(...reports);
          }
          await store.write.ingest(next);
          const standing = async () => {
            const found: Bucket[] = [];
            for (const key of await store.read.touchedSeries(0, forever))
              found.push(...(await store.read.buckets({ service: key.service, region: key.region }, 0, forever)));
            return found.sort(order);
          };
          expect(await standing()).toEqual(expectedBuckets(all).sort(order));
          await store.write.ingest(batch({ deleted: gone }));
          const left = all.filter((v) => !gone.includes(v.post.id));
          expect(await standing()).toEqual(expectedBuckets(left).sort(order));
        } finally {
          await store.read.close();
          await store.write.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  describe('what a tick found', () => {
    test('detectors and readings come back as they were', async () => {
      const key = { service: 'outlook', region: 'GB' };
      const state = new Uint8Array([1, 2, 255, 0]);
      const gap = reading(t0 + 5 * minute, { observed: null, alert: 'open', active: true, calming: true });
      await write.judge(
        outcome({
          judgedUntil: t0 + 10 * minute,
          detectors: [
            { ...key, judgedUntil: t0, active: true, state },
            { service: 'teams', region: '*', judgedUntil: t0, active: false, state },
          ],
          readings: [reading(t0), gap].map((r) => ({ ...key, reading: r, widthMs: 5 * minute })),
        }),
      );
      expect(await read.judgedUntil()).toBe(t0 + 10 * minute);
      expect(await read.activeSeries()).toEqual([key]);
      const stored = await read.detector(key);
      expect([stored?.judgedUntil, [...(stored?.state ?? [])]]).toEqual([t0, [...state]]);
      expect(await read.readings(key, t0, t0 + hour)).toEqual([
        { ...reading(t0), widthMs: 5 * minute },
        { ...gap, widthMs: 5 * minute },
      ]);
      expect(await read.readings(key, t0 + 1, t0 + 5 * minute)).toEqual([]);
      await write.judge(outcome({ detectors: [{ ...key, judgedUntil: t0 + minute, active: false, state }] }));
      expect(await read.activeSeries()).toEqual([]);
    });

    test('judging a step again replaces what stood and repeats no change', async () => {
      const changes = [{ incident: 'a', at: t0, from: null, to: 'signal' as const, reason: '41 reports' }];
      const step = outcome({ incidents: [incident('a', t0)], changes, spikes: [spike(t0)] });
      await write.judge(step);
      await write.judge(step);
      await write.judge(outcome({ incidents: [incident('a', t0, { reports: 99 })] }));
      expect(await read.incident('a')).toEqual(incident('a', t0, { reports: 99 }));
      expect(await read.changes('a')).toEqual(changes);
      expect(await read.openSpikes()).toEqual([spike(t0)]);
    });

    test('an incident is told as it was known at a time; what does not change is kept once', async () => {
      const tell = (at: number, more: Partial<Incident>) =>
        write.judge(outcome({ judgedUntil: at - minute, judgedAt: at, incidents: [incident('a', t0, more)] }));
      await tell(t0 + 10, { reports: 5 });
      await tell(t0 + 20, { reports: 5 });
      await tell(t0 + 30, { reports: 9, symptoms: { login: 9 } });
      await tell(t0 + 30, { reports: 8, symptoms: { login: 8 } });
      await tell(t0 + 40, { reports: 5 });
      const at = async (t: number) => {
        const known = await read.incidentAt('a', t);
        return known && [known.since - t0, known.incident];
      };
      expect(await at(t0 + 9)).toBeNull();
      expect(await at(t0 + 10)).toEqual([10, incident('a', t0, { reports: 5 })]);
      expect(await at(t0 + 29)).toEqual([10, incident('a', t0, { reports: 5 })]);
      expect(await at(t0 + 39)).toEqual([30, incident('a', t0, { reports: 8, symptoms: { login: 8 } })]);
      expect(await at(forever)).toEqual([40, incident('a', t0, { reports: 5 })]);
      expect(await read.incidentAt('b', forever)).toBeNull();
    });

    test('changes come in order, also after a time', async () => {
      const change = (incident: string, at: number, to: Incident['state']) => ({
        ...{ incident, at, from: null, to, reason: 'because' },
      });
      const all = [change('a', t0, 'signal'), change('b', t0 + 1, 'signal'), change('a', t0 + 2, 'resolved')];
      await write.judge(outcome({ changes: [all[2]!, all[0]!, all[1]!] }));
      expect(await read.changes('a')).toEqual([all[0], all[2]]);
      expect(await read.changesAfter(t0, 1)).toEqual([all[1]]);
      expect(await read.changesAfter(t0, 9)).toEqual([all[1], all[2]]);
    });

    test('incidents are found by service, state, region and time', async () => {
      const all = [
        incident('a', t0, { state: 'resolved', resolvedAt: t0 + hour }),
        incident('b', t0 + hour, { service: 'teams', regions: ['GB-BST', 'US'] }),
        incident('c', t0 + 2 * hour, { regions: ['*'], state: 'unknown' }),
      ];
      await write.judge(outcome({ incidents: all }));
      type Filter = Omit<Parameters<ReadStore['incidents']>[0], 'limit'>;
      const ids = async (filter: Filter) => (await read.incidents({ ...filter, limit: 9 })).items.map((i) => i.id);
      expect(await ids({})).toEqual(['c', 'b', 'a']);
      expect((await read.openIncidents()).map((i) => i.id)).toEqual(['b', 'c']);
      expect(await ids({ service: 'teams' })).toEqual(['b']);
      expect(await ids({ state: 'unknown' })).toEqual(['c']);
      expect(await ids({ region: 'GB' })).toEqual(['c', 'b', 'a']);
      expect(await ids({ region: 'GB-BST' })).toEqual(['c', 'b', 'a']);
      expect(await ids({ region: 'US' })).toEqual(['c', 'b']);
      expect(await ids({ region: '*' })).toEqual(['c', 'b', 'a']);
      expect(await ids({ region: '%' })).toEqual(['c']);
      expect(await ids({ since: t0 + hour + 1 })).toEqual(['c', 'b']);
      expect(await ids({ until: t0 + hour })).toEqual(['a']);
      expect(await ids({ since: t0 + 30 * minute, until: t0 + 90 * minute })).toEqual(['b', 'a']);
    });

    test('spikes are found by service, region and time', async () => {
      const all = [
        spike(t0, { endedAt: t0 + hour, heldBack: '41 posts, 3 authors' }),
        spike(t0 + hour, { id: 'teams/*/1', service: 'teams', region: '*' }),
      ];
      await write.judge(outcome({ spikes: all }));
      expect((await read.spikes({ limit: 9 })).items).toEqual([all[1], all[0]]);
      expect((await read.spikes({ limit: 9, region: 'GB' })).items).toEqual([all[0]]);
      expect((await read.spikes({ limit: 9, service: 'teams', since: t0, until: t0 + hour })).items).toEqual([]);
      expect((await read.spikes({ limit: 9, since: t0 + 2 * hour })).items).toEqual([all[1]]);
      expect(await read.openSpikes()).toEqual([all[1]]);
    });
  });

  describe('pages', () => {
    test('evidence comes newest first, and pages stay whole while posts come in', async () => {
      // Three at the same instant, so that pages must part them.
      for (const [i, s] of [0, 1, 1, 1, 2].entries()) await write.ingest(one(`${i}`, t0 + s * 1000));
      const seen: string[] = [];
      let fresh = 10;
      const shown = await allPages(async (cursor) => {
        const page = await read.evidence('outlook', t0, t0 + hour, { limit: 2, cursor });
        await write.ingest(one(`${fresh++}`, t0 + 30 * minute));
        return page;
      });
      seen.push(...shown.map((e) => e.postId));
      expect(seen).toEqual(['test:4', 'test:3', 'test:2', 'test:1', 'test:0']);
      expect(shown[4]).toEqual({
        postId: 'test:0',
        platform: 'forum.example.org',
        source: 'test',
        text: 'post 0: it is down',
        url: 'https://forum.example.org/0',
        lang: 'en',
        createdAt: t0,
        kind: 'report',
        score: 0.93,
        symptom: 'down',
        region: null,
        why: ['says "down"'],
      });
    });

    test('incidents and spikes page on while others open', async () => {
      const many = Array.from({ length: 7 }, (_, i) => i);
      await write.judge(
        outcome({
          incidents: many.map((i) => incident(`i${i}`, t0 + Math.floor(i / 3) * hour)),
          spikes: many.map((i) => spike(t0 + i, { id: `s${i}` })),
        }),
      );
      const incidents = await allPages(async (cursor) => {
        const page = await read.incidents({ limit: 2, cursor });
        await write.judge(outcome({ incidents: [incident(`new${page.next}`, t0 + day)] }));
        return page;
      });
      expect(incidents.map((i) => i.id)).toEqual(['i6', 'i5', 'i4', 'i3', 'i2', 'i1', 'i0']);
      const spikes = await allPages((cursor) => read.spikes({ limit: 3, cursor }));
      expect(spikes.map((s) => s.id)).toEqual(['s6', 's5', 's4', 's3', 's2', 's1', 's0']);
    });

    test('an order is kept over pages with ties, both ways, and a cursor holds for its own order only', async () => {
      const many = [3, 1, 2, 2, 2, 1].map((authors) => ({ authors, surprise: authors + 0.1 }) as const);
      await write.judge(
        outcome({
          incidents: many.map((more, i) => incident(`i${i}`, t0 + i, more)),
          spikes: many.map((more, i) => spike(t0 + i, { id: `s${i}`, ...more })),
        }),
      );
      const order = (by: EpisodeOrder, descending: boolean) => ({ limit: 2, order: { by, descending } });
      const incidents = await allPages((cursor) => read.incidents({ ...order('authors', true), cursor }));
      expect(incidents.map((i) => i.id)).toEqual(['i0', 'i4', 'i3', 'i2', 'i5', 'i1']);
      const spikes = await allPages((cursor) => read.spikes({ ...order('surprise', false), cursor }));
      expect(spikes.map((s) => s.id)).toEqual(['s1', 's5', 's2', 's3', 's4', 's0']);
      const cursor = (await read.spikes(order('surprise', false))).next as string;
      await expect(read.spikes({ ...order('surprise', true), cursor })).rejects.toThrow('of another order');
      for (const [i, score] of [0.9, 0.7, 0.8].entries()) await write.ingest(one(`${i}`, t0 + i, {}, { score }));
      const posts = await allPages((cursor) =>
        read.evidence('outlook', t0, t0 + hour, { limit: 1, cursor, order: { by: 'score', descending: true } }),
      );
      expect(posts.map((e) => e.postId)).toEqual(['test:0', 'test:2', 'test:1']);
    });

    test('what a list is narrowed by leaves no page short', async () => {
      const all = Array.from({ length: 9 }, (_, i) =>
        incident(`i${i}`, t0 + i, {
          ...{ service: i % 2 ? 'teams' : 'outlook', authors: i, surprise: i / 2 },
          ...{ platforms: i > 4 ? ['a', 'b', 'c'] : ['a'], symptoms: i % 3 ? { down: 1 } : { login: 1 } },
          ...(i < 3 ? { state: 'resolved', resolvedAt: t0 + hour } : {}),
        }),
      );
      const spikes = all.map(({ authors, surprise, service }, i) =>
        spike(t0 + i, { id: `s${i}`, authors, surprise, service, endedAt: i < 3 ? t0 + hour : null }),
      );
      await write.judge(outcome({ incidents: all, spikes }));
      type Filter = Omit<Parameters<ReadStore['incidents']>[0], 'limit'>;
      const first = async (filter: Filter) => (await read.incidents({ ...filter, limit: 2 })).items.map((i) => i.id);
      expect(await first({ services: ['teams', 'zoom'] })).toEqual(['i7', 'i5']);
      expect(await first({ services: [] })).toEqual([]);
      expect(await first({ state: 'open', symptom: 'login' })).toEqual(['i6', 'i3']);
      expect(await first({ minAuthors: 8 })).toEqual(['i8']);
      expect(await first({ minSurprise: 3.5 })).toEqual(['i8', 'i7']);
      expect(await first({ minPlatforms: 3, service: 'teams' })).toEqual(['i7', 'i5']);
      const ids = async (filter: object) => (await read.spikes({ ...filter, limit: 2 })).items.map((s) => s.id);
      expect(await ids({ open: false })).toEqual(['s2', 's1']);
      expect(await ids({ open: true, minAuthors: 8 })).toEqual(['s8']);
      expect(await ids({ services: ['outlook'], minSurprise: 3 })).toEqual(['s8', 's6']);
    });

    test('evidence is narrowed by kind, language, symptom and platform', async () => {
      await write.ingest(one('a', t0, { lang: 'pt-BR' }, { symptom: 'login' }));
      await write.ingest(one('b', t0 + 1, { lang: 'pt', platform: 'bluesky' }, { kind: 'question' }));
      await write.ingest(one('c', t0 + 2, { lang: 'ptx' }));
      await write.ingest(one('d', t0 + 3, { lang: null }));
      const ids = async (filter: object) =>
        (await read.evidence('outlook', t0, t0 + hour, { limit: 9, ...filter })).items.map((e) => e.postId.slice(5));
      expect(await ids({ lang: 'PT' })).toEqual(['b', 'a']);
      expect(await ids({ lang: 'pt-br' })).toEqual(['a']);
      expect(await ids({ kind: 'question' })).toEqual(['b']);
      expect(await ids({ symptom: 'login' })).toEqual(['a']);
      expect(await ids({ platform: 'bluesky' })).toEqual(['b']);
    });

    test('voices tell who speaks in a region and its parts', async () => {
      await write.ingest(one('a', t0, { source: 'hn' }, { region: 'GB-ENG', symptom: 'login' }));
      await write.ingest(one('b', t0 + 1, { source: 'hn' }, { region: 'GB-BST', symptom: 'login' }));
      await write.ingest(one('c', t0 + 2, {}, { region: 'US' }));
      await write.ingest(one('d', t0 + 3, {}, { kind: 'news' }));
      const voices = (region: string) => read.voices({ service: 'outlook', region }, t0, t0 + hour);
      expect(await voices('GB')).toEqual([{ source: 'hn', symptom: 'login', lang: 'en', reports: 2 }]);
      expect((await voices('*')).map((v) => [v.source, v.reports]).sort()).toEqual([
        ['hn', 2],
        ['test', 1],
      ]);
      expect(await read.voices({ service: 'outlook', region: '*' }, t0 + 3, t0 + hour)).toEqual([]);
    });

    test('a page that ends with the last item has no next', async () => {
      await write.ingest(one('1', t0));
      expect((await read.evidence('outlook', t0, t0 + hour, { limit: 1 })).next).toBeNull();
    });

    test('a broken cursor is named', async () => {
      const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      for (const cursor of ['', 'x', json(null), json([1]), json(['1', 'a']), json([1, 2, 3]), json([1, { a: 1 }])]) {
        await expect(read.incidents({ limit: 1, cursor })).rejects.toThrow(UsageError);
        await expect(read.spikes({ limit: 1, cursor })).rejects.toThrow(`cursor ${JSON.stringify(cursor)}`);
        await expect(read.evidence('outlook', 0, 1, { limit: 1, cursor })).rejects.toThrow(UsageError);
      }
    });
  });

  describe('the official word', () => {
    const say = (...official: OfficialIncident[]) => write.ingest(batch({ official }));
    const titles = async (filter: Partial<Parameters<ReadStore['official']>[0]> = {}) =>
      (await read.official({ limit: 99, ...filter })).items.map((o) => o.title);

    test('comes back as it was, whatever it says, and is no report', async () => {
      const hostile = notice('1', t0, {
        title: `"; drop table official; -- <script>`,
        url: null,
        components: ['a"b', '\u{1f4a5}'],
      });
      expect(await say(hostile)).toEqual([]);
      expect((await read.official({ limit: 9 })).items).toEqual([hostile]);
      expect(await read.touchedSeries(0, forever)).toEqual([]);
    });

    test('an edit makes a version; what says nothing new or is older makes none', async () => {
      const first = notice('1', t0);
      const monitoring = notice('1', t0, { state: 'monitoring', updatedAt: t0 + hour, receivedAt: t0 + hour });
      const resolved = {
        ...monitoring,
        state: 'resolved' as const,
        resolvedAt: t0 + 2 * hour,
        receivedAt: t0 + 2 * hour,
      };
      await say(first, { ...first, receivedAt: t0 + 5 * minute }, monitoring);
      await say(resolved, first, { ...resolved, receivedAt: forever });
      expect((await read.official({ limit: 9 })).items).toEqual([resolved]);
      expect((await read.officialVersions({ limit: 9 })).items).toEqual([first, monitoring, resolved]);
    });

    test('is found by service, time and state, newest first', async () => {
      await say(
        notice('1', t0, { state: 'resolved', resolvedAt: t0 + hour, title: 'one' }),
        notice('2', t0 + 2 * hour, { title: 'two' }),
        notice('3', t0 + 3 * hour, { title: 'three', service: 'azure', id: 'pages:azure/3' }),
      );
      expect(await titles()).toEqual(['three', 'two', 'one']);
      expect(await titles({ services: ['outlook'] })).toEqual(['two', 'one']);
      expect(await titles({ services: ['outlook', 'azure'], state: 'open' })).toEqual(['three', 'two']);
      expect(await titles({ services: [] })).toEqual([]);
      expect(await titles({ since: t0 + hour + 1 })).toEqual(['three', 'two']);
      expect(await titles({ since: t0 + hour, until: t0 + 3 * hour })).toEqual(['two', 'one']);
      const page = await read.official({ limit: 2 });
      expect(await titles({ limit: 2, cursor: page.next ?? '' })).toEqual(['one']);
    });

    test('is told as it was known at a time', async () => {
      await say(notice('1', t0, { receivedAt: t0 + hour, title: 'we look into it' }));
      await say(
        notice('1', t0, { receivedAt: t0 + 2 * hour, title: 'over', state: 'resolved', resolvedAt: t0 + 90 * minute }),
      );
      expect(await titles({ knownBy: t0 + hour - 1 })).toEqual([]);
      expect(await titles({ knownBy: t0 + hour, state: 'open' })).toEqual(['we look into it']);
      expect(await titles({ knownBy: t0 + 2 * hour, state: 'open' })).toEqual([]);
    });

    test('versions page on in the order in which they were stored', async () => {
      for (const n of [1, 2, 3]) await say(notice(`${n}`, t0 - n * hour, { title: `${n}` }));
      const first = await read.officialVersions({ limit: 2 });
      const second = await read.officialVersions({ limit: 2, cursor: first.next ?? '' });
      expect([...first.items, ...second.items].map((o) => o.title)).toEqual(['1', '2', '3']);
      expect(second.next).toBeNull();
    });

    test('ages to what stood at the end of the retention, and all after it', async () => {
      const at = (hours: number) => notice('1', t0, { receivedAt: t0 + hours * hour, title: `${hours}` });
      await say(at(1), at(2), at(3), notice('2', t0, { title: 'alone' }));
      await write.expire({ textBefore: t0 + 3 * hour, bucketsBefore: 0 });
      expect((await read.officialVersions({ limit: 9 })).items.map((o) => o.title)).toEqual(['2', '3', 'alone']);
    });

    test('comes with its cursor or not at all', async () => {
      const broken = notice('2', t0, { title: null as unknown as string });
      const both = batch({ official: [notice('1', t0), broken], cursors: [{ source: 'pages', cursor: 'x' }] });
      await expect(write.ingest(both)).rejects.toThrow();
      expect(await titles()).toEqual([]);
      expect(await read.cursor('pages')).toBeNull();
    });
  });

  describe('retention', () => {
    test('texts go, counts and verdicts stay', async () => {
      await write.ingest(one('1', t0, { place: 'Bristol', context: 'r/outages' }));
      await write.ingest(one('2', t0 + hour));
      expect(await write.expire({ textBefore: t0 + hour, bucketsBefore: 0 })).toEqual({ texts: 1, buckets: 0 });
      expect((await read.reports('outlook', 0, forever)).map((r) => r.text)).toEqual([null, 'post 2: it is down']);
      expect(await read.texts(0, forever)).toEqual(['post 2: it is down']);
      expect(await read.texts(0, t0 + hour)).toEqual([]);
      expect(await write.ingest(one('1', t0))).toEqual([]);
      expect(await cells(read)).toEqual([
        [0, 1, 1, 1],
        [60, 1, 1, 1],
      ]);
    });

    test('minutes become quarters, quarters become hours, and the sums stay', async () => {
      for (const m of [0, 1, 14, 15, 59, 60, 70, 200])
        await write.ingest(one(`${m}`, t0 + m * minute, { source: `source ${m % 2}` }, { region: 'GB' }));
      const before = await read.touchedSeries(0, forever);
      const tally = await read.tally('outlook', 0, forever);
      const rolled = await write.expire({ textBefore: 0, bucketsBefore: t0 + 80 * minute });
      expect(rolled).toEqual({ texts: 0, buckets: 14 });
      const quarters = [
        [0, 3, 3, 1],
        [15, 1, 1, 1],
        [45, 1, 1, 1],
        [60, 2, 2, 1],
        [200, 1, 1, 1],
      ];
      expect(await cells(read, 'GB')).toEqual(quarters);
      const widths = (await read.buckets({ service: 'outlook', region: '*' }, 0, forever)).map((b) => b.widthMs);
      expect(widths).toEqual([...Array(4).fill(15 * minute), undefined]);
      await write.expire({ textBefore: 0, bucketsBefore: t0 + 80 * minute, quartersBefore: t0 + 70 * minute });
      expect(await cells(read)).toEqual([
        [0, 5, 5, 1],
        [60, 2, 2, 1],
        [200, 1, 1, 1],
      ]);
      expect(await read.touchedSeries(0, forever)).toEqual(before);
      expect(await read.tally('outlook', 0, forever)).toEqual(tally);
      expect(await read.span()).toEqual({ first: t0, last: t0 + 200 * minute });
    });

    test('rolled-up counts are repaired by late posts and deletes', async () => {
      for (const m of [1, 2, 20, 80]) await write.ingest(one(`${m}`, t0 + m * minute));
      const limits = { textBefore: 0, bucketsBefore: t0 + 2 * hour, quartersBefore: t0 + hour };
      await write.expire(limits);
      const touched = await write.ingest({ ...one('late', t0 + 85 * minute), deleted: ['test:2'] });
      expect(touched.map((b) => (b.t - t0) / minute).sort()).toEqual([0, 75]);
      expect(await cells(read)).toEqual([
        [0, 2, 2, 1],
        [75, 2, 2, 1],
      ]);
      await write.ingest(batch({ deleted: ['test:1', 'test:20'] }));
      expect(await cells(read)).toEqual([[75, 2, 2, 1]]);
    });

    test('what the sources saw ages with the buckets', async () => {
      const row = (m: number, source = 'hn') => ({ source, t: t0 + m * minute, posts: m + 1, matched: 1 });
      await write.ingest(batch({ seen: [row(0), row(3), row(14), row(14, 'push'), row(16), row(61)] }));
      const limits = { textBefore: 0, bucketsBefore: t0 + hour };
      const seen = async () =>
        (await read.seen(0, forever)).map((s) => [(s.t - t0) / minute, s.source, s.posts, s.matched]);
      await write.expire(limits);
      expect(await seen()).toEqual([
        [0, 'hn', 20, 3],
        [0, 'push', 15, 1],
        [15, 'hn', 17, 1],
        [61, 'hn', 62, 1],
      ]);
      await write.expire({ ...limits, quartersBefore: t0 + hour });
      expect(await seen()).toEqual([
        [0, 'hn', 37, 4],
        [0, 'push', 15, 1],
        [61, 'hn', 62, 1],
      ]);
    });

    test('more than one piece of work is done to its end', async () => {
      const seen = Array.from({ length: 12_000 }, (_, m) => ({
        source: 'hn',
        t: t0 + m * minute,
        posts: 1,
        matched: 0,
      }));
      await write.ingest(batch({ seen }));
      await write.ingest(one('1', t0 + 11_999 * minute));
      const all = t0 + 12_000 * minute;
      expect((await write.expire({ textBefore: all, bucketsBefore: all })).buckets).toBe(1);
      expect((await read.seen(0, forever)).length).toBe(800);
    });

    test('old readings go, those of episodes stay', async () => {
      const key = { service: 'outlook', region: '*' };
      const all = [reading(t0), reading(t0 + minute, { active: true }), reading(t0 + hour)];
      await write.judge(
        outcome({
          detectors: [{ ...key, judgedUntil: t0, active: false, state: new Uint8Array(1) }],
          readings: all.map((r) => ({ ...key, reading: r, widthMs: minute })),
        }),
      );
      await write.expire({ textBefore: 0, bucketsBefore: t0 + hour });
      expect((await read.readings(key, 0, forever)).map((r) => r.t)).toEqual([t0 + minute, t0 + hour]);
    });

    test('ingest goes on while old buckets are rolled up', async () => {
      for (let i = 0; i < 200; i++) await write.ingest(one(`${i}`, t0 + i * 15 * minute));
      const rolling = write.expire({ textBefore: t0 + 100 * hour, bucketsBefore: t0 + 100 * hour });
      await write.ingest(one('in between', t0));
      await rolling;
      const [total] = await read.activity(0, forever);
      expect(total).toEqual({ service: 'outlook', reports: 201, authors: 201 });
    });
  });

  test('keep never overwrites', async () => {
    expect(await write.keep('authorKey', 'first')).toBe('first');
    expect(await write.keep('authorKey', 'second')).toBe('first');
    expect(await write.keep('store.judgedUntil', 'x')).toBe('x');
    expect(await read.judgedUntil()).toBeNull();
  });
}
