// Stores posts, verdicts and cursors; edits replace, deletes remove, and the touched buckets are recounted.
import { and, eq, sql } from 'drizzle-orm';
import type { Correction, IngestBatch, Touched } from '../../core/ports.js';
import { isSignal, type Post, type Report } from '../../core/post.js';
import type { Connection } from './connect.js';
import type { Ages, Counting } from './counting.js';
import { createOfficialWrites } from './official.js';
import { corrections, cursors, posts, reports, seen } from './schema.js';
import { excluded, placeholders, prepareStatement } from './statement.js';

interface StoredPost {
  n: number;
  text: string | null;
  received_at: number;
  counted: number;
}

/** The synchronous parts of the verbs that change what is counted; each must run inside a transaction. */
export interface Ingest {
  ingest(batch: IngestBatch, ages: Ages): Touched;
  correct(postId: string, correction: Correction | null, reports: Report[], ages: Ages): boolean;
}

/** A post has one verdict of a service: the last one. */
function lastOfEach(verdicts: Report[]): Report[] {
  return verdicts.length < 2 ? verdicts : [...new Map(verdicts.map((v) => [v.service, v])).values()];
}

export function createIngest({ client, db, name }: Connection, counting: Counting): Ingest {
  const value = sql.placeholder;
  const official = createOfficialWrites({ client, db, name });
  const insertPost = prepareStatement<Post & { counted: number; deleted: number }>(
    client,
    db.insert(posts).values(placeholders(posts, 'n')).onConflictDoNothing({ target: posts.id }),
  );
  const findPost = prepareStatement<{ id: string }, StoredPost>(
    client,
    db
      .select({ n: posts.n, text: posts.text, receivedAt: posts.receivedAt, counted: posts.counted })
      .from(posts)
      .where(eq(posts.id, value('id'))),
  );
  const postsOfAuthor = prepareStatement<{ author: string }, { n: number }>(
    client,
    // A partial index serves only a query that repeats the index's condition.
    db
      .select({ n: posts.n })
      .from(posts)
      .where(and(eq(posts.author, value('author')), sql`author is not null`)),
  );
  const replacePost = prepareStatement<Post & { n: number; counted: number }>(
    client,
    db
      .update(posts)
      .set(placeholders(posts, 'n', 'id', 'deleted'))
      .where(eq(posts.n, value('n'))),
  );
  const emptyPost = prepareStatement<{ n: number }>(
    client,
    db
      .update(posts)
      .set({ text: null, author: null, context: null, place: null, url: null, deleted: 1 })
      .where(eq(posts.n, value('n'))),
  );
  const insertReport = prepareStatement(
    client,
    db
      .insert(reports)
      .values(placeholders(reports))
      .onConflictDoUpdate({ target: [reports.post, reports.service], set: excluded(reports, 'post', 'service') }),
  );
  const reportsOfPost = prepareStatement<
    { n: number },
    { service: string; created_at: number; author: string | null; counted: number }
  >(
    client,
    db
      .select({
        service: reports.service,
        createdAt: reports.createdAt,
        author: reports.author,
        counted: reports.counted,
      })
      .from(reports)
      .where(eq(reports.post, value('n'))),
  );
  const deleteReports = prepareStatement<{ n: number }>(client, db.delete(reports).where(eq(reports.post, value('n'))));
  const addSeen = prepareStatement<IngestBatch['seen'][number]>(
    client,
    db
      .insert(seen)
      .values(placeholders(seen))
      .onConflictDoUpdate({
        target: [seen.t, seen.source],
        set: { posts: sql`${seen.posts} + excluded.posts`, matched: sql`${seen.matched} + excluded.matched` },
      }),
  );
  const dropCorrection = prepareStatement<{ n: number }>(
    client,
    db.delete(corrections).where(eq(corrections.post, value('n'))),
  );
  const putCorrection = prepareStatement<{ post: number; kind: string; services: string; at: number; by: string }>(
    client,
    db
      .insert(corrections)
      .values(placeholders(corrections))
      .onConflictDoUpdate({ target: corrections.post, set: excluded(corrections, 'post') }),
  );
  const putCursor = prepareStatement<IngestBatch['cursors'][number]>(
    client,
    db
      .insert(cursors)
      .values(placeholders(cursors))
      .onConflictDoUpdate({ target: cursors.source, set: excluded(cursors, 'source') }),
  );

  type Counted = Pick<Post, 'createdAt' | 'author' | 'source' | 'platform'>;

  function putReports(n: number, post: Counted, inTime: boolean, verdicts: Report[]): void {
    for (const { service, kind, score, symptom, region, why, blames = [] } of verdicts) {
      const counted = inTime && isSignal(kind);
      insertReport.run({
        post: n,
        service,
        kind,
        score,
        symptom,
        region,
        why: JSON.stringify(why),
        createdAt: post.createdAt,
        author: post.author,
        source: post.source,
        platform: post.platform,
        counted: counted ? 1 : 0,
        blames: blames.length > 0 ? JSON.stringify(blames) : null,
      });
      if (counted) counting.add(service, post.createdAt, { author: post.author, source: post.source, region });
    }
  }

  function dropReports(n: number): void {
    const dropped = reportsOfPost.all({ n });
    deleteReports.run({ n });
    for (const r of dropped) if (r.counted) counting.touch(r.service, r.created_at, r.author);
  }

  function takeBack(n: number): void {
    emptyPost.run({ n });
    dropCorrection.run({ n });
    dropReports(n);
  }

  function putPost(post: Post, horizon: number, verdicts: Report[]): void {
    const inTime = post.createdAt >= horizon;
    const inserted = insertPost.run({ ...post, counted: inTime ? 1 : 0, deleted: 0 });
    if (inserted.changes === 1) {
      putReports(Number(inserted.lastInsertRowid), post, inTime, verdicts);
      return;
    }
    const old = findPost.get({ id: post.id }) as StoredPost;
    // Without a text it was taken back, or is too old to change.
    if (old.text === null || old.text === post.text || post.receivedAt < old.received_at) return;
    const counted = inTime || old.counted === 1;
    replacePost.run({ ...post, n: old.n, counted: counted ? 1 : 0 });
    dropCorrection.run(old);
    dropReports(old.n);
    putReports(old.n, post, counted, verdicts);
  }

  function ingest(batch: IngestBatch, ages: Ages): Touched {
    const verdicts = new Map<string, Report[]>();
    for (const report of batch.reports) {
      const others = verdicts.get(report.postId);
      if (others) others.push(report);
      else verdicts.set(report.postId, [report]);
    }
    for (const post of batch.posts) putPost(post, batch.horizon, lastOfEach(verdicts.get(post.id) ?? []));
    for (const id of batch.deleted) {
      const n = findPost.get({ id })?.n;
      if (n !== undefined) takeBack(n);
    }
    for (const author of batch.goneAuthors ?? []) for (const { n } of postsOfAuthor.all({ author })) takeBack(n);
    for (const version of batch.official ?? []) official.put(version);
    for (const row of batch.seen) addSeen.run(row);
    for (const row of batch.cursors) putCursor.run(row);
    return counting.recount(ages);
  }

  function correct(postId: string, correction: Correction | null, verdicts: Report[], ages: Ages): boolean {
    const post = db.select().from(posts).where(eq(posts.id, postId)).get();
    if (!post || post.text === null) return false;
    if (correction === null) dropCorrection.run(post);
    else putCorrection.run({ ...correction, post: post.n, services: JSON.stringify(correction.services) });
    dropReports(post.n);
    putReports(post.n, post, post.counted === 1, lastOfEach(verdicts));
    counting.recount(ages);
    return true;
  }

  return { ingest, correct };
}
