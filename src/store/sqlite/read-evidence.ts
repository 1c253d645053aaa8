// Reads of reports with their posts: for the rules of evidence, and for people.
import { and, asc, desc, eq, gte, lt, type Placeholder, sql } from 'drizzle-orm';
import type { Evidence, ReadStore, ReportRow } from '../../core/ports.js';
import type { Connection } from './connect.js';
import { behind, toPage } from './page.js';
import { posts, reports } from './schema.js';

export function createEvidenceReads({ db }: Connection): Pick<ReadStore, 'reports' | 'evidence'> {
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
    })
    .from(reports)
    .innerJoin(posts, eq(posts.n, reports.post))
    .where(inTime(value('service'), value('from'), value('to')))
    .orderBy(asc(reports.createdAt), asc(reports.post))
    .prepare();

  return {
    reports: async (service, from, to) => rows.all({ service, from, to }) as ReportRow[],

    async evidence(service, from, to, { limit, cursor }) {
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
        .where(and(inTime(service, from, to), behind(cursor, reports.createdAt, reports.post)))
        .orderBy(desc(reports.createdAt), desc(reports.post))
        .limit(limit + 1)
        .all();
      return toPage(
        found,
        limit,
        ({ report }) => [report.createdAt, report.post],
        ({ report: { platform, source, createdAt, kind, score, symptom, region, why }, id, ...post }) =>
          ({
            postId: id,
            ...post,
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
  };
}
