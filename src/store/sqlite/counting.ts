// Counts reports into buckets. A touched cell is recomputed from its reports, never incremented, so any order gives the same counts.
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { Touched } from '../../core/ports.js';
import { floorTo, hour, minute } from '../../core/time.js';
import type { Connection } from './connect.js';
import { buckets, reports, rollups } from './schema.js';
import { excluded, placeholders, prepareStatement } from './statement.js';

/** An author counts once in this time, per service and region. */
const novelty = 60 * minute;
export const quarter = 15 * minute;

/** Where minutes end and roll-ups begin: older than `minutesFrom` are quarters of an hour, older than `quartersFrom` hours. */
export interface Ages {
  minutesFrom: number;
  quartersFrom: number;
}

export interface Counting {
  /** A counted report of this author came or went at `t`: the cells it can change will be recounted. */
  touch(service: string, t: number, author: string | null): void;
  /** Recounts what was touched since the last call, stores it, and returns what is new. Runs inside the caller's transaction. */
  recount(ages: Ages): Touched;
}

/** Who reports in one minute of one series; each report without an author counts as one of its own. */
interface Crowd {
  reports: number;
  nameless: number;
  authors: Set<string>;
  sources: Set<string>;
}

interface Cell {
  reports: number;
  authors: number;
  sources: number;
}

/** @param regionPath a region and all that contain it, ending in `*`. */
export function createCounting({ client, db }: Connection, regionPath: (code: string | null) => string[]): Counting {
  const value = sql.placeholder;
  const from = gte(reports.createdAt, value('from'));
  const to = lt(reports.createdAt, value('to'));

  const reportsOf = prepareStatement<
    { service: string; from: number; to: number },
    { author: string | null; source: string; region: string | null }
  >(
    client,
    db
      .select({ author: reports.author, source: reports.source, region: reports.region })
      .from(reports)
      .where(and(eq(reports.service, value('service')), from, to, sql`counted = 1`)),
  );
  const reportsOfAuthor = prepareStatement<
    { service: string; author: string; from: number; to: number },
    { region: string | null; created_at: number }
  >(
    client,
    db
      .select({ region: reports.region, createdAt: reports.createdAt })
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

  let touched = new Map<string, Set<number>>();

  function add(service: string, t: number): void {
    const times = touched.get(service);
    if (times) times.add(t);
    else touched.set(service, new Set([t]));
  }

  function touch(service: string, t: number, author: string | null): void {
    const start = floorTo(t, minute);
    add(service, start);
    if (author === null) return;
    const after = { service, author, from: start + minute, to: start + minute + novelty };
    for (const later of reportsOfAuthor.all(after)) add(service, floorTo(later.created_at, minute));
  }

  /** Regions in which the author reported the service in the hour before the minute `t`. */
  function knownIn(service: string, author: string, t: number): Set<string> {
    const before = reportsOfAuthor.all({ service, author, from: t - novelty, to: t });
    return new Set(before.flatMap((r) => pathOf(r.region)));
  }

  /** The minute's cells by region. */
  function countMinute(service: string, t: number): Map<string, Cell> {
    const regions = new Map<string, Crowd>();
    for (const { author, source, region } of reportsOf.all({ service, from: t, to: t + minute })) {
      for (const code of pathOf(region)) {
        const crowd = regions.get(code) ?? { reports: 0, nameless: 0, authors: new Set(), sources: new Set() };
        crowd.reports++;
        crowd.sources.add(source);
        if (author === null) crowd.nameless++;
        else crowd.authors.add(author);
        regions.set(code, crowd);
      }
    }
    // `*` holds every author.
    for (const author of [...(regions.get('*')?.authors ?? [])])
      for (const code of knownIn(service, author, t)) regions.get(code)?.authors.delete(author);
    const cells = new Map<string, Cell>();
    for (const [code, { reports, nameless, authors, sources }] of regions)
      cells.set(code, { reports, authors: authors.size + nameless, sources: sources.size });
    return cells;
  }

  /** The cells of a roll-up: reports and authors add up; of sources the largest number of a minute stands. */
  function countRollup(service: string, t: number, widthMs: number): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    for (let m = t; m < t + widthMs; m += minute) {
      for (const [code, cell] of countMinute(service, m)) {
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
    for (const [service, times] of touched) {
      const done = new Set<number>();
      for (const time of times) {
        const table =
          time >= ages.minutesFrom ? minutes : time >= ages.quartersFrom ? rolledUp[quarter]! : rolledUp[hour]!;
        const t = floorTo(time, table.widthMs);
        if (done.has(t)) continue;
        done.add(t);
        const cells = table === minutes ? countMinute(service, t) : countRollup(service, t, table.widthMs);
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
    return changed;
  }

  return { touch, recount };
}
