// Status pages' own incidents: every version is kept as it was read, so that what was known at any time can be told.
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNull,
  lt,
  lte,
  max,
  ne,
  notInArray,
  or,
  sql,
} from 'drizzle-orm';
import type { OfficialOrder, Order } from '../../core/lists.js';
import type { OfficialIncident } from '../../core/official.js';
import type { ReadStore } from '../../core/ports.js';
import type { Connection } from './connect.js';
import { keysetOf } from './page.js';
import { official } from './schema.js';

type Row = typeof official.$inferSelect;

const newestFirst: Order<OfficialOrder> = { by: 'startedAt', descending: true };
const { n: _n, ...columns } = getTableColumns(official);
const wordOf = ({ n: _, ...version }: Row): OfficialIncident => version;

/** The synchronous part of ingest; it must run inside a transaction. */
export function createOfficialWrites({ db }: Connection) {
  const newest = db
    .select(columns)
    .from(official)
    .where(eq(official.id, sql.placeholder('id')))
    .orderBy(desc(official.n))
    .limit(1)
    .prepare();

  return {
    /** Adds a version, unless it says nothing new or is older than what stands. */
    put(version: OfficialIncident): void {
      const last = newest.get({ id: version.id });
      if (last && (last.receivedAt > version.receivedAt || sameWords(last, version))) return;
      db.insert(official).values(version).run();
    },
    /** Drops versions received before a time but for those that stood then. @returns how many. */
    drop(before: number): number {
      const old = lt(official.receivedAt, before);
      const standing = db
        .select({ n: max(official.n) })
        .from(official)
        .where(old)
        .groupBy(official.id);
      return db
        .delete(official)
        .where(and(old, notInArray(official.n, standing)))
        .run().changes;
    },
  };
}

function sameWords(a: OfficialIncident, b: OfficialIncident): boolean {
  return JSON.stringify(wordsOf(a)) === JSON.stringify(wordsOf(b));
}

function wordsOf(v: OfficialIncident) {
  return [
    v.service,
    v.title,
    v.impact,
    v.state,
    v.startedAt,
    v.publishedAt,
    v.updatedAt,
    v.resolvedAt,
    v.url,
    v.components,
  ];
}

export function createOfficialReads({ db }: Connection): Pick<ReadStore, 'official' | 'officialVersions'> {
  return {
    async official({ services, state, since, until, knownBy, order = newestFirst, limit, cursor }) {
      const keyset = keysetOf(order, official, official.n);
      const known = knownBy === undefined ? undefined : lte(official.receivedAt, knownBy);
      const ofServices = services && inArray(official.service, [...services]);
      const standing = db
        .select({ n: max(official.n) })
        .from(official)
        .where(and(ofServices, known))
        .groupBy(official.id);
      const rows = db
        .select()
        .from(official)
        .where(
          and(
            inArray(official.n, standing),
            state === undefined
              ? undefined
              : state === 'open'
                ? ne(official.state, 'resolved')
                : eq(official.state, state),
            since === undefined ? undefined : or(isNull(official.resolvedAt), gte(official.resolvedAt, since)),
            until === undefined ? undefined : lt(official.startedAt, until),
            keyset.behind(cursor),
          ),
        )
        .orderBy(...keyset.orderBy)
        .limit(limit + 1)
        .all();
      return keyset.toPage(rows, limit, (row) => [row[order.by], row.n], wordOf);
    },

    async officialVersions({ limit, cursor }) {
      const rows = db
        .select()
        .from(official)
        .where(gt(official.n, Number(cursor ?? 0)))
        .orderBy(asc(official.n))
        .limit(limit + 1)
        .all();
      const items = rows.slice(0, limit);
      return { items: items.map(wordOf), next: rows.length > limit ? String(items.at(-1)?.n) : null };
    },
  };
}
