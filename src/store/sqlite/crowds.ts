// Who reports in one minute of one service, by region: read from the reports, and kept while the minute goes on.
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import { minute } from '../../core/time.js';
import type { Connection } from './connect.js';
import { reports } from './schema.js';
import { prepareStatement } from './statement.js';

/** An author counts once in this time, per service and region. */
export const novelty = 60 * minute;

/** Authors in all kept minutes together: some 20 MB. */
const mostKept = 200_000;

/** What counting needs to know of a report. */
export interface Newcomer {
  author: string | null;
  source: string;
  region: string | null;
}

export interface Cell {
  reports: number;
  authors: number;
  sources: number;
}

/** Who reports in one minute of one series; each report without an author counts as one of its own. */
interface Crowd {
  reports: number;
  nameless: number;
  authors: Set<string>;
  sources: Set<string>;
}

type Regions = Map<string, Crowd>;

export interface Crowds {
  /** Cells of a minute by region, as its reports stand. */
  count(service: string, t: number): Map<string, Cell>;
  /** The same, where nothing has changed since the minute was counted but that these came; they must be stored already. */
  countGrown(service: string, t: number, newcomers: readonly Newcomer[]): Map<string, Cell>;
  /** Forgets what another connection may have changed. */
  check(): void;
  /** Forgets everything: call it when a transaction failed. */
  forget(): void;
}

/** @param pathOf a region and all that contain it, ending in `*`. @param keep how many authors are kept in memory. */
export function createCrowds(
  { client, db }: Connection,
  pathOf: (region: string | null) => readonly string[],
  keep = mostKept,
): Crowds {
  const value = sql.placeholder;
  const inTime = [gte(reports.createdAt, value('from')), lt(reports.createdAt, value('to'))];
  const reportsOf = prepareStatement<{ service: string; from: number; to: number }, Newcomer>(
    client,
    db
      .select({ author: reports.author, source: reports.source, region: reports.region })
      .from(reports)
      .where(and(eq(reports.service, value('service')), ...inTime, sql`counted = 1`)),
  );
  const regionsOfAuthor = prepareStatement<
    { service: string; author: string; from: number; to: number },
    { region: string | null }
  >(
    client,
    db
      .select({ region: reports.region })
      .from(reports)
      .where(
        and(
          eq(reports.service, value('service')),
          eq(reports.author, value('author')),
          ...inTime,
          // A partial index serves only a query that repeats the index's condition.
          sql`counted = 1 and author is not null`,
        ),
      ),
  );
  const changesOfOthers = client.prepare('pragma data_version').pluck();
  let seenChanges = changesOfOthers.get();

  /** Minutes that were counted, the oldest count first. */
  const kept = new Map<string, Regions>();
  let authorsKept = 0;
  const sizeOf = (regions: Regions) => [...regions.values()].reduce((sum, { authors }) => sum + authors.size, 0);

  function drop(key: string): void {
    const regions = kept.get(key);
    if (!regions) return;
    kept.delete(key);
    authorsKept -= sizeOf(regions);
  }

  function put(key: string, regions: Regions): void {
    kept.set(key, regions);
    authorsKept += sizeOf(regions);
    for (const oldest of kept.keys()) {
      if (authorsKept <= keep) break;
      drop(oldest);
    }
  }

  /** Regions in which the author reported the service in the hour before the minute `t`. */
  function knownIn(service: string, author: string, t: number): Set<string> {
    const before = regionsOfAuthor.all({ service, author, from: t - novelty, to: t });
    return new Set(before.flatMap((r) => pathOf(r.region)));
  }

  function add(regions: Regions, service: string, t: number, { author, source, region }: Newcomer): void {
    const path = pathOf(region);
    const isNew = author !== null && path.some((code) => !regions.get(code)?.authors.has(author));
    const known = isNew ? knownIn(service, author, t) : undefined;
    for (const code of path) {
      let crowd = regions.get(code);
      if (!crowd) {
        crowd = { reports: 0, nameless: 0, authors: new Set(), sources: new Set() };
        regions.set(code, crowd);
      }
      crowd.reports++;
      crowd.sources.add(source);
      if (author === null) crowd.nameless++;
      else if (known && !known.has(code)) crowd.authors.add(author);
    }
  }

  function cellsOf(regions: Regions): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    for (const [code, { reports, nameless, authors, sources }] of regions)
      cells.set(code, { reports, authors: authors.size + nameless, sources: sources.size });
    return cells;
  }

  const keyOf = (service: string, t: number) => `${service}\n${t}`;

  function count(service: string, t: number): Map<string, Cell> {
    const key = keyOf(service, t);
    drop(key);
    const regions: Regions = new Map();
    for (const report of reportsOf.all({ service, from: t, to: t + minute })) add(regions, service, t, report);
    put(key, regions);
    return cellsOf(regions);
  }

  return {
    count,
    countGrown(service, t, newcomers) {
      const key = keyOf(service, t);
      const regions = kept.get(key);
      if (!regions) return count(service, t);
      drop(key);
      for (const newcomer of newcomers) add(regions, service, t, newcomer);
      put(key, regions);
      return cellsOf(regions);
    },
    check() {
      const changes = changesOfOthers.get();
      if (changes === seenChanges) return;
      seenChanges = changes;
      kept.clear();
      authorsKept = 0;
    },
    forget() {
      kept.clear();
      authorsKept = 0;
    },
  };
}
