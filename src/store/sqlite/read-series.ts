// Reads of single series: buckets, readings, detectors; and of what the sources saw.
import { and, asc, eq, getTableColumns, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type AnySQLiteColumn, unionAll } from 'drizzle-orm/sqlite-core';
import type { Expectation, ReadStore } from '../../core/ports.js';
import type { Reading, SeriesKey } from '../../core/signal.js';
import type { Connection } from './connect.js';
import { buckets, detectors, readings, rollups, seen } from './schema.js';
import { prepareStatement } from './statement.js';

type Window = SeriesKey & { from: number; to: number };

type SeriesReads = Pick<
  ReadStore,
  'detector' | 'activeSeries' | 'buckets' | 'counts' | 'readings' | 'expectations' | 'seen'
>;

const value = sql.placeholder;
const between = (table: { t: AnySQLiteColumn }) => and(gte(table.t, value('from')), lt(table.t, value('to')));
const ofSeries = (table: { service: AnySQLiteColumn; region: AnySQLiteColumn }) =>
  and(eq(table.service, value('service')), eq(table.region, value('region')));

export function createSeriesReads({ client, db }: Connection): SeriesReads {
  const cells = (table: typeof buckets | typeof rollups, widthMs: SQL<number | null>) =>
    db
      .select({ t: table.t, reports: table.reports, authors: table.authors, sources: table.sources, widthMs })
      .from(table)
      .where(and(ofSeries(table), between(table)));
  const bothCells = unionAll(cells(rollups, sql`width_ms`), cells(buckets, sql`null`)).orderBy(sql`1`).prepare();

  // A week of minutes is summed where it lies: rows that never leave the database cost a tenth.
  const sums = (table: typeof buckets | typeof rollups) =>
    db
      .select({
        t: sql<number>`${table.t} - ${table.t} % ${value('stepMs')}`.as('t'),
        reports: sql<number>`sum(${table.reports})`.as('reports'),
        authors: sql<number>`sum(${table.authors})`.as('authors'),
      })
      .from(table)
      .where(and(ofSeries(table), between(table)))
      .groupBy(sql`1`);
  const sumsOf = prepareStatement<Window & { stepMs: number }, { t: number; reports: number; authors: number }>(
    client,
    unionAll(sums(rollups), sums(buckets)).orderBy(sql`1`),
  );
  const expectationsOf = prepareStatement<Window, Expectation>(
    client,
    db
      .select({
        t: readings.t,
        observed: readings.observed,
        expected: readings.expected,
        low: readings.low,
        high: readings.high,
        surprise: readings.surprise,
      })
      .from(readings)
      .where(and(ofSeries(readings), between(readings)))
      .orderBy(asc(readings.t)),
  );

  const detector = db
    .select({ judgedUntil: detectors.judgedUntil, state: detectors.state })
    .from(detectors)
    .where(ofSeries(detectors))
    .prepare();
  const activeSeries = db
    .select({ service: detectors.service, region: detectors.region })
    .from(detectors)
    .where(sql`active = 1`)
    .orderBy(asc(detectors.service), asc(detectors.region))
    .prepare();
  const { service: _service, region: _region, ...reading } = getTableColumns(readings);
  const readingsOf = db
    .select(reading)
    .from(readings)
    .where(and(ofSeries(readings), between(readings)))
    .orderBy(asc(readings.t))
    .prepare();
  const seenBetween = db.select().from(seen).where(between(seen)).orderBy(asc(seen.t), asc(seen.source)).prepare();

  return {
    detector: async (key) => detector.get({ ...key }) ?? null,
    activeSeries: async () => activeSeries.all(),
    async buckets(key, from, to) {
      const rows = bothCells.all({ ...key, from, to });
      return rows.map(({ widthMs, ...cell }) => ({ ...key, ...cell, ...(widthMs === null ? {} : { widthMs }) }));
    },
    counts: async (key, from, to, stepMs) => sumsOf.all({ ...key, from, to, stepMs }),
    expectations: async (key, from, to) => expectationsOf.all({ ...key, from, to }),
    readings: async (key, from, to) => readingsOf.all({ ...key, from, to }) as (Reading & { widthMs: number })[],
    seen: async (from, to) => seenBetween.all({ from, to }),
  };
}
