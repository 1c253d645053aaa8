// Counts reports into buckets. A touched cell is put as its reports have it, never incremented, so any order gives the same counts.
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { Touched } from '../../core/ports.js';
import { floorTo, hour, minute } from '../../core/time.js';
import type { Connection } from './connect.js';
import { type Cell, createCrowds, type Newcomer, novelty } from './crowds.js';
import type { Hours } from './hours.js';
import { buckets, reports, rollups } from './schema.js';
import { excluded, placeholders, prepareStatement } from './statement.js';

export const quarter = 15 * minute;

/** Where minutes end and roll-ups begin: older than `minutesFrom` are quarters of an hour, older than `quartersFrom` hours. */
export interface Ages {
  minutesFrom: number;
  quartersFrom: number;
}

export interface Counting {
  /** A counted report came at `t`: what it can change will be counted. It is stored already, and comes here once. */
  add(service: string, t: number, report: Newcomer): void;
  /** A counted report of this author went, or changed, at `t`: the cells it can change will be counted anew. */
  touch(service: string, t: number, author: string | null): void;
  /** Counts what was touched since the last call, stores it, and returns what is new. Runs inside the caller's transaction. */
  recount(ages: Ages): Touched;
  /** Forgets what was touched and what is kept in memory: call it when a transaction failed. */
  forget(): void;
}

/** @param regionPath a region and all that contain it, ending in `*`. @param hours told of each changed cell. */
export function createCounting(
  { client, db, name }: Connection,
  regionPath: (code: string | null) => string[],
  hours: Pick<Hours, 'repair'>,
): Counting {
  const value = sql.placeholder;
  const from = gte(reports.createdAt, value('from'));
  const to = lt(reports.createdAt, value('to'));

  const reportsOfAuthor = prepareStatement<
    { service: string; author: string; from: number; to: number },
    { created_at: number }
  >(
    client,
    db
      .select({ createdAt: reports.createdAt })
      .from(reports)
      // A partial index serves only a query that repeats the index's condition.
      .where(
        and(
          eq(reports.service, value('service')),
          eq(reports.author, value('author')),
          from,
          to,
          sql`counted = 1 and author is not null`,
        ),
      ),
  );
  const minutes = cellStatements(buckets, minute);
  const rolledUp = { [quarter]: cellStatements(rollups, quarter), [hour]: cellStatements(rollups, hour) };

  function cellStatements(table: typeof buckets | typeof rollups, widthMs: number) {
    const target = [table.service, table.region, table.t];
    const found = and(eq(table.service, value('service')), eq(table.t, value('t')));
    const put = prepareStatement<Cell & { service: string; region: string; t: number; widthMs: number }>(
      client,
      db
        .insert(table)
        .values(placeholders(table))
        .onConflictDoUpdate({ target, set: excluded(table, 'service', 'region', 't') }),
    );
    return {
      widthMs,
      stored: prepareStatement<{ service: string; t: number }, Cell & { region: string }>(
        client,
        db
          .select({ region: table.region, reports: table.reports, authors: table.authors, sources: table.sources })
          .from(table)
          .where(found),
      ),
      put,
      drop: prepareStatement<{ service: string; region: string; t: number }>(
        client,
        db.delete(table).where(and(found, eq(table.region, value('region')))),
      ),
    };
  }

  const paths = new Map<string | null, string[]>();
  function pathOf(region: string | null): string[] {
    const known = paths.get(region);
    if (known) return known;
    const path = regionPath(region);
    paths.set(region, path);
    return path;
  }

  const crowds = createCrowds({ client, db, name }, pathOf);

  /** Touched minutes by service: who came to them, or null where they must be counted anew. */
  let touched = new Map<string, Map<number, Newcomer[] | null>>();

  function timesOf(service: string): Map<number, Newcomer[] | null> {
    let times = touched.get(service);
    if (!times) {
      times = new Map();
      touched.set(service, times);
    }
    return times;
  }

  /** Later minutes in which the author would be new but for the report at `start`. */
  function touchLater(service: string, start: number, author: string | null): void {
    if (author === null) return;
    const after = { service, author, from: start + minute, to: start + minute + novelty };
    for (const later of reportsOfAuthor.all(after)) timesOf(service).set(floorTo(later.created_at, minute), null);
  }

  function add(service: string, t: number, report: Newcomer): void {
    const start = floorTo(t, minute);
    const times = timesOf(service);
    const others = times.get(start);
    if (others) others.push(report);
    else if (others === undefined) times.set(start, [report]);
    touchLater(service, start, report.author);
  }

  function touch(service: string, t: number, author: string | null): void {
    const start = floorTo(t, minute);
    timesOf(service).set(start, null);
    touchLater(service, start, author);
  }

  /** The cells of a roll-up: reports and authors add up; of sources the largest number of a minute stands. */
  function countRollup(service: string, t: number, widthMs: number): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    for (let m = t; m < t + widthMs; m += minute) {
      for (const [code, cell] of crowds.count(service, m)) {
        const sum = cells.get(code) ?? { reports: 0, authors: 0, sources: 0 };
        cells.set(code, {
          reports: sum.reports + cell.reports,
          authors: sum.authors + cell.authors,
          sources: Math.max(sum.sources, cell.sources),
        });
      }
    }
    return cells;
  }

  function recount(ages: Ages): Touched {
    const changed: Touched = [];
    crowds.check();
    for (const [service, times] of touched) {
      const done = new Set<number>();
      for (const [time, newcomers] of times) {
        const table =
          time >= ages.minutesFrom ? minutes : time >= ages.quartersFrom ? rolledUp[quarter]! : rolledUp[hour]!;
        const t = floorTo(time, table.widthMs);
        if (done.has(t)) continue;
        done.add(t);
        const cells =
          table !== minutes
            ? countRollup(service, t, table.widthMs)
            : newcomers
              ? crowds.countGrown(service, t, newcomers)
              : crowds.count(service, t);
        for (const old of table.stored.all({ service, t })) {
          const cell = cells.get(old.region);
          if (!cell) {
            table.drop.run({ service, region: old.region, t });
            changed.push({ service, region: old.region, t });
          } else if (cell.reports === old.reports && cell.authors === old.authors && cell.sources === old.sources)
            cells.delete(old.region);
        }
        for (const [region, cell] of cells) {
          table.put.run({ service, region, t, widthMs: table.widthMs, ...cell });
          changed.push({ service, region, t });
        }
      }
    }
    touched = new Map();
    hours.repair(changed);
    return changed;
  }

  function forget(): void {
    touched = new Map();
    crowds.forget();
  }

  return { add, touch, recount, forget };
}
