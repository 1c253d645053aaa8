// Lets old things go, a little at a time: texts are dropped, minutes become quarters of an hour, quarters become hours.
import { and, eq, gte, inArray, lt, min, ne, sql } from 'drizzle-orm';
import { floorTo, hour } from '../../core/time.js';
import type { Connection } from './connect.js';
import { type Ages, quarter } from './counting.js';
import { buckets, posts, readings, rollups } from './schema.js';
import { excluded } from './statement.js';

const textsAtOnce = 2_000;
const readingsAtOnce = 5_000;

/** Short pieces of work, each for one transaction; each returns how many rows it took away, 0 when nothing is left. */
export interface Expire {
  dropTexts(before: number): number;
  /** Readings of episodes stay. */
  dropReadings(before: number): number;
  rollMinutes(before: number, ages: Ages): number;
  rollQuarters(before: number, ages: Ages): number;
}

export function createExpire({ db }: Connection): Expire {
  /** Adds up the cells of [t, t + widthMs) into roll-ups of that width and takes them away. */
  function roll(table: typeof buckets | typeof rollups, t: number, widthMs: number): number {
    const inside = and(gte(table.t, t), lt(table.t, t + widthMs));
    const sums = db
      .select({
        service: table.service,
        region: table.region,
        t: sql<number>`${t}`.as('t'),
        reports: sql<number>`sum(${table.reports})`.as('reports'),
        authors: sql<number>`sum(${table.authors})`.as('authors'),
        sources: sql<number>`max(${table.sources})`.as('sources'),
        widthMs: sql<number>`${widthMs}`.as('width_ms'),
      })
      .from(table)
      .where(inside)
      .groupBy(table.service, table.region);
    db.insert(rollups)
      .select(sums)
      .onConflictDoUpdate({
        target: [rollups.service, rollups.region, rollups.t],
        set: excluded(rollups, 'service', 'region', 't'),
      })
      .run();
    const taken = table === rollups ? and(inside, ne(rollups.widthMs, widthMs)) : inside;
    return db.delete(table).where(taken).run().changes;
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

    dropReadings(before) {
      const old = db
        .select({ row: sql`rowid` })
        .from(readings)
        .where(and(sql`active = 0`, lt(readings.t, before)))
        .limit(readingsAtOnce);
      return db.delete(readings).where(inArray(sql`rowid`, old)).run().changes;
    },

    rollMinutes(before, ages) {
      const end = floorTo(before, quarter);
      const first =
        db
          .select({ t: min(buckets.t) })
          .from(buckets)
          .where(lt(buckets.t, end))
          .get()?.t ?? null;
      ages.minutesFrom = Math.max(ages.minutesFrom, first === null ? end : floorTo(first, quarter) + quarter);
      return first === null ? 0 : roll(buckets, floorTo(first, quarter), quarter);
    },

    rollQuarters(before, ages) {
      const end = floorTo(Math.min(before, ages.minutesFrom), hour);
      const first =
        db
          .select({ t: min(rollups.t) })
          .from(rollups)
          .where(and(gte(rollups.t, ages.quartersFrom), lt(rollups.t, end), eq(rollups.widthMs, quarter)))
          .get()?.t ?? null;
      ages.quartersFrom = Math.max(ages.quartersFrom, first === null ? end : floorTo(first, hour) + hour);
      return first === null ? 0 : roll(rollups, floorTo(first, hour), hour);
    },
  };
}
