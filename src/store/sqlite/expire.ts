// Lets old things go, a little at a time: texts are dropped, minutes become quarters of an hour, quarters become hours.
import { and, asc, eq, gte, inArray, lt, ne, sql } from 'drizzle-orm';
import type { SeriesKey } from '../../core/signal.js';
import { floorTo, hour } from '../../core/time.js';
import type { Connection } from './connect.js';
import { type Ages, quarter } from './counting.js';
import { buckets, detectors, posts, readings, rollups } from './schema.js';
import { excluded } from './statement.js';

const textsAtOnce = 2_000;
const cellsAtOnce = 5_000;

/** Short pieces of work, each for one transaction; each returns how many rows it took away, 0 when nothing is left. */
export interface Expire {
  dropTexts(before: number): number;
  series(): SeriesKey[];
  /** Drops the readings of one series; those of its episodes stay. */
  dropReadings(key: SeriesKey, before: number): number;
  rollMinutes(before: number, ages: Ages): number;
  rollQuarters(before: number, ages: Ages): number;
}

export function createExpire({ db }: Connection): Expire {
  /**
   * Adds up a run of cells of `table` that begin in [from, to) into roll-ups of `widthMs` and takes them away.
   * @returns the number of cells taken, and how far the table is now free of them.
   */
  function roll(table: typeof buckets | typeof rollups, from: number, to: number, widthMs: number) {
    const old = and(gte(table.t, from), lt(table.t, to));
    const someLater = db
      .select({ t: table.t })
      .from(table)
      .where(old)
      .orderBy(asc(table.t))
      .limit(1)
      .offset(cellsAtOnce);
    const end = Math.min(to, floorTo(someLater.get()?.t ?? to, widthMs) + widthMs);
    const taken = and(gte(table.t, from), lt(table.t, end));
    const t = sql<number>`${table.t} - ${table.t} % ${sql.raw(String(widthMs))}`;
    const sums = db
      .select({
        service: table.service,
        region: table.region,
        t: t.as('start'),
        reports: sql<number>`sum(${table.reports})`.as('reports'),
        authors: sql<number>`sum(${table.authors})`.as('authors'),
        sources: sql<number>`max(${table.sources})`.as('sources'),
        widthMs: sql<number>`${widthMs}`.as('width_ms'),
      })
      .from(table)
      .where(taken)
      .groupBy(table.service, table.region, t);
    db.insert(rollups)
      .select(sums)
      .onConflictDoUpdate({
        target: [rollups.service, rollups.region, rollups.t],
        set: excluded(rollups, 'service', 'region', 't'),
      })
      .run();
    // An hour takes the place of its first quarter, which must not go with the others.
    const rest = table === rollups ? and(taken, ne(rollups.widthMs, widthMs)) : taken;
    return { rows: db.delete(table).where(rest).run().changes, end };
  }

  return {
    dropTexts(before) {
      const old = db
        .select({ n: posts.n })
        .from(posts)
        .where(and(sql`text is not null`, lt(posts.createdAt, before)))
        .limit(textsAtOnce);
      return db.update(posts).set({ text: null, context: null, place: null }).where(inArray(posts.n, old)).run()
        .changes;
    },

    series() {
      return db.select({ service: detectors.service, region: detectors.region }).from(detectors).all();
    },

    dropReadings({ service, region }, before) {
      const old = and(eq(readings.service, service), eq(readings.region, region), lt(readings.t, before));
      return db.delete(readings).where(and(old, sql`active = 0`)).run().changes;
    },

    rollMinutes(before, ages) {
      const { rows, end } = roll(buckets, ages.minutesFrom, floorTo(before, quarter), quarter);
      ages.minutesFrom = Math.max(ages.minutesFrom, end);
      return rows;
    },

    rollQuarters(before, ages) {
      const to = floorTo(Math.min(before, ages.minutesFrom), hour);
      const { rows, end } = roll(rollups, ages.quartersFrom, to, hour);
      ages.quartersFrom = Math.max(ages.quartersFrom, end);
      return rows;
    },
  };
}
