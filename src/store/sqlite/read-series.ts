// Reads of single series: buckets, readings, detectors; and of what the sources saw.
import { and, asc, eq, getTableColumns, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type AnySQLiteColumn, unionAll } from 'drizzle-orm/sqlite-core';
import type { Expectation, ReadStore } from '../../core/ports.js';
import type { Bucket, Reading, SeriesKey } from '../../core/signal.js';
import { floorTo, hour, minute } from '../../core/time.js';
import type { Connection } from './connect.js';
import { createSettled, wholeHours } from './hours.js';
import { buckets, detectors, readings, rollups, seen } from './schema.js';
import { prepareStatement } from './statement.js';

type Window = SeriesKey & { from: number; to: number };
type Counts = typeof buckets | typeof rollups;
type Sum = Pick<Bucket, 't' | 'reports' | 'authors'>;

const wideMs = 30 * minute;

type SeriesReads = Pick<
  ReadStore,
  'detector' | 'activeSeries' | 'buckets' | 'counts' | 'readings' | 'expectations' | 'seen'
>;

const value = sql.placeholder;
const between = (table: { t: AnySQLiteColumn }) => and(gte(table.t, value('from')), lt(table.t, value('to')));
const ofSeries = (table: { service: AnySQLiteColumn; region: AnySQLiteColumn }) =>
  and(eq(table.service, value('service')), eq(table.region, value('region')));

export function createSeriesReads({ client, db, name }: Connection): SeriesReads {
  const cells = (table: typeof buckets | typeof rollups, widthMs: SQL<number | null>) =>
    db
      .select({ t: table.t, reports: table.reports, authors: table.authors, sources: table.sources, widthMs })
      .from(table)
      .where(and(ofSeries(table), between(table)));
  const bothCells = unionAll(cells(rollups, sql`width_ms`), cells(buckets, sql`null`)).orderBy(sql`1`).prepare();

  // Summed where they lie: rows that leave the database cost ten times as much. Wide steps are taken one by one, since
  // grouping would sort all their minutes first; narrow ones hold too few for that to pay.
  const sum = (table: Counts) => ({
    reports: sql<number>`sum(${table.reports})`.as('reports'),
    authors: sql<number>`sum(${table.authors})`.as('authors'),
  });
  const inWindow = (table: Counts) => and(ofSeries(table), between(table));
  const grouped = (table: Counts) => {
    const t = sql<number>`${table.t} - ${table.t} % ${value('stepMs')}`.as('t');
    return db
      .select({ t, ...sum(table) })
      .from(table)
      .where(inWindow(table))
      .groupBy(sql`1`);
  };
  const sumsOf = prepareStatement<Window & { stepMs: number }, Sum>(
    client,
    unionAll(grouped(rollups), grouped(buckets)).orderBy(sql`1`),
  );
  const [anyRollup, ...sumOf] = [
    prepareStatement<Window, { t: number }>(
      client,
      db.select({ t: rollups.t }).from(rollups).where(inWindow(rollups)).limit(1),
    ),
    ...[buckets, rollups].map((table) =>
      prepareStatement<Window, { reports: number | null; authors: number }>(
        client,
        db.select(sum(table)).from(table).where(inWindow(table)),
      ),
    ),
  ];

  /** Steps one by one. */
  function wideSums(window: Window, stepMs: number): Sum[] {
    const tables = anyRollup.get(window) ? sumOf : sumOf.slice(0, 1);
    const found: Sum[] = [];
    for (let t = floorTo(window.from, stepMs); t < window.to; t += stepMs) {
      const step = { t, reports: 0, authors: 0 };
      for (const table of tables) {
        const row = table.get({ ...window, from: Math.max(t, window.from), to: Math.min(t + stepMs, window.to) });
        step.reports += row?.reports ?? 0;
        step.authors += row?.authors ?? 0;
      }
      if (step.reports > 0) found.push(step);
    }
    return found;
  }

  const settled = createSettled({ client, db, name });
  const hoursOf = client
    .prepare<[string, string, number, number], [t: number, reports: number, authors: number]>(
      'select t, reports, authors from hours where service = ? and region = ? and t >= ? and t < ? and reports > 0 order by t',
    )
    .raw();

  /** Steps of whole hours: from sums where the hours are summed up, and from what they would be sums of elsewhere. */
  function hourlySums({ service, region, from, to }: Window, stepMs: number): Sum[] {
    const whole = wholeHours(settled(), from, to);
    const key = { service, region };
    const steps = new Map(wideSums({ ...key, from, to: whole.from }, stepMs).map((step) => [step.t, step]));
    const add = (at: number, reports: number, authors: number) => {
      const t = floorTo(at, stepMs);
      const step = steps.get(t);
      if (step) {
        step.reports += reports;
        step.authors += authors;
      } else steps.set(t, { t, reports, authors });
    };
    for (const [t, reports, authors] of hoursOf.all(service, region, whole.from, whole.until)) add(t, reports, authors);
    for (const { t, reports, authors } of wideSums({ ...key, from: whole.until, to }, stepMs)) add(t, reports, authors);
    return [...steps.values()];
  }

  const chart = db
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
    .orderBy(asc(readings.t))
    .prepare();

  // As arrays, which leave the database at half the price of objects.
  const expectations = (key: SeriesKey, from: number, to: number): Expectation[] =>
    (chart.values({ ...key, from, to }) as [number, number | null, number, number, number, number][]).map(
      ([t, observed, expected, low, high, surprise]) => ({ t, observed, expected, low, high, surprise }),
    );

  const watchedHours = client
    .prepare<[string, string, number, number], [number, number, number, number, number, number, number, number]>(
      `select t, readings, width_ms, observed, expected, below, above, surprise from hours
       where service = ? and region = ? and t >= ? and t < ? and readings > 0 order by t`,
    )
    .raw();

  /** Readings; those of an hour that was judged and watched throughout are told by the even shares of their sums. */
  function hourlyExpectations(key: SeriesKey, from: number, to: number): Expectation[] {
    const whole = wholeHours(settled(), from, to);
    const found: Expectation[] = [];
    let next = from;
    const readUpTo = (t: number) => {
      if (next < t) for (const reading of expectations(key, next, t)) found.push(reading);
    };
    for (const row of watchedHours.all(key.service, key.region, whole.from, whole.until)) {
      const [t, steps, widthMs, observed, expected, below, above, surprise] = row;
      readUpTo(t);
      const share = expected / steps;
      const [low, high] = [share - Math.sqrt(below / steps), share + Math.sqrt(above / steps)];
      for (let i = 0; i < steps; i++)
        found.push({ t: t + i * widthMs, observed: observed / steps, expected: share, low, high, surprise });
      next = t + hour;
    }
    readUpTo(to);
    return found;
  }

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
    async counts(key, from, to, stepMs) {
      const window = { ...key, from, to };
      if (stepMs % hour === 0) return hourlySums(window, stepMs);
      return stepMs >= wideMs ? wideSums(window, stepMs) : sumsOf.all({ ...window, stepMs });
    },
    expectations: async (key, from, to, stepMs) =>
      stepMs % hour === 0 ? hourlyExpectations(key, from, to) : expectations(key, from, to),
    readings: async (key, from, to) => readingsOf.all({ ...key, from, to }) as (Reading & { widthMs: number })[],
    seen: async (from, to) => seenBetween.all({ from, to }),
  };
}
