// Lets old things go, a little at a time: texts are dropped, minutes become quarters of an hour, quarters become hours.
import { and, asc, eq, gte, inArray, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { SeriesKey } from '../../core/signal.js';
import { floorTo, hour } from '../../core/time.js';
import type { Connection } from './connect.js';
import { type Ages, quarter } from './counting.js';
import { buckets, detectors, posts, readings, rollups, seen } from './schema.js';
import { excluded } from './statement.js';

const rowsAtOnce = 5_000;

/** What one short piece of work took away; `done` when nothing is left to take. */
export interface Piece {
  rows: number;
  done: boolean;
}

/** Short pieces of work, each for one transaction. */
export interface Expire {
  dropTexts(before: number): Piece;
  series(): SeriesKey[];
  /** Drops the readings of one series; those of its episodes stay. */
  dropReadings(key: SeriesKey, before: number): Piece;
  /** Both move the ages as far as they came. */
  rollMinutes(before: number, ages: Ages): Piece;
  rollQuarters(before: number, ages: Ages): Piece;
}

type Timed = typeof buckets | typeof rollups | typeof seen;

export function createExpire({ db }: Connection): Expire {
  const inTime = (table: Timed, from: number, to: number) => and(gte(table.t, from), lt(table.t, to));

  /** Start of the cell of `widthMs` that holds a row's time. */
  const startOf = (table: Timed, widthMs: number): SQL<number> =>
    sql`${table.t} - ${table.t} % ${sql.raw(String(widthMs))}`;

  /** How far from `from` a piece may reach: some thousand rows, whole cells, at most `to`. */
  function reach(table: Timed, from: number, to: number, widthMs: number): number {
    const beyond = db
      .select({ t: table.t })
      .from(table)
      .where(inTime(table, from, to));
    const t = beyond.orderBy(asc(table.t)).limit(1).offset(rowsAtOnce).get()?.t;
    return t === undefined ? to : Math.min(to, floorTo(t, widthMs) + widthMs);
  }

  function rollCounts(table: typeof buckets | typeof rollups, from: number, to: number, widthMs: number): number {
    const old = inTime(table, from, to);
    const start = startOf(table, widthMs);
    const sums = db
      .select({
        service: table.service,
        region: table.region,
        t: start.as('start'),
        reports: sql<number>`sum(${table.reports})`.as('reports'),
        authors: sql<number>`sum(${table.authors})`.as('authors'),
        sources: sql<number>`max(${table.sources})`.as('sources'),
        widthMs: sql<number>`${widthMs}`.as('width_ms'),
      })
      .from(table)
      .where(old)
      .groupBy(table.service, table.region, start);
    const target = [rollups.service, rollups.region, rollups.t];
    db.insert(rollups)
      .select(sums)
      .onConflictDoUpdate({ target, set: excluded(rollups, 'service', 'region', 't') })
      .run();
    // An hour takes the place of its first quarter, which must not go with the others.
    const taken = table === rollups ? and(old, ne(rollups.widthMs, widthMs)) : old;
    return db.delete(table).where(taken).run().changes;
  }

  function rollSeen(from: number, to: number, widthMs: number): void {
    const old = inTime(seen, from, to);
    const start = startOf(seen, widthMs);
    const sums = db
      .select({
        t: start.as('start'),
        source: seen.source,
        posts: sql<number>`sum(${seen.posts})`.as('posts'),
        matched: sql<number>`sum(${seen.matched})`.as('matched'),
      })
      .from(seen)
      .where(old)
      .groupBy(start, seen.source);
    db.insert(seen)
      .select(sums)
      .onConflictDoUpdate({ target: [seen.t, seen.source], set: excluded(seen, 't', 'source') })
      .run();
    db.delete(seen)
      .where(and(old, ne(seen.t, start)))
      .run();
  }

  return {
    dropTexts(before) {
      const old = db
        .select({ n: posts.n })
        .from(posts)
        .where(and(sql`text is not null`, lt(posts.createdAt, before)))
        .limit(rowsAtOnce);
      const dropped = db.update(posts).set({ text: null, context: null, place: null }).where(inArray(posts.n, old));
      const rows = dropped.run().changes;
      return { rows, done: rows < rowsAtOnce };
    },

    series() {
      return db.select({ service: detectors.service, region: detectors.region }).from(detectors).all();
    },

    dropReadings({ service, region }, before) {
      const old = and(eq(readings.service, service), eq(readings.region, region), lt(readings.t, before));
      const rows = db.delete(readings).where(and(old, sql`active = 0`)).run().changes;
      return { rows, done: true };
    },

    rollMinutes(before, ages) {
      const { minutesFrom } = ages;
      const to = Math.max(minutesFrom, floorTo(before, quarter));
      const end = Math.min(reach(buckets, minutesFrom, to, quarter), reach(seen, minutesFrom, to, quarter));
      const rows = rollCounts(buckets, minutesFrom, end, quarter);
      rollSeen(minutesFrom, end, quarter);
      ages.minutesFrom = end;
      return { rows, done: end === to };
    },

    rollQuarters(before, ages) {
      const { quartersFrom, minutesFrom } = ages;
      const to = Math.max(quartersFrom, floorTo(Math.min(before, minutesFrom), hour));
      const end = Math.min(reach(rollups, quartersFrom, to, hour), reach(seen, quartersFrom, to, hour));
      const rows = rollCounts(rollups, quartersFrom, end, hour);
      rollSeen(quartersFrom, end, hour);
      ages.quartersFrom = end;
      return { rows, done: end === to };
    },
  };
}
