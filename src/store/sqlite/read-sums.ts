// Reads of sums over many buckets or reports.
import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { ReadStore, Tally } from '../../core/ports.js';
import type { Symptom } from '../../core/post.js';
import type { Connection } from './connect.js';
import { createSettled, wholeHours } from './hours.js';
import { buckets, hours, reports, rollups } from './schema.js';

type CountTable = typeof buckets | typeof rollups | typeof hours;

export function createSumReads(
  connection: Connection,
): Pick<ReadStore, 'span' | 'touchedSeries' | 'activity' | 'tally' | 'breakdown'> {
  const { db } = connection;
  const value = sql.placeholder;

  const settled = createSettled(connection);

  /** Reports and authors per series: of hours that are summed up, and of minutes and roll-ups before and after them. */
  function prepareSums(only?: (table: CountTable) => SQL) {
    const cells = (table: CountTable, from: string, to: string) =>
      db
        .select({ service: table.service, region: table.region, reports: table.reports, authors: table.authors })
        .from(table)
        .where(and(gte(table.t, value(from)), lt(table.t, value(to)), only?.(table)));
    const all = unionAll(
      cells(buckets, 'from', 'whole'),
      cells(rollups, 'from', 'whole'),
      cells(hours, 'whole', 'until'),
      cells(buckets, 'until', 'to'),
      cells(rollups, 'until', 'to'),
    ).as('cells');
    const sums = db
      .select({
        service: all.service,
        region: all.region,
        reports: sql<number>`sum(${all.reports})`,
        authors: sql<number>`sum(${all.authors})`,
      })
      .from(all)
      .groupBy(all.service, all.region)
      .having(sql`sum(${all.reports}) > 0`)
      .prepare();
    return (from: number, to: number, service?: string) => {
      const whole = wholeHours(settled(), from, to);
      return sums.all({ from, whole: whole.from, until: whole.until, to, service });
    };
  }
  const sums = prepareSums();
  const sumsEverywhere = prepareSums((table) => sql`${table.region} = '*'`);
  // Not a plain comparison: the index by time is the one to take, not all cells that the service ever had.
  const sumsOfService = prepareSums((table) => sql`${table.service} || '' = ${value('service')}`);

  const countedOfService = and(
    eq(reports.service, value('service')),
    gte(reports.createdAt, value('from')),
    lt(reports.createdAt, value('to')),
    sql`counted = 1`,
  );
  const groups = db
    .select({
      platform: reports.platform,
      symptom: reports.symptom,
      reports: sql<number>`count(*)`,
      blames: reports.blames,
      unlocated: sql<number>`sum(case when ${reports.region} is null then 1 else 0 end)`,
    })
    .from(reports)
    .where(countedOfService)
    .groupBy(reports.platform, reports.symptom, reports.blames)
    .prepare();

  const step = sql<number>`cast(${reports.createdAt} / ${value('step')} as integer)`;
  const steps = db
    .select({ step, platform: reports.platform, symptom: reports.symptom, reports: sql<number>`count(*)` })
    .from(reports)
    .where(countedOfService)
    .groupBy(sql`1`, reports.platform, reports.symptom)
    .orderBy(sql`1`)
    .prepare();

  /** Event time of the first or last counted report, looked for in the first or last cells of all. */
  function edge(find: 'min' | 'max'): number | null {
    const end = sql.raw(find);
    const { t } = db.get<{ t: number | null }>(
      sql`select ${end}(t) as t from (select ${end}(t) as t from ${buckets} union all select ${end}(t) from ${rollups})`,
    );
    if (t === null) return null;
    const cells = sql`
      select service, 60000 as width from ${buckets} where t = ${t} and region = '*'
      union all select service, width_ms from ${rollups} where t = ${t} and region = '*'`;
    // Without its reports a cell still tells its own time.
    return db.get<{ t: number }>(sql`
      select coalesce(${end}(r.created_at), ${t}) as t from ${reports} r join (${cells}) c on r.service = c.service
      where r.created_at >= ${t} and r.created_at < ${t} + c.width and r.counted = 1`).t;
  }

  return {
    async span() {
      const [first, last] = [edge('min'), edge('max')];
      return first === null || last === null ? null : { first, last };
    },

    touchedSeries: async (from, to) => sums(from, to),

    activity: async (from, to) => sumsEverywhere(from, to).map(({ region: _, ...activity }) => activity),

    async breakdown(service, from, to, stepMs) {
      const rows = steps.all({ service, from, to, step: stepMs });
      return rows.map(({ step, symptom, ...row }) => ({
        t: step * stepMs,
        symptom: symptom as Symptom | null,
        ...row,
      }));
    },

    async tally(service, from, to) {
      const symptoms: Tally['symptoms'] = {};
      const platforms = new Set<string>();
      const blamed = new Map<string, number>();
      let [total, unlocated] = [0, 0];
      for (const group of groups.all({ service, from, to })) {
        total += group.reports;
        unlocated += group.unlocated;
        platforms.add(group.platform);
        const symptom = group.symptom as Symptom | null;
        if (symptom !== null) symptoms[symptom] = (symptoms[symptom] ?? 0) + group.reports;
        for (const cause of JSON.parse(group.blames ?? '[]') as string[])
          blamed.set(cause, (blamed.get(cause) ?? 0) + group.reports);
      }
      const regions = sumsOfService(from, to, service).map(({ service: _, ...sum }) => sum);
      return {
        reports: total,
        unlocated,
        platforms: [...platforms],
        symptoms,
        blamed: [...blamed]
          .map(([cause, n]) => ({ service: cause, reports: n }))
          .sort((a, b) => b.reports - a.reports || (a.service < b.service ? -1 : 1)),
        regions,
      };
    },
  };
}
