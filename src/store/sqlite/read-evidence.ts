// Reads of reports with their posts: for the rules of evidence, and for people.
import { and, asc, eq, getTableColumns, gt, gte, lt, type Placeholder, sql } from 'drizzle-orm';
import type { EvidenceOrder, Order, Voice } from '../../core/lists.js';
import type { Evidence, ReadStore, ReportRow } from '../../core/ports.js';
import type { Post } from '../../core/post.js';
import type { Connection } from './connect.js';
import { keysetOf } from './page.js';
import { corrections, posts, reports } from './schema.js';

const newestFirst: Order<EvidenceOrder> = { by: 'createdAt', descending: true };

/** @param regionPath a region and all that contain it, ending in `*`. */
export function createEvidenceReads(
  { db }: Connection,
  regionPath: (code: string | null) => string[],
): Pick<ReadStore, 'reports' | 'texts' | 'post' | 'posts' | 'corrections' | 'evidence' | 'voices'> {
  const value = sql.placeholder;
  const inTime = (service: string | Placeholder, from: number | Placeholder, to: number | Placeholder) =>
    and(
      eq(reports.service, service),
      gte(reports.createdAt, from),
      lt(reports.createdAt, to),
      sql`${reports.kind} <> 'other'`,
    );
  const rows = db
    .select({
      postId: posts.id,
      author: reports.author,
      source: reports.source,
      platform: reports.platform,
      text: posts.text,
      createdAt: reports.createdAt,
      kind: reports.kind,
      symptom: reports.symptom,
      region: reports.region,
      blames: reports.blames,
    })
    .from(reports)
    .innerJoin(posts, eq(posts.n, reports.post))
    .where(inTime(value('service'), value('from'), value('to')))
    .orderBy(asc(reports.createdAt), asc(reports.post))
    .prepare();

  const texts = db
    .select({ text: posts.text })
    .from(posts)
    // A partial index serves only a query that repeats the index's condition.
    .where(and(sql`text is not null`, gte(posts.createdAt, value('from')), lt(posts.createdAt, value('to'))))
    .prepare();

  const { n: _, counted: _counted, deleted: _deleted, ...columns } = getTableColumns(posts);
  const stored = db
    .select({ n: posts.n, ...columns })
    .from(posts)
    .where(and(sql`text is not null`, gt(posts.n, value('after')), gte(posts.receivedAt, value('since'))))
    .orderBy(asc(posts.n))
    .limit(value('limit'))
    .prepare();

  const onePost = db
    .select(columns)
    .from(posts)
    .where(and(eq(posts.id, value('id')), sql`text is not null`))
    .prepare();
  const corrected = db
    .select({ n: posts.n, post: columns, correction: corrections })
    .from(corrections)
    .innerJoin(posts, eq(posts.n, corrections.post))
    .where(and(sql`${posts.text} is not null`, gt(corrections.post, value('after'))))
    .orderBy(asc(corrections.post))
    .limit(value('limit'))
    .prepare();

  const voicesOf = db
    .select({
      source: reports.source,
      symptom: reports.symptom,
      region: reports.region,
      lang: posts.lang,
      reports: sql<number>`count(*)`,
    })
    .from(reports)
    .innerJoin(posts, eq(posts.n, reports.post))
    .where(and(inTime(value('service'), value('from'), value('to')), sql`${reports.counted} = 1`))
    .groupBy(reports.source, reports.symptom, reports.region, posts.lang)
    .prepare();

  return {
    post: async (id) => (onePost.get({ id }) as Post | undefined) ?? null,

    async corrections({ limit, cursor }) {
      const rows = corrected.all({ after: Number(cursor ?? 0), limit: limit + 1 });
      const items = rows.slice(0, limit).map(({ post, correction: { kind, services, at, by } }) => {
        return { kind, services, at, by, post: post as Post };
      });
      return { items, next: rows.length > limit ? String(rows[limit - 1]?.n) : null };
    },

    async posts(since, { limit, cursor }) {
      const rows = stored.all({ since, after: Number(cursor ?? 0), limit: limit + 1 });
      const items = rows.slice(0, limit).map(({ n: _, ...post }) => post as Post);
      return { items, next: rows.length > limit ? String(rows[limit - 1]?.n) : null };
    },
    texts: async (from, to) => texts.all({ from, to }).map(({ text }) => text as string),
    async reports(service, from, to) {
      return rows.all({ service, from, to }).map(({ blames, ...row }) => {
        return (blames === null ? row : { ...row, blames: JSON.parse(blames) }) as ReportRow;
      });
    },

    async evidence(service, from, to, { kind, lang, symptom, platform, order = newestFirst, limit, cursor }) {
      const keyset = keysetOf(order, reports, reports.post);
      // The index is entered by the bounds of the time, so they say where the last page ended.
      const window = order.by === 'createdAt' ? keyset.left({ from, to }, cursor) : { from, to };
      const found = db
        .select({
          report: reports,
          id: posts.id,
          text: posts.text,
          url: posts.url,
          lang: posts.lang,
        })
        .from(reports)
        .innerJoin(posts, eq(posts.n, reports.post))
        .where(
          and(
            inTime(service, window.from, window.to),
            kind === undefined ? undefined : eq(reports.kind, kind),
            symptom === undefined ? undefined : eq(reports.symptom, symptom),
            platform === undefined ? undefined : eq(reports.platform, platform),
            lang === undefined ? undefined : sql`lower(${posts.lang}) || '-' like ${`${lang.toLowerCase()}-%`}`,
            keyset.behind(cursor),
          ),
        )
        .orderBy(...keyset.orderBy)
        .limit(limit + 1)
        .all();
      return keyset.toPage(
        found,
        limit,
        ({ report }) => [report[order.by], report.post],
        ({ report: { platform, source, createdAt, kind, score, symptom, region, why }, id, text, url, lang }) =>
          ({
            postId: id,
            text,
            url,
            lang,
            platform,
            source,
            createdAt,
            kind,
            score,
            symptom,
            region,
            why: JSON.parse(why),
          }) as Evidence,
      );
    },

    async voices({ service, region }, from, to) {
      const voices = new Map<string, Voice>();
      for (const { region: narrowest, ...voice } of voicesOf.all({ service, from, to })) {
        if (!regionPath(narrowest).includes(region)) continue;
        const key = JSON.stringify([voice.source, voice.symptom, voice.lang]);
        const known = voices.get(key);
        if (known) known.reports += voice.reports;
        else voices.set(key, voice as Voice);
      }
      return [...voices.values()];
    },
  };
}
